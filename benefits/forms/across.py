"""The filter of the benefits across projects."""

from django import forms
from django.utils.translation import gettext_lazy as _

from benefits.models import BenefitType
from innovasjon.forms import form_helper


def years_offered(year: int) -> range:
    """Return the budget years one may choose among in a year."""
    return range(year - 3, year + 6)


class AcrossForm(forms.Form):
    """Year, area and type; what is not chosen does not filter."""

    ar = forms.TypedChoiceField(label=_("Budget year"), required=False, coerce=int, empty_value=None)
    omrade = forms.ChoiceField(label=_("Area"), required=False)
    type = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("All types")), *BenefitType.choices]
    )

    def __init__(self, *args, year, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ar"].choices = [(n, str(n)) for n in years_offered(year)]
        self.fields["ar"].initial = year
        self.fields["omrade"].choices = [("", _("All areas")), *[(area, area) for area in areas]]
        self.helper = form_helper()
