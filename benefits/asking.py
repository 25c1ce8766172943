"""How a person is asked for one number: the question, the period in words, and the doubt about an answer.

A doubt asks and never blocks. Source: ux 4.14.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from benefits import arithmetic, calendars, wording
from innovasjon.templatetags.innovasjon import in_sentence


def figure(value: Decimal) -> str:
    """Return a number as people read it, with every decimal it has: «3 480», «2,5»."""
    return wording.number(value, 3)


def period_in_words(frequency: str, day: date) -> str:
    """Return the period a day belongs to: «uke 46», «november 2026», «4. kvartal 2026», the date."""
    if frequency == calendars.WEEKLY:
        return _("week %(number)s") % {"number": day.isocalendar().week}
    if frequency == calendars.MONTHLY:
        return date_format(day, "F Y")
    if frequency == calendars.QUARTERLY:
        return _("quarter %(number)s of %(year)s") % {"number": (day.month + 2) // 3, "year": day.year}
    return date_format(day, "j. F Y")


def question(indicator, day: date) -> str:
    """Return the question with its period: «Hvor mange turer kjørte sone Nord i uke 46?»."""
    asked = indicator.question.strip().rstrip("?") or _("How much is «%(name)s»") % {"name": indicator.name}
    period = period_in_words(indicator.frequency, day)
    if indicator.frequency == calendars.DATES:
        return _("%(question)s on %(day)s?") % {"question": asked, "day": period}
    return _("%(question)s in %(period)s?") % {"question": asked, "period": period}


def unit(indicator) -> str:
    """Return the unit as it stands beside the number: «turer» of «turer per uke»."""
    return wording.counted(indicator)


def label(indicator, day: date) -> str:
    """Return the field's label: «Turer i uke 46»."""
    name = unit(indicator)
    period = period_in_words(indicator.frequency, day)
    text = _("%(unit)s, %(day)s") if indicator.frequency == calendars.DATES else _("%(unit)s in %(period)s")
    return text % {"unit": name[:1].upper() + name[1:], "period": period, "day": period}


def hint(indicator, last) -> str:
    """Return where the number is found, and what it was last."""
    where = indicator.hint.strip()
    if where and where[-1] not in ".!?":
        where += "."
    return " ".join(part for part in (where, last_value(indicator, last)) if part)


def who(person) -> str:
    """Return whom one answers as: «avdelingsleder sone Nord», or the name."""
    return in_sentence(person.position) if person.position else person.name


def last_value(indicator, last) -> str:
    """Return what was measured last: «Uke 41 var det 339.»; empty without one."""
    if last is None or last.value is None:
        return ""
    period = period_in_words(indicator.frequency, last.on)
    told = _("In %(period)s it was %(value)s.") % {"period": period, "value": figure(last.value)}
    return told[:1].upper() + told[1:]


@dataclass(frozen=True)
class Doubt:
    """What is asked back about a number. `far`: the person must say that it is right."""

    heading: str
    text: str
    far: bool = False


def doubt(value: Decimal, *, indicator, last: Decimal | None, expected: Decimal | None, tolerance: Decimal):
    """Return the doubt about a value, or None. Far from the last value goes before far from the path."""
    if arithmetic.is_far_out(value, last):
        return far_out(value, last)
    if expected is None or abs(value - expected) <= tolerance:
        return None
    near = expected.quantize(
        Decimal(1) if value == value.to_integral_value() else Decimal("0.1"), ROUND_HALF_UP
    )
    difference = arithmetic.deviation(value, near)
    heading = _("%(number)s more than expected") if difference > 0 else _("%(number)s less than expected")
    return Doubt(
        heading % {"number": wording.difference(abs(difference), indicator)},
        _("Expected is %(expected)s. If the number is right, save it. Please write why below.")
        % {"expected": wording.value(near, indicator)},
    )


def far_out(value: Decimal, last: Decimal) -> Doubt:
    """Ask about a number five times the last one or a fifth of it; a digit too many or too few is named."""
    shifted = next((v for v in (value / 10, value * 10) if not arithmetic.is_far_out(v, last)), None)
    told = {"value": figure(value), "last": figure(last), "meant": figure(shifted) if shifted else ""}
    if abs(value) > abs(last) and value * last > 0:
        times = round(value / last)
        heading = pgettext("times", "%(value)s is %(times)s times as much as last") % {
            **told,
            "times": _("ten") if times == 10 else times,
        }
    else:
        heading = _("%(value)s is far less than last, which was %(last)s") % told
    text = (
        _("Did you mean %(meant)s? If the number is right, tick below.")
        if shifted
        else _("If the number is right, tick below.")
    )
    return Doubt(f"{heading}.", text % told, far=True)
