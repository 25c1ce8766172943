"""The demo's key figures of half a year: what each project's condition was at the end of each month."""

from datetime import date, timedelta

from reports.models import ProjectSnapshot
from reports.snapshots import freeze_figures
from roadmap.models import Condition, Project

# Project → conditions at the ends of the five months before this one, the oldest first, the last as its
# status report said. Others have been what they are today since they began.
BEFORE = {
    "smart-vannett": ("on_track", "on_track", "watch", "watch", "needs_help"),
    "medisin-til-rett-tid-hjemme": ("on_track", "on_track", "on_track", "on_track", "watch"),
    "heltid-pa-sykehjemmet": ("on_track", "on_track", "on_track", "on_track", "on_track"),
    "byggesak-pa-dagen": ("needs_help", "needs_help", "watch", "watch", "on_track"),
    "mindre-matsvinn-i-storkjokkenet": ("watch", "watch", "watch", "on_track", "on_track"),
    "digital-hjemmeoppfolging": ("not_assessed", "watch", "watch", "watch", "watch"),
}
A_DAY = timedelta(days=1)


def remember(today: date, municipality) -> None:
    """Lay out the nights that would have been kept, and keep tonight's as the nightly command does."""
    projects = Project.objects.of(municipality).filter(status=Project.Status.ACTIVE)
    ends = month_ends(today, months=5)
    ProjectSnapshot.objects.bulk_create(
        ProjectSnapshot(
            project=project,
            on=end,
            phase=project.phase,
            condition=BEFORE.get(project.slug, (project.condition,) * len(ends))[place],
            proposed_condition=Condition.NOT_ASSESSED,
        )
        for project in projects
        for place, end in enumerate(ends)
        if project.started_on <= end
    )
    freeze_figures(on=today)


def month_ends(today: date, *, months: int) -> list[date]:
    """Return the last days of the months before this one, the oldest first."""
    found, day = [], today.replace(day=1)
    for _ in range(months):
        day -= A_DAY
        found.append(day)
        day = day.replace(day=1)
    return found[::-1]
