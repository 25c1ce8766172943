"""The form of a person's own profile."""

from django import forms
from django.utils.translation import gettext_lazy as _

from innovasjon.forms import NoNationalId, form_helper
from reports import profile


class ProfileForm(NoNationalId, forms.Form):
    """What the person is called, and which page comes first."""

    name = forms.CharField(
        label=_("Name"), max_length=150, error_messages={"required": _("Write your name.")}
    )
    landing = forms.ChoiceField(
        label=_("First page"), help_text=_("This page comes up when you have logged in."), required=False
    )

    def __init__(self, *args, user, role, projects, **kwargs):
        super().__init__(
            *args, initial={"name": user.name, "landing": profile.landing_as_choice(user)}, **kwargs
        )
        self.fields["landing"].choices = profile.landing_choices(user, role, projects)
        self.helper = form_helper()

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())
