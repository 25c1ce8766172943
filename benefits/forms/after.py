"""Forms of what comes after the project: handing over, the meeting sheet, the plan."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from benefits.models import BenefitPlan, Handover
from innovasjon.access import SEES_RESTRICTED
from innovasjon.forms import DateField, NoNationalId, NumberField, PersonField, form_helper
from innovasjon.meanwhile import MindsOthers
from innovasjon.models import User

LONGEST = timedelta(days=3 * 366)  # the measuring calendar after handover. Source: issue 4, point 6
FEWEST, MOST = 3, 5  # indicators in a meeting. Source: S2


def people_of_the_line(project):
    """Everybody active in the municipality who may see the project."""
    here = Q(memberships__municipality=project.municipality_id)
    found = User.objects.filter(here, is_active=True)
    if project.restricted:
        sees = User.objects.filter(here, memberships__role__in=SEES_RESTRICTED)
        found = found.filter(Q(project_memberships__project=project) | Q(pk__in=sees.values("pk")))
    return found.distinct().order_by("name")


class HandoverForm(NoNationalId, forms.ModelForm):
    """Who is asked to own the benefit, and for how long it is measured."""

    to = PersonField(
        label=_("Who in the line takes over?"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose who takes over.")},
    )
    measure_until = DateField(
        label=_("Measured until"),
        help_text=_("At most three years ahead."),
        error_messages={"required": _("Write how long it is measured.")},
    )

    class Meta:
        model = Handover
        fields = ["to", "measure_until", "message"]
        labels = {"message": _("What must the new owner know?")}
        widgets = {"message": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, benefit, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["to"].queryset = people_of_the_line(benefit.project)
        self.helper = form_helper()

    def clean_measure_until(self):
        day = self.cleaned_data["measure_until"]
        if not self.today < day <= self.today + LONGEST:
            raise forms.ValidationError(_("Choose a day within the next three years."))
        return day


class MeetingForm(forms.Form):
    """Which indicators the meeting looks at: three to five."""

    indikator = forms.MultipleChoiceField(
        label=_("What does the meeting look at?"),
        help_text=_("Three to five. The one page has room for no more."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, indicators, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["indikator"].choices = [(str(i.pk), f"{i.name} – {i.benefit.name}") for i in indicators]
        self.most = min(MOST, len(indicators))
        self.fewest = min(FEWEST, len(indicators))
        self.helper = form_helper()

    def clean_indikator(self):
        chosen = self.cleaned_data["indikator"]
        if not self.fewest <= len(chosen) <= MOST:
            raise forms.ValidationError(_("Choose three, four or five."))
        return chosen


class PlanForm(MindsOthers, NoNationalId, forms.ModelForm):
    """What the benefit plan says for the whole project."""

    discount_rate = NumberField(
        label=_("Discount rate, per cent"), max_digits=5, decimal_places=2, min_value=0, max_value=100
    )
    investment_nok = NumberField(label=_("Investment, kroner"), max_digits=14, decimal_places=0, min_value=0)

    class Meta:
        model = BenefitPlan
        fields = ["meeting_frequency", "line_capacity", "learning", "discount_rate", "investment_nok"]
        labels = {
            "meeting_frequency": _("How often does the line meet about the numbers?"),
            "line_capacity": _("Does the line have capacity to take out the benefits?"),
            "learning": _("What have we learnt about measuring?"),
        }
        widgets = {
            "line_capacity": forms.Textarea(attrs={"rows": 3}),
            "learning": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = list(self.fields["meeting_frequency"].choices)[1:]
        self.fields["meeting_frequency"].choices = [("", _("Not chosen")), *choices]
        self.helper = form_helper()


class AcceptForm(NoNationalId, forms.Form):
    """The plan is accepted as it was read: `seen` is the digest of what the page showed."""

    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()
