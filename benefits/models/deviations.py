"""Deviation → cause → corrective action → did it work?"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from benefits.models.indicators import Indicator, amount
from benefits.models.measurements import Measurement
from roadmap.models import Project

PERSON = settings.AUTH_USER_MODEL
LIFT_AFTER = 2  # misses in a row before the project owner takes over


class DeviationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(indicator__benefit__project__in=Project.objects.visible_to(user))

    def unsettled(self):
        """Open, with the benefit owner or lifted to the project owner."""
        return self.exclude(state=Deviation.State.CLOSED)

    def in_force_at(self, day, indicator):
        """Opened on the day or before, and not closed until after it."""
        lasted = ~Q(state=Deviation.State.CLOSED) | Q(closed_by__on__gt=day)
        return self.filter(lasted, indicator=indicator, opened_by__on__lte=day)

    def of_project(self, project):
        return self.filter(indicator__benefit__project=project)


class Deviation(models.Model):
    """A measured value outside tolerance, until a later one is inside again."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        LIFTED = "lifted", _("Lifted to the project owner")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        WORKED = "worked", _("The action worked")
        WITHIN = "within", _("The number is within the allowed deviation again")
        CORRECTED = "corrected", _("The number was corrected")
        RETIRED = "retired", _("The indicator is no longer in use")

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="deviations")
    opened_by = models.ForeignKey(Measurement, models.RESTRICT, related_name="+")
    opened_on = models.DateField(_("opened"))
    measured = amount(_("measured"))
    expected = amount(_("expected"))
    tolerance = amount(_("allowed deviation"))
    owner = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    cause = models.TextField(_("cause"), blank=True)
    cause_by = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    cause_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    misses = models.PositiveSmallIntegerField(_("misses in a row"), default=1)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, blank=True)
    closed_by = models.ForeignKey(Measurement, models.RESTRICT, null=True, blank=True, related_name="+")
    closed_on = models.DateField(_("closed"), null=True, blank=True)

    objects = DeviationQuerySet.as_manager()

    class Meta:
        verbose_name = _("deviation")
        verbose_name_plural = _("deviations")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator"], condition=~Q(state="closed"), name="deviation_one_unsettled"
            ),
            models.CheckConstraint(
                name="deviation_closed_has_outcome",
                condition=Q(state="closed", closed_on__isnull=False) & ~Q(outcome="")
                | ~Q(state="closed") & Q(closed_on=None, outcome=""),
            ),
            models.CheckConstraint(
                name="deviation_state_known", condition=Q(state__in=["open", "lifted", "closed"])
            ),
            models.CheckConstraint(
                name="deviation_cause_has_author",
                condition=Q(cause="", cause_by=None, cause_at=None)
                | ~Q(cause="") & Q(cause_by__isnull=False, cause_at__isnull=False),
            ),
            models.CheckConstraint(name="deviation_misses_from_1", condition=Q(misses__gte=1)),
        ]
        indexes = [models.Index(fields=["indicator", "-id"], name="deviation_history")]

    def __str__(self):
        return f"{self.indicator}, {self.opened_on}"

    @property
    def is_settled(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def is_lifted(self) -> bool:
        return self.state == self.State.LIFTED

    @property
    def difference(self):
        """Measured less expected, in the indicator's unit."""
        return self.measured - self.expected


class CorrectiveAction(models.Model):
    """What is done about a deviation, by whom, by when; the next measurement judges it."""

    class Result(models.TextChoices):
        WORKED = "worked", _("Worked")
        MISSED = "missed", _("Did not work")

    deviation = models.ForeignKey(Deviation, models.CASCADE, related_name="actions")
    what = models.CharField(_("action"), max_length=200)
    responsible = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("responsible"))
    due_on = models.DateField(_("due"))
    progress = models.CharField(_("how far it has come"), max_length=200, blank=True)
    done_on = models.DateField(_("done"), null=True, blank=True)
    result = models.CharField(_("did it work?"), max_length=6, choices=Result, blank=True)
    judged_by = models.ForeignKey(Measurement, models.RESTRICT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions")
        constraints = [
            models.CheckConstraint(
                name="corrective_action_judged_by_measurement",
                condition=Q(result="", judged_by=None) | ~Q(result="") & Q(judged_by__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["deviation", "id"], name="corrective_action_order")]

    def __str__(self):
        return self.what
