"""A draft as a leader meets it: what is new since the last published report, and the proposed condition."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from reports.models import ReportEdition, StatusReport
from reports.status_reports.news import Found, news, situation
from reports.status_reports.proposal import Proposal, proposal


@dataclass(frozen=True)
class Draft:
    report: StatusReport
    last: ReportEdition | None  # of an earlier month, the latest published
    since: datetime
    found: Found
    proposal: Proposal


def draft_of(report: StatusReport, today: date) -> Draft:
    """Read a draft: a bounded number of queries, whatever has happened."""
    project = report.project
    earlier = Q(report__year__lt=report.year) | Q(report__year=report.year, report__month__lt=report.month)
    last = (
        ReportEdition.objects.filter(earlier, report__project=project)
        .select_related("document", "report")
        .order_by("-report__year", "-report__month", "-version")
        .first()
    )
    start = timezone.make_aware(datetime.combine(project.started_on, time()))
    since = last.published_at if last else start
    told = last.document.data.get("told", {}) if last else {}
    now = situation(project, since=timezone.localdate(since), today=today)
    return Draft(
        report=report,
        last=last,
        since=since,
        found=news(project, now, since=since, told=told, today=today),
        proposal=proposal(project, now, today),
    )
