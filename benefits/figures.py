"""The figures of benefits, computed here and nowhere else.

Page, drawing, PDF, spreadsheet and API render these dataclasses; none of them computes. The rows are
read by `benefits.reading`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import cached_property  # without the lock of functools' own

from benefits import arithmetic, calendars
from benefits.arithmetic import Point
from benefits.models import Benefit, BenefitType, Calculation, Deviation, Indicator, YearAmount


class State(StrEnum):
    """How an indicator stands. Always told in words, by `benefits.wording`."""

    NO_BASELINE = "no_baseline"
    NO_TARGET = "no_target"
    NO_MEASUREMENTS = "no_measurements"
    TALKED = "talked"  # measured by conversations, and there is at least one
    STALE = "stale"
    REACHED = "reached"
    AHEAD = "ahead"
    ON_PLAN = "on_plan"
    BEHIND = "behind"
    WRONG_WAY = "wrong_way"


ON_PLAN = {State.REACHED, State.AHEAD, State.ON_PLAN}
MEASURED = ON_PLAN | {State.BEHIND, State.WRONG_WAY}


@dataclass(frozen=True)
class Reading:
    """A measured value beside what was expected that day."""

    on: date
    value: Decimal
    expected: Decimal | None
    is_outside: bool

    @property
    def difference(self) -> Decimal | None:
        return None if self.expected is None else arithmetic.deviation(self.value, self.expected)


@dataclass(frozen=True)
class IndicatorFigure:
    """One indicator with everything that is told of it."""

    indicator: Indicator
    path: tuple[Point, ...]
    values: tuple[Point, ...]  # current ones, the oldest first
    today: date
    deviation: Deviation | None = None  # the unsettled one
    last_on: date | None = None  # of any measurement, conversations too
    last_by: str = ""

    @property
    def baseline(self) -> Decimal | None:
        return self.indicator.baseline

    @property
    def target(self) -> Decimal | None:
        return self.indicator.target

    @property
    def tolerance(self) -> Decimal:
        return self.indicator.tolerance

    @cached_property
    def direction(self) -> int | None:
        """1: is to rise, -1: is to fall, 0: is to stay; None without baseline or target."""
        return direction(self.indicator, self.path)

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(self.reading(point) for point in self.values)

    def reading(self, point: Point) -> Reading:
        expected = arithmetic.expected_at(self.path, point.on)
        compared = expected is not None and self.direction is not None
        return Reading(
            point.on,
            point.value,
            expected,
            compared and arithmetic.outside(point.value, expected, self.tolerance, self.direction),
        )

    @cached_property
    def latest(self) -> Reading | None:
        return self.reading(self.values[-1]) if self.values else None

    def share(self, value: Decimal | None) -> Decimal | None:
        """Return attainment of a value; None where none can be computed."""
        if value is None or self.baseline is None or self.target is None:
            return None
        return arithmetic.attainment(self.baseline, self.target, value)

    @cached_property
    def attainment(self) -> Decimal | None:
        return self.share(self.latest.value) if self.latest else None

    @cached_property
    def expected_attainment(self) -> Decimal | None:
        return self.share(self.latest.expected) if self.latest else None

    def expected_at(self, on: date) -> Decimal | None:
        """Return what a value of the day is compared with; None where nothing is."""
        return None if self.direction is None else arithmetic.expected_at(self.path, on)

    @cached_property
    def expected_today(self) -> Decimal | None:
        return arithmetic.expected_at(self.path, self.today)

    @property
    def is_overdue(self) -> bool:
        due = self.indicator.next_due_on
        return self.indicator.is_active and due is not None and due < self.today

    @cached_property
    def state(self) -> State:
        indicator, latest = self.indicator, self.latest
        if not indicator.measured_by_number:
            return State.TALKED if self.last_on else State.NO_MEASUREMENTS
        if self.baseline is None:
            return State.NO_BASELINE
        if latest is None or latest.on < self.indicator.baseline_on:
            return State.NO_MEASUREMENTS
        if self.target is None:
            return State.NO_TARGET
        if calendars.is_stale(indicator.frequency, indicator.next_due_on, self.today):
            return State.STALE
        if self.is_reached:
            return State.REACHED
        if latest.is_outside:
            return State.WRONG_WAY if self.attainment is not None and self.attainment < 0 else State.BEHIND
        if latest.expected is not None and self.direction:
            short = arithmetic.shortfall(latest.value, latest.expected, self.direction)
            if short < -self.tolerance:
                return State.AHEAD
        return State.ON_PLAN

    @property
    def is_reached(self) -> bool:
        """Whether the target is; one that is to stay is reached when it has stayed until the day."""
        if self.direction == 0:
            held = self.latest is not None and not self.latest.is_outside
            return held and self.latest.on >= self.indicator.target_on
        return self.attainment is not None and self.attainment >= 1

    @property
    def is_on_plan(self) -> bool:
        return self.state in ON_PLAN

    @property
    def is_measured(self) -> bool:
        """Whether it can be said whether it is on plan."""
        return self.state in MEASURED

    @cached_property
    def curve(self) -> tuple[Point, ...]:
        """What was measured, from the baseline on."""
        if self.baseline is None:
            return self.values
        start = Point(self.indicator.baseline_on, self.baseline)
        return (start, *(point for point in self.values if point.on > start.on))

    def planned_share(self, first: date, last: date) -> Decimal | None:
        """Return how much of a full year's value the path gives between two days."""
        return self._share_of_year(self.path, first, last)

    def measured_share(self, first: date, last: date) -> Decimal | None:
        """Return how much of a full year's value was measured between two days; None: not measured."""
        return self._share_of_year(self.curve, first, last) if self.values else None

    def _share_of_year(self, curve, first, last):
        if self.baseline is None or self.target is None:
            return None
        return arithmetic.share_of_year(curve, self.baseline, self.target, first, last)


