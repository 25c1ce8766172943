"""The portfolio: every project a person may see as frozen rows, ordered by who needs help.

Page, PDF and spreadsheet are made from these rows; none of them computes. `reports.portfolio_reading`
reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.utils import timezone

from benefits.sums import Sum
from roadmap.models import Condition
from roadmap.models.project import FIRST_PHASE, LAST_PHASE

GATE_SOON = timedelta(days=30)
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
    reported_on: date | None = None  # when the last status report was published
    days_over: int = 0  # how long the report that is due now is late
    benefit_count: int = 0  # benefits of which it can be said whether they are on plan
    on_plan_count: int = 0
    deviation_count: int = 0  # open ones
    condition_before: str = ""  # at the last month's end that is known
    proposed: str = ""  # the condition the program proposed last night, when it is a graver one
    proposed_because: str = ""

    @property
    def need(self) -> tuple:
        """Who needs help stands first: condition, what is late, open deviations, the next gate."""
        return (
            NEED[self.condition],
            -self.days_over,
            -self.deviation_count,
            self.next_gate_on or FAR_AWAY,
            self.name,
            self.pk,
        )

    @property
    def share_on_plan(self) -> float:
        """For sorting alone: without benefits last."""
        return self.on_plan_count / self.benefit_count if self.benefit_count else 2

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
        return sum(row.days_over > 0 for row in self.counted)

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
    "rapport": lambda row: row.reported_on or date.min,
    "gevinster": lambda row: row.share_on_plan,
    "avvik": lambda row: -row.deviation_count,
    "port": lambda row: row.next_gate_on or FAR_AWAY,
}


def conditions_of(rows: Sequence[Row]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.condition] = counts.get(row.condition, 0) + 1
    return counts


def in_order(rows: Sequence[Row], sort: str) -> list[Row]:
    """Return the rows by need, or by the column that is asked for; `-` turns it round."""
    found = sorted(rows, key=lambda row: row.need)
    if key := SORTS.get(sort.removeprefix("-")):
        found.sort(key=key, reverse=sort.startswith("-"))
    return found
