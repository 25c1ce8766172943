"""How figures of benefits are told in words. Nothing is computed here, only told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format, get_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from benefits import calendars
from benefits.arithmetic import Point
from benefits.figures import BenefitFigure, IndicatorFigure, Reading, State
from benefits.models import BenefitType, Indicator
from benefits.models.indicators import Unit
from benefits.sums import ProjectBenefits, Sum
from innovasjon.templatetags.innovasjon import NARROW_SPACE, day, in_sentence

MINUS = "\N{MINUS SIGN}"
MILLION = Decimal(1_000_000)
PLACES, MOST_PLACES = 2, 3
SEEN = Decimal("0.0005")  # a smaller difference is none, with as many decimals as are kept


def number(value: Decimal | int | None, places: int = PLACES) -> str:
    """«5 240», «2,5», «−3»: at most so many decimals, none that are 0. «Not measured» when missing."""
    if value is None:
        return _("Not measured")
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _dot, decimals = f"{abs(rounded):f}".partition(".")
    text = f"{int(whole):,}".replace(",", NARROW_SPACE)
    if decimals := decimals.rstrip("0"):
        text += f"{get_format('DECIMAL_SEPARATOR')}{decimals}"
    return f"{MINUS}{text}" if rounded < 0 else text


def difference(amount: Decimal, indicator: Indicator, places: int = PLACES) -> str:
    """How far two values are apart: «27»; of percentages «1 prosentpoeng»."""
    text = number(amount, places)
    if indicator.unit != Unit.PERCENT:
        return text
    counter = 1 if text == "1" else 2
    return ngettext("%(n)s percentage point", "%(n)s percentage points", counter) % {"n": text}


def signed(amount: Decimal, indicator: Indicator, places: int = PLACES) -> str:
    """«+27», «−3», «0», «+1 prosentpoeng»."""
    text = difference(amount, indicator, places)
    return f"+{text}" if amount > 0 and number(amount, places) != "0" else text


def percent(share: Decimal | None) -> str:
    """A share as «37 %»; «–» when none can be computed."""
    if share is None:
        return "–"
    told = number(share * 100, 0)
    return "99 %" if share < 1 and told == "100" else f"{told} %"


def value(amount: Decimal | None, indicator: Indicator, places: int = PLACES) -> str:
    """A value in the indicator's unit: «348», «93 %»."""
    if amount is None:
        return _("Not measured")
    return f"{number(amount, places)} %" if indicator.unit == Unit.PERCENT else number(amount, places)


def path(points: Iterable[tuple[date, Decimal]]) -> str:
    """«01.09.2026: 350», a line for each point of an expected path."""
    return "\n".join(f"{on:%d.%m.%Y}: {number(expected, 3)}" for on, expected in sorted(points))


def with_unit(amount: Decimal, indicator: Indicator) -> str:
    """«348 turer»: the value with what is counted."""
    return (
        value(amount, indicator)
        if indicator.unit == Unit.PERCENT
        else f"{number(amount)} {counted(indicator)}"
    )


def counted(indicator: Indicator) -> str:
    """What is counted, without how often: «turer» of «turer per uke»."""
    return indicator.unit_in_words.split(" per ")[0]


def in_millions(amounts: Iterable[Decimal | None]) -> bool:
    """Whether kroner that stand together are told in millions: some are that many, and none is too few to
    be seen with one decimal.
    """
    sizes = [abs(nok) for nok in amounts if nok]
    return max(sizes, default=0) >= MILLION and min(sizes) >= MILLION / 10


def money(nok: Decimal, millions: bool = False, places: int = 0) -> str:
    """«2 140 000 kr», as a calculation shows it, or «2,1 mill. kr»; what stands together has one unit."""
    if millions:
        return _("%(n)s mill. kr") % {"n": number(nok / MILLION, 1)}
    return _("%(n)s kr") % {"n": number(nok, places)}


def amount(value: Decimal | None, kind: str, millions: bool = False) -> str:
    """An amount of a type in its own unit: kroner, hours, or a count of goals."""
    if value is None:
        return _("Not measured")
    if kind == BenefitType.AVOIDED_COST:
        return money(value, millions)
    if kind == BenefitType.TIME_SAVED:
        return _("%(n)s hours") % {"n": number(value, 0)}
    return number(value, 0)


