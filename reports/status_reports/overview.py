"""Which reports are published, which are to be written, and which are late; for one project and for many."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, IntegerField, OuterRef, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from reports.calendar import Month, due_on, expected, tells
from reports.models import ReportEdition, StatusReport
from roadmap.models import Project


@dataclass(frozen=True)
class Missing:
    """A report that is not published, and when it is or was due."""

    month: Month
    due_on: date
    is_late: bool


def latest_editions(project, *, with_readings: bool = False, with_told: bool = False) -> list[ReportEdition]:
    """Return the latest edition of each published report of a project, the latest month first.

    `with_told` adds what the next report needs of the edition: `told` as news, and its `reason`.
    """
    latest = ReportEdition.objects.filter(report=OuterRef("report")).order_by("-version")
    editions = ReportEdition.objects.filter(report__project=project, pk=Subquery(latest.values("pk")[:1]))
    if with_told:
        editions = editions.annotate(
            told=KeyTransform("told", "document__data"),
            reason=KeyTextTransform("condition_reason", "document__data"),
        )
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
    is_told: bool  # the report of the month that ended last is published
    missing: Missing | None
    has_draft: bool


def in_calendar(projects, municipality, today: date):
    """Return the active projects with `is_told`, `has_draft` and `late` (0 or 1), to be read in pages."""
    month = expected(today)
    mine = {"report__project": OuterRef("pk"), "report__year": month.year, "report__month": month.month}
    draft = StatusReport.objects.filter(
        project=OuterRef("pk"), year=month.year, month=month.month, open_version__isnull=False
    )
    late = When(is_told=False, started_on__lt=month.next.first, then=Value(1))
    is_due = today > due_on(month, municipality.report_working_day)
    return projects.filter(status=Project.Status.ACTIVE).annotate(
        is_told=Exists(ReportEdition.objects.filter(**mine)),
        has_draft=Exists(draft),
        late=Case(late, default=Value(0)) if is_due else Value(0, output_field=IntegerField()),
    )


LATE_FIRST = ("-late", "name", "pk")


def calendar_lines(projects: list[Project], municipality, today: date) -> list[Line]:
    """Return a line of each of some projects of `in_calendar`, with the report that was published last.

    One query.
    """
    latest = ReportEdition.objects.filter(report__project=OuterRef("report__project")).order_by(
        "-report__year", "-report__month", "-version"
    )
    editions = ReportEdition.objects.filter(report__project__in=[p.pk for p in projects]).filter(
        pk=Subquery(latest.values("pk")[:1])
    )
    last = {edition.report.project_id: edition for edition in editions.select_related("report")}
    lines = []
    for project in projects:
        project.municipality = municipality
        if edition := last.get(project.pk):
            edition.report.project = project
        lines.append(
            Line(
                project=project,
                last=edition,
                is_told=project.is_told,
                missing=None if project.is_told else missing_month(project, [], today),
                has_draft=project.has_draft,
            )
        )
    return lines
