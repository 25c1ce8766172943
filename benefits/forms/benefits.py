"""Forms of benefits: what they are, who owns them, what they are worth."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from benefits.models import Benefit, Calculation, HourRate
from innovasjon.forms import DateField, NoNationalId, NumberField, PersonField, form_helper
from innovasjon.meanwhile import MindsOthers
from innovasjon.models import User

NOT_CHOSEN = ("", _("Not chosen"))


def people_of_municipality(municipality, *also):
    """Everybody with a role in the municipality: a benefit's owner is in the line, not in the project."""
    here = Q(memberships__municipality=municipality, is_active=True)
    return User.objects.filter(here | Q(pk__in=[pk for pk in also if pk])).distinct().order_by("name")


class BenefitForm(MindsOthers, NoNationalId, forms.ModelForm):
    """What becomes better, for whom, and how it is taken out. One sentence is enough to begin."""

    owner = PersonField(
        label=_("Benefit owner in the line"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Is asked to accept. Measures the benefit after the project too."),
    )
    responsible = PersonField(
        label=_("Responsible in the project"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet"),
    )
    take_out_due_on = DateField(label=_("Taken out by"), required=False)

    class Meta:
        model = Benefit
        fields = [
            "name",
            "type",
            "recipient",
            "recipient_detail",
            "horizon",
            "owner",
            "taken_out",
            "taken_out_note",
            "take_out_action",
            "take_out_due_on",
            "assumptions",
            "risk",
            "risk_note",
            "disbenefits",
            "description",
            "change",
            "responsible",
            "plan_goal",
            "budget_year",
            "in_budget",
            "importance",
            "kommit_type",
            "digdir_type",
        ]
        labels = {
            "name": _("What becomes better?"),
            "type": _("Type"),
            "recipient": _("Who gets the benefit?"),
            "recipient_detail": _("Which group?"),
            "horizon": _("Horizon"),
            "taken_out": _("What is the saving used for?"),
            "taken_out_note": _("How is it taken out?"),
            "take_out_action": _("What do we do to take it out?"),
            "assumptions": _("Assumptions"),
            "risk": _("Risk"),
            "risk_note": _("What may go wrong, and who follows it?"),
            "disbenefits": _("Disbenefits we accept"),
            "description": _("Description"),
            "change": _("Which change does it come from?"),
            "plan_goal": _("Goal in the municipality's plan"),
            "budget_year": _("Budget year"),
            "in_budget": _("The saving is in the budget already"),
            "importance": _("Importance, 1 to 5"),
            "kommit_type": _("KommIT's type"),
            "digdir_type": _("Digdir's type"),
        }
        help_texts = {
            "name": _("For example «Fewer medicine trips in zone North»."),
            "recipient_detail": _("For example «employees in home care»."),
            "taken_out": _("Only lower cost is money out of the budget."),
            "disbenefits": _("What becomes worse for somebody?"),
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 2})
            for name in (
                "taken_out_note",
                "take_out_action",
                "assumptions",
                "risk_note",
                "disbenefits",
                "description",
            )
        } | {"type": forms.RadioSelect}
        error_messages = {
            "name": {"required": _("Write what becomes better.")},
            "type": {"required": _("Choose a type.")},
            "recipient": {"required": _("Choose who gets the benefit.")},
        }

    def __init__(self, *args, municipality, **kwargs):
        super().__init__(*args, **kwargs)
        people = people_of_municipality(municipality, self.instance.owner_id, self.instance.responsible_id)
        self.fields["owner"].queryset = people
        self.fields["responsible"].queryset = people
        self.fields["type"].choices = list(self.fields["type"].choices)[1:]
        for name in ("recipient", "risk", "kommit_type", "digdir_type"):
            self.fields[name].choices = [NOT_CHOSEN, *list(self.fields[name].choices)[1:]]
        self.helper = form_helper()

    def clean_type(self):
        kind, benefit = self.cleaned_data["type"], self.instance
        if benefit.has_amounts and kind != self.initial["type"]:
            raise forms.ValidationError(
                _("The benefit has amounts in the unit of its type. Add another benefit for another type.")
            )
        return kind