def month(on: date) -> str:
    """«februar 2026»."""
    return date_format(on, "F Y")


def period(measured, frequency: str) -> str:
    """The period of a measurement: «Uke 46, november», «november 2026», «4. kvartal 2026», a date."""
    return period_on(measured.on, frequency)


def period_on(on: date, frequency: str) -> str:
    key = calendars.period_of(frequency, on)
    if frequency == calendars.WEEKLY:
        return _("Week %(week)s, %(month)s") % {
            "week": int(key.partition("W")[2]),
            "month": date_format(on, "F"),
        }
    if frequency == calendars.MONTHLY:
        return capfirst(month(on))
    if frequency == calendars.QUARTERLY:
        return _("%(quarter)s. quarter %(year)s") % {"quarter": key[-1], "year": on.year}
    return day(on)


# --- How it stands ------------------------------------------------------------------------------

CONDITION = {
    State.REACHED: "on_track",
    State.AHEAD: "on_track",
    State.ON_PLAN: "on_track",
    State.BEHIND: "watch",
    State.WRONG_WAY: "watch",
    State.STALE: "watch",
}


@dataclass(frozen=True)
class Standing:
    """A condition as shape and word."""

    condition: str  # on_track, watch, not_assessed: the shape and the colour
    label: str


def standing(state: State) -> Standing:
    """Return how an indicator stands, in a word or two."""
    labels = {
        State.REACHED: _("The target is reached"),
        State.AHEAD: _("Ahead of plan"),
        State.ON_PLAN: _("On plan"),
        State.BEHIND: _("Behind plan"),
        State.WRONG_WAY: _("Behind plan"),
        State.STALE: _("Not measured lately"),
        State.TALKED: _("Talked with"),
        State.NO_TARGET: _("No target"),
    }
    return Standing(CONDITION.get(state, "not_assessed"), labels.get(state, _("Not measured")))


def reading_standing(reading: Reading) -> Standing:
    """Return how one measurement stood on its day."""
    if reading.expected is None:
        return Standing("not_assessed", _("No path"))
    return standing(State.BEHIND if reading.is_outside else State.ON_PLAN)


def sum_standing(found: Sum) -> Standing:
    """Return how a sum stands; a plan that begins later in the year is a plan all the same."""
    if found.standing == "none" and found.net_planned:
        return Standing("not_assessed", _("Not expected yet"))
    return {
        "on_plan": Standing("on_track", _("On plan")),
        "nearly": Standing("watch", _("A little behind plan")),
        "behind": Standing("watch", _("Behind plan")),
        "none": Standing("not_assessed", _("Not planned")),
    }[found.standing]


def finding(figure: IndicatorFigure) -> str:
    """Return the heading that states the finding."""
    state = figure.state
    if state == State.BEHIND:
        if figure.direction == 0:
            return _("The number is outside what you allow")
        went = figure.latest.value - figure.baseline
        if figure.direction < 0 and went < 0:
            return _("The number falls, but not fast enough")
        if figure.direction > 0 and went > 0:
            return _("The number rises, but not fast enough")
        return _("The number stands still")
    if state == State.STALE:
        last = figure.last_on or figure.latest.on
        same_year = last.year == figure.today.year
        return _("Not measured since %(month)s") % {"month": date_format(last, "F" if same_year else "F Y")}
    return {
        State.NO_BASELINE: _("The baseline is missing"),
        State.NO_TARGET: _("The target is missing"),
        State.NO_MEASUREMENTS: _("No measurements yet"),
        State.TALKED: _("Told in conversations"),
        State.REACHED: _("The target is reached"),
        State.AHEAD: _("Ahead of plan"),
        State.ON_PLAN: _("On plan"),
        State.WRONG_WAY: _("The number goes the wrong way"),
    }[state]


def against_expected(reading: Reading, indicator: Indicator) -> str:
    """«27 over forventet 321», «som forventet»."""
    if reading.expected is None:
        return ""
    places = expected_places(reading)
    if number(reading.difference, places) == "0":
        return _("as expected")
    told = {
        "n": difference(abs(reading.difference), indicator, places),
        "expected": value(reading.expected, indicator, places),
    }
    text = (
        _("%(n)s above the expected %(expected)s")
        if reading.difference > 0
        else _("%(n)s below the expected %(expected)s")
    )
    return text % told


