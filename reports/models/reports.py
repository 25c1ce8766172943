"""Status reports: one a month and project, a draft until it is published, never changed afterwards."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from innovasjon.models import FrozenDocument, WriteOnce
from reports.calendar import Month
from roadmap.models import Condition, Project

MOST_SIGNS = 200  # in the one sentence
CHOSEN = [Condition.ON_TRACK, Condition.WATCH, Condition.NEEDS_HELP]


class StatusReport(models.Model):
    """The text of one month's report while it is written. What is published stands in its editions.

    `open_version` is the edition being written; empty when the report is published and at rest.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="status_reports")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    open_version = models.PositiveSmallIntegerField(null=True, default=1)
    condition = models.CharField(_("condition"), max_length=12, choices=Condition, blank=True)
    condition_reason = models.TextField(_("why"), blank=True)
    headline = models.TextField(_("the most important in one sentence"), blank=True)
    happened = models.TextField(_("what has happened"), blank=True)
    ask = models.TextField(_("what we need from the project owner"), blank=True)
    correction = models.TextField(_("what is corrected"), blank=True)
    left_out = models.JSONField(default=list)  # keys of the lines of news that are not told
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("status report")
        verbose_name_plural = _("status reports")
        constraints = [
            models.UniqueConstraint(fields=["project", "year", "month"], name="status_report_once_a_month"),
            models.CheckConstraint(name="status_report_month", condition=Q(month__gte=1, month__lte=12)),
        ]

    def __str__(self):
        return self.period.full_name

    def get_absolute_url(self):
        return reverse("reports:report", args=[self.project.slug, self.period])

    @property
    def period(self) -> Month:
        return Month(self.year, self.month)

    @property
    def is_draft(self) -> bool:
        return self.open_version is not None

    @property
    def is_correction(self) -> bool:
        return self.open_version is not None and self.open_version > 1


class ReportEdition(WriteOnce):
    """One published edition of a report: its words, its bytes for people and its bytes for the archive."""

    report = models.ForeignKey(StatusReport, models.CASCADE, related_name="editions")
    version = models.PositiveSmallIntegerField()
    condition = models.CharField(_("condition"), max_length=12, choices=Condition)
    headline = models.CharField(max_length=MOST_SIGNS)
    correction = models.TextField(blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_by_name = models.CharField(max_length=150)
    published_at = models.DateTimeField()
    document = models.ForeignKey(FrozenDocument, models.PROTECT, related_name="+")
    archive_document = models.ForeignKey(FrozenDocument, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("edition of a status report")
        verbose_name_plural = _("editions of status reports")
        constraints = [
            models.UniqueConstraint(fields=["report", "version"], name="report_edition_once"),
            models.CheckConstraint(name="report_edition_condition_chosen", condition=Q(condition__in=CHOSEN)),
            models.CheckConstraint(
                name="report_edition_has_one_sentence",
                condition=~Q(headline="") & LessThanOrEqual(Length("headline"), MOST_SIGNS),
            ),
            models.CheckConstraint(
                name="report_edition_says_what_is_corrected", condition=Q(version=1) | ~Q(correction="")
            ),
        ]
        indexes = [models.Index(fields=["report", "-version"], name="report_edition_latest")]

    def __str__(self):
        return f"{self.report_id}/{self.version}"


class ReportReading(models.Model):
    """The project owner has read an edition."""

    edition = models.ForeignKey(ReportEdition, models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading of a status report")
        verbose_name_plural = _("readings of status reports")
        constraints = [models.UniqueConstraint(fields=["edition", "user"], name="report_read_once")]

    def __str__(self):
        return f"{self.edition_id}: {self.user_id}"
