"""Norwegian working days, against dates from the calendar of each year 2024–2035."""

from datetime import date

import pytest

from innovasjon.working_days import (
    add_working_days,
    is_working_day,
    nth_working_day,
    working_days_between,
)

# The fifth working day of a month: one with movable holidays and one without, for each year.
FIFTH = """
2024-01-08 2024-04-08 2024-05-08  2025-01-08 2025-05-08 2025-06-06  2026-04-10 2026-05-08 2026-11-06
2027-01-08 2027-05-10 2027-11-05  2028-01-07 2028-05-08 2028-06-08  2029-01-08 2029-04-09 2029-05-08
2030-05-08 2030-11-07 2030-06-07  2031-01-08 2031-04-07 2031-06-09  2032-01-08 2032-05-10 2032-09-07
2033-04-07 2033-06-08 2033-12-07  2034-01-06 2034-04-12 2034-05-08  2035-01-08 2035-05-09 2035-08-07
"""

# Easter Monday, Ascension Day and Whit Monday, from the almanac.
MOVABLE = """
2024-04-01 2024-05-09 2024-05-20  2025-04-21 2025-05-29 2025-06-09  2026-04-06 2026-05-14 2026-05-25
2027-03-29 2027-05-06 2027-05-17  2028-04-17 2028-05-25 2028-06-05  2029-04-02 2029-05-10 2029-05-21
2030-04-22 2030-05-30 2030-06-10  2031-04-14 2031-05-22 2031-06-02  2032-03-29 2032-05-06 2032-05-17
2033-04-18 2033-05-26 2033-06-06  2034-04-10 2034-05-18 2034-05-29  2035-03-26 2035-05-03 2035-05-14
"""


def dates(text):
    return [date.fromisoformat(word) for word in text.split()]


@pytest.mark.parametrize("day", dates(FIFTH), ids=str)
def test_the_fifth_working_day_of_a_month(day):
    assert nth_working_day(day.year, day.month, 5) == day


@pytest.mark.parametrize("day", dates(MOVABLE), ids=str)
def test_movable_holidays_are_no_working_days(day):
    assert not is_working_day(day)


def test_fixed_holidays_and_weekends_are_no_working_days():
    for year in range(2024, 2036):
        for month, day in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26)):
            assert not is_working_day(date(year, month, day))
    assert not is_working_day(date(2026, 11, 21))
    assert is_working_day(date(2026, 12, 24))


def test_days_are_added_and_counted_across_holidays():
    thursday = date(2026, 12, 24)
    assert add_working_days(thursday, 1) == date(2026, 12, 28)
    assert add_working_days(date(2026, 12, 28), -1) == thursday
    assert add_working_days(date(2026, 12, 26), 0) == date(2026, 12, 26)
    assert working_days_between(thursday, date(2027, 1, 4)) == 6
    assert working_days_between(date(2027, 1, 4), thursday) == 0
    for n in (1, 7, 40):
        assert working_days_between(date(2026, 3, 2), add_working_days(date(2026, 3, 1), n)) == n
