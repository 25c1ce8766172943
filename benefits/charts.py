"""The drawing of an indicator with its texts, for a page, a phone or paper."""

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from benefits import wording
from benefits.drawings import Size, Words, progress
from benefits.figures import IndicatorFigure
from innovasjon.templatetags.innovasjon import SHORT_MONTHS, day


def title(figure: IndicatorFigure) -> str:
    """Return the drawing as a sentence: what is measured, both ends and the last measurement."""
    indicator = figure.indicator
    parts = [f"{indicator.name}, {indicator.unit_in_words}: {wording.finding(figure)}."]
    if figure.baseline is not None:
        parts.append(
            _("Baseline %(value)s in %(month)s.")
            % {
                "value": wording.value(figure.baseline, indicator),
                "month": wording.month(indicator.baseline_on),
            }
        )
    if figure.target is not None:
        parts.append(
            _("Target %(value)s by %(day)s.")
            % {"value": wording.value(figure.target, indicator), "day": day(indicator.target_on)}
        )
    if latest := figure.latest:
        parts.append(
            _("Last measurement %(value)s in %(month)s, %(against)s.")
            % {
                "value": wording.value(latest.value, indicator),
                "month": wording.month(latest.on),
                "against": wording.against_expected(latest, indicator) or _("without an expected path"),
            }
        )
    parts.append(_("The table has all the measurements."))
    return " ".join(parts)


def words(figure: IndicatorFigure) -> Words:
    """Return the texts of the drawing of an indicator."""
    indicator, latest = figure.indicator, figure.latest
    return Words(
        title=title(figure),
        unit=capfirst(indicator.unit_in_words),
        baseline=_("Baseline %(value)s") % {"value": wording.value(figure.baseline, indicator)},
        target=_("Target %(value)s") % {"value": wording.value(figure.target, indicator)},
        target_on=day(indicator.target_on),
        latest=_("%(value)s measured") % {"value": wording.value(latest.value, indicator)} if latest else "",
        against=wording.against_expected(latest, indicator) if latest else "",
        tolerance=_("allowed deviation ± %(value)s")
        % {"value": wording.difference(figure.tolerance, indicator)},
        number=wording.number,
        month=lambda on, with_year: (
            f"{SHORT_MONTHS[on.month]} {on:%y}" if with_year else date_format(on, "F")
        ),
    )


def chart(figure: IndicatorFigure, size: Size) -> str:
    """Return the drawing of an indicator, for a page or for paper; "" when there is nothing to draw."""
    return progress(figure, words(figure), size)