def expected_places(reading: Reading) -> int:
    """Decimals of an expected value beside what was measured, so that their difference adds up."""
    return telling_places(reading.value, reading.expected)


def telling_places(measured: Decimal, expected: Decimal | None) -> int:
    """Return how many decimals it takes for the told numbers to add up and a difference to be seen.

    No more than what was measured has, if that is enough.

    >>> [telling_places(Decimal(m), Decimal(e)) for m, e in (("348", "321"), ("348", "320.5"), ("8", "7.6"))]
    [0, 1, 1]
    """
    fewest = decimals_of(measured)
    if expected is None:
        return fewest
    for places in range(fewest, MOST_PLACES):
        unit = Decimal(1).scaleb(-places)
        m, e, apart = (
            Decimal(n).quantize(unit, ROUND_HALF_UP) for n in (measured, expected, measured - expected)
        )
        if m - e == apart and (apart or abs(measured - expected) < SEEN):
            return places
    return MOST_PLACES


def decimals_of(value: Decimal) -> int:
    return max(0, -Decimal(value).normalize().as_tuple().exponent) if value else 0


def measured_and_expected(deviation, indicator: Indicator) -> str:
    """«348 turer målt, 321 forventet»."""
    return _("%(measured)s measured, %(expected)s expected") % {
        "measured": with_unit(deviation.measured, indicator),
        "expected": value(
            deviation.expected, indicator, telling_places(deviation.measured, deviation.expected)
        ),
    }


def deviation_size(deviation, indicator: Indicator) -> str:
    """«27 turer for mye»."""
    places = telling_places(deviation.measured, deviation.expected)
    size = difference(abs(deviation.difference), indicator, places)
    told = {"amount": size if indicator.unit == Unit.PERCENT else f"{size} {counted(indicator)}"}
    if deviation.difference > 0:
        return _("%(amount)s too much") % told
    return _("%(amount)s too little") % told


def open_for(days: int) -> str:
    if days <= 0:
        return _("Opened today")
    return ngettext("Open for %(n)s day", "Open for %(n)s days", days) % {"n": days}


def no_measurements(figure: IndicatorFigure) -> str:
    due = figure.indicator.next_due_on
    if due is None:
        return _("No measurements yet.")
    if due < figure.today:
        return _("No measurements yet. The first was planned for %(day)s, and is overdue.") % {
            "day": day(due)
        }
    return _("No measurements yet. The first is planned for %(day)s.") % {"day": day(due)}


def sum_label(found: Sum) -> str:
    """The type, and for kroner whether they leave the budget when there are both kinds."""
    label = str(BenefitType(found.type).label)
    if found.is_cash is False:
        return _("%(type)s, not out of the budget") % {"type": label}
    return label


def deviations_headline(count: int) -> str:
    return ngettext("%(n)s open deviation", "%(n)s open deviations", count) % {"n": count}


def sums_in_millions(found: Iterable[Sum]) -> bool:
    """Whether the kroner of sums that stand together are told in millions."""
    return in_millions(
        nok
        for one in found
        if one.type == BenefitType.AVOIDED_COST
        for nok in (one.net_realised, one.net_planned)
    )


def sum_sentence(found: Sum, millions: bool | None = None) -> str:
    """«2,1 mill. kr av 3,4 mill. kr», «7 av 11 mål nådd».

    millions: how kroner are told, where other sums stand beside this one.
    """
    if millions is None:
        millions = sums_in_millions([found])
    told = {
        "realised": amount(found.net_realised, found.type, millions),
        "planned": amount(found.net_planned, found.type, millions),
    }
    if found.type == BenefitType.QUALITY:
        if not found.planned:
            return _("No goal shall be reached in %(year)s") % {"year": found.year}
        return _("%(realised)s of %(planned)s goals reached") % told
    if not found.net_planned and not found.net_realised:
        return _("Nothing is planned for %(year)s") % {"year": found.year}
    return _("%(realised)s of %(planned)s") % told


def overlap_sentence(found: Sum) -> str:
    """«Brutto 500 timer, ført to ganger 200 timer, netto 300 timer.»"""
    amounts = {"gross": found.planned, "overlap": found.overlap, "net": found.net_planned}
    millions = in_millions(amounts.values())
    return _("Gross %(gross)s, claimed twice %(overlap)s, net %(net)s.") % {
        name: amount(value, found.type, millions) for name, value in amounts.items()
    }


