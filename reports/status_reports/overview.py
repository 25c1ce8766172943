"""Which reports are published, which are to be written, and which are late; for one project and for many."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Subquery
from django.db.models.fields.json import KeyTransform

from reports.calendar import Month, due_on, expected, tells
from reports.models import ReportEdition
from roadmap.models import Project


@dataclass(frozen=True)
class Missing:
    """A report that is not published, and when it is or was due."""

    month: Month
    due_on: date
    is_late: bool


def latest_editions(project, *, with_readings: bool = False, with_told: bool = False) -> list[ReportEdition]:
    """Return the latest edition of each published report of a project, the latest month first.

    `with_told` adds `told`: what the edition told as news, for the next report.
    """
    latest = ReportEdition.objects.filter(report=OuterRef("report")).order_by("-version")
    editions = ReportEdition.objects.filter(report__project=project, pk=Subquery(latest.values("pk")[:1]))
    if with_told:
        editions = editions.annotate(told=KeyTransform("told", "document__data"))
    if with_readings:
        editions = editions.prefetch_related("readings__user")
    found = list(
        editions.select_related("report", "published_by").order_by("-report__year", "-report__month")
    )
    for edition in found:
        edition.report.project = project
    return found


def missing_month(project, published, today: date) -> Missing | None:
    """Return the report that is to be written now: of the month that ended last, when it told something."""
    month = expected(today)
    if project.is_closed or not tells(month, started_on=project.started_on, closed_on=project.closed_on):
        return None
    if any(report.period == month for report in published):
        return None
    due = due_on(month, project.municipality.report_working_day)
    return Missing(month, due, due < today)


@dataclass(frozen=True)
class Line:
    """One project in the reporting calendar of a municipality."""

    project: Project
    last: ReportEdition | None
    missing: Missing | None
    has_draft: bool


def reporting_calendar(projects, today: date) -> list[Line]:
    """Return the active projects' lines, those that are late first. Three queries for any number."""
    found = list(projects.filter(status=Project.Status.ACTIVE).select_related("municipality"))
    editions = (
        ReportEdition.objects.filter(report__project__in=[p.pk for p in found])
        .select_related("report")
        .order_by(F("report__year").desc(), F("report__month").desc(), F("version").desc())
    )
    by_project: dict[int, list[ReportEdition]] = {}
    for edition in editions:
        by_project.setdefault(edition.report.project_id, []).append(edition)
    month = expected(today)
    drafts = set(
        Project.objects.filter(
            pk__in=[p.pk for p in found],
            status_reports__year=month.year,
            status_reports__month=month.month,
            status_reports__open_version__isnull=False,
        ).values_list("pk", flat=True)
    )
    lines = []
    for project in found:
        published = by_project.get(project.pk, [])
        for edition in published:
            edition.report.project = project
        lines.append(
            Line(
                project=project,
                last=published[0] if published else None,
                missing=missing_month(project, [e.report for e in published], today),
                has_draft=project.pk in drafts,
            )
        )
    return sorted(lines, key=lambda line: (not (line.missing and line.missing.is_late), line.project.name))
