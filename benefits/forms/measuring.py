"""Forms of measuring and of deviations. A check asks; it never blocks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from benefits import arithmetic, wording
from benefits.forms.benefits import people_of_municipality
from benefits.models import CorrectiveAction, Measurement
from innovasjon.forms import DateField, NoNationalId, NumberField, PersonField, form_helper
from innovasjon.meanwhile import MindsOthers
from innovasjon.models import User


class MeasurementForm(NoNationalId, forms.Form):
    """One number, or what people told. A number far from the last one must be confirmed, not refused."""

    value = NumberField(
        label=_("Value"),
        max_digits=16,
        decimal_places=3,
        error_messages={"required": _("Write a number, for example 348.")},
    )
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
    confirmed = forms.BooleanField(label=_("The number is right"), required=False)

    def __init__(self, *args, figure, today, correcting=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.figure, self.today, self.correcting = figure, today, correcting
        self.question = ""
        if not figure.indicator.measured_by_number:
            del self.fields["value"]
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

    def clean(self):
        cleaned = super().clean()
        value, last = cleaned.get("value"), self.last_value()
        if value is not None and arithmetic.is_far_out(value, last) and not cleaned.get("confirmed"):
            indicator = self.figure.indicator
            question = _("%(value)s is far from %(last)s, the last value. Is the number right?")
            self.question = str(question) % {
                "value": wording.value(value, indicator),
                "last": wording.value(last, indicator),
            }
            self.add_error("confirmed", self.question)
        return cleaned

    def last_value(self):
        """The value before the one that is written."""
        values = self.figure.values
        if self.correcting:
            values = [point for point in values if point.on < self.correcting.on]
        return values[-1].value if values else self.figure.baseline

    @property
    def asks(self) -> bool:
        """Whether the box «the number is right» is shown."""
        return bool(self.question) or bool(self.data.get("confirmed"))


class PostponeForm(NoNationalId, forms.Form):
    """I cannot measure this now: why, and when instead."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why it cannot be measured now.")},
    )
    new_on = DateField(
        label=_("New date"), error_messages={"required": _("Write when it is measured instead.")}
    )

    def __init__(self, *args, due_on, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.after = max(due_on, today)
        self.helper = form_helper()

    def clean_new_on(self):
        new_on = self.cleaned_data["new_on"]
        if new_on <= self.after:
            raise forms.ValidationError(_("Choose a later day."))
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
    due_on = DateField(label=_("Due"), error_messages={"required": _("Write when it is to be done.")})
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