INPUTS = {
    Calculation.Method.FEWER_TASKS: ("times_per_year", "cost_each_nok"),
    Calculation.Method.CONSUMPTION: ("today_nok", "later_nok"),
    Calculation.Method.AGREEMENT: ("today_nok", "later_nok"),
    Calculation.Method.TIME_SAVED: ("times_per_year", "minutes_each"),
    Calculation.Method.THREE_POINT: ("optimistic", "likely", "pessimistic"),
}
ALL_INPUTS = tuple(dict.fromkeys(name for names in INPUTS.values() for name in names))


class CalculationForm(NoNationalId, forms.ModelForm):
    """What the benefit gives in a year when its target is reached, by one of the known ways."""

    times_per_year = NumberField(label=_("How many a year?"), required=False)
    minutes_each = NumberField(label=_("Minutes saved each time"), required=False)
    cost_each_nok = NumberField(label=_("What one costs today, kroner"), required=False)
    today_nok = NumberField(label=_("Kroner a year today"), required=False)
    later_nok = NumberField(label=_("Kroner a year later"), required=False)
    optimistic = NumberField(label=_("Optimistic"), required=False)
    likely = NumberField(label=_("Most likely"), required=False)
    pessimistic = NumberField(label=_("Pessimistic"), required=False)

    class Meta:
        model = Calculation
        fields = [
            "method",
            "indicator",
            *dict.fromkeys(n for names in INPUTS.values() for n in names),
            "basis",
        ]
        labels = {
            "method": _("How is it calculated?"),
            "indicator": _("Which indicator tells how much of it has come?"),
            "basis": _("Where are the numbers from, and how sure are they?"),
        }
        widgets = {"basis": forms.Textarea(attrs={"rows": 2}), "method": forms.RadioSelect}
        error_messages = {"method": {"required": _("Choose how it is calculated.")}}

    def __init__(self, *args, benefit, **kwargs):
        super().__init__(*args, **kwargs)
        time = benefit.type == "time_saved"
        methods = Calculation.Method
        ways = (
            (methods.TIME_SAVED, methods.THREE_POINT)
            if time
            else (methods.FEWER_TASKS, methods.CONSUMPTION, methods.AGREEMENT, methods.THREE_POINT)
        )
        self.fields["method"].choices = [(way.value, way.label) for way in ways]
        needed = {name for way in ways for name in INPUTS[way]}
        for name in set(ALL_INPUTS) - needed:
            del self.fields[name]
        self.fields["indicator"].queryset = benefit.indicators.active().in_order()
        self.fields["indicator"].empty_label = _("The first one")
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        needed = INPUTS.get(cleaned.get("method"), ())
        for name in needed:
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _("This number is needed in the calculation."))
        for name in set(ALL_INPUTS) - set(needed):
            cleaned[name] = None
        return cleaned


class YearForm(forms.Form):
    """What is planned for one year, and what it costs."""

    year = forms.IntegerField(
        label=_("Year"),
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("Write the year with four digits, for example 2027.")},
    )
    gross = NumberField(label=_("Planned this year"), required=False, max_digits=16, decimal_places=3)
    project_cost_nok = NumberField(
        label=_("Project cost, kroner"), required=False, max_digits=14, decimal_places=0
    )
    operating_cost_nok = NumberField(
        label=_("Operating cost, kroner"), required=False, max_digits=14, decimal_places=0
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()


class AnswerForm(NoNationalId, forms.Form):
    """Does the person accept to own the benefit?"""

    accepted = forms.TypedChoiceField(
        label=_("Will you own this benefit?"),
        choices=[("yes", _("Yes, I accept")), ("no", _("No"))],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    answer = forms.CharField(
        label=_("Answer"),
        required=False,
        max_length=4000,
        help_text=_("Say why, if the answer is no."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("accepted") is False and not cleaned.get("answer"):
            self.add_error("answer", _("Say why, so that they can find another."))
        return cleaned


class HourRateForm(forms.ModelForm):
    """The municipality's own rates of a year."""

    nok_per_hour = NumberField(label=_("Kroner per hour"), min_value=1)
    hours_per_fte = NumberField(
        label=_("Hours in a full-time equivalent"),
        min_value=1,
        help_text=_("There is no common rate. Use the one your municipality uses."),
    )

    class Meta:
        model = HourRate
        fields = ["year", "nok_per_hour", "hours_per_fte"]
        labels = {"year": _("Year")}
        widgets = {"year": forms.TextInput(attrs={"inputmode": "numeric"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()
