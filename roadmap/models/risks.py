"""What may happen to a project, for worse or better, and what is done about it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from roadmap import risk_zones
from roadmap.models.project import Project


class Likelihood(models.IntegerChoices):
    """Source: PP."""

    VERY_SMALL = 1, _("Very small")
    SMALL = 2, _("Small likelihood")
    MODERATE = 3, _("Moderate")
    LARGE = 4, _("Large likelihood")
    VERY_LARGE = 5, _("Very large")


class Consequence(models.IntegerChoices):
    """Source: PP."""

    INSIGNIFICANT = 1, _("Insignificant")
    LOW = 2, _("Low")
    MODERATE = 3, _("Moderate")
    SERIOUS = 4, _("Serious")
    VERY_SERIOUS = 5, _("Very serious")


class RiskQuerySet(models.QuerySet):
    def current(self):
        return self.exclude(status=Risk.Status.GONE)

    def red_without_action(self):
        """Current risks in the red zone before action, with no action written."""
        cells = Q()
        for likelihood, consequence in risk_zones.in_zone(risk_zones.RED):
            cells |= Q(likelihood=likelihood, consequence=consequence)
        return self.current().filter(cells, kind=Risk.Kind.RISK, action="")

    def worst_first(self):
        return self.annotate(found_score=F("likelihood") * F("consequence")).order_by(
            "-found_score", "-consequence", "pk"
        )


class Risk(models.Model):
    """A risk or an opportunity, with likelihood and consequence before and after the action."""

    class Kind(models.TextChoices):
        RISK = "risk", _("Risk")
        OPPORTUNITY = "opportunity", _("Opportunity")

    class Strategy(models.TextChoices):
        REDUCE = "reduce", _("Reduce")
        WATCH = "watch", _("Keep watch on")
        AVOID = "avoid", _("Avoid")
        TRANSFER = "transfer", _("Transfer")
        SHARE = "share", pgettext_lazy("risk", "Share")
        ACCEPT = "accept", _("Accept")
        INCREASE = "increase", _("Increase")
        EXPLOIT = "exploit", _("Exploit")

    class Nearness(models.TextChoices):
        NOW = "now", _("Immediate")
        PHASE = "phase", _("In this phase")
        PROJECT = "project", _("Within the project")
        OUTSIDE = "outside", _("Outside the project")

    class Status(models.TextChoices):
        FOUND = "found", _("Identified")
        ACTED = "acted", _("Action carried out")
        GONE = "gone", _("No longer relevant")

    project = models.ForeignKey(Project, models.CASCADE, related_name="risks")
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.RISK)
    event = models.CharField(_("what may happen"), max_length=300)
    effect = models.TextField(_("effect without action"), blank=True)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), choices=Likelihood)
    consequence = models.PositiveSmallIntegerField(_("consequence"), choices=Consequence)
    strategy = models.CharField(_("strategy"), max_length=8, choices=Strategy, default=Strategy.REDUCE)
    nearness = models.CharField(_("nearness"), max_length=7, choices=Nearness, default=Nearness.PHASE)
    action = models.TextField(_("action"), blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    likelihood_after = models.PositiveSmallIntegerField(
        _("likelihood after the action"), choices=Likelihood, null=True, blank=True
    )
    consequence_after = models.PositiveSmallIntegerField(
        _("consequence after the action"), choices=Consequence, null=True, blank=True
    )
    status = models.CharField(_("status"), max_length=5, choices=Status, default=Status.FOUND)

    objects = RiskQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk or opportunity")
        verbose_name_plural = _("risks and opportunities")
        constraints = [
            models.CheckConstraint(
                name="risk_degrees_1_to_5",
                condition=Q(likelihood__gte=1, likelihood__lte=5, consequence__gte=1, consequence__lte=5),
            ),
            models.CheckConstraint(
                name="risk_degrees_after_together",
                condition=Q(likelihood_after=None, consequence_after=None)
                | Q(
                    likelihood_after__isnull=False,
                    consequence_after__isnull=False,
                    likelihood_after__gte=1,
                    likelihood_after__lte=5,
                    consequence_after__gte=1,
                    consequence_after__lte=5,
                ),
                violation_error_message=_("Choose both likelihood and consequence after the action."),
            ),
            models.CheckConstraint(
                name="risk_acted_has_action",
                condition=~Q(status="acted") | ~Q(action=""),
                violation_error_message=_("Write which action was carried out."),
            ),
            models.CheckConstraint(
                name="risk_status_known", condition=Q(status__in=["found", "acted", "gone"])
            ),
            models.CheckConstraint(name="risk_kind_known", condition=Q(kind__in=["risk", "opportunity"])),
        ]
        indexes = [
            models.Index(fields=["project", "status"], name="risk_project"),
            models.Index(fields=["responsible", "status", "due_on"], name="risk_mine"),
        ]

    def __str__(self):
        return self.event

    @property
    def score(self) -> int:
        return self.likelihood * self.consequence

    @property
    def zone(self) -> str:
        return risk_zones.zone(self.likelihood, self.consequence)

    @property
    def score_after(self) -> int | None:
        return self.likelihood_after * self.consequence_after if self.likelihood_after else None

    @property
    def zone_after(self) -> str:
        if not self.likelihood_after:
            return ""
        return risk_zones.zone(self.likelihood_after, self.consequence_after)

    @property
    def is_red(self) -> bool:
        return self.kind == self.Kind.RISK and self.zone == risk_zones.RED

    @property
    def lacks_action(self) -> bool:
        return self.is_red and not self.action and self.status != self.Status.GONE
