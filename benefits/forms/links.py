"""Forms behind the private address of a measurement."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from benefits import asking
from benefits.forms.doubts import AsksBack
from innovasjon.forms import DateField, NoNationalId, form_helper

A_YEAR = timedelta(days=366)


class LinkForm(NoNationalId, AsksBack):
    """One number, or what was told."""

    said = forms.CharField(
        label=_("What did they tell?"),
        help_text=_("In their own words. No names."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10_000,
        error_messages={"required": _("Write what they told.")},
    )
    comment = forms.CharField(
        label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )

    def __init__(self, *args, link, reading, **kwargs):
        """`reading`: the last value, the expected one and the tolerance, for the doubt."""
        super().__init__(*args, **kwargs)
        self.known = reading
        if link.indicator.measured_by_number:
            self.fields["value"].label = asking.label(link.indicator, link.due_on)
            del self.fields["said"]
        else:
            del self.fields["value"], self.fields["is_right"]
        self.helper = form_helper()

    def reading(self) -> dict:
        return self.known


class LaterForm(NoNationalId, forms.Form):
    """Why it cannot be measured now, and when it can."""

    reason = forms.CharField(
        label=_("Why can you not measure it now?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Write why, so that nobody has to ask.")},
    )
    new_on = DateField(
        label=_("When can you measure it?"), error_messages={"required": _("Write the new date.")}
    )

    def __init__(self, *args, today, due_on, last_on=None, **kwargs):
        """The new day is after today and after the day it was due, and before the next measurement."""
        super().__init__(*args, **kwargs)
        self.after, self.last_on = max(today, due_on), last_on
        self.helper = form_helper()

    def clean_new_on(self):
        day = self.cleaned_data["new_on"]
        if day <= self.after:
            raise forms.ValidationError(_("Choose a day that has not come yet."))
        if self.last_on and day >= self.last_on:
            raise forms.ValidationError(_("Choose a day before the next measurement."))
        if day - self.after > A_YEAR:
            raise forms.ValidationError(_("Choose a day within a year."))
        return day
