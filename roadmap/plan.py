"""Reading a project's plan: the same queries for three activities and for three hundred."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovasjon.models import User
from innovasjon.rows import Rows, day, read
from innovasjon.working_days import working_days_between
from roadmap.models import Activity, Deliverable, Project, ProjectPhase, TeamShare, Tolerance

TOO_MANY = 5  # activities one person is on in one week

# What is read of the rows beside the activities; of people the name and position alone.
PHASE = ("number", "name")
DELIVERABLE = ("id", "phase", "name", "acceptance", "due_on", "status")
RESPONSIBLE = ("responsible__name", "responsible__position")
APPROVER = ("approver__name", "approver__position")
TOLERANCE = ("kind", "allowed")
SHARE = ("id", "role", "share", "starts_on", "ends_on", "status", "user__name", "user__position")


@dataclass(frozen=True)
class Row:
    """One activity as the plan shows it."""

    activity: Activity
    number: int  # 1, 2, 3 … through the whole plan
    days_late: int
    days_over: int  # after the agreed end
    working_days: int | None  # from start to end, both counted
    after: tuple[int, ...]  # ids of those it waits for
    waits_for: tuple[str, ...]
    points_at: tuple[str, ...]  # the same as a spreadsheet writes them: «2 Ring alle»
    begins_before: tuple[str, ...]  # those it waits for, but begins before the end of
    participants: tuple[str, ...]
    is_first: bool
    is_last: bool

    @property
    def is_dated(self) -> bool:
        return bool(self.activity.ends_on or self.activity.starts_on)

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
    def most_over(self) -> int:
        """How many days after the agreed end the one ends that is furthest from it."""
        return max((row.days_over for row in self.rows), default=0)

    @property
    def is_agreed(self) -> bool:
        return any(row.activity.agreed_on for row in self.rows)

    @property
    def moved(self) -> list[Row]:
        return [row for row in self.rows if row.activity.is_moved]

    @property
    def not_agreed(self) -> list[Row]:
        """Those with an end that nobody has agreed on yet."""
        return [
            row
            for row in self.rows
            if row.activity.ends_on and not row.activity.agreed_on and not row.activity.is_done
        ]

    @property
    def dated(self) -> list[Row]:
        return [row for row in self.rows if row.is_dated]

    def part(self, rows: Sequence[Row]) -> "Plan":
        """Return the plan with some of its rows alone."""
        shown = {row.number for row in rows}
        phases = [
            replace(phase, rows=tuple(row for row in phase.rows if row.number in shown))
            for phase in self.phases
        ]
        return replace(self, phases=tuple(phase for phase in phases if phase.rows))

    def tolerance(self, kind: str) -> int | None:
        return next((t.allowed for t in self.tolerances if t.kind == kind), None)

    @property
    def breaks_time(self) -> bool:
        """Whether something ends later after the agreed day than the tolerance of time allows."""
        allowed = self.tolerance(Tolerance.Kind.TIME)
        return allowed is not None and self.most_over > allowed


def read_activities(project) -> list[Activity]:
    """Read a project's activities: one query.

    Each carries `people`, who take part (id, name, position), and `after`, the ids of those it waits for.
    """
    found = list(project.activities.select_related("responsible", "step").with_links().in_order())
    for activity in found:
        activity.people = [User(pk=pk, name=name, position=post) for pk, name, post in read(activity._people)]
        activity.after = [pk for (pk,) in read(activity._before)]
    return found


def read_rows(project, today: date) -> list[Row]:
    """Read the activities alone, for a spreadsheet: two queries, whatever their number."""
    phases = project.phases.order_by("number").values_list(*PHASE)
    return [row for phase in grouped(read_activities(project), phases, today) for row in phase.rows]


def read_plan(project, today: date) -> Plan:
    """Read a project's plan: two queries, whatever its size."""
    activities = read_activities(project)
    beside = read_beside(project)
    deliverables = tuple(deliverable(values) for values in read(beside["_deliverables"]))
    tolerances = [Tolerance(kind=kind, allowed=allowed) for kind, allowed in read(beside["_tolerances"])]
    return Plan(
        phases=grouped(activities, read(beside["_phases"]), today),
        deliverables=deliverables,
        missing=missing(deliverables, beside["_usual"]),
        tolerances=tuple(sorted(tolerances, key=lambda t: Tolerance.Kind.values.index(t.kind))),
        shares=tuple(share(values) for values in read(beside["_shares"])),
        overloads=overloads(activities, today),
    )


