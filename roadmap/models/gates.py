"""The gates between the phases: what was asked for, decided, and demanded."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from innovasjon.models import FrozenDocument, WriteOnce, WriteOnceQuerySet
from roadmap.models.progress import PhaseRound
from roadmap.models.project import Project


class Outcome(models.TextChoices):
    PROCEED = "proceed", _("Proceed")
    PROCEED_WITH_CONDITIONS = "proceed_with_conditions", _("Proceed with conditions")
    STEP_BACK = "step_back", _("Step back")
    STOP = "stop", _("Stop and learn")


PROCEEDS = (Outcome.PROCEED, Outcome.PROCEED_WITH_CONDITIONS)


class DecisionRequest(models.Model):
    """A team's request that the gate of a round be decided, with its proposal."""

    round = models.ForeignKey(PhaseRound, models.CASCADE, related_name="requests")
    proposal = models.TextField(_("proposal"), blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("request for a decision")
        verbose_name_plural = _("requests for decisions")

    def __str__(self):
        return f"{self.round}"


class GateDecisionQuerySet(WriteOnceQuerySet):
    def effective(self):
        """Decisions that no later one supersedes."""
        return self.filter(superseded_by=None)


class GateDecision(WriteOnce):
    """A decision at a gate, written once. A new decision may supersede it; both stay.

    `document` is the basis as it was, with the decision, as one PDF and as data.
    """

    class DecidedAs(models.TextChoices):
        OWNER = "owner", _("Project owner")
        STAND_IN = "stand_in", _("Manager standing in for the project owner")

    project = models.ForeignKey(Project, models.CASCADE, related_name="decisions")
    round = models.ForeignKey(PhaseRound, models.CASCADE, related_name="decisions")
    phase = models.PositiveSmallIntegerField()  # the gate's number is the phase's
    outcome = models.CharField(_("decision"), max_length=24, choices=Outcome)
    rationale = models.TextField(_("why"))
    present = models.TextField(_("present"), blank=True)
    back_to = models.PositiveSmallIntegerField(_("back to phase"), null=True)
    find_out = models.TextField(_("what to find out now"), blank=True)
    learning = models.TextField(_("what others can learn"), blank=True)
    heirs = models.TextField(_("who takes over the benefits that live on"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by_name = models.CharField(max_length=150)
    decided_by_position = models.CharField(max_length=150, blank=True)
    decided_as = models.CharField(max_length=8, choices=DecidedAs)
    decided_at = models.DateTimeField()
    document = models.ForeignKey(FrozenDocument, models.PROTECT, related_name="+")
    supersedes = models.OneToOneField("self", models.RESTRICT, null=True, related_name="superseded_by")

    objects = GateDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("gate decision")
        verbose_name_plural = _("gate decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(supersedes=None), name="gate_decided_once_a_round"
            ),
            models.CheckConstraint(name="gate_decision_has_rationale", condition=~Q(rationale="")),
            models.CheckConstraint(name="gate_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(
                name="gate_step_back_has_aim",
                condition=~Q(outcome="step_back")
                | (
                    Q(back_to__isnull=False, back_to__lte=models.F("phase"), back_to__gte=1) & ~Q(find_out="")
                ),
            ),
            models.CheckConstraint(
                name="gate_stop_has_learning", condition=~Q(outcome="stop") | ~Q(learning="")
            ),
        ]

    def __str__(self):
        return f"{self.phase}: {self.get_outcome_display()}"

    def get_absolute_url(self):
        return reverse("roadmap:decision", args=[self.project.slug, self.pk])

    @property
    def proceeds(self) -> bool:
        return self.outcome in PROCEEDS


class GateConditionQuerySet(models.QuerySet):
    def open(self):
        """Not met, and of a decision that still holds."""
        return self.filter(met_on=None, decision__superseded_by=None)


class GateCondition(models.Model):
    """What must be in place after «Proceed with conditions», with who and when."""

    decision = models.ForeignKey(GateDecision, models.CASCADE, related_name="conditions")
    text = models.CharField(_("what must be in place"), max_length=300)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("responsible")
    )
    due_on = models.DateField(_("due"))
    done_count = models.PositiveIntegerField(_("done so far"), null=True, blank=True)
    total_count = models.PositiveIntegerField(_("out of"), null=True, blank=True)
    note = models.TextField(_("how it was met"), blank=True)
    met_on = models.DateField(_("met"), null=True)
    met_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = GateConditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("gate condition")
        verbose_name_plural = _("gate conditions")
        constraints = [
            models.CheckConstraint(name="gate_condition_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="gate_condition_met_has_note",
                condition=Q(met_on=None) | ~Q(note=""),
                violation_error_message=_("Say how the condition was met."),
            ),
            models.CheckConstraint(
                name="gate_condition_met_by_and_on",
                condition=Q(met_on=None, met_by=None) | Q(met_on__isnull=False, met_by__isnull=False),
            ),
            models.CheckConstraint(
                name="gate_condition_counts_together",
                condition=Q(done_count=None, total_count=None)
                | Q(
                    done_count__isnull=False,
                    total_count__isnull=False,
                    total_count__gt=0,
                    done_count__lte=models.F("total_count"),
                ),
                violation_error_message=_("Write both numbers, and no more done than there are."),
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def is_met(self) -> bool:
        return self.met_on is not None
