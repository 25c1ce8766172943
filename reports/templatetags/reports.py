"""How a deck's charts are drawn in a template, and what a report's news is called. Presentation only."""

from django import template
from django.utils.translation import gettext as _

from innovasjon.templatetags.innovasjon import day
from reports.presentations.drawings import bars_svg

register = template.Library()


@register.simple_tag
def bars(block, colours):
    """Draw bars as SVG."""
    return bars_svg(block, colours)


@register.filter
def news_heading(report):
    """«Nytt siden forrige rapport 4. oktober 2026», of a first report «Nytt siden 1. august 2026».

    A report that was frozen without the day says only «Nytt siden forrige rapport».
    """
    if not (since := report.get("news_since_on")):
        return _("New since the last report")
    if report["news_after_report"]:
        return _("New since the last report %(day)s") % {"day": day(since)}
    return _("New since %(day)s") % {"day": day(since)}
