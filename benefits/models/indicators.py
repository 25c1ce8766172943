"""How a benefit is measured: the indicator, its expected path and its calendar."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from benefits import arithmetic, calendars
from benefits.models.benefits import Benefit
from innovasjon.sent_once import SentOnce
from roadmap.models import Project

PERSON = settings.AUTH_USER_MODEL
FEW = 5  # more active indicators than this are seldom followed up. Source: S2, threshold our own


def amount(name, **options):
    """A number in the indicator's own unit."""
    return models.DecimalField(name, max_digits=16, decimal_places=3, **options)


class Unit(models.TextChoices):
    """Source: PP, with four of our own."""

    COUNT = "count", _("Number")
    NOK = "nok", _("Kroner")
    PERCENT = "percent", _("Per cent")
    HOURS = "hours", _("Hours")
    MINUTES = "minutes", _("Minutes")
    POINTS = "points", _("Points")
    FTE = "fte", _("Full-time equivalents")


class Method(models.TextChoices):
    """Source: S2."""

    NUMBER = "number", _("A number")
    CONVERSATION = "conversation", _("Conversation with those who get the benefit")


class Frequency(models.TextChoices):
    """The measuring calendar."""

    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every quarter")
    DATES = "dates", _("On certain dates")


class IndicatorQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(benefit__project__in=Project.objects.visible_to(user))

    def active(self):
        return self.filter(is_active=True)

    def due_by(self, day):
        """Active indicators whose next measurement is due on a day or before it."""
        return self.active().filter(next_due_on__lte=day)

    def overdue(self, today):
        return self.active().filter(next_due_on__lt=today)

    def in_order(self):
        return self.order_by("position", "pk")


