"""A draft as a leader meets it: what is new since the last published report, and the proposed condition."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from reports.models import ReportEdition, StatusReport
from reports.status_reports.news import Found, news, situation
from reports.status_reports.overview import latest_editions
from reports.status_reports.proposal import Proposal, proposal


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
    return Draft(
        report=report,
        last=last,
        published=tuple(published),
        since=since,
        found=news(project, now, since=since, told=told, today=today),
        proposal=proposal(project, now, today, red_risks=project.risks.red_without_action().count()),
    )
