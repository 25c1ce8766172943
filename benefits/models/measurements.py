"""What was measured. A correction is a new row; what was written first stays."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from benefits.models.indicators import Indicator, amount
from roadmap.models import Project


class MeasurementQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(indicator__benefit__project__in=Project.objects.visible_to(user))

    def of_project(self, project):
        return self.filter(indicator__benefit__project=project)

    def current(self):
        """Without those a correction has replaced."""
        return self.filter(is_current__in=[True])  # «= 1»: SQLite looks up no bare «is_current» in an index

    def numeric(self):
        return self.filter(value__isnull=False)

    def newest_first(self):
        return self.order_by("-on", "-pk")


class Measurement(models.Model):
    """One value, or one conversation, of one indicator for one period."""

    class Source(models.TextChoices):
        PAGE = "page", _("Entered on the page")
        LINK = "link", _("From the link in the e-mail")
        SHEET = "sheet", _("From a spreadsheet")

    class Occasion(models.TextChoices):
        """Source: DG table G, PP."""

        ONGOING = "ongoing", _("Ongoing")
        MIDWAY = "midway", _("Midway")
        FINAL = "final", _("Final")

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="measurements")
    value = amount(_("value"), null=True, blank=True)
    said = models.TextField(_("what they told"), blank=True)
    on = models.DateField(_("measured on"))
    period = models.CharField(max_length=10)  # 2026-W46, 2026-11, 2026-Q4 or the date
    occasion = models.CharField(_("occasion"), max_length=7, choices=Occasion, default=Occasion.ONGOING)
    source = models.CharField(_("source"), max_length=5, choices=Source, default=Source.PAGE)
    comment = models.TextField(_("comment"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    replaces = models.OneToOneField(
        "self", models.RESTRICT, null=True, blank=True, related_name="replaced_by"
    )
    is_current = models.BooleanField(default=True)  # False as soon as a correction replaces it

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        constraints = [
            models.CheckConstraint(
                name="measurement_says_something",
                condition=Q(value__isnull=False) | ~Q(said=""),
                violation_error_message=_("Write a number, for example 348."),
            ),
            models.UniqueConstraint(
                fields=["indicator", "period"],
                condition=Q(is_current=True, value__isnull=False),
                name="measurement_once_a_period",
                violation_error_message=_("This period is measured already. Correct the number instead."),
            ),
            models.CheckConstraint(
                name="measurement_not_its_own_correction",
                condition=Q(replaces=None) | ~Q(replaces=models.F("id")),
            ),
            models.CheckConstraint(
                name="measurement_source_known", condition=Q(source__in=["page", "link", "sheet"])
            ),
        ]
        indexes = [models.Index(fields=["indicator", "is_current", "-on", "-id"], name="measurement_latest")]

    def __str__(self):
        return f"{self.value if self.value is not None else self.said[:40]} ({self.on})"
