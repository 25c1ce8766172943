"""Fields and form pieces that every room uses: forgiving dates, people, one error summary."""

import re
from datetime import date
from decimal import Decimal

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from innovasjon.national_id import has_national_id


def read_date(text: str, *, today: date, ahead: bool = False) -> date:
    """Return the date a person wrote: 3.12, 3.12.26, 03.12.2026, 03122026 or 2026-12-03.

    Without a year it is the year that brings the date nearest to today; with `ahead` the next one.

    Raises ValueError("form") when it is not written as a date, ValueError("missing") when no such
    date exists.
    """
    text = text.strip().rstrip(".")
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        year, month, day = map(int, match.groups())
    elif match := re.fullmatch(r"(\d{2})(\d{2})(\d{4}|\d{2})", text):
        day, month, year = map(int, match.groups())
    elif match := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})(?:\.\s?(\d{4}|\d{2}))?", text):
        day, month = int(match[1]), int(match[2])
        year = int(match[3]) if match[3] else None
    else:
        raise ValueError("form")
    try:
        if year is None:
            around = [d for y in (-1, 0, 1) if (d := _on(today.year + y, month, day))]
            return min(around, key=lambda d: (ahead and d < today, abs(d - today)))
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        raise ValueError("missing") from None


def read_id(text: str) -> int | None:
    """Return the number in an address or a hidden field; None for anything but 1 to 18 plain digits."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def _on(year, month, day):
    try:
        return date(year, month, day)
    except ValueError:
        return None


class DateWidget(forms.DateInput):
    """A plain text field: the browser's own date field speaks the browser's language."""

    input_type = "text"

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "numeric", "autocomplete": "off", **(attrs or {})}, format="%d.%m.%Y")


class DateField(forms.DateField):
    """A date in any of the ways people write one; the answer is shown as dd.mm.yyyy."""

    widget = DateWidget
    ahead = False  # whether a date without a year is the next one, or the nearest
    default_error_messages = {
        "invalid": _("Write the date as day.month.year, for example 18.12.2026"),
        "missing": _("The date %(text)s does not exist."),
    }

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, date):
            return value or None
        try:
            found = read_date(str(value), today=timezone.localdate(), ahead=self.ahead)
        except ValueError as error:
            code = "missing" if str(error) == "missing" else "invalid"
            raise forms.ValidationError(
                self.error_messages[code], code=code, params={"text": value}
            ) from None
        if not 1990 <= found.year <= 2100:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != self.to_python(initial)
        except forms.ValidationError:
            return True


class DueField(DateField):
    """The day by which something is to be done."""

    ahead = True


def refuse_past(form, name: str = "due_on", text: str = "", *, anew: bool = False) -> None:
    """Say at the field that a due date is past, when it is new or changed; one that stands may be.

    `anew`: what was done is to be done once more, so that its date counts as a new one.
    """
    day = form.cleaned_data.get(name)
    if day is not None and day < timezone.localdate() and (anew or name in form.changed_data):
        form.add_error(name, text or _("The due date has passed. Choose today or later."))


def person_label(person) -> str:
    return f"{person.name}, {person.position}" if person.position else person.name


class PersonField(forms.ModelChoiceField):
    """A choice of person, shown by name and position."""

    def label_from_instance(self, person):
        return person_label(person)


class ListedPersonField(forms.TypedChoiceField):
    """A choice among people who are read already, so that many rows of a form ask nothing more."""

    def __init__(self, *, people=(), empty_label="", **kwargs):
        self.empty_label = empty_label
        super().__init__(coerce=self._person, empty_value=None, **kwargs)
        self.people = people

    @property
    def people(self):
        return self._people

    @people.setter
    def people(self, people):
        self._people = {str(person.pk): person for person in people}
        self.choices = [
            ("", self.empty_label),
            *[(pk, person_label(person)) for pk, person in self._people.items()],
        ]

    def _person(self, pk):
        return self._people[str(pk)]

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.coerce = copied._person
        return copied


class NoNationalId:
    """A form that refuses a national identity number in any text, and says why."""

    def clean(self):
        cleaned = super().clean()
        for name, value in list((cleaned or {}).items()):
            if isinstance(value, str) and has_national_id(value):
                self.add_error(
                    name,
                    _("It looks like a national identity number. Remove it before you save."),
                )
        return cleaned


def form_helper(**attributes) -> FormHelper:
    """Return crispy's helper for a form whose <form> tag and buttons stand in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    for name, value in attributes.items():
        setattr(helper, name, value)
    return helper


# Django's own texts, for our catalogue to say better: it goes before Django's.
SAID_BETTER = (
    ngettext_lazy(
        "Ensure that there are no more than %(max)s digit in total.",
        "Ensure that there are no more than %(max)s digits in total.",
        "max",
    ),
    ngettext_lazy(
        "Ensure that there are no more than %(max)s digit before the decimal point.",
        "Ensure that there are no more than %(max)s digits before the decimal point.",
        "max",
    ),
)


class NumberField(forms.DecimalField):
    """A number as people write it: 5 240, 5240, 2,5 or 2.5. Shown without trailing zeros."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"invalid": _("Write a number, for example 348.")}

    def to_python(self, value):
        if isinstance(value, str):
            value = re.sub(r"\s", "", value).replace("\N{MINUS SIGN}", "-").replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value):
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return value

    def widget_attrs(self, widget):
        return {}
