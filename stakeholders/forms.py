"""Forms of the stakeholder register."""

from django import forms
from django.utils.translation import gettext_lazy as _

from innovasjon.forms import DateField, DueField, NoNationalId, PersonField, form_helper, refuse_past
from innovasjon.meanwhile import MindsOthers
from innovasjon.models import User
from roadmap.forms.progress import people_for
from stakeholders.models import (
    AdvisoryInput,
    Attitude,
    Channel,
    Measure,
    ResponsibilityTask,
    Stakeholder,
    Stance,
)


class StakeholderForm(MindsOthers, NoNationalId, forms.ModelForm):
    """Who it is, how it is affected, and how it takes part; with the attitude now and the wanted one."""

    attitude = forms.ChoiceField(
        label=_("Attitude now"), choices=Attitude, initial=Attitude.UNKNOWN, widget=forms.RadioSelect
    )
    source = forms.ChoiceField(
        label=_("How do we know?"),
        help_text=_("Not needed when the attitude is unknown."),
        choices=Stance.Source,
        required=False,
        widget=forms.RadioSelect,
    )
    source.required_sometimes = True
    wanted = forms.ChoiceField(
        label=_("Wanted attitude"), choices=[("", _("Not chosen")), *Attitude.choices], required=False
    )

    class Meta:
        model = Stakeholder
        fields = [
            "name",
            "main_group",
            "how_affected",
            "strongly_affected",
            "influence",
            "interest",
            "involvement",
            "detailed_group",
            "reach",
            "expected_role",
            "information_need",
            "in_advisory_group",
            "person_name",
            "line_role",
        ]
        labels = {
            "name": _("Group, unit or organisation"),
            "main_group": _("Main group"),
            "how_affected": _("How are they affected?"),
            "strongly_affected": _("They are strongly affected"),
            "influence": _("Influence"),
            "interest": _("Interest"),
            "involvement": _("How do they take part?"),
            "detailed_group": _("Detailed group"),
            "reach": _("Level"),
            "expected_role": _("Expected role in the implementation"),
            "information_need": _("What do they need to know?"),
            "in_advisory_group": _("Member of the advisory group"),
            "person_name": _("Name of a person"),
            "line_role": _("Role in the line"),
        }
        help_texts = {
            "how_affected": _("What becomes different in their day?"),
            "person_name": _("Only when it must be a person. The name is seen by the core team alone."),
        }
        widgets = {
            name: forms.Textarea(attrs={"rows": 2})
            for name in ("how_affected", "expected_role", "information_need")
        }
        error_messages = {
            "name": {"required": _("Write which group it is.")},
            "main_group": {"required": _("Choose a main group.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["main_group"].choices = [
            ("", _("Choose a group")),
            *list(self.fields["main_group"].choices)[1:],
        ]
        for name in ("involvement", "detailed_group", "reach"):
            field = self.fields[name]
            field.choices = [("", _("Not chosen")), *list(field.choices)[1:]]
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("attitude") not in (None, Attitude.UNKNOWN) and not cleaned.get("source"):
            self.add_error(
                "source",
                _("Choose whether the attitude is something they have said or something you assume."),
            )
        return cleaned


class ConversationForm(NoNationalId, forms.Form):
    """Five answers after a talk."""

    on = DateField(label=_("When?"), error_messages={"required": _("Write which day you talked.")})
    channel = forms.ChoiceField(label=_("How?"), choices=Channel)
    said = forms.CharField(
        label=_("What did they say?"),
        help_text=_("In their own words. No names."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=10_000,
        error_messages={"required": _("Write what they said.")},
    )
    quote_cleared = forms.BooleanField(
        label=_("They have agreed that it may be shared without names"), required=False
    )
    attitude = forms.ChoiceField(
        label=_("Attitude now"),
        choices=Attitude,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the attitude.")},
    )
    source = forms.ChoiceField(
        label=_("How do we know?"),
        choices=Stance.Source,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose whether the attitude is something they have said or something you assume.")
        },
    )
    next_step = forms.CharField(
        label=_("What do we do now?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.helper = form_helper()

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("The day has not come yet. Plan a talk instead."))
        return on


class MeasureForm(MindsOthers, NoNationalId, forms.ModelForm):
    """One thing planned with a stakeholder."""

    on = DueField(
        label=_("When?"),
        required=False,
        error_messages={"invalid": _("Write the date as day.month.year, for example 18.12.2026")},
    )
    responsible = PersonField(
        label=_("Responsible"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )

    class Meta:
        model = Measure
        fields = ["stakeholder", "what", "channel", "on", "responsible", "goal", "message", "status"]
        labels = {
            "stakeholder": _("Stakeholder"),
            "what": _("What do we do?"),
            "channel": _("How?"),
            "goal": _("What do we want to reach?"),
            "message": _("What do we say?"),
            "status": _("Status"),
        }
        widgets = {"goal": forms.Textarea(attrs={"rows": 2}), "message": forms.Textarea(attrs={"rows": 2})}
        error_messages = {
            "what": {"required": _("Write what you will do.")},
            "stakeholder": {"required": _("Choose a stakeholder.")},
        }

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stakeholder"].queryset = project.stakeholders.order_by("name")
        self.fields["stakeholder"].empty_label = _("Choose a stakeholder")
        self.fields["responsible"].queryset = people_for(project, self.instance.responsible_id)
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("status") != Measure.Status.DONE:
            text = _("The day has passed. Choose a day to come, or say that it is completed.")
            refuse_past(self, "on", text, anew=self.instance.is_done)
        return cleaned


class ReviewForm(forms.Form):
    """The register has been gone through; when is the next time?"""

    next_on = DateField(label=_("Next review"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()


class AdvisoryMeetingForm(NoNationalId, forms.Form):
    """A meeting of the advisory group, with one input and what was decided because of it."""

    on = DateField(label=_("When?"), error_messages={"required": _("Write which day the meeting is.")})
    topic = forms.CharField(
        label=_("What is it about?"),
        max_length=200,
        error_messages={"required": _("Write what it is about.")},
    )
    text = forms.CharField(
        label=_("What did the group say?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
    )
    decision = forms.CharField(
        label=_("What was decided because of it?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=4000,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="meeting_%s", **kwargs)
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") and not cleaned.get("text"):
            self.add_error("text", _("Write what the group said, so the decision can be understood."))
        return cleaned


class AdvisoryInputForm(MindsOthers, NoNationalId, forms.ModelForm):
    """One more input from a meeting, or the decision on one."""

    class Meta:
        model = AdvisoryInput
        fields = ["text", "decision"]
        labels = {"text": _("What did the group say?"), "decision": _("What was decided because of it?")}
        widgets = {"text": forms.Textarea(attrs={"rows": 3}), "decision": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"text": {"required": _("Write what the group said.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()


class ResponsibilityTaskForm(MindsOthers, NoNationalId, forms.ModelForm):
    """One task: exactly one is accountable, and at least one does it."""

    class Meta:
        model = ResponsibilityTask
        fields = ["name", "accountable", "performers"]
        labels = {
            "name": _("Task"),
            "accountable": _("Accountable (A)"),
            "performers": _("Does it (R)"),
        }
        widgets = {"performers": forms.CheckboxSelectMultiple}
        error_messages = {
            "name": {"required": _("Write what the task is.")},
            "accountable": {"required": _("Choose the one who is accountable.")},
            "performers": {"required": _("Choose at least one who does it.")},
        }

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, auto_id="task_%s", **kwargs)
        people = people_for(project, self.instance.accountable_id)
        self.instance.project = project
        for name in ("accountable", "performers"):
            self.fields[name].queryset = people
        choices = [(person.pk, str(person)) for person in people]  # asked for once
        self.fields["accountable"].choices = [("", _("Choose a person")), *choices]
        self.fields["performers"].choices = choices
        self.helper = form_helper()

    def clean_name(self):
        name = self.cleaned_data["name"]
        twins = ResponsibilityTask.objects.filter(project=self.instance.project, name__iexact=name)
        if twins.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("The task is in the matrix already."))
        return name
