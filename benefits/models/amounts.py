"""What a benefit is worth: the inputs of the calculation, kept so that it can be shown."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from benefits import arithmetic
from benefits.models.benefits import Benefit
from benefits.models.indicators import Indicator, amount
from innovasjon.models import Municipality

PERSON = settings.AUTH_USER_MODEL


class CalculationQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-id")


class Calculation(models.Model):
    """What a benefit gives in a year when its target is reached. A change is a new row; the newest counts."""

    class Method(models.TextChoices):
        """Source: K7 for the three of avoided cost, KT for time, DG for the three points."""

        FEWER_TASKS = "fewer_tasks", _("Fewer tasks: how many × what one costs")
        CONSUMPTION = "consumption", _("Less use: use today − use later")
        AGREEMENT = "agreement", _("Better agreement: price today − new price")
        TIME_SAVED = "time_saved", _("Time: how many times × minutes saved each time")
        THREE_POINT = "three_point", _("Estimate with three points")

    benefit = models.ForeignKey(Benefit, models.CASCADE, related_name="calculations")
    indicator = models.ForeignKey(  # tells how much of it has come
        Indicator, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    method = models.CharField(_("how it is calculated"), max_length=11, choices=Method)
    times_per_year = amount(_("how many per year"), null=True, blank=True)
    minutes_each = amount(_("minutes saved each time"), null=True, blank=True)
    cost_each_nok = amount(_("what one costs today"), null=True, blank=True)
    today_nok = amount(_("per year today"), null=True, blank=True)
    later_nok = amount(_("per year later"), null=True, blank=True)
    optimistic = amount(_("optimistic"), null=True, blank=True)
    likely = amount(_("most likely"), null=True, blank=True)
    pessimistic = amount(_("pessimistic"), null=True, blank=True)
    basis = models.TextField(_("where the numbers are from"), blank=True)
    on = models.DateField(_("calculated on"))
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    objects = CalculationQuerySet.as_manager()

    class Meta:
        verbose_name = _("calculation")
        verbose_name_plural = _("calculations")
        constraints = [
            models.CheckConstraint(
                name="calculation_has_its_inputs",
                condition=Q(method="fewer_tasks", times_per_year__isnull=False, cost_each_nok__isnull=False)
                | Q(method__in=["consumption", "agreement"], today_nok__isnull=False, later_nok__isnull=False)
                | Q(method="time_saved", times_per_year__isnull=False, minutes_each__isnull=False)
                | Q(
                    method="three_point",
                    optimistic__isnull=False,
                    likely__isnull=False,
                    pessimistic__isnull=False,
                ),
                violation_error_message=_("Fill in all the numbers the calculation needs."),
            )
        ]
        indexes = [models.Index(fields=["benefit", "-id"], name="calculation_newest")]

    def __str__(self):
        return f"{self.get_method_display()} ({self.on})"


class YearAmount(models.Model):
    """What a benefit is planned to give and to cost in one year, for the net over ten years."""

    benefit = models.ForeignKey(Benefit, models.CASCADE, related_name="year_amounts")
    year = models.PositiveSmallIntegerField(_("year"))
    gross = amount(_("planned this year"), null=True, blank=True)  # kroner, or hours for time saved
    project_cost_nok = models.BigIntegerField(_("project cost"), default=0)
    operating_cost_nok = models.BigIntegerField(_("operating cost"), default=0)

    class Meta:
        verbose_name = _("amount of a year")
        verbose_name_plural = _("amounts of years")
        constraints = [
            models.UniqueConstraint(
                fields=["benefit", "year"],
                name="year_amount_once",
                violation_error_message=_("The year is there already."),
            ),
            models.CheckConstraint(
                name="year_amount_year_plausible", condition=Q(year__gte=2000, year__lte=2100)
            ),
        ]

    def __str__(self):
        return f"{self.year}: {self.gross}"


class HourRateQuerySet(models.QuerySet):
    def of(self, municipality):
        return self.filter(municipality=municipality)


class HourRate(models.Model):
    """The municipality's own rates of a year. A new year is a new row, so old numbers stay."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="hour_rates")
    year = models.PositiveSmallIntegerField(_("year"))
    nok_per_hour = models.DecimalField(
        _("kroner per hour"), max_digits=8, decimal_places=2, validators=[MinValueValidator(1)]
    )
    hours_per_fte = models.DecimalField(
        _("hours in a full-time equivalent"),
        max_digits=7,
        decimal_places=2,
        validators=[MinValueValidator(1)],
    )

    objects = HourRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("hourly rate")
        verbose_name_plural = _("hourly rates")
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year"],
                name="hour_rate_once_a_year",
                violation_error_message=_("The year has a rate already."),
            ),
            models.CheckConstraint(
                name="hour_rate_positive", condition=Q(nok_per_hour__gt=0, hours_per_fte__gt=0)
            ),
            models.CheckConstraint(
                name="hour_rate_year_plausible", condition=Q(year__gte=2000, year__lte=2100)
            ),
        ]

    def __str__(self):
        return f"{self.year}: {self.nok_per_hour}"

    def equivalents(self, hours):
        """Hours as årsverk."""
        return arithmetic.full_time_equivalents(hours, self.hours_per_fte)

    def value(self, hours):
        """Hours in kroner at this year's rate; never cash."""
        return arithmetic.value_of_hours(hours, self.nok_per_hour)
