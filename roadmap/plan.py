"""Reading a project's plan: the same queries for three activities and for three hundred."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovasjon.working_days import working_days_between
from roadmap.models import Activity, Deliverable, ProjectPhase, TeamShare, Tolerance

TOO_MANY = 5  # activities one person is on in one week


@dataclass(frozen=True)
class Row:
    """One activity as the plan shows it."""

    activity: Activity
    number: int  # 1, 2, 3 … through the whole plan
    days_late: int
    working_days: int | None  # from start to end, both counted
    waits_for: tuple[str, ...]
    points_at: tuple[str, ...]  # the same as a spreadsheet writes them: «2 Ring alle»
    begins_before: tuple[str, ...]  # those it waits for, but begins before the end of
    participants: tuple[str, ...]
    is_first: bool
    is_last: bool

    @property
    def facts(self) -> list[str]:
        """What kind it is, where it belongs, and how long it takes, in words."""
        activity, found = self.activity, []
        if activity.kind != Activity.Kind.ACTIVITY:
            kind = str(activity.get_kind_display())
            found.append(f"{kind}: {activity.unit}" if activity.unit else kind)
        if activity.step:
            found.append(_("Step %(key)s") % {"key": activity.step.key})
        if self.working_days and not activity.is_milestone:
            n = self.working_days
            found.append(ngettext("%(n)s working day", "%(n)s working days", n) % {"n": n})
        return found


@dataclass(frozen=True)
class PhasePlan:
    """The activities of one phase, in the order the team has put them."""

    number: int
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Overload:
    """A person on too many activities in one week."""

    person: str
    count: int
    week: int
    year: int


@dataclass(frozen=True)
class Plan:
    """A whole plan, read once. Page, PDF and spreadsheet render it; none of them computes."""

    phases: tuple[PhasePlan, ...]  # those with activities
    deliverables: tuple[Deliverable, ...]
    missing: tuple[str, ...]  # names the current phase ought to hand over and nobody has registered
    tolerances: tuple[Tolerance, ...]
    shares: tuple[TeamShare, ...]
    overloads: tuple[Overload, ...]

    @property
    def rows(self) -> list[Row]:
        return [row for phase in self.phases for row in phase.rows]

    @property
    def milestones(self) -> list[Row]:
        found = [row for row in self.rows if row.activity.is_milestone and row.activity.ends_on]
        return sorted(found, key=lambda row: row.activity.ends_on)

    @property
    def late(self) -> list[Row]:
        return [row for row in self.rows if row.days_late]

    @property
    def most_late(self) -> int:
        return max((row.days_late for row in self.rows), default=0)

    @property
    def dated(self) -> list[Row]:
        return [row for row in self.rows if row.activity.ends_on or row.activity.starts_on]

    def tolerance(self, kind: str) -> int | None:
        return next((t.allowed for t in self.tolerances if t.kind == kind), None)

    @property
    def breaks_time(self) -> bool:
        """Whether something is later than the tolerance of time allows."""
        allowed = self.tolerance(Tolerance.Kind.TIME)
        return allowed is not None and self.most_late > allowed


def read_activities(project) -> list[Activity]:
    """Read a project's activities with who takes part and what they wait for: three queries."""
    return list(
        project.activities.select_related("responsible", "step")
        .prefetch_related("participants", "predecessors")
        .in_order()
    )


def read_rows(project, today: date) -> list[Row]:
    """Read the activities alone, for a spreadsheet: four queries, whatever their number."""
    phases = project.phases.order_by("number")
    return [row for phase in grouped(read_activities(project), phases, today) for row in phase.rows]


def read_plan(project, today: date) -> Plan:
    """Read a project's plan: seven queries, whatever its size."""
    activities = read_activities(project)
    phases = list(project.phases.order_by("number"))
    deliverables = tuple(
        project.deliverables.select_related("responsible", "approver").order_by("phase", "due_on", "pk")
    )
    return Plan(
        phases=grouped(activities, phases, today),
        deliverables=deliverables,
        missing=missing(deliverables, phases[project.phase - 1]),
        tolerances=tuple(sorted(project.tolerances.all(), key=lambda t: Tolerance.Kind.values.index(t.kind))),
        shares=tuple(project.shares.select_related("user").order_by("-share", "user__name")),
        overloads=overloads(activities, today),
    )


def grouped(activities: list[Activity], phases: list[ProjectPhase], today: date) -> tuple[PhasePlan, ...]:
    found: dict[int, list[Activity]] = {}
    for activity in activities:
        found.setdefault(activity.phase, []).append(activity)
    numbers = {activity.pk: n for n, activity in enumerate(activities, 1)}
    return tuple(
        PhasePlan(
            phase.number,
            phase.name,
            tuple(
                as_row(activity, numbers, today, n == 0, n == len(found[phase.number]) - 1)
                for n, activity in enumerate(found[phase.number])
            ),
        )
        for phase in phases
        if phase.number in found
    )


def as_row(activity: Activity, numbers: dict[int, int], today: date, is_first: bool, is_last: bool) -> Row:
    before = sorted(activity.predecessors.all(), key=lambda p: numbers[p.pk])
    both = activity.starts_on and activity.ends_on
    return Row(
        activity=activity,
        number=numbers[activity.pk],
        days_late=activity.days_late(today),
        working_days=working_days_between(activity.starts_on, activity.ends_on) if both else None,
        waits_for=tuple(p.name for p in before),
        points_at=tuple(str(numbers[p.pk]) + ("" if ";" in p.name else f" {p.name}") for p in before),
        begins_before=tuple(
            p.name
            for p in before
            if activity.starts_on and p.ends_on and not p.is_done and activity.starts_on < p.ends_on
        ),
        participants=tuple(person.position_or_name for person in activity.participants.all()),
        is_first=is_first,
        is_last=is_last,
    )


def missing(deliverables, phase: ProjectPhase) -> tuple[str, ...]:
    registered = {d.name.casefold() for d in deliverables}
    return tuple(name for name in phase.deliverables if name.casefold() not in registered)


def overloads(activities: list[Activity], today: date) -> tuple[Overload, ...]:
    """Return each person's fullest week from now on, when it has five activities or more.

    An activity counts in every week it runs, for the one responsible and for all who take part.
    """
    counts: dict[str, Counter] = {}
    monday = today - timedelta(days=today.weekday())
    for activity in activities:
        if activity.is_done or activity.is_milestone or not (activity.starts_on and activity.ends_on):
            continue
        people = {person.position_or_name for person in activity.participants.all()}
        if activity.responsible:
            people.add(activity.responsible.position_or_name)
        week = max(activity.starts_on - timedelta(days=activity.starts_on.weekday()), monday)
        while week <= activity.ends_on:
            for person in people:
                counts.setdefault(person, Counter())[week] += 1
            week += timedelta(days=7)
    found = []
    for person, weeks in sorted(counts.items()):
        first, count = min(weeks.items(), key=lambda pair: (-pair[1], pair[0]))
        if count >= TOO_MANY:
            year, week, _day = first.isocalendar()
            found.append(Overload(person, count, week, year))
    return tuple(found)
