"""How things look in text: dates, counts and icons. Presentation only."""

from collections import Counter
from datetime import datetime, timedelta

from django import template
from django.forms import Field
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_AP
from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from innovasjon import meanwhile
from innovasjon.icons import ICONS

register = template.Library()

GENERAL_ERRORS = {"min_value", "max_value", "step_size", "min_length", "max_length"}
GENERAL_ERRORS |= {"max_digits", "max_decimal_places", "max_whole_digits"}
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
SHORT_MONTHS = {**MONTHS_AP, **{n: MONTHS[n] for n in (3, 6, 7)}}  # bokmål writes mars, juni and juli whole
WORDS = [
    gettext_lazy("no"),
    gettext_lazy("one"),
    gettext_lazy("two"),
    gettext_lazy("three"),
    gettext_lazy("four"),
    gettext_lazy("five"),
    gettext_lazy("six"),
    gettext_lazy("seven"),
    gettext_lazy("eight"),
    gettext_lazy("nine"),
    gettext_lazy("ten"),
    gettext_lazy("eleven"),
    gettext_lazy("twelve"),
]


DRAWN = {
    name: mark_safe(  # noqa: S308  our own drawings
        f'<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">{drawing}</svg>'
    )
    for name, drawing in ICONS.items()
}


@register.simple_tag
def icon(name):
    """Draw an icon; it is hidden from screen readers, so a word must stand beside it."""
    return DRAWN[name]


@register.filter
def in_words(number):
    """Two → «two», in the reader's language; above twelve in digits."""
    return str(WORDS[number]) if 0 <= number < len(WORDS) else thousands(number)


def in_sentence(text: str) -> str:
    """Return a text without its first capital, as it stands inside a sentence; an abbreviation keeps its own.

    >>> in_sentence("Medisinturer"), in_sentence("IKT-kostnader"), in_sentence("Timer i KommIT")
    ('medisinturer', 'IKT-kostnader', 'timer i KommIT')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@register.filter
def thousands(number):
    """5240 → «5 240», with a narrow space that does not break."""
    return f"{number:,}".replace(",", NARROW_SPACE)


@register.filter
def figure(number, unit=""):
    """A decimal with its unit as people read it: «1 480 turer i uka», «81,5 %»; «» for no number."""
    if number is None:
        return ""
    whole, _point, rest = f"{number:f}".partition(".")
    sign, digits = ("\N{MINUS SIGN}", whole[1:]) if whole.startswith("-") else ("", whole)
    rest = rest.rstrip("0")
    text = f"{sign}{thousands(int(digits))}" + (f",{rest}" if rest else "")
    return f"{text}\N{NO-BREAK SPACE}{unit}" if unit else text


def local_day(value):
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def day(value):
    """«19. november 2026»."""
    if not value:
        return ""
    found = local_day(value)
    return f"{found.day}. {MONTHS[found.month]} {found.year}"


@register.filter
def short_day(value, today=None):
    """«19. nov.», with the year when it is not today's."""
    if not value:
        return ""
    found = local_day(value)
    same_year = not today or found.year == today.year
    return f"{found.day}. {SHORT_MONTHS[found.month]}" + ("" if same_year else f" {found.year}")


@register.filter
def clock(value):
    """«kl. 10.42»."""
    if not value:
        return ""
    return _("at %(time)s") % {"time": date_format(timezone.localtime(value), "H.i")}


@register.filter
def day_or_clock(value):
    """«kl. 10.42», with the day before it when that is not today: «19. nov. kl. 10.42»."""
    today = timezone.localdate()
    is_today = value and local_day(value) == today
    return clock(value) if is_today or not value else f"{short_day(value, today)} {clock(value)}"


@register.filter
def day_and_clock(value):
    """«19. november 2026 kl. 10.42»."""
    return f"{day(value)} {clock(value)}" if value else ""


@register.filter
def relative_day(value, today):
    """Today, yesterday and tomorrow by name; else the short day."""
    found = local_day(value)
    names = {0: _("Today"), -1: _("Yesterday"), 1: _("Tomorrow")}
    return names.get((found - today) // timedelta(days=1)) or short_day(found, today)


@register.filter
def attributes(found):
    """Name → value as the attributes of an element; False leaves one out, True needs no value."""
    return mark_safe(  # noqa: S308  each value is escaped
        "".join(
            f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
            for name, value in found.items()
            if value is not False
        )
    )


@register.filter
def choices_of(field):
    """Return a radio or checkbox field's choices with help and what closes them.

    A form sets `widget.choice_help` and `widget.disabled_choices`, both value → text.
    """
    widget = field.field.widget
    help_texts = getattr(widget, "choice_help", {})
    closed = getattr(widget, "disabled_choices", {})
    return [
        {
            "id": option.id_for_label,
            "type": option.data["type"],
            "value": option.data["value"],
            "label": option.choice_label,
            "checked": option.data["selected"],
            "disabled": option.data["value"] in closed,
            "help": closed.get(option.data["value"]) or help_texts.get(option.data["value"], ""),
        }
        for option in field.subwidgets
    ]


@register.filter
def error_list(form):
    """Return every error of a form as {id, text}, in the order of the fields; id is where to mend it.

    A text that does not say which field it is of, Django's own or one that stands twice, has the label
    in front.
    """
    said = Counter(text for errors in form.errors.values() for text in errors)
    found = [{"id": "", "text": error} for error in form.non_field_errors()]
    for field in form:
        first = field.id_for_label or field.auto_id
        if hasattr(field.field.widget, "choices") and field.field.widget.input_type != "select":
            first = next((option.id_for_label for option in field.subwidgets), first)
        errors = [e for e in field.errors.as_data() if e.code != meanwhile.CODE]  # these have their own place
        for error in errors:
            for text in error:
                alone = said[text] < 2 and not is_general(error, field.field)
                found.append({"id": first, "text": text if alone else f"{field.label}: {text}"})
    return found


def is_general(error, field) -> bool:
    """Whether an error's text is Django's own, which names no field."""
    own = Field.default_error_messages["required"]
    return error.code in GENERAL_ERRORS - field.error_messages.keys() or error.message == own


@register.filter
def all_errors(forms):
    """Return the errors of several forms as one list; an unbound form has none."""
    return [problem for form in forms for problem in error_list(form) if form.is_bound]


@register.filter
def typed(fields):
    """Leave out of a posted form what a person did not type: hidden digests, buttons, choices."""
    return [
        (name, value)
        for name, value in fields
        if value and not name.startswith(("base_", "opened")) and " " in value.strip()
    ]
