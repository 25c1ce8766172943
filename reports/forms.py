"""Choices for a report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from innovasjon.forms import DateField, form_helper


class StatusReportForm(forms.Form):
    """From when the trail is told, and for whom the document is made."""

    PEOPLE, ARCHIVE = "folk", "arkiv"

    siden = DateField(
        label=_("Changes since"),
        help_text=_("Usually the day of the last report."),
        error_messages={"required": _("Write from which day changes are told.")},
    )
    utgave = forms.ChoiceField(choices=[(PEOPLE, ""), (ARCHIVE, "")], required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()

    @property
    def for_archive(self) -> bool:
        return self.cleaned_data["utgave"] == self.ARCHIVE
