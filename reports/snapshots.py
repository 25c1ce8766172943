"""The key figures of every project, frozen each night. A night that is missed leaves a gap and no harm."""

from datetime import date, datetime, time

from django.utils import timezone

from benefits.brief import read_brief
from benefits.models import Benefit
from reports.models import ProjectSnapshot
from reports.portfolio.reading import benefit_counts, open_deviations
from reports.status_reports.news import situation
from reports.status_reports.proposal import proposal, red_risks
from roadmap.models import ChecklistItem, Project
from roadmap.progress import Count

AT_ONCE = 100
FIGURES = [
    "phase",
    "condition",
    "settled_count",
    "item_count",
    "deviation_count",
    "benefit_count",
    "on_plan_count",
    "proposed_condition",
    "proposal_reason",
]


def freeze_figures(*, on: date) -> int:
    """Keep the figures of every active project as of now, under a day. Returns how many there are.

    A hundred projects at a time; the same day again replaces what it kept.
    """
    kept, last = 0, 0
    active = (
        Project.objects.filter(status=Project.Status.ACTIVE)
        .select_related("municipality")
        .annotate(deviation_count=open_deviations(), red_count=red_risks())
    )
    while some := list(active.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        ProjectSnapshot.objects.bulk_create(
            snapshots(some, on),
            update_conflicts=True,
            unique_fields=["project", "on"],
            update_fields=FIGURES,
        )
        kept, last = kept + len(some), some[-1].pk
    return kept


def snapshots(projects: list[Project], on: date) -> list[ProjectSnapshot]:
    """Return the figures of some projects, with the condition the program would propose for each.

    projects: with `deviation_count` and `red_count` (red risks without an action).
    """
    ids = [project.pk for project in projects]
    counts = ChecklistItem.objects.counted_by_project(ids)
    benefits = benefit_counts(read_brief(Benefit.objects.filter(project__in=ids), on))
    midnight = timezone.make_aware(datetime.combine(on, time()))
    found = []
    for project in projects:
        count = Count(*counts.get(project.pk, ()))
        judged, on_plan = benefits.get(project.pk, (0, 0))
        proposed = proposal(
            project,
            situation(project, since=midnight, today=on),
            on,
            red_risks=project.red_count,
        )
        found.append(
            ProjectSnapshot(
                project=project,
                on=on,
                phase=project.phase,
                condition=project.condition,
                settled_count=count.settled,
                item_count=count.total,
                deviation_count=project.deviation_count,
                benefit_count=judged,
                on_plan_count=on_plan,
                proposed_condition=proposed.condition,
                proposal_reason=proposed.reason,
            )
        )
    return found
