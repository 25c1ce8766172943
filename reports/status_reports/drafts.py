"""A draft as a leader meets it: what is new since the last published report, and the proposed condition."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import OuterRef
from django.utils import timezone

from innovasjon.rows import how_many
from reports.models import ReportEdition, StatusReport
from reports.status_reports.news import Found, news, situation
from reports.status_reports.overview import latest_editions
from reports.status_reports.proposal import Proposal, proposal, red_risks
from roadmap.models import Project
from stakeholders.models import Measure


@dataclass(frozen=True)
class Draft:
    report: StatusReport
    last: ReportEdition | None  # of an earlier month, the latest published
    published: tuple[ReportEdition, ...]  # the newest edition of each month, the latest month first
    since: datetime
    found: Found
    proposal: Proposal


def draft_of(report: StatusReport, today: date) -> Draft:
    """Read a draft: a bounded number of queries, whatever has happened."""
    project = report.project
    published = latest_editions(project, with_told=True)
    last = next((edition for edition in published if edition.report.period < report.period), None)
    start = timezone.make_aware(datetime.combine(project.started_on, time()))
    since = last.published_at if last else start
    told = last.told or {} if last else None
    now = situation(project, since=since, today=today)
    late_measures, red = counts(project, today)
    return Draft(
        report=report,
        last=last,
        published=tuple(published),
        since=since,
        found=news(project, now, late_measures, since=since, told=told, today=today),
        proposal=proposal(project, now, today, red_risks=red),
    )


def counts(project, today: date) -> tuple[int, int]:
    """Return (planned measures with groups that are late, red risks without an action). One query."""
    late = Measure.objects.overdue(today).filter(
        stakeholder__project=OuterRef("pk"), stakeholder__person_name=""
    )
    counted = how_many(late, "stakeholder__project"), red_risks()
    return Project.objects.filter(pk=project.pk).values_list(*counted).get()
