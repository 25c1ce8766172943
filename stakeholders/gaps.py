"""The gaps in the anchoring: whom are we about to lose? Pure: rows in, gaps out, the rules on the page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from stakeholders.models import Attitude, Degree, MainGroup, Stakeholder, Stance

AHEAD = timedelta(days=30)  # how far a plan must not be away
STALE = timedelta(days=90)  # how old a review may be
WORRYING = (Attitude.SCEPTICAL, Attitude.UNKNOWN)


@dataclass(frozen=True)
class Row:
    """One stakeholder with what the viewer may know of it."""

    stakeholder: Stakeholder
    attitude: str  # of now; unknown when nobody has said or when it is hidden
    source: str  # assumed or said; empty when there is no attitude
    attitude_on: date | None
    next_on: date | None  # of the first thing planned from today on
    next_what: str
    next_has_responsible: bool
    last_contact_on: date | None
    met: bool  # face to face, once or more
    meeting_planned: bool
    history: tuple[Stance, ...] = ()  # the oldest first; only where a page tells it
    wanted: str = ""
    is_hidden: bool = False  # the attitude to a named person, for one outside the core team

    def attitude_in(self, phase: int) -> str:
        """The attitude the stakeholder left a phase with; unknown before the first."""
        known = [s.attitude for s in self.history if s.phase <= phase]
        return known[-1] if known else Attitude.UNKNOWN


@dataclass(frozen=True)
class Gap:
    """One hole in the anchoring. `kind`: contact, group, review or meeting."""

    kind: str
    row: Row | None = None
    group: str = ""
    is_stale: bool = False  # reviewed once, but long ago


@dataclass(frozen=True)
class Register:
    """A project's register as one viewer may see it."""

    rows: tuple[Row, ...]
    reviewed_on: date | None
    next_review_on: date | None
    gaps: tuple[Gap, ...] = field(default=())
    project: object = None

    @property
    def with_gap(self) -> frozenset[int]:
        return frozenset(gap.row.stakeholder.pk for gap in self.gaps if gap.row)


def needs_contact(row: Row, today: date) -> bool:
    """Large influence, sceptical or unknown attitude, and nothing planned in the next 30 days."""
    if row.is_hidden or row.stakeholder.influence < Degree.LARGE or row.attitude not in WORRYING:
        return False
    return row.next_on is None or row.next_on > today + AHEAD


def needs_meeting(row: Row) -> bool:
    """Strongly affected, and no meeting face to face held or planned."""
    return row.stakeholder.strongly_affected and not row.met and not row.meeting_planned


def gaps(rows: Sequence[Row], reviewed_on: date | None, today: date) -> tuple[Gap, ...]:
    """Return the gaps, those of contact first. None while the register is empty: then all is missing.

    Source: S0 step 4 (all four main groups, regular review, a meeting with those strongly affected);
    the numbers of days are ours.
    """
    if not rows:
        return ()
    found = [Gap("contact", row) for row in rows if needs_contact(row, today)]
    found += [Gap("meeting", row) for row in rows if needs_meeting(row) and not needs_contact(row, today)]
    present = {row.stakeholder.main_group for row in rows}
    found += [Gap("group", group=group) for group in MainGroup.values if group not in present]
    if reviewed_on is None or reviewed_on + STALE < today:
        found.append(Gap("review", is_stale=reviewed_on is not None))
    return tuple(found)
