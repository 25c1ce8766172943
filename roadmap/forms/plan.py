"""Forms of the plan: activities, deliverables, tolerances and the team's time."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from innovasjon.forms import (
    DateField,
    DueField,
    NoNationalId,
    PersonField,
    form_helper,
    person_label,
    refuse_past,
)
from innovasjon.meanwhile import MindsOthers
from innovasjon.models import User
from innovasjon.working_days import add_working_days, is_working_day
from roadmap import planning
from roadmap.forms.progress import people_for
from roadmap.models import Activity, Deliverable, Step, TeamShare, Tolerance


def choose_among(field, rows, label, *, empty=None) -> None:
    """Let a choice field choose among rows that are read already, so that a page asks for them once."""
    found = {str(row.pk): row for row in rows}
    field.coerce = found.__getitem__
    field.choices = [*([("", empty)] if empty else []), *[(pk, label(row)) for pk, row in found.items()]]


class OneRow(forms.TypedChoiceField):
    def __init__(self, **kwargs):
        super().__init__(required=False, empty_value=None, **kwargs)


class SomeRows(forms.TypedMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(required=False, empty_value=[], **kwargs)


def phase_choices(project):
    return [(phase.number, f"{phase.number} {phase.name}") for phase in project.phases.order_by("number")]


class ActivityForm(MindsOthers, NoNationalId, forms.ModelForm):
    """What is to be done, by whom, when, and after what."""

    starts_on = DateField(label=_("Start"), required=False)
    ends_on = DateField(label=_("Last day"), required=False)
    duration = forms.IntegerField(
        label=_("or number of working days"),
        help_text=_("Weekends and public holidays are not counted."),
        required=False,
        min_value=1,
        max_value=1000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    responsible = OneRow(label=_("Responsible"))
    participants = SomeRows(label=_("Who takes part?"))
    step = OneRow(label=_("Step"))
    predecessors = SomeRows(label=_("Which must be finished first?"))

    class Meta:
        model = Activity
        fields = [
            "name",
            "kind",
            "phase",
            "step",
            "responsible",
            "starts_on",
            "ends_on",
            "status",
            "unit",
        ]
        labels = {
            "name": _("What is to be done?"),
            "kind": _("Kind"),
            "phase": _("Phase"),
            "status": _("Status"),
            "unit": _("Which unit is affected?"),
        }
        help_texts = {
            "unit": _("For pilots and roll-outs, for example «Zone North». Shown as change load."),
        }
        widgets = {"unit": forms.TextInput(attrs={"list": "units", "autocomplete": "off"})}
        error_messages = {"name": {"required": _("Write what is to be done.")}}

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.project = project
        steps = list(
            Step.objects.filter(phase__project=project)
            .select_related("phase")
            .order_by("phase__number", "position")
        )
        phases = {step.phase.number: step.phase.name for step in steps}
        self.fields["phase"] = forms.TypedChoiceField(
            label=_("Phase"),
            coerce=int,
            choices=[(number, f"{number} {name}") for number, name in phases.items()],
            initial=self.instance.phase or project.phase,
        )
        choose_among(self.fields["step"], steps, lambda s: f"{s.key} {s.name}", empty=_("No special step"))
        self.choose_people(project)
        others = [row for row in project.activities.in_order() if row.pk != self.instance.pk]
        choose_among(self.fields["predecessors"], others, lambda row: f"{row.phase}: {row.name}")
        if self.instance.pk:
            waits_for = self.instance.waits_for.values_list("before", flat=True)
            self.fields["predecessors"].initial = [str(pk) for pk in waits_for]
        self.helper = form_helper()

    def choose_people(self, project):
        taking_part = []
        if self.instance.pk:
            taking_part = list(self.instance.participants.values_list("pk", flat=True))
        people = list(people_for(project, self.instance.responsible_id, *taking_part))
        choose_among(self.fields["responsible"], people, person_label, empty=_("Nobody yet"))
        choose_among(self.fields["participants"], people, person_label)
        self.fields["participants"].initial = [str(pk) for pk in taking_part]

    def clean(self):
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and cleaned.get("duration") and "ends_on" not in self.errors:
            first = -1 if is_working_day(starts_on) else 0
            reckoned = add_working_days(starts_on, cleaned["duration"] + first)
            if ends_on and ends_on != reckoned:
                self.add_error("duration", _("Write either the last day or the working days."))
            ends_on = cleaned["ends_on"] = ends_on or reckoned
        elif cleaned.get("duration") and "starts_on" not in self.errors and not starts_on:
            self.add_error("starts_on", _("Write when it starts."))
        if cleaned.get("kind") == Activity.Kind.MILESTONE:
            day = ends_on or starts_on
            if not day and not {"starts_on", "ends_on"} & self.errors.keys():
                self.add_error("ends_on", _("Write which day the milestone is."))
            cleaned["starts_on"] = cleaned["ends_on"] = day
        elif starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The end is before the start."))
        if cleaned.get("kind") in Activity.HITS and not cleaned.get("unit", "").strip():
            self.add_error("unit", _("Write which unit tries it or takes it into use."))
        step = cleaned.get("step")
        if step and cleaned.get("phase") and not step.key.startswith(f"{cleaned['phase']}."):
            self.add_error("step", _("The step belongs to another phase."))
        if cleaned.get("predecessors"):
            self.instance.name = cleaned.get("name") or self.instance.name
            if chain := planning.circle_of(self.instance, cleaned["predecessors"]):
                self.add_error("predecessors", planning.circle_message(chain))
        return cleaned


class DeliverableForm(MindsOthers, NoNationalId, forms.ModelForm):
    """What is handed over, when it is good enough, and who says so."""

    due_on = DueField(label=_("Due"), required=False)
    responsible = PersonField(
        label=_("Responsible"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    approver = PersonField(
        label=_("Who approves?"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )

    class Meta:
        model = Deliverable
        fields = ["name", "phase", "acceptance", "responsible", "due_on", "approver", "status"]
        labels = {
            "name": _("What is handed over?"),
            "acceptance": _("When is it good enough?"),
            "status": _("Status"),
        }
        help_texts = {"acceptance": _("Write it so that two people would judge alike.")}
        widgets = {"acceptance": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"name": {"required": _("Write what is handed over.")}}

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.project = project
        self.fields["phase"] = forms.TypedChoiceField(
            label=_("Phase"),
            coerce=int,
            choices=phase_choices(project),
            initial=self.instance.phase or project.phase,
        )
        for name in ("responsible", "approver"):
            self.fields[name].queryset = people_for(project, getattr(self.instance, f"{name}_id"))
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("status") == Deliverable.Status.APPROVED:
            if not cleaned.get("acceptance", "").strip():
                self.add_error("acceptance", _("Write what had to be true for it to be approved."))
            if not cleaned.get("approver"):
                self.add_error("approver", _("Choose who has approved it."))
        else:
            refuse_past(self)
        return cleaned


class AgreeForm(NoNationalId, forms.Form):
    """Why the plan as it stands is what one holds on to from now on."""

    reason = forms.CharField(
        label=_("Who agreed, and why?"),
        help_text=_("For example a meeting, and why the days are others than before."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write who agreed, and why.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()


class ToleranceForm(forms.Form):
    """How far the project may deviate before the project owner is asked."""

    def __init__(self, *args, project, **kwargs):
        stored = dict(project.tolerances.values_list("kind", "allowed"))
        super().__init__(*args, **kwargs)
        for kind in Tolerance.Kind:
            self.fields[kind.value] = forms.IntegerField(
                label=kind.label,
                required=False,
                min_value=0,
                max_value=1000 if kind == Tolerance.Kind.TIME else 100,
                initial=stored.get(kind.value),
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )
        self.helper = form_helper()


class TeamShareForm(MindsOthers, NoNationalId, forms.ModelForm):
    """How much time a person has for the project."""

    user = PersonField(
        label=_("Person"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose a person.")},
    )
    percent = forms.IntegerField(
        label=_("Per cent of full time"),
        min_value=1,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Write how many per cent.")},
    )
    starts_on = DateField(label=_("From"), required=False)
    ends_on = DateField(label=_("To"), required=False)

    class Meta:
        model = TeamShare
        fields = ["user", "role", "starts_on", "ends_on", "status"]
        labels = {"role": _("Role in the team"), "status": _("What has the person's leader answered?")}
        help_texts = {"role": _("For example «Driving force, knows the shifts».")}

    field_order = ("user", "role", "percent", "starts_on", "ends_on", "status")

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.project = project
        self.fields["user"].queryset = people_for(project, self.instance.user_id)
        if self.instance.pk:
            self.fields["percent"].initial = self.instance.percent
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The end is before the start."))
        twins = TeamShare.objects.filter(project=self.instance.project, user=cleaned.get("user"))
        if cleaned.get("user") and twins.exclude(pk=self.instance.pk).exists():
            self.add_error("user", _("The person has a share of time already."))
        if cleaned.get("percent"):
            self.instance.share = Decimal(cleaned["percent"]) / 100
        return cleaned
