"""How a deck's charts are drawn in a template. Presentation only."""

from django import template

from reports.presentations.drawings import bars_svg

register = template.Library()


@register.simple_tag
def bars(block, colours):
    """Draw bars as SVG."""
    return bars_svg(block, colours)