class Indicator(models.Model):
    """What is counted or asked about, from where to where, and when."""

    benefit = models.ForeignKey(Benefit, models.CASCADE, related_name="indicators")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("what is measured"), max_length=150)
    key = models.CharField(max_length=200, editable=False)  # name folded: two projects may claim the same
    unit = models.CharField(_("unit"), max_length=8, choices=Unit, default=Unit.COUNT)
    unit_label = models.CharField(_("unit in words"), max_length=60, blank=True)  # «turer per uke»
    method = models.CharField(_("method"), max_length=12, choices=Method, default=Method.NUMBER)
    method_note = models.TextField(_("how it is measured"), blank=True)
    question = models.CharField(_("the question to the one who measures"), max_length=200, blank=True)
    hint = models.CharField(_("where the number is found"), max_length=200, blank=True)
    baseline = amount(_("baseline"), null=True, blank=True)  # missing is «not measured», never 0
    baseline_on = models.DateField(_("baseline measured on"), null=True, blank=True)
    baseline_planned_on = models.DateField(_("baseline will be measured on"), null=True, blank=True)
    target = amount(_("target"), null=True, blank=True)
    target_on = models.DateField(_("target date"), null=True, blank=True)
    tolerance = amount(_("allowed deviation"), default=0)
    frequency = models.CharField(_("how often"), max_length=9, choices=Frequency, default=Frequency.MONTHLY)
    next_due_on = models.DateField(_("next measurement"), null=True, blank=True)
    measurer = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who measures")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.CheckConstraint(
                name="indicator_baseline_has_date",
                condition=Q(baseline=None, baseline_on=None)
                | Q(baseline__isnull=False, baseline_on__isnull=False),
                violation_error_message=_("Write both the baseline and the day it was measured."),
            ),
            models.CheckConstraint(
                name="indicator_target_has_date",
                condition=Q(target=None, target_on=None) | Q(target__isnull=False, target_on__isnull=False),
                violation_error_message=_("Write both the target and the day it is to be reached."),
            ),
            models.CheckConstraint(
                name="indicator_target_after_baseline",
                condition=Q(baseline_on=None) | Q(target_on=None) | Q(target_on__gt=F("baseline_on")),
                violation_error_message=_("The target date must be after the baseline."),
            ),
            models.CheckConstraint(
                name="indicator_tolerance_not_negative",
                condition=Q(tolerance__gte=0),
                violation_error_message=_("The allowed deviation is 0 or more."),
            ),
            models.CheckConstraint(
                name="indicator_frequency_known", condition=Q(frequency__in=Frequency.values)
            ),
            models.CheckConstraint(name="indicator_method_known", condition=Q(method__in=Method.values)),
            models.CheckConstraint(name="indicator_unit_known", condition=Q(unit__in=Unit.values)),
        ]
        indexes = [
            models.Index(fields=["benefit", "position"], name="indicator_of_benefit"),
            models.Index(fields=["next_due_on"], condition=Q(is_active=True), name="indicator_due"),
            models.Index(fields=["key", "unit"], name="indicator_claim"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.key = " ".join(self.name.casefold().split())
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("benefits:indicator", args=[self.benefit.project.slug, self.benefit_id, self.pk])

    @property
    def unit_in_words(self) -> str:
        return self.unit_label or self.get_unit_display().lower()

    @property
    def measured_by_number(self) -> bool:
        return self.method == Method.NUMBER

    def path(self, points) -> list[arithmetic.Point]:
        """Return the expected path: baseline, the path points given, target. Empty without a target."""
        known = [arithmetic.Point(point.on, point.value) for point in points]
        if self.baseline is not None:
            known.append(arithmetic.Point(self.baseline_on, self.baseline))
        if self.target is not None:
            known.append(arithmetic.Point(self.target_on, self.target))
        return sorted(known) if self.target is not None or points else []

    def period_of(self, day) -> str:
        """Return the period a measurement on a day is for."""
        return calendars.period_of(self.frequency, day)

    def due_after(self, day, dates=()):
        """Return when the measurement after a day is due; `dates` are the planned ones. None: no more."""
        return calendars.due_after(self.frequency, day, dates)


class PathPoint(models.Model):
    """What is expected on a day between the baseline and the target."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="path_points")
    on = models.DateField(_("date"))
    value = amount(_("expected value"))

    class Meta:
        verbose_name = _("point on the expected path")
        verbose_name_plural = _("points on the expected path")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "on"],
                name="path_point_once_a_day",
                violation_error_message=_("The path has a value on this day already."),
            )
        ]

    def __str__(self):
        return f"{self.on}: {self.value}"


class PlannedDate(models.Model):
    """A day on which an indicator with its own dates is to be measured."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="planned_dates")
    on = models.DateField(_("date"))

    class Meta:
        verbose_name = _("planned date of measurement")
        verbose_name_plural = _("planned dates of measurement")
        constraints = [models.UniqueConstraint(fields=["indicator", "on"], name="planned_date_once")]

    def __str__(self):
        return str(self.on)


class Postponement(models.Model):
    """Somebody could not measure when it was due, said why and set a new day."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="postponements")
    due_on = models.DateField(_("was due"))
    new_on = models.DateField(_("new date"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("postponed measurement")
        verbose_name_plural = _("postponed measurements")
        constraints = [
            models.CheckConstraint(name="postponement_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="postponement_is_later", condition=Q(new_on__gt=F("due_on"))),
        ]

    def __str__(self):
        return f"{self.due_on} → {self.new_on}"


class Reminder(SentOnce):
    """One mail about one measurement that is due. The row says that the stage is reached."""

    class Stage(models.TextChoices):
        FIRST = "first", _("Reminder")
        SECOND = "second", _("Second reminder")
        MANAGER = "manager", _("To the manager")

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="reminders")
    due_on = models.DateField(_("was due"))
    stage = models.CharField(_("stage"), max_length=7, choices=Stage)
    to = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("to"))
    claimed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["indicator", "due_on", "stage"], name="reminder_once"),
            models.CheckConstraint(
                name="reminder_stage_known", condition=Q(stage__in=["first", "second", "manager"])
            ),
        ]

    def __str__(self):
        return f"{self.indicator}, {self.due_on}, {self.stage}"