def saved(outcome, figure: IndicatorFigure) -> str:
    """«348 er lagret for uke 46. 27 over forventet 321. Avviket er åpnet.»"""
    measurement, indicator = outcome.measurement, figure.indicator
    when = period(measurement, indicator.frequency).lower()
    if measurement.value is None:
        return _("The conversation is saved for %(period)s.") % {"period": when}
    parts = [
        _("%(value)s is saved for %(period)s.")
        % {"value": with_unit(measurement.value, indicator), "period": when}
    ]
    if against := against_expected(figure.reading(Point(measurement.on, measurement.value)), indicator):
        parts.append(f"{capfirst(against)}.")
    became = {
        "opened": _("A deviation is opened. Write the cause and what you do about it."),
        "missed": _("The deviation is still open."),
        "lifted": _("It is the second miss. The deviation is lifted to the project owner."),
        "closed": _("The deviation is closed."),
        "corrected": _("The deviation is closed: the number was wrong."),
    }.get(outcome.became)
    return " ".join([*parts, became] if became else parts)


def kind_unit(kind: str) -> str:
    """What a type is counted in."""
    return {
        BenefitType.AVOIDED_COST: _("kroner"),
        BenefitType.TIME_SAVED: _("hours"),
        BenefitType.QUALITY: _("goals"),
    }[kind]


def yes_no(value: bool) -> str:
    return pgettext("answer", "Yes") if value else pgettext("answer", "No")


def deviation_blocker(figure: IndicatorFigure) -> str:
    """«Avviket i medisinturer mangler årsak og tiltak»."""
    deviation, told = figure.deviation, {"name": in_sentence(figure.indicator.name)}
    if deviation.is_lifted:
        return _("The deviation in %(name)s is lifted to the project owner") % told
    if not deviation.cause and not deviation.has_action:
        return _("The deviation in %(name)s lacks cause and action") % told
    if not deviation.cause:
        return _("The deviation in %(name)s lacks a cause") % told
    if not deviation.has_action:
        return _("The deviation in %(name)s lacks an action") % told
    return _("The deviation in %(name)s is open") % told


def change(measurement) -> str:
    """«Medisinturer: 348 turer, uke 46, november»."""
    indicator = measurement.indicator
    when = period(measurement, indicator.frequency).lower()
    if measurement.value is None:
        return _("%(name)s: a conversation, %(period)s") % {"name": indicator.name, "period": when}
    told = {"name": indicator.name, "value": with_unit(measurement.value, indicator), "period": when}
    if measurement.replaces_id:
        return _("%(name)s: corrected to %(value)s, %(period)s") % told
    return _("%(name)s: %(value)s, %(period)s") % told


def plain(amount: Decimal | None) -> str:
    """A number as JSON keeps it: without trailing zeros, point for decimals."""
    return "" if amount is None else f"{Decimal(amount).quantize(Decimal('0.001')).normalize():f}"


def on_plan(found: ProjectBenefits) -> str:
    """«3 av 4 gevinster på plan, 1 åpent avvik»; those nobody can judge are told apart, never left out."""
    on, judged = found.on_plan
    parts = [_("%(on)s of %(of)s benefits on plan") % {"on": on, "of": judged}]
    unknown = len(found.benefits) - judged
    if not judged:
        parts = [_("No benefit can be judged yet")]
    elif unknown:
        parts.append(ngettext("%(n)s cannot be judged", "%(n)s cannot be judged", unknown) % {"n": unknown})
    if found.deviations:
        parts.append(deviations_headline(len(found.deviations)))
    return ", ".join(parts)


def told(found: BenefitFigure) -> dict:
    """Return a benefit's row in words, as a report freezes it."""
    main = found.main
    latest = main.latest if main else None
    return {
        "name": found.benefit.name,
        "kind": str(found.benefit.get_type_display()),
        "unit": str(main.indicator.unit_in_words) if main else "",
        "baseline": value(main.baseline, main.indicator) if main else _("Not measured"),
        "latest": value(latest.value, main.indicator) if latest else _("Not measured"),
        "target": value(main.target, main.indicator) if main and main.target is not None else "–",
        "attainment": percent(main.attainment) if main else "–",
        "standing": standing(found.state).label,
        "condition": standing(found.state).condition,
        "next_on": found.next_due_on,
    }
