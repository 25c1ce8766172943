"""Counting and drawing how far a project has come. Pure: rows in, figures out, no query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from roadmap.models.progress import ChecklistItem

Status = ChecklistItem.Status


@dataclass(frozen=True)
class Count:
    """How many checkpoints are settled: done + not relevant. A share is never shown without them."""

    total: int = 0
    done: int = 0
    not_relevant: int = 0

    @property
    def settled(self) -> int:
        return self.done + self.not_relevant

    @property
    def open(self) -> int:
        return self.total - self.settled

    @property
    def percent(self) -> int:
        """Whole percent settled, rounded down so that only everything is 100; 0 when there is nothing."""
        return self.settled * 100 // self.total if self.total else 0

    @property
    def is_settled(self) -> bool:
        return self.total > 0 and self.open == 0

    @property
    def text(self) -> str:
        """«3 av 8 avklart»."""
        return _("%(settled)s of %(total)s settled") % {"settled": self.settled, "total": self.total}

    def __add__(self, other: "Count") -> "Count":
        return Count(self.total + other.total, self.done + other.done, self.not_relevant + other.not_relevant)


def count(statuses: Iterable[str]) -> Count:
    """Count checkpoint statuses."""
    found = list(statuses)
    return Count(len(found), found.count(Status.DONE), found.count(Status.NOT_RELEVANT))


def count_by_step(items: Iterable[ChecklistItem]) -> dict[int, Count]:
    """Return step id → count."""
    statuses: dict[int, list[str]] = {}
    for item in items:
        statuses.setdefault(item.step_id, []).append(item.status)
    return {step: count(found) for step, found in statuses.items()}


@dataclass(frozen=True)
class Station:
    """One of the six stations on the road. `state`: done, current or coming."""

    number: int
    name: str
    state: str
    url: str = ""
    count: Count | None = None  # of the current phase
    passed_on: date | None = None  # when its gate was passed
    planned_from: date | None = None
    round: int = 1
    returned_from: str = ""  # the phase a step back led here from
    returned_over: int = 0  # how many stations lie between; 0: a new round of the same phase

    @property
    def share(self) -> int:
        """How much of the stretch to the next station is coloured, in percent."""
        return {"done": 100, "coming": 0}.get(self.state, self.count.percent if self.count else 0)


def station_state(number: int, *, phase: int, closed: bool, finished: bool) -> str:
    """Return done, current or coming. A project that passed the last gate has all stations done."""
    if number < phase or (closed and finished):
        return "done"
    return "current" if number == phase else "coming"
