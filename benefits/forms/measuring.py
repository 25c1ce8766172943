"""Forms of measuring and of deviations."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from benefits.forms.benefits import people_of_municipality
from benefits.forms.doubts import AsksBack
from benefits.models import CorrectiveAction, Measurement
from innovasjon.forms import DateField, DueField, NoNationalId, PersonField, form_helper, refuse_past
from innovasjon.meanwhile import MindsOthers
from innovasjon.models import User


class MeasurementForm(NoNationalId, AsksBack):
    """One number, or what people told."""

    said = forms.CharField(
        label=_("What did they tell?"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In their own words. No names."),
        error_messages={"required": _("Write what they told.")},
    )
    on = DateField(label=_("Measured on"), error_messages={"required": _("Write which day it was measured.")})
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    occasion = forms.ChoiceField(
        label=_("Occasion"), choices=Measurement.Occasion, initial=Measurement.Occasion.ONGOING
    )

    def __init__(self, *args, figure, today, correcting=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.figure, self.today, self.correcting = figure, today, correcting
        if not figure.indicator.measured_by_number:
            del self.fields["value"], self.fields["is_right"]
        else:
            self.fields["said"].required = False
            self.fields["said"].label = _("What did those who get the benefit tell?")
        if correcting:
            del self.fields["on"]
            del self.fields["occasion"]
        self.helper = form_helper()

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("The day has not come yet."))
        return on

    def reading(self) -> dict:
        figure = self.figure
        on = self.correcting.on if self.correcting else self.cleaned_data.get("on") or self.today
        before = [point.value for point in figure.values if point.on < on]
        return {
            "indicator": figure.indicator,
            "last": before[-1] if before else figure.baseline,
            "expected": figure.expected_at(on),
            "tolerance": figure.tolerance,
        }


class PostponeForm(NoNationalId, forms.Form):
    """I cannot measure this now: why, and when instead."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why it cannot be measured now.")},
    )
    new_on = DueField(
        label=_("New date"), error_messages={"required": _("Write when it is measured instead.")}
    )

    def __init__(self, *args, first, last, **kwargs):
        """`first` and `last`: the days it can be moved to, see `due.new_days`."""
        super().__init__(*args, **kwargs)
        self.first, self.last = first, last
        self.fields["new_on"].help_text = _("From %(first)s to %(last)s.") % {
            "first": date_format(first, "j. F Y" if first.year != last.year else "j. F"),
            "last": date_format(last, "j. F Y"),
        }
        self.helper = form_helper()

    def clean_new_on(self):
        new_on = self.cleaned_data["new_on"]
        if new_on < self.first:
            raise forms.ValidationError(_("Choose a later day."))
        if new_on > self.last:
            raise forms.ValidationError(_("Choose a day no later than the next measurement."))
        return new_on


class CauseForm(NoNationalId, forms.Form):
    cause = forms.CharField(
        label=_("Why is the number outside?"),
        max_length=4000,
        help_text=_("Write the cause, not the symptom. The first line is the heading."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the cause.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()


class ActionForm(MindsOthers, NoNationalId, forms.ModelForm):
    """What is done about the deviation, by whom and by when."""

    responsible = PersonField(
        label=_("Responsible"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose who is responsible.")},
    )
    due_on = DueField(label=_("Due"), error_messages={"required": _("Write when it is to be done.")})
    done_on = DateField(label=_("Done on"), required=False)

    class Meta:
        model = CorrectiveAction
        fields = ["what", "responsible", "due_on", "progress", "done_on"]
        labels = {"what": _("What do you do?"), "progress": _("How far has it come?")}
        help_texts = {"progress": _("For example «6 of 14 are done».")}
        error_messages = {"what": {"required": _("Write what you do.")}}

    def __init__(self, *args, municipality, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = people_of_municipality(
            municipality, self.instance.responsible_id
        )
        if not self.instance.pk:
            del self.fields["done_on"]
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("done_on"):
            refuse_past(self)
        return cleaned
