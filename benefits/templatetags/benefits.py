"""Figures of benefits as people read them, on pages and in documents. Presentation only."""

from django import template
from django.utils.safestring import mark_safe

from benefits import drawings, explanations, wording

register = template.Library()


@register.filter
def in_unit(value, indicator):
    """«348», «93 %», «Ikke målt»."""
    return wording.value(value, indicator)


@register.filter
def expected_in_unit(reading, indicator):
    """What was expected, with no more decimals than what was measured."""
    if reading is None or reading.expected is None:
        return "–"
    return wording.value(reading.expected, indicator, wording.expected_places(reading))


@register.filter
def difference(reading, indicator):
    """«+27», «–» without a path."""
    if reading is None or reading.difference is None:
        return "–"
    return wording.signed(reading.difference, indicator, wording.expected_places(reading))


@register.filter
def percent(share):
    return wording.percent(share)


@register.filter
def standing(figure):
    """How an indicator or a benefit stands: `.condition` and `.label`."""
    return wording.standing(figure.state)


@register.filter
def reading_standing(reading):
    return wording.reading_standing(reading)


@register.filter
def sum_standing(found):
    return wording.sum_standing(found)


@register.filter
def sum_label(found):
    return wording.sum_label(found)


@register.filter
def sum_steps(found):
    return explanations.sum_steps(found)


@register.filter
def sum_bar(found):
    """Draw a sum as a bar with the plan as a black stroke."""
    title = f"{wording.sum_label(found)}: {wording.sum_sentence(found)}"
    return mark_safe(drawings.bar(found, title))  # noqa: S308  our own drawing, texts escaped in it


@register.filter
def sum_sentence(found, millions=None):
    return wording.sum_sentence(found, millions)


@register.filter
def overlap_sentence(found):
    return wording.overlap_sentence(found)


@register.filter
def sparkline(figure):
    return mark_safe(drawings.sparkline(figure)) if figure else ""  # noqa: S308  our own drawing


@register.filter
def against_expected(figure):
    """«27 over forventet 321»."""
    return wording.against_expected(figure.latest, figure.indicator) if figure.latest else ""


@register.filter
def finding(figure):
    return wording.finding(figure)


@register.filter
def month(on):
    return wording.month(on) if on else ""


@register.filter
def period(measurement, frequency):
    """The period of a measurement in words."""
    return wording.period(measurement, frequency)


@register.filter
def first_line(text):
    return (text or "").strip().split("\n")[0].split(". ")[0].rstrip(".")


@register.filter
def after_first_line(text):
    """What follows the first line or sentence, so that a cause has a heading and a text."""
    whole = (text or "").strip()
    return whole[len(first_line(whole)) :].lstrip(". \n")


@register.filter
def expected_now(figure):
    """What is expected today, with no more decimals than what was measured last."""
    places = wording.expected_places(figure.latest) if figure.latest else 0
    return wording.value(figure.expected_today, figure.indicator, places)


@register.filter
def plain_number(value):
    return wording.number(value)
