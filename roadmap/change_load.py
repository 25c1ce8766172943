"""Who is hit by how many changes at once: units × months, across the projects a person may see."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import Exists, OuterRef

from roadmap.models import Activity, Project

MONTHS = 9
UNITS, SHOWN = 50, 10  # units, and what is told of each of them
HEAVY = 3  # pilots and roll-outs in one unit in one month


@dataclass(frozen=True)
class Cell:
    """One unit in one month."""

    month: date
    count: int

    @property
    def is_heavy(self) -> bool:
        return self.count >= HEAVY


@dataclass(frozen=True)
class UnitLoad:
    """One unit with its months, and what hits it."""

    unit: str
    cells: tuple[Cell, ...]
    activities: tuple[Activity, ...]  # the first of them
    more: int  # those that are left out

    @property
    def most(self) -> int:
        return max(cell.count for cell in self.cells)


def months_from(today: date, count: int = MONTHS) -> list[date]:
    """Return the first day of this month and of those after it."""
    start = today.year * 12 + today.month - 1
    return [date((start + n) // 12, (start + n) % 12 + 1, 1) for n in range(count)]


def change_load(municipality, user, today: date) -> tuple[list[date], list[UnitLoad]]:
    """Return (months, units), the unit that is hit hardest first, at most fifty. One query."""
    months = months_from(today, MONTHS + 1)
    visible = Project.objects.of(municipality).visible_to(user).filter(status=Project.Status.ACTIVE)
    found = (
        Activity.objects.pending()
        .hitting_units()
        .filter(project__in=visible, ends_on__gte=months[0], starts_on__lt=months[-1])
        .select_related("project")
        .order_by("starts_on", "pk")
    )
    units: dict[str, list[Activity]] = {}
    for activity in found:
        units.setdefault(activity.unit_key, []).append(activity)
    rows = [
        UnitLoad(
            unit=activities[0].unit,
            cells=tuple(
                Cell(first, sum(1 for a in activities if a.starts_on < after and a.ends_on >= first))
                for first, after in pairwise(months)
            ),
            activities=tuple(activities[:SHOWN]),
            more=max(len(activities) - SHOWN, 0),
        )
        for activities in units.values()
    ]
    return months[:-1], sorted(rows, key=lambda row: (-row.most, row.unit))[:UNITS]


def others_at_the_same_time(project, today: date):
    """Return pilots and roll-outs of other open projects that hit a unit while this project does."""
    mine = (
        Activity.objects.pending()
        .hitting_units()
        .filter(
            project=project,
            ends_on__gte=today,
            unit_key=OuterRef("unit_key"),
            starts_on__lte=OuterRef("ends_on"),
        )
        .filter(ends_on__gte=OuterRef("starts_on"))
    )
    return (
        Activity.objects.pending()
        .hitting_units()
        .filter(
            Exists(mine),
            project__municipality=project.municipality_id,
            project__status=Project.Status.ACTIVE,
            project__restricted=False,  # the viewer may not know the others
            ends_on__gte=today,
        )
        .exclude(project=project)
    )
