"""Forms of frozen documents: who may read one, and how open it is."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from innovasjon.forms import DateField, NoNationalId, form_helper
from reports.models import Openness

LONGEST = timedelta(days=366)


class ReadLinkForm(NoNationalId, forms.Form):
    """For whom a private address is made, and until when it works."""

    label = forms.CharField(
        label=_("For whom?"),
        help_text=_("For example «the steering group». It stands on the page they open."),
        max_length=100,
        error_messages={"required": _("Write for whom the link is.")},
    )
    expires_on = DateField(
        label=_("Works until"), error_messages={"required": _("Write until when the link works.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()

    def clean_expires_on(self):
        found, today = self.cleaned_data["expires_on"], timezone.localdate()
        if not today <= found <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today and at most a year ahead."))
        return found

    @property
    def expires_at(self) -> datetime:
        """The end of the last day."""
        return timezone.make_aware(
            datetime.combine(self.cleaned_data["expires_on"] + timedelta(days=1), time())
        )


class OpennessForm(forms.Form):
    """How open a document is for the public, by which law, and what is left out for them."""

    openness = forms.ChoiceField(label=_("Openness"), choices=Openness, widget=forms.RadioSelect)
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        help_text=_("Needed when the document is exempt, for example «offl. § 14»."),
        required=False,
        max_length=200,
    )
    redacted = forms.MultipleChoiceField(
        label=_("Left out for the public"),
        help_text=_("With nothing chosen, the public gets nothing of an exempt document."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["redacted"].choices = parts
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        exempt = cleaned.get("openness") == Openness.EXEMPT
        if exempt and not cleaned.get("legal_basis", "").strip():
            self.add_error("legal_basis", _("Write the legal basis, for example «offl. § 14»."))
        if not exempt:
            cleaned["legal_basis"], cleaned["redacted"] = "", []
        return cleaned
