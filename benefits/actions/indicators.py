"""Indicators: what is measured, along which path and when."""

from django.db import transaction
from django.db.models import Max

from benefits import due, wording
from benefits.actions.measuring import retire_deviation
from benefits.models import Benefit, Indicator, PathPoint, PlannedDate
from innovasjon.audit import differences, record

TOLD = (
    "name",
    "unit",
    "unit_label",
    "method",
    "baseline",
    "baseline_on",
    "baseline_planned_on",
    "target",
    "target_on",
    "tolerance",
    "frequency",
    "next_due_on",
    "measurer",
    "is_active",
)


def told(indicator: Indicator) -> dict:
    return {name: getattr(indicator, name) for name in TOLD}


@transaction.atomic
def save_indicator(*, benefit: Benefit, indicator: Indicator, dates=(), today, by, now=None) -> Indicator:
    """Add an indicator or save what is changed; `dates` are the days it is measured when it has its own.

    A new indicator's first measurement is due when the first period after today is over; with dates of
    its own on the first of them that is left. What is due already stays due until its calendar is changed.
    """
    adding = indicator.pk is None
    before = {} if adding else told(Indicator.objects.select_related("measurer").get(pk=indicator.pk))
    indicator.benefit = benefit
    if adding:
        last = benefit.indicators.aggregate(last=Max("position"))["last"]
        indicator.position = 0 if last is None else last + 1
    dates = sorted(set(dates))
    calendar_changed = adding or before["frequency"] != indicator.frequency
    stored = () if adding else indicator.planned_dates.values_list("on", flat=True)
    new_dates = bool(dates) and set(dates) != set(stored)
    by_hand = not adding and before["next_due_on"] != indicator.next_due_on
    still_there = not calendar_changed and indicator.next_due_on in dates
    if (calendar_changed or new_dates) and not by_hand and not still_there:
        indicator.next_due_on = due.first_from(indicator, today, dates)
    indicator.save()
    if not adding:
        if before["measurer"] != indicator.measurer:
            due.ask_anew(indicator=indicator)
        if not indicator.is_active:
            retire_deviation(indicator, by=by, now=now)
    if new_dates or calendar_changed:
        indicator.planned_dates.all().delete()
        PlannedDate.objects.bulk_create(PlannedDate(indicator=indicator, on=on) for on in dates)
    changes = {} if adding else differences(before, told(indicator))
    if adding or changes:
        verb = "indicator.added" if adding else "indicator.changed"
        record(verb, indicator, project=benefit.project, by=by, changes=changes, now=now)
    return indicator


@transaction.atomic
def set_path(*, indicator: Indicator, points, by, now=None) -> None:
    """Set what is expected between baseline and target: (date, value) pairs, in any order."""
    new = sorted(points)
    before = list(indicator.path_points.order_by("on").values_list("on", "value"))
    if new == before:
        return
    indicator.path_points.all().delete()
    PathPoint.objects.bulk_create(PathPoint(indicator=indicator, on=on, value=value) for on, value in new)
    record(
        "indicator.path_set",
        indicator,
        project=indicator.benefit.project,
        by=by,
        now=now,
        changes={"path": [wording.path(before), wording.path(new)]},
    )


@transaction.atomic
def delete_indicator(*, indicator: Indicator, by):
    """Delete an indicator with its measurements. The trail keeps that it was there."""
    record("indicator.deleted", indicator, project=indicator.benefit.project, by=by)
    indicator.delete()
