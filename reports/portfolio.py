"""The portfolio: every project a person may see, read once into frozen rows, ordered by who needs help.

Page, PDF, spreadsheet and the nightly figures are made from these rows; none of them computes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    Subquery,
)
from django.utils import timezone

from innovasjon.access import ProjectRole
from reports.models import ProjectSnapshot
from roadmap.models import Condition, GateCondition, PhaseRound, Project
from roadmap.models.project import FIRST_PHASE, LAST_PHASE

MOST = 5000  # projects of one municipality that are read
GATE_SOON = timedelta(days=30)
MONTHS_BACK = 5
NEED = {Condition.NEEDS_HELP: 0, Condition.WATCH: 1, Condition.ON_TRACK: 2, Condition.NOT_ASSESSED: 3}
FAR_AWAY = date.max


@dataclass(frozen=True)
class Choice:
    """What a person has chosen to see, as it stands in the address. What cannot be read is not chosen."""

    area: str = ""
    phase: int = 0
    closed: bool = False
    condition: str = ""
    owner: int = 0
    text: str = ""
    late: bool = False  # the status report is overdue
    soon: bool = False  # a gate within 30 days
    sort: str = ""

    @classmethod
    def read(cls, data) -> "Choice":
        def number(name):
            value = data.get(name, "")
            return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0

        phase = number("fase")
        condition = data.get("tilstand", "")
        sort = data.get("sorter", "")
        return cls(
            area=data.get("omrade", "")[:100],
            phase=phase if FIRST_PHASE <= phase <= LAST_PHASE else 0,
            closed=data.get("fase") == "avsluttet",
            condition=condition if condition in Condition.values else "",
            owner=number("eier"),
            text=" ".join(data.get("q", "").replace("\x00", "").split())[:100],
            late=data.get("rapport") == "overtid",
            soon=data.get("port") == "30",
            sort=sort if sort.removeprefix("-") in SORTS else "",
        )

    def pairs(self) -> dict[str, str]:
        """The choice as it stands in the address, without what is not chosen."""
        found = {
            "omrade": self.area,
            "fase": "avsluttet" if self.closed else str(self.phase or ""),
            "tilstand": self.condition,
            "eier": str(self.owner or ""),
            "q": self.text,
            "rapport": "overtid" if self.late else "",
            "port": "30" if self.soon else "",
            "sorter": self.sort,
        }
        return {name: value for name, value in found.items() if value}

    def address(self, **changes) -> str:
        """The query of this choice with some of it changed; "" when nothing is chosen."""
        pairs = replace(self, **changes).pairs()
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.pairs().keys() - {"sorter"})


@dataclass(frozen=True)
class Row:
    """One project in the portfolio. Days and counts; no text that a language would change."""

    pk: int
    slug: str
    name: str
    area: str
    restricted: bool
    phase: int
    condition: str
    condition_reason: str
    case_reference: str
    closed_on: date | None
    stopped: bool  # closed before the last gate
    next_gate_on: date | None
    owner_id: int | None
    owner: str
    phase_since: date | None
    condition_due_on: date | None  # the oldest open condition of a gate
    condition_before: str = ""  # at the last month's end that is known

    def need(self, today: date) -> tuple:
        """Who needs help stands first: condition, what is overdue, the next gate."""
        return (NEED[self.condition], self.next_gate_on or FAR_AWAY)

    @property
    def trend(self) -> int:
        """1 better, -1 worse, 0 the same or not to be said, against the last month's end."""
        unknown = Condition.NOT_ASSESSED
        if not self.condition_before or unknown in (self.condition, self.condition_before):
            return 0
        now, before = NEED[self.condition], NEED[self.condition_before]
        return (now > before) - (now < before)


@dataclass(frozen=True)
class Month:
    """How many projects had each condition at the end of a month; the last one is today."""

    on: date
    counts: dict[str, int]


@dataclass(frozen=True)
class Portfolio:
    """What a person sees of the portfolio of a municipality at one moment."""

    choice: Choice
    made_at: datetime
    rows: tuple[Row, ...]  # all that the choice leaves, in its order
    counted: tuple[Row, ...]  # the same before condition, late reports and near gates are chosen
    areas: tuple[str, ...]
    owners: tuple[tuple[int, str], ...]
    seen: int  # active projects the person may see
    existing: int  # active projects there are
    months: tuple[Month, ...] = field(default=())

    @property
    def today(self) -> date:
        return timezone.localdate(self.made_at)

    @property
    def hidden(self) -> int:
        return max(self.existing - self.seen, 0)

    def with_condition(self, condition: str) -> int:
        return sum(row.condition == condition for row in self.counted)

    def gates_soon(self) -> list[date]:
        """The days of the gate meetings within thirty days, the first first."""
        return sorted(row.next_gate_on for row in self.counted if is_soon(row, self.today))

    def longest(self, most=3) -> list[Row]:
        """Those that have been longest in their phase."""
        waiting = [row for row in self.counted if row.phase_since and not row.closed_on]
        return sorted(waiting, key=lambda row: (row.phase_since, row.name))[:most]


def is_soon(row: Row, today: date) -> bool:
    return row.next_gate_on is not None and today <= row.next_gate_on <= today + GATE_SOON


SORTS = {
    "prosjekt": lambda row: row.name.casefold(),
    "fase": lambda row: row.phase,
    "tilstand": lambda row: NEED[row.condition],
    "port": lambda row: row.next_gate_on or FAR_AWAY,
}


