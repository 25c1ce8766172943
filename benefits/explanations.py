"""«Vis utregning»: how a number comes about, with formula, inputs, date and person. Told, not computed."""

from decimal import Decimal

from django.utils.translation import gettext as _

from benefits import arithmetic
from benefits.figures import BenefitFigure, IndicatorFigure, YearFigure
from benefits.models import BenefitType, Calculation
from benefits.sums import Sum
from benefits.wording import MINUS, amount, in_millions, money, number, percent, value
from innovasjon.templatetags.innovasjon import day

EXACT = 3  # decimals of what a calculation starts from
NAMED = 50  # benefits a calculation names one by one


def attainment_steps(figure: IndicatorFigure) -> list[str]:
    """Return how «so far» is calculated: formula with numbers, expected, who measured and when."""
    indicator, latest = figure.indicator, figure.latest
    if latest is None or figure.baseline is None or figure.target is None:
        return [_("Baseline, target and a measurement are needed to calculate how far you have come.")]
    if figure.attainment is None:
        return [_("The target equals the baseline, so a percentage cannot be calculated.")]
    a, b, c = (number(v, EXACT) for v in (figure.baseline, latest.value, figure.target))
    way, whole = latest.value - figure.baseline, figure.target - figure.baseline
    falls = figure.direction < 0
    line = (
        f"({a} {MINUS} {b}) / ({a} {MINUS} {c}) = {number(-way, EXACT)} / {number(-whole, EXACT)}"
        if falls
        else f"({b} {MINUS} {a}) / ({c} {MINUS} {a}) = {number(way, EXACT)} / {number(whole, EXACT)}"
    )
    line = f"{line} = {percent(figure.attainment)}."
    if figure.expected_attainment is not None:
        line += " " + _("Expected now: %(share)s.") % {"share": percent(figure.expected_attainment)}
    measured = _("%(value)s was measured on %(day)s.") % {
        "value": value(latest.value, indicator),
        "day": day(latest.on),
    }
    if figure.last_by and figure.last_on == latest.on:
        measured = _("%(value)s was measured on %(day)s by %(name)s.") % {
            "value": value(latest.value, indicator),
            "day": day(latest.on),
            "name": figure.last_by,
        }
    return [line, measured]


def calculation_steps(found: BenefitFigure) -> list[str]:
    """Return how a full year's value is calculated: formula with inputs, where from, when and by whom."""
    calculation = found.calculation
    if calculation is None:
        return []
    total = amount(found.per_year, found.benefit.type)
    steps = [
        _("%(formula)s = %(total)s in a year when the target is reached.")
        % {"formula": calculation_formula(calculation), "total": total}
    ]
    if calculation.basis:
        steps.append(calculation.basis)
    steps.append(
        _("Calculated on %(day)s by %(name)s.") % {"day": day(calculation.on), "name": calculation.by_name}
    )
    return steps


def calculation_formula(calculation: Calculation) -> str:
    method = Calculation.Method
    match calculation.method:
        case method.FEWER_TASKS:
            return _("%(times)s fewer a year × %(cost)s") % {
                "times": number(calculation.times_per_year, EXACT),
                "cost": money(calculation.cost_each_nok, places=EXACT),
            }
        case method.TIME_SAVED:
            return _("%(times)s times a year × %(minutes)s minutes / 60") % {
                "times": number(calculation.times_per_year, EXACT),
                "minutes": number(calculation.minutes_each, EXACT),
            }
        case method.CONSUMPTION | method.AGREEMENT:
            return f"{money(calculation.today_nok)} {MINUS} {money(calculation.later_nok)}"
    o, m, p = (number(v) for v in (calculation.optimistic, calculation.likely, calculation.pessimistic))
    return f"({o} + 3 × {m} + {p}) / 5"


def year_steps(found: BenefitFigure, year: YearFigure) -> list[str]:
    """Return how planned and realised of a year come about."""
    kind = found.benefit.type
    steps = []
    if year.planned is not None:
        steps.append(
            _("Planned in %(year)s: %(amount)s.") % {"year": year.year, "amount": amount(year.planned, kind)}
        )
    if year.planned_to_date is not None:
        steps.append(_("Of that by today: %(amount)s.") % {"amount": amount(year.planned_to_date, kind)})
    if year.realised is not None:
        steps.append(
            _("Realised so far: %(amount)s. That is a full year's value × how far you have been, day by day.")
            % {"amount": amount(year.realised, kind)}
        )
    elif year.planned is not None:
        steps.append(_("Nothing is measured yet, so nothing counts as realised."))
    return steps


def hours_steps(hours: Decimal, rate) -> list[str]:
    """Return hours as årsverk and kroner at the municipality's own rate of the year."""
    from_hours = _("%(hours)s hours / %(per)s hours in a full-time equivalent = %(n)s") % {
        "hours": number(hours, 2),
        "per": number(rate.hours_per_fte),
        "n": number(rate.equivalents(hours), 2),
    }
    in_nok = _(
        "%(hours)s hours × %(rate)s kr, the rate of %(year)s = %(nok)s. It is not money out of the budget."
    ) % {
        "year": rate.year,
        "hours": number(hours, 2),
        "rate": number(rate.nok_per_hour),
        "nok": money(rate.value(hours)),
    }
    return [from_hours, in_nok]


def sum_steps(found: Sum) -> list[str]:
    """Return how a sum came about, benefit by benefit, with what is claimed twice taken out."""
    if found.type == BenefitType.QUALITY:
        return [
            _("%(reached)s of the %(due)s goals that are due in %(year)s are reached. Goals are counted.")
            % {"reached": number(found.realised), "due": number(found.planned), "year": found.year}
        ]
    steps = []
    for figure in found.benefits[:NAMED]:
        year = figure.in_year(found.year)
        known = year.planned is not None
        steps.append(
            _("%(name)s: %(realised)s of %(planned)s")
            % {
                "name": figure.benefit.name,
                "realised": amount(year.realised, found.type),
                "planned": amount(year.planned, found.type) if known else _("not calculated"),
            }
        )
    if more := len(found.benefits[NAMED:]):
        steps.append(_("And %(n)s more. They are all in the spreadsheet.") % {"n": number(Decimal(more))})
    if found.overlap:
        steps.append(
            _("Counted twice and taken out: %(amount)s.") % {"amount": amount(found.overlap, found.type)}
        )
    return steps


def net_rows(benefit, amounts) -> list[dict]:
    """Return the years of a benefit with their net. Hours have no net in kroner: then it is left out."""
    if not amounts:
        return []
    priced = benefit.type == BenefitType.AVOIDED_COST
    gross, project, running = (
        {row.year: Decimal(getattr(row, name) or 0) for row in amounts}
        for name in ("gross", "project_cost_nok", "operating_cost_nok")
    )
    net = arithmetic.yearly_net(amounts[0].year, gross, project, running) if priced else {}
    shown = [net.get(row.year) for row in amounts] + [*project.values(), *running.values()]
    millions = in_millions([*shown, *gross.values()] if priced else shown)
    return [
        {
            "year": row.year,
            "gross": amount(row.gross, benefit.type, millions) if row.gross is not None else "–",
            "project": money(Decimal(row.project_cost_nok), millions),
            "running": money(Decimal(row.operating_cost_nok), millions),
            "net": money(net[row.year], millions) if row.year in net else "–",
        }
        for row in amounts
    ]
