"""Norwegian working days: Monday to Friday but for the public holidays. Pure; dates in, dates out.

Source: the maintained package `holidays`, which knows the movable days (Easter, Ascension, Whit Monday).
Christmas Eve and New Year's Eve are working days, as the law counts them.
"""

from datetime import date, timedelta
from functools import cache

A_DAY = timedelta(days=1)
SATURDAY = 5


@cache
def public_holidays(year: int) -> frozenset[date]:
    import holidays  # 3 MB, which only those who count working days shall pay for

    return frozenset(holidays.country_holidays("NO", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


def nth_working_day(year: int, month: int, n: int) -> date:
    """Return working day number `n` of a month, counted from 1; it may fall into the month after."""
    return add_working_days(date(year, month, 1) - A_DAY, n)


def add_working_days(day: date, n: int) -> date:
    """Return the n-th working day after a day (before it when `n` is negative); the day itself for 0.

    The day itself is never counted, whether it is a working day or not.
    """
    step = A_DAY if n > 0 else -A_DAY
    left = abs(n)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(a: date, b: date) -> int:
    """Return how many working days there are from `a` to `b`, both counted; 0 when `b` is before `a`."""
    return sum(is_working_day(a + A_DAY * offset) for offset in range((b - a).days + 1))
