"""Forms of the portfolio."""

from urllib.parse import parse_qsl

from django import forms
from django.utils.translation import gettext_lazy as _

from innovasjon.forms import NoNationalId, form_helper
from reports.models import SavedView
from reports.portfolio.choice import Choice


class SavedViewForm(NoNationalId, forms.Form):
    """A name for the filters in use. Only what the portfolio itself understands is kept of them."""

    name = forms.CharField(
        label=_("Name of the view"),
        max_length=60,
        error_messages={"required": _("Write what you call the view.")},
    )
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, *args, user, municipality, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.municipality = user, municipality
        self.helper = form_helper()

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_query(self):
        return Choice.read(dict(parse_qsl(self.cleaned_data["query"].removeprefix("?")))).address()

    def clean(self):
        cleaned = super().clean()
        mine = SavedView.objects.filter(user=self.user, municipality=self.municipality)
        if mine.exclude(name=cleaned.get("name", "")).count() >= SavedView.MOST:
            raise forms.ValidationError(_("You have twelve views. Delete one of them first."))
        return cleaned

    def save(self) -> SavedView:
        saved, _created = SavedView.objects.update_or_create(
            user=self.user,
            municipality=self.municipality,
            name=self.cleaned_data["name"],
            defaults={"query": self.cleaned_data["query"]},
        )
        return saved
