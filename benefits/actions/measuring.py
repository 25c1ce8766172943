"""Measuring: what is measured opens a deviation by itself, and tells whether an action worked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from benefits import arithmetic, notices
from benefits.due import answered, first_due, next_due, with_postponements
from benefits.figures import direction
from benefits.models import Deviation, Indicator, Measurement, Postponement
from benefits.models.deviations import LIFT_AFTER, CorrectiveAction
from innovasjon.audit import record

NEWS = ("opened", "lifted")  # what people get an e-mail about


class AlreadyMeasured(Exception):
    """The period has a value. Correct it instead."""

    def __init__(self, measurement: Measurement):
        self.measurement = measurement
        super().__init__(measurement.period)


class AlreadyCorrected(Exception):
    """The measurement is replaced by a later correction."""


class AlreadyMoved(Exception):
    """The measurement is no longer due on the day the person saw."""


@dataclass(frozen=True)
class Outcome:
    """What came of a measurement. `became` is opened, missed, lifted, closed, corrected or ""."""

    measurement: Measurement
    deviation: Deviation | None = None
    became: str = ""


@transaction.atomic
def record_measurement(
    *,
    indicator: Indicator,
    on: date,
    value: Decimal | None = None,
    said: str = "",
    comment: str = "",
    occasion: str = Measurement.Occasion.ONGOING,
    source: str = Measurement.Source.PAGE,
    mail: bool = True,
    by,
    now=None,
) -> Outcome:
    """Keep a value, or a conversation, and do what follows from it. `mail`: tell people of a deviation.

    Raises AlreadyMeasured when the period has a value.
    """
    now = now or timezone.now()
    indicator = locked(indicator)
    period, waiting = indicator.period_of(on), first_due(indicator)
    if value is not None and (known := measured_in(indicator, period)):
        raise AlreadyMeasured(known)
    measurement = Measurement.objects.create(
        indicator=indicator,
        value=value,
        said=said,
        on=on,
        period=period,
        occasion=occasion,
        source=source,
        comment=comment,
        by=by,
        at=now,
    )
    if (day := answered(indicator, waiting, on)) is not None:
        move_calendar(indicator, day)
    outcome = follow_up(indicator, measurement)
    tell("measurement.recorded", outcome, mail=mail, by=by, now=now)
    return outcome


@transaction.atomic
def correct_measurement(
    *, measurement: Measurement, value, said="", comment="", source=None, mail=True, by, now=None
) -> Outcome:
    """Replace a value that was wrong. What was written first stays, with who and when.

    Raises AlreadyCorrected when somebody was there first.
    """
    now = now or timezone.now()
    indicator = locked(measurement.indicator)
    if not Measurement.objects.current().filter(pk=measurement.pk).update(is_current=False):
        raise AlreadyCorrected(measurement.pk)
    correction = Measurement.objects.create(
        indicator=indicator,
        value=value,
        said=said,
        on=measurement.on,
        period=measurement.period,
        occasion=measurement.occasion,
        source=source or Measurement.Source.PAGE,
        comment=comment,
        by=by,
        at=now,
        replaces=measurement,
    )
    outcome = follow_up(indicator, correction)
    changes = {"value": [plain(measurement.value), plain(value)]} if value != measurement.value else {}
    tell("measurement.corrected", outcome, mail=mail, by=by, now=now, changes=changes)
    return outcome


@transaction.atomic
def postpone(*, indicator: Indicator, new_on: date, reason: str, by, now=None) -> Postponement:
    """Say why a measurement cannot be done when it is due, and set a new day.

    Raises AlreadyMoved when it was measured or moved since the indicator was read.
    """
    now = now or timezone.now()
    seen = indicator.next_due_on
    indicator = locked(indicator)
    if indicator.next_due_on != seen:
        raise AlreadyMoved(indicator.pk)
    postponement = Postponement.objects.create(
        indicator=indicator, due_on=indicator.next_due_on, new_on=new_on, reason=reason, by=by, at=now
    )
    indicator.next_due_on = new_on
    indicator.save()
    record(
        "measurement.postponed",
        indicator,
        project=indicator.benefit.project,
        by=by,
        now=now,
        changes={"next_due_on": [postponement.due_on, new_on]},
        text=reason,
    )
    return postponement


def locked(indicator: Indicator) -> Indicator:
    """Return the indicator from the database with its postponements, locked until the transaction ends."""
    Indicator.objects.select_for_update().values_list("pk").get(pk=indicator.pk)  # read only when it is ours
    found = Indicator.objects.select_related("benefit__project__municipality", "benefit__owner")
    return with_postponements(found).get(pk=indicator.pk)


def measured_in(indicator: Indicator, period: str) -> Measurement | None:
    return indicator.measurements.current().numeric().filter(period=period).first()


def plain(value: Decimal | None) -> str:
    """A number as it stands in the trail: without trailing zeros."""
    return "" if value is None else f"{Decimal(value).normalize():f}"


def move_calendar(indicator: Indicator, on: date) -> None:
    """Set when the next measurement is due: after the one of that day, and after the last there was."""
    indicator.next_due_on = next_due(indicator, max(on, indicator.last_on or on))
    indicator.save()
    # What was told of another one that was postponed to that day is not told of this one.
    if indicator.next_due_on is not None:
        indicator.reminders.filter(due_on__gte=indicator.next_due_on).delete()


def follow_up(indicator: Indicator, measurement: Measurement) -> Outcome:
    """Open, count, lift or close a deviation. Only the latest value of an indicator does.

    The correction of an earlier one may change what the values since say together.
    """
    latest = indicator.measurements.current().numeric().newest_first().first()
    if measurement.value is None or latest is None:
        return Outcome(measurement)
    path = indicator.path(list(indicator.path_points.all()))
    if latest.pk != measurement.pk:
        return recounted(indicator, measurement, path) if measurement.replaces else Outcome(measurement)
    expected = arithmetic.expected_at(path, measurement.on)
    towards = direction(indicator, path)
    if expected is None or towards is None:
        return Outcome(measurement)
    outside = arithmetic.outside(measurement.value, expected, indicator.tolerance, towards)
    replaced = measurement.replaces
    found = indicator.deviations.unsettled().select_for_update().first()
    if found is not None and replaced:
        unjudge(found, replaced)
    if found is None and replaced:
        found = reopened(indicator, measurement, outside)
    if found is None:
        return opened(indicator, measurement, expected) if outside else Outcome(measurement)
    if replaced and replaced.pk == found.opened_by_id:
        return corrected(found, measurement, expected, outside)
    if not outside:
        return settled(found, measurement)
    return missed(found, measurement, len(outside_since(found, indicator, path)))


def outside_since(deviation: Deviation, indicator: Indicator, path) -> list[tuple[Measurement, Decimal]]:
    """Return the values outside since the deviation opened with what was expected, the first first."""
    towards = direction(indicator, path)
    found = []
    since = indicator.measurements.current().numeric().filter(on__gte=deviation.opened_by.on)
    for measurement in since.order_by("on", "pk"):
        expected = arithmetic.expected_at(path, measurement.on)
        if expected is None or towards is None:  # the path has changed: what opened the deviation still did
            if measurement.pk == deviation.opened_by_id:
                found.append((measurement, deviation.expected))
        elif arithmetic.outside(measurement.value, expected, indicator.tolerance, towards):
            found.append((measurement, expected))
    return found


def recounted(indicator: Indicator, correction: Measurement, path) -> Outcome:
    """Let an open deviation follow from the values as they are now that an earlier one is corrected."""
    found = indicator.deviations.unsettled().select_for_update().select_related("opened_by").first()
    if found is None or correction.on < found.opened_by.on:
        return Outcome(correction)
    outside = outside_since(found, indicator, path)
    if not outside:
        return close(found, correction, Deviation.Outcome.CORRECTED, "corrected")
    first, expected = outside[0]
    if first.pk != found.opened_by_id:
        found.opened_by, found.measured, found.expected = first, first.value, expected
    was_lifted = found.is_lifted
    count_anew(found, len(outside))
    return Outcome(correction, found, "lifted" if found.is_lifted and not was_lifted else "")


def count_anew(deviation: Deviation, misses: int) -> None:
    """Let an open deviation be with the project owner, or not, as so many misses say."""
    deviation.misses = misses
    deviation.state = Deviation.State.LIFTED if misses >= LIFT_AFTER else Deviation.State.OPEN
    deviation.save()


def opened(indicator: Indicator, measurement: Measurement, expected: Decimal) -> Outcome:
    deviation = Deviation.objects.create(
        indicator=indicator,
        opened_by=measurement,
        opened_on=timezone.localdate(measurement.at),
        measured=measurement.value,
        expected=expected,
        tolerance=indicator.tolerance,
        owner=indicator.benefit.owner,
    )
    return Outcome(measurement, deviation, "opened")


def corrected(deviation: Deviation, measurement: Measurement, expected, outside: bool) -> Outcome:
    """The value that opened it was wrong: the deviation takes the new one, or was none at all."""
    if not outside:
        return close(deviation, measurement, Deviation.Outcome.CORRECTED, "corrected")
    deviation.opened_by, deviation.measured, deviation.expected = measurement, measurement.value, expected
    deviation.save()
    return Outcome(measurement, deviation)


def reopened(indicator: Indicator, measurement: Measurement, outside: bool) -> Deviation | None:
    """The value that closed a deviation was wrong: then it was not closed.

    One that was closed because its own value was wrong stays closed; the new value opens its own.
    """
    closed = indicator.deviations.filter(closed_by=measurement.replaces_id)
    closed = closed.exclude(outcome=Deviation.Outcome.CORRECTED).first()
    if closed is None or not outside:
        return None
    reopen(closed, measurement.replaces)
    return closed


def reopen(deviation: Deviation, measurement: Measurement) -> None:
    """Take back what a measurement said of a deviation: that it is closed, and whether its actions worked."""
    deviation.state, deviation.outcome = Deviation.State.OPEN, ""
    deviation.closed_by = deviation.closed_on = None
    deviation.save()
    unjudge(deviation, measurement)


@transaction.atomic
def take_back(measurement: Measurement) -> bool:
    """Delete a measurement with the deviation it opened, and what it said of another one.

    False when something is built on it: a correction, a later value, or what somebody wrote of its deviation.
    """
    indicator = locked(measurement.indicator)
    later = indicator.measurements.current().filter(pk__gt=measurement.pk, on__gt=measurement.on)
    mine = indicator.deviations.filter(opened_by=measurement)
    written = mine.exclude(cause="") | mine.filter(actions__isnull=False)
    if measurement.replaces_id or later.exists() or written.exists():
        return False
    mine.delete()
    touched = indicator.deviations.unsettled() | indicator.deviations.filter(closed_by=measurement)
    deviation = touched.first()
    if deviation is not None:
        reopen(deviation, measurement)
    measurement.delete()
    if deviation is not None:
        path = indicator.path(list(indicator.path_points.all()))
        count_anew(deviation, max(1, len(outside_since(deviation, indicator, path))))
    return True


def missed(deviation: Deviation, measurement: Measurement, misses: int) -> Outcome:
    """Still outside: what was done did not work; after the second miss the project owner takes over.

    `misses` are counted anew each time, so that a corrected value counts once.
    """
    judge(deviation, measurement, CorrectiveAction.Result.MISSED)
    lifted = misses >= LIFT_AFTER and not deviation.is_lifted
    more, deviation.misses = misses > deviation.misses, misses
    if lifted:
        deviation.state = Deviation.State.LIFTED
    deviation.save()
    return Outcome(measurement, deviation, "lifted" if lifted else "missed" if more else "")


def settled(deviation: Deviation, measurement: Measurement) -> Outcome:
    """Inside again: closed, and the actions worked."""
    worked = CorrectiveAction.Result.WORKED
    acted = judge(deviation, measurement, worked) or deviation.actions.filter(result=worked).exists()
    outcome = Deviation.Outcome.WORKED if acted else Deviation.Outcome.WITHIN
    return close(deviation, measurement, outcome, "closed")


def judge(deviation: Deviation, measurement: Measurement, result: str) -> int:
    """Let a measurement answer «did it work?» for the actions that wait for the answer."""
    return deviation.actions.filter(result="").update(result=result, judged_by=measurement)


def unjudge(deviation: Deviation, measurement: Measurement) -> None:
    """Let the actions a measurement answered for wait for another answer."""
    deviation.actions.filter(judged_by=measurement).update(result="", judged_by=None)


def close(deviation: Deviation, measurement: Measurement, outcome: str, became: str) -> Outcome:
    deviation.state, deviation.outcome = Deviation.State.CLOSED, outcome
    deviation.closed_by, deviation.closed_on = measurement, timezone.localdate(measurement.at)
    deviation.save()
    return Outcome(measurement, deviation, became)


@transaction.atomic
def retire_deviation(indicator: Indicator, *, by, now=None) -> None:
    """Close the deviation of an indicator that is taken out of use: no measurement will."""
    today = timezone.localdate(now)
    open_ones = indicator.deviations.unsettled()
    closed = {"state": Deviation.State.CLOSED, "outcome": Deviation.Outcome.RETIRED, "closed_on": today}
    if open_ones.update(**closed):
        record("deviation.closed", indicator, project=indicator.benefit.project, by=by, now=now)


def tell(verb: str, outcome: Outcome, *, mail: bool, by, now, changes=None) -> None:
    """Write the measurement and what became of the deviation into the trail."""
    measurement = outcome.measurement
    indicator = measurement.indicator
    record(
        verb,
        indicator,
        project=indicator.benefit.project,
        by=by,
        changes=changes or {},
        now=now,
        value=plain(measurement.value),
        period=measurement.period,
        text=measurement.comment,
    )
    if mail and outcome.became in NEWS:
        notices.tell_of_deviation(outcome.deviation, by=by)
    if outcome.became in ("opened", "lifted", "closed", "corrected"):
        record(f"deviation.{outcome.became}", indicator, project=indicator.benefit.project, by=None, now=now)


def mail_of_unsettled(outcomes: Iterable[Outcome], *, by) -> None:
    """Tell of many values at once: one mail for each deviation that none of them closed again."""
    told = [outcome.deviation.pk for outcome in outcomes if outcome.became in NEWS]
    found = Deviation.objects.unsettled().filter(pk__in=told)
    for deviation in found.select_related("indicator__benefit__project", "owner").order_by("pk"):
        notices.tell_of_deviation(deviation, by=by)
