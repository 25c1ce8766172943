"""The arithmetic of benefits. Pure, Decimal, and the only place where it is done.

Kroner, hours and quality are never added together, nor cash and what is not cash: the functions take
amounts of one kind each. Rounding happens where a number is shown, never here.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

ZERO, ONE = Decimal(0), Decimal(1)
MINUTES_PER_HOUR = Decimal(60)
YEARS_OF_NET = 10
DAY = itemgetter(0)  # of a Point
OUT_OF_PLACE = 5  # a number so many times the last one is asked about. Source: ux 4.14


class Point(NamedTuple):
    """An expected or measured value on a day."""

    on: date
    value: Decimal


# --- From baseline towards target ---------------------------------------------------------------


def attainment(baseline: Decimal, target: Decimal, measured: Decimal) -> Decimal | None:
    """Return how far a measurement has come from baseline towards target.

    All three in the indicator's own unit. 0: no change; 1: target reached; below 0 and above 1 are
    honest answers. None when baseline equals target: no answer exists.

    >>> attainment(Decimal(80), Decimal(100), Decimal(80))
    Decimal('0')
    >>> attainment(Decimal(20), Decimal(10), Decimal(15))
    Decimal('0.5')
    >>> attainment(Decimal(412), Decimal(240), Decimal(348)).quantize(Decimal("0.01"))
    Decimal('0.37')
    >>> attainment(Decimal(10), Decimal(10), Decimal(12)) is None
    True
    """
    if baseline == target:
        return None
    return (measured - baseline) / (target - baseline)


def kommit_attainment(baseline: Decimal, target: Decimal, measured: Decimal | None) -> Decimal | None:
    """Return attainment as KommIT's workbook computes it, for comparison with workbooks alone.

    It gives 80 % without any change when the baseline is 80 and the target 100, so no page shows it.
    None without a measurement, and where the workbook would divide by 0.
    Source: KT, see domain.md 4.

    >>> kommit_attainment(Decimal(80), Decimal(100), Decimal(80))
    Decimal('0.8')
    >>> kommit_attainment(Decimal(20), Decimal(10), Decimal(15)).quantize(Decimal("0.001"))
    Decimal('0.667')
    >>> kommit_attainment(Decimal(8), Decimal(0), Decimal(2))
    Decimal('0.75')
    """
    if measured is None:
        return None
    if baseline < target:
        return measured / target if target else None
    if target == 0:
        return (baseline - measured) / baseline if baseline else None
    return target / measured if measured else None


def direction(baseline: Decimal | None, target: Decimal | None) -> int | None:
    """Return 1 when the number is to rise, -1 when it is to fall, 0 when it is to stay; None: unknown.

    >>> direction(Decimal(412), Decimal(240)), direction(Decimal(3), Decimal(3)), direction(None, ONE)
    (-1, 0, None)
    """
    if baseline is None or target is None:
        return None
    return (target > baseline) - (target < baseline)


def expected_at(path: Sequence[Point], day: date) -> Decimal | None:
    """Return the expected value on a day: straight lines between the points, level outside them.

    `path` is sorted by date. None when there is no path, and before its first point.

    >>> path = [Point(date(2026, 1, 1), Decimal(100)), Point(date(2026, 1, 11), Decimal(80))]
    >>> expected_at(path, date(2026, 1, 6)), expected_at(path, date(2026, 3, 1))
    (Decimal('90.0'), Decimal('80'))
    >>> expected_at(path, date(2025, 12, 31)) is None
    True
    """
    if not path or day < path[0].on:
        return None
    place = bisect_right(path, day, key=DAY)
    before = path[place - 1]
    if place == len(path):
        return before.value
    point = path[place]
    passed = Decimal((day - before.on).days) / (point.on - before.on).days
    return before.value + (point.value - before.value) * passed


def deviation(measured: Decimal, expected: Decimal) -> Decimal:
    """Return measured less expected, in the indicator's unit.

    >>> deviation(Decimal(348), Decimal(321))
    Decimal('27')
    """
    return measured - expected


def shortfall(measured: Decimal, expected: Decimal, towards: int) -> Decimal:
    """Return how much the measurement is on the wrong side of what is expected; negative: ahead.

    `towards` is the direction. A number that is to stay falls short on both sides.

    >>> shortfall(Decimal(348), Decimal(321), -1), shortfall(Decimal(348), Decimal(321), 1)
    (Decimal('27'), Decimal('-27'))
    >>> shortfall(Decimal(8), Decimal(10), 0)
    Decimal('2')
    """
    difference = deviation(measured, expected)
    return abs(difference) if towards == 0 else -towards * difference


def outside(measured: Decimal, expected: Decimal, tolerance: Decimal, towards: int) -> bool:
    """Whether a measurement is further behind the path than the tolerance allows. The edge is inside.

    >>> outside(Decimal(348), Decimal(321), Decimal(18), -1)
    True
    >>> outside(Decimal(339), Decimal(321), Decimal(18), -1), outside(Decimal(280), Decimal(321), ONE, -1)
    (False, False)
    """
    return shortfall(measured, expected, towards) > tolerance


def is_far_out(value: Decimal, last: Decimal | None) -> bool:
    """Whether a value is so far from the last one that it may be a slip of the hand.

    >>> is_far_out(Decimal(3480), Decimal(339)), is_far_out(Decimal(348), Decimal(339))
    (True, False)
    >>> is_far_out(Decimal(5), None), is_far_out(Decimal(5), ZERO), is_far_out(ZERO, Decimal(5))
    (False, False, False)
    """
    if not last or not value:
        return False
    return value * last < 0 or not abs(last) / OUT_OF_PLACE < abs(value) < abs(last) * OUT_OF_PLACE


# --- What a change is worth ---------------------------------------------------------------------


def avoided_by_fewer_tasks(avoided_per_year: Decimal, cost_each: Decimal) -> Decimal:
    """Return kroner a year: tasks avoided × what one costs today. Source: K7.

    >>> avoided_by_fewer_tasks(Decimal(1200), Decimal(350))
    Decimal('420000')
    """
    return avoided_per_year * cost_each


def avoided_by_less_use(today: Decimal, later: Decimal) -> Decimal:
    """Return kroner a year: use today − use later. Source: K7.

    >>> avoided_by_less_use(Decimal(736800), Decimal(456000))
    Decimal('280800')
    """
    return today - later


def avoided_by_agreement(price_today: Decimal, new_price: Decimal) -> Decimal:
    """Return kroner a year: price today − new price. Source: K7.

    >>> avoided_by_agreement(Decimal(90000), Decimal(65000))
    Decimal('25000')
    """
    return price_today - new_price


def hours_saved(times: Decimal, minutes_each: Decimal) -> Decimal:
    """Return hours: how many times × minutes saved each time / 60.

    >>> hours_saved(Decimal(8944), Decimal(15))
    Decimal('2236')
    """
    return times * minutes_each / MINUTES_PER_HOUR


def full_time_equivalents(hours: Decimal, hours_per_fte: Decimal) -> Decimal:
    """Return årsverk. The municipality sets how many hours one has; there is no common rate.

    >>> full_time_equivalents(Decimal(3400), Decimal(1700))
    Decimal('2')
    """
    return hours / hours_per_fte


def value_of_hours(hours: Decimal, nok_per_hour: Decimal) -> Decimal:
    """Return kroner at the municipality's own rate of that year. Not cash, whatever the hours become.

    >>> value_of_hours(Decimal(3400), Decimal(450))
    Decimal('1530000')
    """
    return hours * nok_per_hour


def three_point(optimistic: Decimal, likely: Decimal, pessimistic: Decimal) -> Decimal:
    """Return the estimate adjusted for uncertainty: (o + 3m + p) / 5. Source: DG.

    >>> three_point(Decimal(50000), Decimal(40000), Decimal(25000))
    Decimal('39000')
    """
    return (optimistic + 3 * likely + pessimistic) / 5


def yearly_net(
    first_year: int,
    gross: Mapping[int, Decimal],
    project: Mapping[int, Decimal],
    running: Mapping[int, Decimal],
) -> dict[int, Decimal]:
    """Return net of each of ten years: gross − project cost − operating cost. Source: DG.

    All in kroner of one kind. A year without an amount counts 0 in it.

    >>> yearly_net(2026, {2027: Decimal(50)}, {2026: Decimal(80)}, {2027: Decimal(10)})[2027]
    Decimal('40')
    >>> sum(yearly_net(2026, {2027: Decimal(50)}, {2026: Decimal(80)}, {2027: Decimal(10)}).values())
    Decimal('-40')
    """
    return {
        year: gross.get(year, ZERO) - project.get(year, ZERO) - running.get(year, ZERO)
        for year in range(first_year, first_year + YEARS_OF_NET)
    }


def present_value(
    gains: Iterable[Decimal], running: Iterable[Decimal], investment: Decimal, rate: Decimal
) -> Decimal:
    """Return the present value as KommIT computes it: Σ (gain − operating cost) / (1 + r)^n − investment.

    The first year of gains is discounted one year, the second two. Only direct gains (kroner that leave
    the budget) belong in it: freed time and quality are kept out. `rate` is a share: 0.04 is 4 per cent.
    Source: KT, see domain.md 4.

    >>> present_value([Decimal(110), Decimal(121)], [ZERO, ZERO], Decimal(150), Decimal("0.1"))
    Decimal('50')
    """
    years = zip(gains, running, strict=True)
    return sum(
        ((gain - cost) / (ONE + rate) ** n for n, (gain, cost) in enumerate(years, start=1)), -investment
    )


# --- How much of it has come, in one year -------------------------------------------------------


def share_of_year(
    curve: Sequence[Point], baseline: Decimal, target: Decimal, first: date, last: date
) -> Decimal | None:
    """Return how much of a full year's value comes from `first` to `last`, both included, along a curve.

    The curve is the expected path or the measured values, from the baseline on; straight lines between
    the points, level after the last. 1: the target was reached all year. None when baseline equals
    target. Each day counts as much as the attainment on it, so half a year at the target gives a half.

    >>> curve = [Point(date(2026, 1, 1), ZERO), Point(date(2026, 7, 1), Decimal(10))]
    >>> share_of_year(curve, ZERO, Decimal(10), date(2027, 1, 1), date(2027, 12, 31))
    Decimal('1')
    >>> share_of_year(curve, ZERO, Decimal(10), date(2026, 1, 1), date(2026, 6, 30)).quantize(Decimal("0.01"))
    Decimal('0.25')
    """
    if baseline == target:
        return None
    days = (date(first.year, 12, 31) - date(first.year, 1, 1)).days + 1
    end = last + timedelta(days=1)
    start = max(first, curve[0].on) if curve else end
    if end <= start:
        return ZERO
    # Attainment rises as straight as the value does, so its sum is the attainment of the values' sum.
    unchanged = baseline * (end - start).days
    return (area(curve, start, end) - unchanged) / (target - baseline) / days


def area(curve: Sequence[Point], start: date, end: date) -> Decimal:
    """Return the values of a curve summed over the days from `start` up to `end`, by trapezoids.

    The curve begins on `start` or before.

    >>> curve = [Point(date(2026, 1, 1), ZERO), Point(date(2026, 1, 11), ONE)]
    >>> area(curve, date(2026, 1, 6), date(2026, 1, 16))
    Decimal('8.75')
    """
    twice, on, value = ZERO, start, expected_at(curve, start)
    for point in curve[bisect_right(curve, start, key=DAY) :]:
        if point.on >= end:
            break
        twice += (value + point.value) * (point.on - on).days
        on, value = point
    twice += (value + expected_at(curve, end)) * (end - on).days
    return twice / 2


# --- Sums ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overlap:
    """A sum of what several projects claim: with everything, the part claimed twice, and the rest."""

    gross: Decimal
    overlap: Decimal

    @property
    def net(self) -> Decimal:
        return self.gross - self.overlap


def without_double_count(claims: Iterable[tuple[str, Decimal]]) -> Overlap:
    """Return gross, overlap and net of claims of one kind; claims with the same key are the same thing.

    Of those that claim the same, the largest counts; the rest is overlap.

    >>> without_double_count([("shifts", Decimal(300)), ("shifts", Decimal(200)), ("trips", Decimal(50))])
    Overlap(gross=Decimal('550'), overlap=Decimal('200'))
    """
    largest: dict[str, Decimal] = {}
    gross = ZERO
    for key, amount in claims:
        gross += amount
        largest[key] = max(largest.get(key, amount), amount)
    return Overlap(gross, gross - sum(largest.values(), ZERO))