def direction(indicator: Indicator, path: Sequence[Point]) -> int | None:
    """Return where an indicator is to go; without a baseline the path's first point stands in for it."""
    start = indicator.baseline
    if start is None and len(path) > 1:
        start = path[0].value
    return arithmetic.direction(start, indicator.target)


@dataclass(frozen=True)
class YearFigure:
    """Planned against realised in one year: kroner or hours. None: not known."""

    year: int
    planned: Decimal | None
    planned_to_date: Decimal | None
    realised: Decimal | None


@dataclass(frozen=True)
class BenefitFigure:
    """One benefit with its indicators and what it is worth."""

    benefit: Benefit
    indicators: tuple[IndicatorFigure, ...]
    today: date
    calculation: Calculation | None = None
    years: tuple[YearAmount, ...] = ()

    @cached_property
    def active(self) -> tuple[IndicatorFigure, ...]:
        return tuple(found for found in self.indicators if found.indicator.is_active)

    @cached_property
    def main(self) -> IndicatorFigure | None:
        """The indicator the benefit is judged by: the first active one that is a number."""
        numeric = [found for found in self.active if found.indicator.measured_by_number]
        return next(iter(numeric or self.active), None)

    @property
    def state(self) -> State:
        return self.main.state if self.main else State.NO_BASELINE

    @property
    def is_on_plan(self) -> bool:
        return self.main is not None and self.main.is_on_plan

    @property
    def is_measured(self) -> bool:
        return self.main is not None and self.main.is_measured

    @cached_property
    def deviations(self) -> tuple[IndicatorFigure, ...]:
        """Indicators with an unsettled deviation."""
        return tuple(found for found in self.indicators if found.deviation)

    @cached_property
    def next_due_on(self) -> date | None:
        return min((f.indicator.next_due_on for f in self.active if f.indicator.next_due_on), default=None)

    @property
    def is_overdue(self) -> bool:
        return any(found.is_overdue for found in self.active)

    @cached_property
    def per_year(self) -> Decimal | None:
        """What the benefit gives in a year when the target is reached: kroner, or hours for time saved.

        None when the calculation is of the other one: hours never become kroner.
        """
        if self.calculation is None:
            return None
        method, of_time = self.calculation.method, self.benefit.type == BenefitType.TIME_SAVED
        is_of_time = method == Calculation.Method.TIME_SAVED
        if method != Calculation.Method.THREE_POINT and is_of_time != of_time:
            return None
        return per_year(self.calculation)

    @cached_property
    def judged_by(self) -> IndicatorFigure | None:
        """The indicator that tells how much of the amount has come."""
        chosen = self.calculation.indicator_id if self.calculation else None
        return next((f for f in self.indicators if f.indicator.pk == chosen), self.main)

    def in_year(self, year: int) -> YearFigure:
        """Return planned and realised of a year.

        Planned is the amount set for the year; without one, a full year's value × the path's share of
        the year. Realised is a full year's value × the measured share of the year so far; after the last
        measurement its value stands. Without a calculation a full year's value follows from the amount
        set for the year and the path.
        """
        first, last = date(year, 1, 1), date(year, 12, 31)
        so_far = min(last, self.today)
        indicator = self.judged_by
        share = indicator.planned_share(first, last) if indicator else None
        full = self.per_year
        planned = next((row.gross for row in self.years if row.year == year), None)
        if planned is None and full is not None and share is not None:
            planned = full * share
        if full is None and planned is not None and share:
            full = planned / share
        to_date = realised = None
        if so_far >= first and indicator:
            if planned is not None and share:
                to_date = planned * indicator.planned_share(first, so_far) / share
            measured = indicator.measured_share(first, so_far)
            if full is not None and measured is not None:
                realised = full * measured
        return YearFigure(year, planned, to_date, realised)

    @property
    def kind(self) -> tuple[str, bool | None]:
        """What is summed by itself: the type, and of kroner whether they are cash."""
        benefit = self.benefit
        return benefit.type, benefit.is_cash if benefit.type == BenefitType.AVOIDED_COST else None

    @property
    def goal_on(self) -> date | None:
        """The day the target is to be reached."""
        return self.main.indicator.target_on if self.main and self.main.target is not None else None

    @property
    def is_reached(self) -> bool:
        return self.main is not None and self.main.is_reached

    @property
    def claim(self) -> str:
        """What the benefit claims: two with the same claim are the same saving."""
        indicator = self.judged_by.indicator if self.judged_by else None
        return f"{indicator.key}|{indicator.unit}" if indicator else f"benefit {self.benefit.pk}"


def per_year(calculation: Calculation) -> Decimal:
    """Return what a calculation gives in a year: kroner, or hours when it is of time."""
    method = Calculation.Method
    match calculation.method:
        case method.FEWER_TASKS:
            return arithmetic.avoided_by_fewer_tasks(calculation.times_per_year, calculation.cost_each_nok)
        case method.CONSUMPTION:
            return arithmetic.avoided_by_less_use(calculation.today_nok, calculation.later_nok)
        case method.AGREEMENT:
            return arithmetic.avoided_by_agreement(calculation.today_nok, calculation.later_nok)
        case method.TIME_SAVED:
            return arithmetic.hours_saved(calculation.times_per_year, calculation.minutes_each)
    return arithmetic.three_point(calculation.optimistic, calculation.likely, calculation.pessimistic)