def read_portfolio(municipality, user, choice: Choice, *, now: datetime, over_time=True) -> Portfolio:
    """Read the portfolio a person may see: the same queries for one project and for a thousand."""
    today = timezone.localdate(now)
    found = read_rows(municipality, user, choice)
    before, months = trend_of(municipality, {row.pk for row, *_ in found}, today) if over_time else ({}, ())
    rows = [replace(row, condition_before=before.get(row.pk, "")) for row, *_ in found]
    matching = [row for row, (_row, matches, _n) in zip(rows, found, strict=True) if matches]
    counted = [
        row
        for row in matching
        if (not choice.area or row.area == choice.area)
        and (not choice.phase or row.phase == choice.phase)
        and (not choice.owner or row.owner_id == choice.owner)
    ]
    chosen = [
        row
        for row in counted
        if (not choice.condition or row.condition == choice.condition)
        and (not choice.soon or is_soon(row, today))
    ]
    if not choice.closed:
        months = (*months, Month(today, conditions_of(rows)))
    existing = found[0][2] if found else active_count(municipality)
    return Portfolio(
        choice=choice,
        made_at=now,
        rows=tuple(in_order(chosen, choice.sort, today)),
        counted=tuple(counted),
        areas=tuple(sorted({row.area for row in rows if row.area})),
        owners=tuple(sorted({(row.owner_id, row.owner) for row in rows if row.owner_id}, key=lambda o: o[1])),
        seen=len(rows) if not choice.closed else existing,
        existing=existing,
        months=months if len(months) > 1 else (),
    )


def active_count(municipality) -> int:
    return Project.objects.of(municipality).filter(status=Project.Status.ACTIVE).count()


def read_rows(municipality, user, choice: Choice) -> list[tuple[Row, bool, int]]:
    """Return (row, whether the text is in it, active projects there are) of what the person may see."""
    round_now = PhaseRound.objects.filter(project=OuterRef("pk"), phase=OuterRef("phase"), ended_on=None)
    due = GateCondition.objects.open().filter(decision__project=OuterRef("pk")).order_by("due_on")
    everything = Project.objects.of(municipality).filter(status=Project.Status.ACTIVE).order_by()
    text = Q(name__icontains=choice.text) | Q(problem__icontains=choice.text) | Q(area__icontains=choice.text)
    values = (
        Project.objects.of(municipality)
        .visible_to(user)
        .filter(status=Project.Status.CLOSED if choice.closed else Project.Status.ACTIVE)
        .annotate(
            owner=FilteredRelation("memberships", condition=Q(memberships__role=ProjectRole.OWNER)),
            matches=ExpressionWrapper(text, BooleanField()) if choice.text else F("restricted"),
            phase_since=Subquery(round_now.values("started_on")[:1]),
            condition_due_on=Subquery(due.values("due_on")[:1]),
            stopped=ExpressionWrapper(~Q(learning=""), BooleanField()),
            existing=Subquery(everything.values("municipality").annotate(n=Count("pk")).values("n")),
        )
        .order_by("name", "pk")
        .values_list(
            "pk",
            "slug",
            "name",
            "area",
            "restricted",
            "phase",
            "condition",
            "condition_reason",
            "case_reference",
            "closed_on",
            "stopped",
            "next_gate_at",
            "owner__user",
            "owner__user__name",
            "owner__user__position",
            "phase_since",
            "condition_due_on",
            "matches",
            "existing",
        )[:MOST]
    )
    return [
        (
            Row(
                *head,
                next_gate_on=timezone.localdate(gate) if gate else None,
                owner_id=owner,
                owner=position or name or "",
                phase_since=since,
                condition_due_on=due_on,
            ),
            bool(matches) or not choice.text,
            existing or 0,
        )
        for *head, gate, owner, name, position, since, due_on, matches, existing in values
    ]


def trend_of(municipality, seen: set[int], today: date) -> tuple[dict[int, str], tuple[Month, ...]]:
    """Return project → condition at the last month's end, and the counts of the months before."""
    first = date(today.year, today.month, 1)
    start = first
    for _ in range(MONTHS_BACK):
        start = (start - timedelta(days=1)).replace(day=1)
    nights = (
        ProjectSnapshot.objects.filter(project__municipality=municipality)
        .month_ends(after=start, before=first)
        .order_by("on")
        .values_list("on", "project_id", "condition")
    )
    months: dict[date, dict[str, int]] = {}
    latest: dict[tuple[date, int], str] = {}
    for on, project, condition in nights:
        if project in seen:
            counts = months.setdefault(on, {})
            counts[condition] = counts.get(condition, 0) + 1
            latest[on, project] = condition
    last = max(months, default=None)
    if last is None or last < (first - timedelta(days=1)).replace(day=1):
        last = None  # nothing is known of the month before

    before = {project: condition for (on, project), condition in latest.items() if on == last}
    return before, tuple(Month(on, counts) for on, counts in months.items())


def conditions_of(rows: Sequence[Row]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.condition] = counts.get(row.condition, 0) + 1
    return counts


def in_order(rows: Sequence[Row], sort: str, today: date) -> list[Row]:
    """Return the rows by need, or by the column that is asked for; `-` turns it round."""
    found = sorted(rows, key=lambda row: (*row.need(today), row.name, row.pk))
    if key := SORTS.get(sort.removeprefix("-")):
        found.sort(key=key, reverse=sort.startswith("-"))
    return found
