"""Reading benefits with indicators, paths, values, deviations and calculations: one query for any number.

What a list, a drawing, a sum and a report need of a thousand benefits is no more than what they need of
one: the children come as JSON on the row of each indicator.
"""

from datetime import date
from itertools import groupby

from django.db.models import DecimalField, Exists, OuterRef, Subquery
from django.utils import timezone

from benefits.arithmetic import Point
from benefits.figures import BenefitFigure, IndicatorFigure
from benefits.models import (
    Benefit,
    Calculation,
    CorrectiveAction,
    Deviation,
    Handover,
    Indicator,
    Measurement,
    PathPoint,
    PlanAcceptance,
    YearAmount,
)
from benefits.sums import ProjectBenefits
from innovasjon.models import User
from innovasjon.rows import Rows, day, number, read
from roadmap.models import Project

PERSON = ("name", "position", "email")
BENEFIT = [f.attname for f in Benefit._meta.concrete_fields]
INDICATOR = [f.attname for f in Indicator._meta.concrete_fields]
OF_INDICATOR = [f"indicators__{name}" for name in INDICATOR]
PROJECT = ("slug", "name", "area", "status", "municipality_id", "restricted", "phase")
DEVIATION = [
    "id",
    "state",
    "opened_on",
    "measured",
    "expected",
    "tolerance",
    "cause",
    "misses",
    "owner_id",
    "opened_by_id",
    "has_action",
]
CALCULATION = [f.attname for f in Calculation._meta.concrete_fields]
NUMERIC = {f.attname for f in Calculation._meta.concrete_fields if isinstance(f, DecimalField)}
ANNOTATED = ("_path", "_values", "_deviation", "_last_on", "_last_by", "_calculation", "_calculated_by")
ANNOTATED += ("_years", "_asked", "_accepted_at")
YEAR = [f.attname for f in YearAmount._meta.concrete_fields]


def project_benefits(project: Project, today: date) -> ProjectBenefits:
    """Return a project's benefits. One query for a project object and a day, however often it is asked."""
    if getattr(project, "_benefits", (None,))[0] != today:
        found = read_figures(Benefit.objects.filter(project=project), today)
        accepted = found[0].benefit.plan_accepted_at if found else None
        for figure in found:
            figure.benefit.project = project
        project._benefits = (
            today,
            ProjectBenefits(tuple(found), today, accepted and timezone.localdate(accepted)),
        )
    return project._benefits[1]


def read_figures(benefits, today: date) -> list[BenefitFigure]:
    """Return the figures of a QuerySet of benefits, in the order of project and number. One query.

    Each benefit carries its project, its owner, `waiting_for` and `asked_id` (the one asked to own it, who
    has not answered) and `plan_accepted_at`.
    """
    of_indicator = {"indicator": OuterRef("indicators__pk")}
    measured = Measurement.objects.current().filter(**of_indicator).order_by("on", "pk")
    last = Measurement.objects.current().filter(**of_indicator).newest_first()
    deviations = (
        Deviation.objects.unsettled()
        .filter(**of_indicator)
        .annotate(has_action=Exists(CorrectiveAction.objects.filter(deviation=OuterRef("pk"))))
    )
    calculations = Calculation.objects.filter(benefit=OuterRef("pk")).newest_first()
    rows = (
        benefits.order_by("project_id", "number", "pk", "indicators__position", "indicators__pk")
        .annotate(
            _path=Rows(PathPoint.objects.filter(**of_indicator).order_by("on"), "on", "value"),
            _values=Rows(measured.numeric(), "on", "value"),
            _deviation=Rows(deviations, *DEVIATION),
            _last_on=Subquery(last.values("on")[:1]),
            _last_by=Subquery(last.values("by__name")[:1]),
            _calculation=Rows(calculations[:1], *CALCULATION),
            _calculated_by=Subquery(calculations.values("by__name")[:1]),
            _years=Rows(YearAmount.objects.filter(benefit=OuterRef("pk")).order_by("year"), *YEAR),
            _asked=Rows(Handover.objects.waiting().filter(benefit=OuterRef("pk"))[:1], "to_id", "to__name"),
            _accepted_at=Subquery(
                PlanAcceptance.objects.filter(project=OuterRef("project")).order_by("-at").values("at")[:1]
            ),
        )
        .values(
            *BENEFIT,
            *OF_INDICATOR,
            *(f"project__{name}" for name in PROJECT),
            *(f"owner__{name}" for name in PERSON),
            *(f"indicators__measurer__{name}" for name in PERSON),
            *[
                "_path",
                "_values",
                "_deviation",
                "_last_on",
                "_last_by",
                "_calculation",
                "_calculated_by",
                "_years",
            ],
            "_asked",
            "_accepted_at",
        )
    )
    known: dict = {}
    return [figure(list(found), today, known) for _pk, found in groupby(rows, key=lambda row: row["id"])]


