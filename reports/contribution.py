"""What the roof adds to a project's pages: how a basis is drawn, the last report, and who owes what."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from innovasjon.access import ProjectRole
from reports.calendar import due_on, expected, tells
from reports.documents import gate_basis
from reports.models import Audience, ReportEdition
from reports.status_reports.overview import latest_editions, missing_month
from roadmap.contributions import Contribution, Fact, Panel, Task
from roadmap.models import Condition, Project

UNREAD = timedelta(days=60)  # so long an unread report waits for its owner
SOON = timedelta(days=14)  # so long before its day a report is something to do


class ReportsContribution(Contribution):
    name = "reports"
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
        "slide.changed": gettext_lazy("Changed a slide of «%(target)s»"),
        "slide.added": gettext_lazy("Added a slide to «%(target)s»"),
        "slide.taken_out": gettext_lazy("Took a slide out of «%(target)s»"),
        "slide.moved": gettext_lazy("Moved a slide of «%(target)s»"),
        "slide.updated": gettext_lazy("Updated a slide of «%(target)s» from its source"),
        "slide.kept": gettext_lazy("Kept a slide of «%(target)s» as it is"),
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
        "condition": dict(Condition.choices),
        "openness": {"public": gettext_lazy("Public"), "exempt": gettext_lazy("Exempt from public access")},
    }

    def fact(self, project, key):
        return told_fact(project) if key == "1.1g" else None

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
        """Reports the person owes as leader, and reports the person has not read as owner."""
        parts = {"memberships__user": user, "status": Project.Status.ACTIVE}
        month = expected(today)
        due = due_on(month, municipality.report_working_day)
        told = ReportEdition.objects.filter(
            report__project=OuterRef("pk"), report__year=month.year, report__month=month.month
        )
        led = Project.objects.of(municipality).filter(**parts, memberships__role=ProjectRole.LEADER)
        owing = led.visible_to(user).filter(~Exists(told)) if due <= today + SOON else ()
        owed = [
            Task(
                on=due,
                text=_("Status report for %(month)s") % {"month": month.name},
                url=reverse("reports:status_reports", args=[project.slug]),
                why=_("The draft is filled in for you."),
                action=_("Complete the report"),
                project_name=project.name,
            )
            for project in owing
            if tells(month, started_on=project.started_on, closed_on=project.closed_on)
        ]
        unread = (
            ReportEdition.objects.filter(
                report__project__in=Project.objects.of(municipality)
                .visible_to(user)
                .filter(memberships__user=user, memberships__role=ProjectRole.OWNER),
                published_at__date__gte=today - UNREAD,
            )
            .exclude(readings__user=user)
            .exclude(published_by=user)
            .select_related("report__project")
            .order_by("report", "-version")
        )
        newest = {}
        for edition in unread:
            newest.setdefault(edition.report_id, edition)
        return owed + [
            Task(
                on=edition.published_at.date(),
                text=_("Status report for %(month)s") % {"month": edition.report.period.name},
                url=edition.report.get_absolute_url(),
                why=edition.headline,
                action=_("Read the status report (2 min.)"),
                project_name=edition.report.project.name,
                as_owner=True,
            )
            for edition in newest.values()
        ]


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
