"""An attitude as shape and word, on pages and in documents."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from stakeholders.drawings import mark
from stakeholders.models import Attitude
from stakeholders.wording import measure_status

register = template.Library()


@register.simple_tag
def attitude_mark(attitude):
    """Draw an attitude's shape; hidden from screen readers, so a word must stand beside it."""
    return format_html(
        '<svg class="icon" font-family="Inter" viewBox="0 0 20 20" aria-hidden="true">{}</svg>',
        mark_safe(mark(attitude, 10, 10)),  # noqa: S308  our own drawing
    )


@register.simple_tag
def attitude_path(attitudes):
    """Draw the attitudes at the end of each phase as a row of shapes; decoration beside the words."""
    width = 12 + 22 * len(attitudes)
    line = f'<path d="M10 8h{22 * (len(attitudes) - 1)}" stroke="#b9c4cf" stroke-width="1.5"/>'
    marks = "".join(mark(attitude, 10 + 22 * n, 8) for n, (_phase, attitude) in enumerate(attitudes))
    return format_html(
        '<svg class="attitude-path" viewBox="0 0 {} 16" width="{}" height="16" aria-hidden="true">{}</svg>',
        width,
        width,
        mark_safe(line + marks),  # noqa: S308  our own drawing
    )


@register.filter
def attitude_label(attitude):
    return Attitude(attitude).label


@register.filter
def is_overdue(measure, today):
    return measure.is_overdue(today)


@register.filter
def status_on(measure, today):
    return measure_status(measure, today)
