"""What the roof adds to a project's pages: how a basis is drawn, the last report, and who owes what."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from innovasjon.access import ProjectRole
from reports import jobs
from reports.calendar import Month, due_on, expected, tells
from reports.documents import gate_basis
from reports.models import Audience, ReportEdition, Role, StatusReport
from reports.status_reports.overview import latest_editions, missing_month
from roadmap.contributions import Contribution, Fact, Panel, Task
from roadmap.models import Condition, Project

UNREAD = timedelta(days=60)  # so long an unread report waits for its owner
SOON = timedelta(days=14)  # so long before its day a report is something to do


class ReportsContribution(Contribution):
    name = "reports"
    tools = {"Prosjektpresentasjon": "reports:presentations"}
    sentences = {
        "report.started": gettext_lazy("Began the status report for %(target)s"),
        "report.changed": gettext_lazy("Changed the draft of the status report for %(target)s"),
        "report.published": gettext_lazy("Published the status report for %(target)s"),
        "report.correction_opened": gettext_lazy("Began a corrected edition of the report for %(target)s"),
        "report.corrected": gettext_lazy("Published a corrected edition of the report for %(target)s"),
        "report.read": gettext_lazy("Read the status report for %(target)s"),
        "read_link.made": gettext_lazy("Made a private link to «%(target)s»"),
        "read_link.revoked": gettext_lazy("Closed a private link to «%(target)s»"),
        "document.openness_set": gettext_lazy("Set how open «%(target)s» is"),
        "archive_package.made": gettext_lazy("Made the package for the archive"),
        "presentation.started": gettext_lazy("Began the presentation «%(target)s»"),
        "presentation.changed": gettext_lazy("Changed the presentation «%(target)s»"),
        "presentation.deleted": gettext_lazy("Deleted the presentation «%(target)s»"),
        "slide.changed": gettext_lazy("Changed the slide «%(slide)s» in «%(target)s»"),
        "slide.added": gettext_lazy("Added the slide «%(slide)s» to «%(target)s»"),
        "slide.taken_out": gettext_lazy("Took the slide «%(slide)s» out of «%(target)s»"),
        "slide.moved": gettext_lazy("Moved the slide «%(slide)s» in «%(target)s»"),
        "slide.updated": gettext_lazy("Updated the slide «%(slide)s» in «%(target)s» from its source"),
        "slide.kept": gettext_lazy("Kept the slide «%(slide)s» in «%(target)s» as it is"),
    }
    field_labels = {
        "title": gettext_lazy("Title"),
        "audience": gettext_lazy("Who shall see it?"),
        "meeting_on": gettext_lazy("Meeting"),
        "headline": gettext_lazy("The most important in one sentence"),
        "happened": gettext_lazy("This has happened"),
        "ask": gettext_lazy("This we need from the project owner"),
        "correction": gettext_lazy("What is corrected"),
        "openness": gettext_lazy("Openness"),
        "legal_basis": gettext_lazy("Legal basis"),
        "redacted": gettext_lazy("Left out for the public"),
    }
    choices = {
        "audience": dict(Audience.choices),
        "slide": dict(Role.choices),
        "condition": dict(Condition.choices),
        "openness": {"public": gettext_lazy("Public"), "exempt": gettext_lazy("Exempt from public access")},
    }

    def fact(self, project, key):
        return told_fact(project) if key == "1.1g" else None

    def forget_picture(self, picture):
        jobs.forget_with_picture(picture)

    def forget_outlived(self, now):
        return jobs.forget_outlived(now)

    def render_basis(self, data):
        return gate_basis(data)

    def panels(self, project, today):
        published = latest_editions(project)
        missing = missing_month(project, [edition.report for edition in published], today)
        if not published and missing is None:
            return []
        return [
            Panel(
                "reports/_last_report.html",
                {
                    "slug": project.slug,
                    "last": published[0] if published else None,
                    "missing": missing,
                    "today": today,
                },
                place="aside",
            )
        ]

    def tasks(self, user, municipality, today):
        """The report the person owes as leader, and the newest one not read as owner. One query."""
        found = (
            Project.objects.of(municipality)
            .visible_to(user)
            .filter(memberships__user=user, memberships__role__in=[ProjectRole.OWNER, ProjectRole.LEADER])
            .annotate(
                part=F("memberships__role"),
                report_day=F("municipality__report_working_day"),
                is_reported=Exists(editions_of_month(expected(today))),
                is_begun=Exists(reports_of_month(expected(today))),
                **newest_unread(user, today),
            )
        )
        owed = [
            owed_task(project, today)
            for project in found
            if project.part == ProjectRole.LEADER and not project.is_reported and owes(project, today)
        ]
        unread = [
            unread_task(project)
            for project in found
            if project.part == ProjectRole.OWNER and project.unread_year
        ]
        return owed + unread


def editions_of_month(month):
    return ReportEdition.objects.filter(
        report__project=OuterRef("pk"), report__year=month.year, report__month=month.month
    )


def reports_of_month(month):
    return StatusReport.objects.filter(project=OuterRef("pk"), year=month.year, month=month.month)


def newest_unread(user, today) -> dict:
    """Return the annotations of the newest edition an owner has neither read nor published."""
    unread = (
        ReportEdition.objects.filter(report__project=OuterRef("pk"), published_at__date__gte=today - UNREAD)
        .exclude(readings__user=user)
        .exclude(published_by=user)
        .order_by("-published_at", "-pk")
    )
    return {
        "unread_year": Subquery(unread.values("report__year")[:1]),
        "unread_month": Subquery(unread.values("report__month")[:1]),
        "unread_headline": Subquery(unread.values("headline")[:1]),
        "unread_at": Subquery(unread.values("published_at")[:1]),
    }


def owes(project, today) -> bool:
    month = expected(today)
    return (
        not project.is_closed
        and tells(month, started_on=project.started_on, closed_on=project.closed_on)
        and due_on(month, project.report_day) <= today + SOON
    )


def owed_task(project, today) -> Task:
    month = expected(today)
    return Task(
        on=due_on(month, project.report_day),
        text=_("Status report for %(month)s") % {"month": month.name},
        url=reverse("reports:report", args=[project.slug, month])
        if project.is_begun
        else reverse("reports:status_reports", args=[project.slug]),
        why=_("A draft is ready. It takes about five minutes to look over.")
        if project.is_begun
        else _("The draft is filled in for you. It takes about five minutes to look over."),
        action=_("Complete the report") if project.is_begun else _("Begin the report"),
        project_name=project.name,
    )


def unread_task(project) -> Task:
    month = Month(project.unread_year, project.unread_month)
    return Task(
        on=timezone.localdate(project.unread_at) + SOON,
        text=_("Status report for %(month)s") % {"month": month.name},
        url=reverse("reports:report", args=[project.slug, month]),
        why=project.unread_headline,
        action=_("Read the status report (2 min.)"),
        project_name=project.name,
        as_owner=True,
    )


def told_fact(project) -> Fact:
    """Return for whom presentations are made; the checkpoint asks for leaders and employees."""
    made = set(project.presentations.values_list("audience", flat=True))
    names = [str(label) for value, label in Audience.choices if value in made]
    text = (
        _("Made for: %(audiences)s") % {"audiences": ", ".join(names)}
        if names
        else _("No presentation is made yet")
    )
    return Fact(text, {Audience.LEADERS, Audience.STAFF} <= made)
