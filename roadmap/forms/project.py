"""Forms about a project and its people."""

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from innovasjon.access import ProjectRole
from innovasjon.forms import DateField, PersonField, form_helper
from innovasjon.meanwhile import MindsOthers
from innovasjon.models import User
from roadmap.models import Condition, Project
from roadmap.models.project import LAST_PHASE


def people_of_municipality(municipality):
    return User.objects.filter(memberships__municipality=municipality, is_active=True).order_by("name")


class NewProjectForm(forms.Form):
    """Three fields start a project: what it is called, what the problem is, who owns it."""

    name = forms.CharField(
        label=_("What do you call the project?"),
        max_length=300,
        error_messages={"required": _("Write what the project is called.")},
    )
    problem = forms.CharField(
        label=_("Which challenge shall you solve?"),
        help_text=_("Write the problem, not the solution. Whom does it hit, how often and how badly?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        error_messages={"required": _("Describe the challenge with at least one sentence.")},
    )
    owner = PersonField(
        label=_("Who owns the problem in the line organisation?"),
        help_text=_("The owner decides at the gates."),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose who owns the problem.")},
    )

    def __init__(self, *args, municipality, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.municipality, self.user = municipality, user
        self.fields["owner"].queryset = people_of_municipality(municipality)
        self.helper = form_helper()

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        twin = Project.objects.of(self.municipality).visible_to(self.user).filter(name__iexact=name).first()
        if twin:
            raise forms.ValidationError(
                format_html(
                    '{} <a class="link" href="{}">{}</a>',
                    _("There is a project with this name already. Choose another name, or"),
                    reverse("roadmap:project", args=[twin.slug]),
                    _("open it."),
                )
            )
        return name


class ProjectForm(MindsOthers, forms.ModelForm):
    """The project's own facts, with the condition and when the later phases are planned from."""

    TRAIL_NAMES = {"next_gate_on": "next_gate_at", "next_gate_time": "next_gate_at"}

    next_gate_on = DateField(label=_("Next gate meeting"), required=False)
    next_gate_time = forms.TimeField(
        label=_("Time"),
        required=False,
        input_formats=["%H:%M", "%H.%M", "%H"],
        error_messages={"invalid": _("Write the time as hour.minute, for example 10.00")},
        widget=forms.TimeInput(format="%H.%M", attrs={"inputmode": "numeric"}),
    )

    class Meta:
        model = Project
        fields = ["name", "problem", "area", "case_reference", "condition", "condition_reason", "restricted"]
        labels = {
            "name": _("Name"),
            "problem": _("The problem you solve"),
            "area": _("Area"),
            "case_reference": _("Case reference"),
            "condition": _("How is it going?"),
            "condition_reason": _("Why?"),
            "restricted": _("Only the people of the project and managers may see it"),
        }
        help_texts = {
            "case_reference": _("The number in the municipality's archive system."),
            "condition_reason": _("Obligatory for «Watch» and «Needs help»."),
        }
        widgets = {
            "problem": forms.Textarea(attrs={"rows": 4}),
            "condition": forms.RadioSelect,
            "condition_reason": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {"name": {"required": _("Write what the project is called.")}}

    def __init__(self, *args, phases, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["condition"].choices = Condition.choices
        self.phases = [phase for phase in phases if phase.number > self.instance.phase]
        for phase in self.phases:
            self.fields[f"planned_{phase.number}"] = DateField(
                label=_("%(phase)s is planned from") % {"phase": phase.name},
                required=False,
                initial=phase.planned_from,
            )
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        if (
            cleaned.get("next_gate_time")
            and not cleaned.get("next_gate_on")
            and "next_gate_on" not in self.errors
        ):
            self.add_error("next_gate_on", _("Write the date of the meeting too."))
        gate_on = cleaned.get("next_gate_on")
        if gate_on and gate_on != self.initial.get("next_gate_on") and gate_on < timezone.localdate():
            self.add_error("next_gate_on", _("The date has passed. Write when the next meeting is."))
        needs_reason = {Condition.WATCH, Condition.NEEDS_HELP}
        if cleaned.get("condition") in needs_reason and not cleaned.get("condition_reason", "").strip():
            self.add_error("condition_reason", _("Say why, so that others understand the condition."))
        return cleaned

    @property
    def phase_fields(self) -> list:
        return [self[f"planned_{phase.number}"] for phase in self.phases]

    @property
    def phase_dates(self) -> dict:
        return {
            number: self.cleaned_data[f"planned_{number}"]
            for number in range(1, LAST_PHASE + 1)
            if f"planned_{number}" in self.cleaned_data
        }


class PersonForm(forms.Form):
    """Let a person of the municipality into the project, or change the role; the owner is another form's."""

    user = PersonField(
        label=_("Person"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose a person.")},
    )
    role = forms.ChoiceField(
        label=_("Role in the project"),
        choices=[choice for choice in ProjectRole.choices if choice[0] != ProjectRole.OWNER],
        initial=ProjectRole.MEMBER,
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people_of_municipality(project.municipality_id)
        self.helper = form_helper()


class OwnerForm(forms.Form):
    """Choose who owns the project from now on."""

    user = PersonField(
        label=_("New project owner"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose a person.")},
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people_of_municipality(project.municipality_id)
        self.helper = form_helper()
