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

    @property
    def condition(self) -> str:
        return self.report.condition or self.proposal.condition

    @property
    def own_reason(self) -> str:
        """Why the project's condition is what it is, in a person's words; "" when the program said it."""
        project = self.report.project
        for edition in self.published[:1]:
            if not edition.report.condition_reason.strip() and edition.reason == project.condition_reason:
                return ""
        return project.condition_reason.strip()

    @property
    def reason(self) -> str:
        """Why the report's condition is what it is.

        That is what the person writes in it; else, when the project's condition stands, the reason a person
        gave for that; else the program's.
        """
        if written := self.report.condition_reason.strip():
            return written
        if self.own_reason and self.condition == self.report.project.condition:
            return self.own_reason
        sentence = self.proposal.reason
        return sentence[:1].upper() + sentence[1:] + "." if sentence else ""

    @property
    def is_latest(self) -> bool:
        """Whether no later month is published: then the project gets the report's condition."""
        return all(edition.report.period <= self.report.period for edition in self.published)


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
