"""The arithmetic: doctests, the numbers of the field's sources, and what must hold for any numbers."""

import doctest
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benefits import arithmetic, calendars, drawings, sheets, workbooks
from benefits.arithmetic import Point
from innovasjon.spreadsheets import reading

numbers = st.decimals(-100_000, 100_000, places=2)
days = st.integers(0, 1500).map(lambda n: date(2025, 1, 1) + timedelta(days=n))
few = settings(max_examples=40, deadline=None)


@pytest.mark.parametrize("module", [arithmetic, calendars, drawings, sheets, workbooks, reading])
def test_examples_in_the_text_hold(module):
    assert doctest.testmod(module).failed == 0


def test_numbers_of_the_sources():
    """Domain.md, chapter 4: KommIT says 80 % where nothing has changed; ours says 0."""
    assert arithmetic.kommit_attainment(Decimal(80), Decimal(100), Decimal(80)) == Decimal("0.8")
    assert arithmetic.attainment(Decimal(80), Decimal(100), Decimal(80)) == 0
    assert round(arithmetic.kommit_attainment(Decimal(20), Decimal(10), Decimal(15)), 3) == Decimal("0.667")
    assert arithmetic.attainment(Decimal(20), Decimal(10), Decimal(15)) == Decimal("0.5")
    assert arithmetic.three_point(Decimal(50_000), Decimal(40_000), Decimal(25_000)) == 39_000


@few
@given(numbers, numbers, numbers)
def test_attainment_is_0_at_the_baseline_1_at_the_target_and_honest_outside(baseline, target, measured):
    assume(baseline != target)
    assert arithmetic.attainment(baseline, target, baseline) == 0
    assert arithmetic.attainment(baseline, target, target) == 1
    share = arithmetic.attainment(baseline, target, measured)
    beyond = (measured - target) * arithmetic.direction(baseline, target)
    assert (share > 1) == (beyond > 0)
    assert (share < 0) == ((measured - baseline) * arithmetic.direction(baseline, target) < 0)


@few
@given(numbers, numbers)
def test_no_answer_when_the_target_is_the_baseline(baseline, measured):
    assert arithmetic.attainment(baseline, baseline, measured) is None


@few
@given(st.dictionaries(days, numbers, min_size=1, max_size=6), days)
def test_expected_value_lies_between_its_neighbours(points, day):
    path = sorted(Point(on, value) for on, value in points.items())
    expected = arithmetic.expected_at(path, day)
    if day < path[0].on:
        assert expected is None
    else:
        before = [p for p in path if p.on <= day][-1]
        after = next((p for p in path if p.on > day), before)
        slack = Decimal("0.000001")
        assert min(before.value, after.value) - slack <= expected <= max(before.value, after.value) + slack


@few
@given(numbers, numbers, st.decimals(0, 1000, places=2), st.sampled_from([-1, 0, 1]))
def test_outside_is_only_the_wrong_side(measured, expected, tolerance, towards):
    outside = arithmetic.outside(measured, expected, tolerance, towards)
    far = abs(measured - expected) > tolerance
    wrong_side = towards == 0 or (measured - expected) * towards < 0
    assert outside == (far and wrong_side)


@few
@given(numbers, numbers, days, days, days)
def test_shares_of_a_year_add_up(baseline, target, start, a, b):
    """Two parts of a year give what the year gives; the target all year gives 1."""
    assume(baseline != target)
    curve = [Point(start, baseline), Point(start + timedelta(days=200), target)]
    year = a.year
    first, last = date(year, 1, 1), date(year, 12, 31)
    middle = date(year, b.month, min(b.day, 28))
    assume(first <= middle < last)
    share = arithmetic.share_of_year(curve, baseline, target, first, last)
    parts = arithmetic.share_of_year(curve, baseline, target, first, middle)
    parts += arithmetic.share_of_year(curve, baseline, target, middle + timedelta(days=1), last)
    assert abs(share - parts) < Decimal("0.000001")
    later = date(start.year + 3, 1, 1)
    whole = arithmetic.share_of_year(curve, baseline, target, later, date(later.year, 12, 31))
    assert whole == 1


@few
@given(st.lists(st.tuples(st.sampled_from("abc"), st.decimals(0, 1000, places=0)), max_size=8))
def test_net_counts_each_claim_once(claims):
    found = arithmetic.without_double_count(claims)
    assert found.gross == sum(amount for _key, amount in claims)
    assert found.net == sum(max(a for k, a in claims if k == key) for key in {k for k, _a in claims})


def test_present_value_as_kommit_computes_it():
    """The first year of gains is discounted one year; the investment not at all."""
    rate = Decimal("0.04")
    gains = [Decimal(100_000)] * 4
    running = [Decimal(20_000)] * 4
    by_hand = sum(Decimal(80_000) / Decimal("1.04") ** n for n in (1, 2, 3, 4)) - 250_000
    found = arithmetic.present_value(gains, running, Decimal(250_000), rate)
    assert abs(found - by_hand) < Decimal("0.000001")


@few
@given(st.sampled_from(["weekly", "monthly", "quarterly"]), days)
def test_next_measurement_is_a_weekday_in_the_next_period(frequency, day):
    due = calendars.due_after(frequency, day)
    assert due > day
    assert due.weekday() < 5
    assert calendars.period_of(frequency, due) > calendars.period_of(frequency, day)
