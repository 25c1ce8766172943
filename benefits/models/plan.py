"""The benefit realisation plan of a project, its acceptance, and the benefit map."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from benefits.models.benefits import Benefit
from benefits.models.indicators import Frequency
from innovasjon.models import FrozenDocument
from roadmap.models import Project

PERSON = settings.AUTH_USER_MODEL


class BenefitPlan(models.Model):
    """What the benefit plan says for the whole project."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="benefit_plan")
    discount_rate = models.DecimalField(
        _("discount rate, per cent"), max_digits=5, decimal_places=2, default=4
    )
    investment_nok = models.BigIntegerField(_("investment"), default=0)
    meeting_frequency = models.CharField(
        _("how often the line meets about it"),
        max_length=9,
        choices=[(Frequency.WEEKLY, Frequency.WEEKLY.label), (Frequency.MONTHLY, Frequency.MONTHLY.label)],
        blank=True,
    )
    line_capacity = models.TextField(_("the line's capacity to take out the benefits"), blank=True)
    learning = models.TextField(_("what we have learnt"), blank=True)

    class Meta:
        verbose_name = _("benefit plan")
        verbose_name_plural = _("benefit plans")
        constraints = [
            models.CheckConstraint(
                name="benefit_plan_rate_0_to_100", condition=Q(discount_rate__gte=0, discount_rate__lte=100)
            )
        ]

    def __str__(self):
        return str(self.project)


class PlanAcceptance(models.Model):
    """A person accepted the benefit plan as it stood. Never changed; a new acceptance is a new row."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="plan_acceptances")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    acting_as = models.CharField(_("as"), max_length=150)
    at = models.DateTimeField()
    remark = models.TextField(_("remark"), blank=True)
    document = models.ForeignKey(FrozenDocument, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("acceptance of the benefit plan")
        verbose_name_plural = _("acceptances of the benefit plan")
        indexes = [models.Index(fields=["project", "-at"], name="plan_acceptance_newest")]

    def __str__(self):
        return f"{self.by}, {self.at:%Y-%m-%d}"


class MapNode(models.Model):
    """One box of the benefit map."""

    class Column(models.IntegerChoices):
        """Source: DG."""

        ENABLER = 1, _("Assumptions and enablers")
        ENABLING_CHANGE = 2, _("Enabling changes")
        BUSINESS_CHANGE = 3, _("Changes in the service")
        INTERMEDIATE = 4, _("Preliminary benefits")
        BENEFIT = 5, _("Benefits")
        GOAL = 6, _("Goals of the municipality")

    project = models.ForeignKey(Project, models.CASCADE, related_name="map_nodes")
    column = models.PositiveSmallIntegerField(_("column"), choices=Column)
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("text"), max_length=150)
    benefit = models.ForeignKey(
        Benefit, models.SET_NULL, null=True, blank=True, related_name="map_nodes", verbose_name=_("benefit")
    )

    class Meta:
        verbose_name = _("box of the benefit map")
        verbose_name_plural = _("boxes of the benefit map")
        constraints = [
            models.CheckConstraint(name="map_node_six_columns", condition=Q(column__gte=1, column__lte=6)),
            models.UniqueConstraint(
                fields=["project", "column", "text"],
                name="map_node_once",
                violation_error_message=_("The column has this box already."),
            ),
        ]
        indexes = [models.Index(fields=["project", "column", "position"], name="map_node_order")]

    def __str__(self):
        return self.text


class MapLink(models.Model):
    """An arrow of the benefit map: one thing leads to another."""

    cause = models.ForeignKey(MapNode, models.CASCADE, related_name="leads_to")
    effect = models.ForeignKey(MapNode, models.CASCADE, related_name="comes_from")

    class Meta:
        verbose_name = _("arrow of the benefit map")
        verbose_name_plural = _("arrows of the benefit map")
        constraints = [
            models.UniqueConstraint(fields=["cause", "effect"], name="map_link_once"),
            models.CheckConstraint(name="map_link_not_to_itself", condition=~Q(cause=F("effect"))),
        ]

    def __str__(self):
        return f"{self.cause} → {self.effect}"
