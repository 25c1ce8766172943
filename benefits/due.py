"""When a measurement is due: the next one, the one that waits, and the days it can be moved to."""

from datetime import date, timedelta

from django.db.models import F, OuterRef, Subquery

from benefits.calendars import years_ahead
from benefits.models import Benefit, Frequency, Indicator, Measurement, Postponement, Reminder
from innovasjon.rows import Rows, day, read

A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)
A_YEAR = timedelta(days=366)
AFTER_CLOSING = 3  # years a benefit is measured when nothing else is said


def with_postponements(indicators):
    """Annotate what `first_due` reads, so that a list of indicators costs one query."""
    mine = Postponement.objects.filter(indicator=OuterRef("pk"))
    last = Measurement.objects.current().filter(indicator=OuterRef("pk")).newest_first()
    return indicators.annotate(
        moved_days=Rows(mine.order_by("pk"), "new_on", "due_on"), last_on=Subquery(last.values("on")[:1])
    )


def first_due(indicator: Indicator) -> date | None:
    """Return the day the measurement that waits was due at first: a postponed one is still for its period.

    The indicator is read `with_postponements`. One that was postponed and then measured waits no more.
    """
    period, last = indicator.period_of, indicator.last_on
    moved = {day(new_on): day(due_on) for new_on, due_on in read(indicator.moved_days)}
    found = indicator.next_due_on
    while found in moved and (last is None or period(moved[found]) > period(last)):
        found = moved[found]  # always an earlier day
    return found


def answered(indicator: Indicator, waiting: date | None, on: date) -> date | None:
    """Return the day whose measurement a value of a day is; None when it answers not the one that waits.

    A value of an earlier period does not, but one of the week before an own date does.
    """
    if waiting is None or indicator.period_of(on) >= indicator.period_of(waiting):
        return on
    early = indicator.frequency == Frequency.DATES and waiting - on <= A_WEEK
    return waiting if early else None


def measured_on(indicator: Indicator, due_on: date, today: date) -> date:
    """Return the day a measurement today is for: today within its period, else the day it was due."""
    return today if indicator.period_of(today) == indicator.period_of(due_on) else due_on


def is_followed(benefit: Benefit, on: date) -> bool:
    """Whether a benefit is measured on a day: until its own last one, else three years after the project."""
    closed_on = benefit.project.closed_on
    last = benefit.follow_until or (closed_on and years_ahead(closed_on, AFTER_CLOSING))
    return last is None or on <= last


def next_due(indicator: Indicator, on: date, dates=None) -> date | None:
    """Return when the measurement after one of that day is due; None when it is followed no longer.

    `dates`: the indicator's own, when they are not stored yet.
    """
    due_on = indicator.due_after(on, planned(indicator) if dates is None else dates)
    return due_on if due_on is not None and is_followed(indicator.benefit, due_on) else None


def first_from(indicator: Indicator, today: date, dates=None) -> date | None:
    """Return when the first measurement is due: the period after this one, or its own date from today."""
    own = indicator.frequency == Frequency.DATES
    return next_due(indicator, today - A_DAY if own else today, dates)


def round_of(indicator: Indicator, today: date) -> date:
    """Return the day the mails of the measurement that waits are counted from.

    That is when it is due, and then each day another would be due, as long as it is followed.
    """
    dates = planned(indicator)
    found, following = indicator.next_due_on, next_due(indicator, first_due(indicator), dates)
    while following is not None and following <= today:
        found, following = max(found, following), next_due(indicator, following, dates)
    return found


def ask_anew(**of) -> None:
    """Forget which mails of the measurements that wait are sent: somebody else measures now."""
    Reminder.objects.filter(due_on__gte=F("indicator__next_due_on"), **of).delete()


def new_days(indicator: Indicator, today: date) -> tuple[date, date]:
    """Return the first and the last day the measurement that waits can be moved to.

    From the day after it is due, or after today, until the day another is due; at most a year. The
    indicator is read `with_postponements`.
    """
    dates = planned(indicator)
    first = max(today, indicator.next_due_on) + A_DAY
    last = indicator.due_after(first_due(indicator), dates)
    while last is not None and last < first:
        last = indicator.due_after(last, dates)
    return first, min(last or date.max, first + A_YEAR)


def keep_to(benefit: Benefit, today: date) -> None:
    """Let the calendars follow how long the benefit is measured: end with it, begin anew when it is longer.

    What is measured anew is due on the first ordinary day from today: nobody is late for what was not asked.
    """
    for indicator in with_postponements(benefit.indicators.active()):
        indicator.benefit = benefit
        was = indicator.next_due_on
        if was is None:
            indicator.next_due_on = resumed(indicator, today)
        elif not is_followed(benefit, first_due(indicator)):
            indicator.next_due_on = None
        if indicator.next_due_on != was:
            indicator.save(update_fields=["next_due_on"])


def resumed(indicator: Indicator, today: date) -> date | None:
    """Return the first ordinary day from today, as the calendar goes on from the last measurement."""
    due_on = next_due(indicator, indicator.last_on) if indicator.last_on else first_from(indicator, today)
    while due_on is not None and due_on < today:
        due_on = next_due(indicator, due_on)
    return due_on


def planned(indicator: Indicator) -> list[date]:
    """Return the indicator's own dates; empty when it is measured every so often."""
    if indicator.frequency != Frequency.DATES:
        return []
    return [planned.on for planned in indicator.planned_dates.all()]
