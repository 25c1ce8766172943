"""Lateness and zones of risk, on pages and in documents."""

from django import template
from django.utils.html import format_html

from roadmap.plan_wording import late_text, moved_text, zone_words
from roadmap.risk_zones import GREEN, ORANGE, RED, YELLOW

register = template.Library()

# Each zone has its own shape: diamond, triangle, square, circle.
SHAPES = {
    RED: ("M7 0l7 7-7 7-7-7z", "#b3261e"),
    ORANGE: ("M7 1l7 12.500h-14z", "#9a5b00"),
    YELLOW: ("M1.500 1.500h11v11h-11z", "#857300"),
    GREEN: ("M7 1a6 6 0 010 12a6 6 0 010-12z", "#0a7d5a"),
}


@register.filter
def days_late(days):
    return late_text(days)


@register.filter
def moved_by(activity):
    return moved_text(activity)


@register.filter
def zone_word(zone):
    return zone_words()[zone]


@register.simple_tag
def zone_mark(zone):
    """Draw a zone's shape; hidden from screen readers, so its word must stand beside it."""
    path, colour = SHAPES[zone]
    return format_html(
        '<svg class="zone-mark" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">'
        '<path d="{}" fill="{}"/></svg> ',
        path,
        colour,
    )