def read_beside(project) -> dict:
    """Return the lists beside the activities as `Rows`, and what the phase usually hands over: one query."""
    of_project = {"project": OuterRef("pk")}
    phases = ProjectPhase.objects.filter(**of_project)
    deliverables = Deliverable.objects.filter(**of_project).order_by("phase", "due_on", "pk")
    shares = TeamShare.objects.filter(**of_project).order_by("-share", "user__name")
    found = Project.objects.annotate(
        _phases=Rows(phases.order_by("number"), *PHASE),
        _usual=Subquery(phases.filter(number=project.phase).values("deliverables")),
        _deliverables=Rows(deliverables, *DELIVERABLE, *RESPONSIBLE, *APPROVER),
        _tolerances=Rows(Tolerance.objects.filter(**of_project), *TOLERANCE),
        _shares=Rows(shares, *SHARE),
    )
    return found.values("_phases", "_usual", "_deliverables", "_tolerances", "_shares").get(pk=project.pk)


def deliverable(values: list) -> Deliverable:
    """Return a deliverable read beside others, with its people; it is not to be saved."""
    *own, responsible, post, approver, approver_post = values
    told = dict(zip(DELIVERABLE, own, strict=True))
    return Deliverable(
        **{**told, "due_on": day(told["due_on"])},
        responsible=User(name=responsible, position=post) if responsible else None,
        approver=User(name=approver, position=approver_post) if approver else None,
    )


def share(values: list) -> TeamShare:
    """Return a share of time read beside others, with its person; it is not to be saved."""
    pk, role, part, starts_on, ends_on, status, name, post = values
    return TeamShare(
        pk=pk,
        user=User(name=name, position=post),
        role=role,
        share=Decimal(part),
        starts_on=day(starts_on),
        ends_on=day(ends_on),
        status=status,
    )


def grouped(
    activities: list[Activity], phases: Iterable[tuple[int, str]], today: date
) -> tuple[PhasePlan, ...]:
    """Return the rows of each phase (number, name) that has any."""
    found: dict[int, list[Activity]] = {}
    for activity in activities:
        found.setdefault(activity.phase, []).append(activity)
    known = {activity.pk: (n, activity) for n, activity in enumerate(activities, 1)}
    return tuple(
        PhasePlan(
            number,
            name,
            tuple(
                as_row(activity, known, today, n == 0, n == len(found[number]) - 1)
                for n, activity in enumerate(found[number])
            ),
        )
        for number, name in phases
        if number in found
    )


def as_row(
    activity: Activity, known: dict[int, tuple[int, Activity]], today: date, is_first: bool, is_last: bool
) -> Row:
    """Return an activity's row. known: id → number in the plan and activity, of them all."""
    before = sorted((known[pk] for pk in activity.after), key=lambda pair: pair[0])
    both = activity.starts_on and activity.ends_on
    return Row(
        activity=activity,
        number=known[activity.pk][0],
        days_late=activity.days_late(today),
        days_over=activity.days_over(today),
        working_days=working_days_between(activity.starts_on, activity.ends_on) if both else None,
        after=tuple(p.pk for _n, p in before),
        waits_for=tuple(p.name for _n, p in before),
        points_at=tuple(str(n) + ("" if ";" in p.name else f" {p.name}") for n, p in before),
        begins_before=tuple(
            p.name
            for _n, p in before
            if activity.starts_on and p.ends_on and not p.is_done and activity.starts_on < p.ends_on
        ),
        participants=tuple(person.position_or_name for person in activity.people),
        is_first=is_first,
        is_last=is_last,
    )


def missing(deliverables: Iterable[Deliverable], usual: Iterable[str]) -> tuple[str, ...]:
    registered = {d.name.casefold() for d in deliverables}
    return tuple(name for name in usual if name.casefold() not in registered)


def overloads(activities: list[Activity], today: date) -> tuple[Overload, ...]:
    """Return each person's fullest week from now on, when it has five activities or more.

    An activity counts in every week it runs, for the one responsible and for all who take part.
    """
    counts: dict[User, Counter] = {}  # not by position: two people may have the same
    monday = today - timedelta(days=today.weekday())
    for activity in activities:
        if activity.is_done or activity.is_milestone or not (activity.starts_on and activity.ends_on):
            continue
        people = {*activity.people, activity.responsible} - {None}
        week = max(activity.starts_on - timedelta(days=activity.starts_on.weekday()), monday)
        while week <= activity.ends_on:
            for person in people:
                counts.setdefault(person, Counter())[week] += 1
            week += timedelta(days=7)
    found = []
    for person in sorted(counts, key=lambda person: (person.position_or_name, person.pk)):
        weeks = counts[person]
        first, count = min(weeks.items(), key=lambda pair: (-pair[1], pair[0]))
        if count >= TOO_MANY:
            year, week, _day = first.isocalendar()
            found.append(Overload(person.position_or_name, count, week, year))
    return tuple(found)