def figure(rows: list[dict], today: date, known: dict) -> BenefitFigure:
    """Return one benefit's figure from its rows: one for each indicator, or one without any.

    known: the projects and people of the rows before, which many benefits share.
    """
    first = rows[0]
    benefit = Benefit.from_db("default", BENEFIT, [first[name] for name in BENEFIT])
    benefit.project = project(first, known)
    benefit.owner = person(first, "owner__", first["owner_id"], known)
    benefit.asked_id, benefit.waiting_for = next(iter(read(first["_asked"])), (None, ""))
    benefit.plan_accepted_at = first["_accepted_at"]
    indicators = tuple(indicator_figure(row, benefit, today, known) for row in rows if row["indicators__id"])
    return BenefitFigure(
        benefit,
        indicators,
        today,
        next((calculation(values, first) for values in read(first["_calculation"])), None),
        tuple(year_amount(values) for values in read(first["_years"])),
    )


def indicator_figure(row: dict, benefit: Benefit, today: date, known: dict) -> IndicatorFigure:
    indicator = Indicator.from_db("default", INDICATOR, [row[name] for name in OF_INDICATOR])
    indicator.benefit = benefit
    indicator.measurer = person(row, "indicators__measurer__", indicator.measurer_id, known)
    points = [Point(day(on), number(value)) for on, value in read(row["_path"])]
    return IndicatorFigure(
        indicator,
        tuple(indicator.path(points)),
        tuple(Point(day(on), number(value)) for on, value in read(row["_values"])),
        today,
        next((deviation(values, indicator) for values in read(row["_deviation"])), None),
        row["_last_on"],
        row["_last_by"] or "",
    )


def made(model, row: dict, names, prefix="", **extra):
    """Return an instance of values that were read beside others'; it is not to be saved."""
    instance = model(**{name: row[f"{prefix}{name}"] for name in names}, **extra)
    instance._state.adding = False
    return instance


def project(row: dict, known: dict) -> Project:
    pk = row["project_id"]
    if ("project", pk) not in known:
        known["project", pk] = made(Project, row, PROJECT, "project__", id=pk)
    return known["project", pk]


def person(row: dict, prefix: str, pk: int | None, known: dict) -> User | None:
    if pk and ("person", pk) not in known:
        known["person", pk] = made(User, row, PERSON, prefix, id=pk)
    return known["person", pk] if pk else None


def deviation(values: list, indicator: Indicator) -> Deviation:
    told = dict(zip(DEVIATION, values, strict=True))
    has_action = bool(told.pop("has_action"))
    for name in ("measured", "expected", "tolerance"):
        told[name] = number(told[name])
    found = Deviation(**{**told, "opened_on": day(told["opened_on"])}, indicator=indicator)
    found._state.adding = False
    found.has_action = has_action
    return found


def calculation(values: list, row: dict) -> Calculation:
    told = dict(zip(CALCULATION, values, strict=True))
    told = {name: number(value) if name in NUMERIC else value for name, value in told.items()}
    found = Calculation(**{**told, "on": day(told["on"])})
    found._state.adding = False
    found.by_name = row["_calculated_by"] or ""
    return found


def year_amount(values: list) -> YearAmount:
    told = dict(zip(YEAR, values, strict=True))
    found = YearAmount(**{**told, "gross": number(told["gross"])})
    found._state.adding = False
    return found
