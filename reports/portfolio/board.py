"""The portfolio as frozen rows. Page, PDF and spreadsheet are made from them; none of them computes.

`reports.portfolio.reading` reads them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from benefits.sums import Sum
from reports.portfolio.choice import Choice
from roadmap.models import Condition

GATE_SOON = timedelta(days=30)
NEED = {Condition.NEEDS_HELP: 0, Condition.WATCH: 1, Condition.ON_TRACK: 2, Condition.NOT_ASSESSED: 3}


@dataclass(frozen=True)
class Glance:
    """What counters, drawing and filters need of one project."""

    pk: int
    slug: str
    name: str
    area: str
    phase: int
    condition: str
    owner_id: int | None
    owner: str
    phase_since: date | None
    next_gate_on: date | None
    is_late: bool  # the report that is due now is overdue
    fits: bool  # has the area, phase, owner and words that are chosen


@dataclass(frozen=True)
class Row:
    """One project in the table. Days and counts; no text that a language would change."""

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
    deviation_count: int  # open ones
    next_gate_on: date | None
    owner: str
    phase_since: date | None
    reported_on: date | None  # when the last status report was published
    days_over: int  # how long the report that is due now is late
    benefit_count: int  # benefits of which it can be said whether they are on plan
    on_plan_count: int
    condition_before: str  # at the last month's end that is known
    proposed: str  # the condition the program proposed last night, when it is a graver one
    proposed_because: str

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
    rows: tuple[Row, ...]  # one page of what the choice leaves, or all of it, in its order
    next: int | None  # the row that the next page comes after
    is_later: bool  # not the first page
    counted: tuple[Glance, ...]  # before condition, late reports and near gates are chosen
    areas: tuple[str, ...]
    owners: tuple[tuple[int, str], ...]
    seen: int  # active projects the person may see
    existing: int  # active projects there are
    report_due_on: date  # of the report that is to be written now
    year: int
    sums: tuple[Sum, ...] = ()  # benefits of the year, each kind by itself
    months: tuple[Month, ...] = field(default=())

    @property
    def today(self) -> date:
        return timezone.localdate(self.made_at)

    @property
    def hidden(self) -> int:
        return max(self.existing - self.seen, 0)

    def with_condition(self, condition: str) -> int:
        return sum(row.condition == condition for row in self.counted)

    def late(self) -> int:
        """How many reports are overdue."""
        return sum(row.is_late for row in self.counted)

    def gates_soon(self) -> list[date]:
        """The days of the gate meetings within thirty days, the first first."""
        return sorted(
            row.next_gate_on
            for row in self.counted
            if row.next_gate_on and self.today <= row.next_gate_on <= self.today + GATE_SOON
        )

    def longest(self, most=3) -> list[Glance]:
        """Those that have been longest in their phase."""
        waiting = [row for row in self.counted if row.phase_since and not self.choice.closed]
        return sorted(waiting, key=lambda row: (row.phase_since, row.name))[:most]


def conditions_of(rows: Iterable[Glance]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.condition] = counts.get(row.condition, 0) + 1
    return counts
