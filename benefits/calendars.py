"""The measuring calendar: which period a day belongs to, and when the next measurement is due. Pure."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

WEEKLY, MONTHLY, QUARTERLY, DATES = "weekly", "monthly", "quarterly", "dates"
GRACE_DAYS = {WEEKLY: 7, MONTHLY: 31, QUARTERLY: 92, DATES: 31}  # a whole period late is «not measured since»


def period_of(frequency: str, day: date) -> str:
    """Return the period a measurement on a day is for.

    >>> [period_of(f, date(2026, 11, 13)) for f in (WEEKLY, MONTHLY, QUARTERLY, DATES)]
    ['2026-W46', '2026-11', '2026-Q4', '2026-11-13']
    >>> period_of(WEEKLY, date(2027, 1, 1))
    '2026-W53'
    """
    if frequency == WEEKLY:
        year, week, _day = day.isocalendar()
        return f"{year}-W{week:02}"
    if frequency == MONTHLY:
        return f"{day:%Y-%m}"
    if frequency == QUARTERLY:
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return day.isoformat()


def due_after(frequency: str, day: date, dates: Iterable[date] = ()) -> date | None:
    """Return when the measurement after a day is due: the last working day of the next period.

    A weekly one on Friday, a monthly or quarterly one on the period's last weekday; with certain dates
    the first one after the day, None when there are no more.

    >>> due_after(WEEKLY, date(2026, 11, 18)), due_after(MONTHLY, date(2026, 12, 31))
    (datetime.date(2026, 11, 27), datetime.date(2027, 1, 29))
    >>> due_after(QUARTERLY, date(2026, 11, 18))
    datetime.date(2027, 3, 31)
    >>> due_after(DATES, date(2026, 11, 18), [date(2026, 11, 18), date(2026, 12, 11)])
    datetime.date(2026, 12, 11)
    """
    if frequency == WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return monday + timedelta(days=11)
    if frequency == DATES:
        return min((planned for planned in dates if planned > day), default=None)
    months = 1 if frequency == MONTHLY else 3 - (day.month - 1) % 3 + 2
    return last_weekday(*month_after(day, months))


def month_after(day: date, months: int) -> tuple[int, int]:
    """Return year and month so many months after a day.

    >>> month_after(date(2026, 11, 30), 3)
    (2027, 2)
    """
    count = day.year * 12 + day.month - 1 + months
    return count // 12, count % 12 + 1


def last_weekday(year: int, month: int) -> date:
    """Return the last Monday-to-Friday of a month.

    >>> last_weekday(2026, 10), last_weekday(2026, 5)
    (datetime.date(2026, 10, 30), datetime.date(2026, 5, 29))
    """
    last = date(year, month, monthrange(year, month)[1])
    return last - timedelta(days=max(0, last.weekday() - 4))


def years_ahead(day: date, years: int) -> date:
    """Return the same day so many years on; 29 February becomes the 28th.

    >>> years_ahead(date(2028, 2, 29), 3)
    datetime.date(2031, 2, 28)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def is_stale(frequency: str, due_on: date | None, today: date) -> bool:
    """Whether a measurement is so late that a whole period has passed without one.

    >>> is_stale(MONTHLY, date(2026, 8, 31), date(2026, 11, 19)), is_stale(MONTHLY, None, date(2026, 11, 19))
    (True, False)
    """
    return due_on is not None and (today - due_on).days > GRACE_DAYS[frequency]
