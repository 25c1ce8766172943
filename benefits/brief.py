"""Reading the benefits of hundreds of projects for counts and sums alone: no people, and no text of theirs
but what an indicator counts, by which equal ones are told.

One query, written by Django once, gives each benefit as a few texts. What is reckoned from them follows
from them, the day and nothing else, so it is kept by them: a benefit is reckoned anew when a number of it
has changed or a day has passed, and a kept figure cannot be an old one.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet

from benefits.arithmetic import Point
from benefits.figures import BenefitFigure, IndicatorFigure, YearFigure
from benefits.models import Benefit, Calculation, Indicator, Measurement, PathPoint, YearAmount
from innovasjon.prepared import Prepared
from innovasjon.rows import Rows, day, exact

KEPT = 50_000  # benefits; about 2 kB each


class Brief(NamedTuple):
    """What counts and sums ask of a `BenefitFigure`, of the year of one day."""

    project_id: int
    kind: tuple[str, bool | None]
    claim: str
    this_year: YearFigure
    goal_on: date | None
    is_reached: bool
    is_measured: bool
    is_on_plan: bool

    def in_year(self, year: int) -> YearFigure:
        if year != self.this_year.year:
            raise ValueError(f"reckoned for {self.this_year.year}, not for {year}")
        return self.this_year


# --- Rows with what the arithmetic needs; the rules are those of the models ------------------------


class BenefitRow(NamedTuple):
    pk: int
    project_id: int
    type: str
    taken_out: str

    is_cash = Benefit.is_cash


class IndicatorRow(NamedTuple):
    pk: Decimal
    key: str
    unit: str
    method: str
    frequency: str
    is_active: bool
    baseline: Decimal | None
    baseline_on: date | None
    target: Decimal | None
    target_on: date | None
    tolerance: Decimal
    next_due_on: date | None

    measured_by_number = Indicator.measured_by_number
    path = Indicator.path


class CalculationRow(NamedTuple):
    method: str
    indicator_id: Decimal | None
    times_per_year: Decimal | None
    minutes_each: Decimal | None
    cost_each_nok: Decimal | None
    today_nok: Decimal | None
    later_nok: Decimal | None
    optimistic: Decimal | None
    likely: Decimal | None
    pessimistic: Decimal | None


class YearRow(NamedTuple):
    year: Decimal
    gross: Decimal | None


def rows_of(benefits, since: date) -> QuerySet:
    """Return benefits as tuples, with indicators, the newest calculation and the years as JSON.

    Of the numbers measured those since a day and the last one before it: what the curve of a year needs.
    Conversations are left out; nothing is counted by them.
    """
    mine, of_indicator = {"benefit": OuterRef("pk")}, {"indicator": OuterRef("pk")}
    measured = Measurement.objects.current().numeric().filter(**of_indicator)
    indicators = Indicator.objects.filter(**mine).annotate(
        _path=Rows(PathPoint.objects.filter(**of_indicator).order_by("on"), "on", "value"),
        _before=Rows(measured.filter(on__lt=since).newest_first()[:1], "on", "value"),
        _since=Rows(measured.filter(on__gte=since).order_by("on", "pk"), "on", "value"),
    )
    return benefits.order_by("pk").values_list(
        *BenefitRow._fields,
        Rows(indicators.in_order(), "id", *IndicatorRow._fields[1:], "_path", "_before", "_since"),
        Rows(Calculation.objects.filter(**mine).newest_first()[:1], *CalculationRow._fields),
        Rows(YearAmount.objects.filter(**mine).order_by("year"), *YearRow._fields),
    )


OF_MUNICIPALITY = Prepared(
    lambda municipality, status, since: rows_of(
        Benefit.objects.filter(project__municipality=municipality, project__status=status), since
    )
)


def read_brief(benefits, today: date) -> list[Brief]:
    """Return what counts and sums need of a QuerySet of benefits. One query."""
    return [brief(row, today) for row in rows_of(benefits, new_year(today))]


def read_projects(projects: Collection[int], *, municipality, status: str, today: date) -> list[Brief]:
    """Return the benefits of some of a municipality's projects with a status. One query at most.

    All of the municipality's are read, so that the query is the same for every choice.
    """
    if not projects:
        return []
    found = OF_MUNICIPALITY(municipality=municipality.pk, status=status, since=new_year(today))
    wanted = set(projects)
    return [brief(row, today) for row in found if row[1] in wanted]


def new_year(day: date) -> date:
    return day.replace(month=1, day=1)


@lru_cache(maxsize=KEPT)
def brief(row: tuple, today: date) -> Brief:
    """Return what a row of `rows_of` comes to on a day of the year that it was read for."""
    found = figure(row, today)
    return Brief(
        found.benefit.project_id,
        found.kind,
        found.claim,
        found.in_year(today.year),
        found.goal_on,
        found.is_reached,
        found.is_measured,
        found.is_on_plan,
    )


def figure(row: tuple, today: date) -> BenefitFigure:
    *head, indicators, calculations, years = row
    return BenefitFigure(
        BenefitRow(*head),
        tuple(indicator_figure(found, today) for found in exact(indicators)),
        today,
        next((CalculationRow(*found) for found in exact(calculations)), None),
        tuple(YearRow(*found) for found in exact(years)),
    )


def indicator_figure(found: list, today: date) -> IndicatorFigure:
    *values, path, before, since = found
    indicator = IndicatorRow(*values)
    indicator = indicator._replace(
        baseline_on=day(indicator.baseline_on),
        target_on=day(indicator.target_on),
        next_due_on=day(indicator.next_due_on),
    )
    return IndicatorFigure(
        indicator, tuple(indicator.path(points(path))), (*points(before), *points(since)), today
    )


def points(text: str | None) -> list[Point]:
    return [Point(day(on), value) for on, value in exact(text)]
