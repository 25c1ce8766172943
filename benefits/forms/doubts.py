"""A number that is asked back about: on the page of the project and behind the e-mail link alike."""

from django import forms
from django.utils.translation import gettext_lazy as _

from benefits import asking
from innovasjon.forms import NumberField


class AsksBack(forms.Form):
    """One number. Far from the last one it needs a tick; far from the path it is only asked about.

    Without JavaScript the question comes after the form is sent.
    """

    value = NumberField(
        label=_("Value"),
        max_digits=16,
        decimal_places=3,
        error_messages={"required": _("Write a number, for example 348.")},
    )
    is_right = forms.BooleanField(label=_("The number is right"), required=False)

    def reading(self) -> dict:
        """Return what the number is held against: the last value, the expected one, the tolerance."""
        raise NotImplementedError

    @property
    def doubt(self) -> asking.Doubt | None:
        """What is asked back about the number that is typed."""
        value = getattr(self, "cleaned_data", {}).get("value")
        return None if value is None else asking.doubt(value, **self.reading())

    def look(self) -> None:
        """Read what is typed so far: the tick is not missed before the form is sent."""
        self.is_valid()
        self.errors.pop("is_right", None)

    def clean(self):
        cleaned = super().clean()
        doubt = self.doubt
        if doubt and doubt.far and not cleaned.get("is_right"):
            self.add_error("is_right", _("Tick that the number is right, or correct it."))
        return cleaned
