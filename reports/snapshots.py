"""The key figures of every project, frozen each night. A night that is missed leaves a gap and no harm."""

from datetime import date

from reports.models import ProjectSnapshot
from roadmap.models import ChecklistItem, Project
from roadmap.progress import Count

AT_ONCE = 500
FIGURES = [
    "phase",
    "condition",
    "settled_count",
    "item_count",
    "deviation_count",
    "benefit_count",
    "on_plan_count",
]


def freeze_figures(*, on: date) -> int:
    """Keep the figures of every active project as of now, under a day. Returns how many there are.

    Five hundred projects at a time; the same day again replaces what it kept.
    """
    kept, last = 0, 0
    active = Project.objects.filter(status=Project.Status.ACTIVE).order_by("pk")
    while some := list(active.filter(pk__gt=last).values_list("pk", "phase", "condition")[:AT_ONCE]):
        ProjectSnapshot.objects.bulk_create(
            snapshots(some, on),
            update_conflicts=True,
            unique_fields=["project", "on"],
            update_fields=FIGURES,
        )
        kept, last = kept + len(some), some[-1][0]
    return kept


def snapshots(projects, on: date) -> list[ProjectSnapshot]:
    """Return the figures of some projects, (id, phase, condition) each. One query for all of them."""
    counts = ChecklistItem.objects.counted_by_project([pk for pk, _phase, _condition in projects])
    found = []
    for pk, phase, condition in projects:
        count = Count(*counts.get(pk, ()))
        found.append(
            ProjectSnapshot(
                project_id=pk,
                on=on,
                phase=phase,
                condition=condition,
                settled_count=count.settled,
                item_count=count.total,
            )
        )
    return found
