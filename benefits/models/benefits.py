"""A benefit, and the person in the line who is asked to own it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from roadmap.models import Project

PERSON = settings.AUTH_USER_MODEL


class BenefitType(models.TextChoices):
    """The three types. They are never added together. Source: S0, K7."""

    AVOIDED_COST = "avoided_cost", _("Avoided costs")
    TIME_SAVED = "time_saved", _("Time saved")
    QUALITY = "quality", _("Higher quality")


class KommitType(models.TextChoices):
    """Source: KT, PP."""

    DIRECT = "direct", _("Direct (kroner)")
    INDIRECT = "indirect", _("Indirect (freed time)")
    QUALITATIVE = "qualitative", _("Qualitative")


class DigdirType(models.TextChoices):
    """The letter begins the benefit's code. Source: DG."""

    BUDGET = "Ø", _("Ø – priced, with effect on the budget")
    ALTERNATIVE = "A", _("A – priced, used for something else")
    ELSEWHERE = "V", _("V – priced, in other organisations")
    QUALITATIVE = "K", _("K – not priced, qualitative")


class Horizon(models.TextChoices):
    """Source: S0."""

    SHORT = "short", _("Short term")
    LONG = "long", _("Long term")


class Recipient(models.TextChoices):
    """Who gets the good of it. Source: DG table E."""

    USER = "user", _("User")
    RELATIVE = "relative", _("Relative")
    EMPLOYEE = "employee", _("Employee")
    MUNICIPALITY = "municipality", _("The municipality")
    PUBLIC = "public", _("Other public bodies")
    SOCIETY = "society", _("Society")


class TakenOut(models.TextChoices):
    """What the saving is used for. Only lower cost is cash. Source: KT, DG table C."""

    UNDECIDED = "undecided", _("Not decided")
    MOVED = "moved", _("Moved to other tasks")
    LOWER_COST = "lower_cost", _("Lower cost")
    BETTER_QUALITY = "better_quality", _("Better quality")


class Risk(models.TextChoices):
    """Source: DG table F."""

    LOW = "low", _("Low")
    MODERATE = "moderate", _("Moderate")
    HIGH = "high", _("High")


class BenefitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Benefits of the projects the person may see."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def owned_by(self, user):
        return self.filter(owner=user)

    def of(self, municipality):
        return self.filter(project__municipality=municipality)

    def in_order(self):
        return self.order_by("project_id", "number")


class Benefit(models.Model):
    """Something that becomes better for somebody, from the first idea to long after the project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="benefits")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("what becomes better"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    type = models.CharField(_("type"), max_length=12, choices=BenefitType)
    kommit_type = models.CharField(_("KommIT's type"), max_length=11, choices=KommitType, blank=True)
    digdir_type = models.CharField(_("Digdir's type"), max_length=1, choices=DigdirType, blank=True)
    horizon = models.CharField(_("horizon"), max_length=5, choices=Horizon, default=Horizon.LONG)
    recipient = models.CharField(_("who gets the benefit"), max_length=12, choices=Recipient)
    recipient_detail = models.CharField(_("which group"), max_length=150, blank=True)
    owner = models.ForeignKey(
        PERSON,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_benefits",
        verbose_name=_("benefit owner in the line"),
    )
    responsible = models.ForeignKey(
        PERSON,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible for the benefit in the plan"),
    )
    change = models.CharField(_("the change it comes from"), max_length=200, blank=True)
    taken_out = models.CharField(
        _("what the saving is used for"), max_length=14, choices=TakenOut, default=TakenOut.UNDECIDED
    )
    taken_out_note = models.TextField(_("how it is taken out"), blank=True)
    take_out_action = models.TextField(_("what we do to take it out"), blank=True)
    take_out_due_on = models.DateField(_("taken out by"), null=True, blank=True)
    assumptions = models.TextField(_("assumptions"), blank=True)
    risk = models.CharField(_("risk"), max_length=8, choices=Risk, blank=True)
    risk_note = models.TextField(_("what may go wrong"), blank=True)
    disbenefits = models.TextField(_("disbenefits"), blank=True)
    importance = models.PositiveSmallIntegerField(_("importance"), null=True, blank=True)
    plan_goal = models.CharField(_("goal in the municipality's plan"), max_length=200, blank=True)
    budget_year = models.PositiveSmallIntegerField(_("budget year"), null=True, blank=True)
    in_budget = models.BooleanField(_("the saving is in the budget already"), default=False)
    follow_until = models.DateField(_("measured until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    objects = BenefitQuerySet.as_manager()

    class Meta:
        verbose_name = _("benefit")
        verbose_name_plural = _("benefits")
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="benefit_number_once"),
            models.CheckConstraint(name="benefit_type_known", condition=Q(type__in=BenefitType.values)),
            models.CheckConstraint(
                name="benefit_recipient_known", condition=Q(recipient__in=Recipient.values)
            ),
            models.CheckConstraint(
                name="benefit_taken_out_known", condition=Q(taken_out__in=TakenOut.values)
            ),
            models.CheckConstraint(
                name="benefit_importance_1_to_5",
                condition=Q(importance=None) | Q(importance__gte=1, importance__lte=5),
                violation_error_message=_("Importance goes from 1 to 5."),
            ),
            models.CheckConstraint(
                name="benefit_budget_year_plausible",
                condition=Q(budget_year=None) | Q(budget_year__gte=2000, budget_year__lte=2100),
                violation_error_message=_("Write the year with four digits, for example 2027."),
            ),
        ]
        indexes = [models.Index(fields=["project", "type", "number"], name="benefit_of_project")]

    def __str__(self):
        return self.name

    @property
    def has_amounts(self) -> bool:
        """Whether something is calculated or planned in the unit of its type."""
        return self.pk is not None and (self.calculations.exists() or self.year_amounts.exists())

    def get_absolute_url(self):
        return reverse("benefits:benefit", args=[self.project.slug, self.pk])

    @property
    def code(self) -> str:
        """Digdir's letter and the running number: «Ø3»; «G3» without a letter."""
        return f"{self.digdir_type or 'G'}{self.number}"

    @property
    def is_cash(self) -> bool:
        """Whether money leaves the budget. Cash and what is not cash are never added together."""
        return self.taken_out == TakenOut.LOWER_COST


class HandoverQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(answered_at=None)


class Handover(models.Model):
    """A named person in the line is asked to own a benefit, and answers."""

    benefit = models.ForeignKey(Benefit, models.CASCADE, related_name="handovers")
    to = models.ForeignKey(PERSON, models.PROTECT, related_name="benefit_handovers", verbose_name=_("to"))
    message = models.TextField(_("message"), blank=True)
    measure_until = models.DateField(_("measured until"), null=True, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover of a benefit")
        verbose_name_plural = _("handovers of benefits")
        constraints = [
            models.UniqueConstraint(
                fields=["benefit"], condition=Q(answered_at=None), name="handover_one_waiting"
            ),
            models.CheckConstraint(
                name="handover_answered_with_moment",
                condition=Q(answered_at=None, accepted=None)
                | Q(answered_at__isnull=False, accepted__isnull=False),
            ),
            models.CheckConstraint(
                name="handover_refusal_has_reason",
                condition=Q(accepted=None) | Q(accepted=True) | ~Q(answer=""),
                violation_error_message=_("Say why, so that they can find another."),
            ),
        ]
        indexes = [models.Index(fields=["to", "answered_at"], name="handover_waiting")]

    def __str__(self):
        return f"{self.benefit} → {self.to}"
