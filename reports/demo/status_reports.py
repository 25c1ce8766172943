"""The demo's status reports: each month's told as it was then, and a draft of the month that runs."""

import tomllib
from functools import partial
from pathlib import Path

from django.utils import timezone

from innovasjon.access import ProjectRole
from innovasjon.working_days import nth_working_day
from reports import actions
from reports.calendar import Month
from reports.models import StatusReport
from reports.status_reports.drafts import draft_of

STORY = Path(__file__).with_suffix(".toml")
PUBLISHED_ON = 4  # the working day of the month after
WORDS = ("condition", "condition_reason", "headline", "happened", "ask")


def happenings(loader, slug):
    """Return (day, order within the day, what happens) of the reports, as the demo's loader takes them."""
    story = tomllib.loads(STORY.read_text())
    found = []
    month = Month.of(loader.today).previous
    if day_of(month) >= loader.today:
        month = month.previous
    for row in story.get(slug, []):
        days = (day_of(month) - loader.today).days
        found.append(
            (days, 2.7, lambda row=row, month=month, days=days: publish(loader, slug, month, row, days))
        )
        if "read_after" in row:
            read_on = days + row["read_after"]
            found.append((read_on, 2.8, partial(read, loader, slug, month, read_on)))
        month = month.previous
    if draft := story["drafts"].get(slug):
        found.append((-1, 4, partial(write, loader, slug, Month.of(loader.today), draft, -1, hour=16)))
    return found


def day_of(month):
    return nth_working_day(month.next.year, month.next.month, PUBLISHED_ON)


def write(loader, slug, month, row, days, *, hour=12):
    project = loader.project(slug)
    report = actions.start_report(
        project=project, month=month, by=loader.leader_of(project), now=loader.moment(days, hour)
    )
    for name in WORDS:
        setattr(report, name, row.get(name, ""))
    report.save()
    return report


def publish(loader, slug, month, row, days):
    report = write(loader, slug, month, row, days)
    now = loader.moment(days, 12, 12)
    draft = draft_of(report, timezone.localdate(now))
    actions.publish(
        draft=draft,
        seen=actions.mark(report),
        now=now,
        by=loader.leader_of(report.project),
    )


def read(loader, slug, month, days):
    report = StatusReport.objects.select_related("project").get(
        project__slug=slug, year=month.year, month=month.month
    )
    owner = report.project.memberships.select_related("user").get(role=ProjectRole.OWNER).user
    edition = report.editions.get(version=1)
    edition.report = report
    actions.note_reading(edition=edition, now=loader.moment(days, 14), by=owner)
