"""Forms behind the private address of a measurement."""

from django import forms
from django.utils.translation import gettext_lazy as _

from benefits import asking
from benefits.forms.doubts import AsksBack
from benefits.forms.measuring import PostponeForm
from innovasjon.forms import DueField, NoNationalId, form_helper


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


class LaterForm(PostponeForm):
    """Why it cannot be measured now, and when it can."""

    reason = forms.CharField(
        label=_("Why can you not measure it now?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Write why, so that nobody has to ask.")},
    )
    new_on = DueField(
        label=_("When can you measure it?"), error_messages={"required": _("Write the new date.")}
    )
