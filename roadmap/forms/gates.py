"""Forms at the gates."""

from django import forms
from django.utils.translation import gettext_lazy as _

from innovasjon.forms import DueField, ListedPersonField, form_helper, read_id, refuse_past
from innovasjon.meanwhile import MindsOthers
from roadmap.models import GateCondition, Outcome

OUTCOME_HELP = {
    Outcome.PROCEED: _("You go on to the next phase without conditions."),
    Outcome.PROCEED_WITH_CONDITIONS: _("You go on, and the conditions are followed up with who and when."),
    Outcome.STEP_BACK: _("A new round of this phase or an earlier one. All you have done stays."),
    Outcome.STOP: _("The project is closed. You write down what others can learn."),
}


class GateForm(forms.Form):
    """A gate decision. Which of the lower fields are needed depends on the outcome."""

    outcome = forms.ChoiceField(
        label=_("What is the decision?"),
        choices=Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the decision is.")},
    )
    rationale = forms.CharField(
        label=_("Why?"),
        help_text=_("Write so that somebody who was not in the meeting understands it in two years."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what the decision rests on.")},
    )
    back_to = forms.TypedChoiceField(label=_("To which phase?"), required=False, coerce=int, empty_value=None)
    find_out = forms.CharField(
        label=_("What shall you find out now?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    learning = forms.CharField(
        label=_("What can others learn?"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    heirs = forms.CharField(
        label=_("Who takes over the benefits that live on?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    present = forms.CharField(label=_("Present"), required=False, max_length=2000)

    def __init__(self, *args, phases, phase, blockers, **kwargs):
        super().__init__(*args, **kwargs)
        self.phase_names = {p.number: p.name for p in phases if p.number <= phase}
        self.fields["back_to"].choices = [
            ("", _("Choose a phase")),
            *[(number, f"{number} {name}") for number, name in self.phase_names.items()],
        ]
        widget = self.fields["outcome"].widget
        widget.choice_help = dict(OUTCOME_HELP)
        widget.disabled_choices = (
            {Outcome.PROCEED.value: _("Can be chosen when the hindrances above are solved.")}
            if blockers
            else {}
        )
        self.blocked = bool(blockers)
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        if outcome == Outcome.PROCEED and self.blocked:
            self.add_error("outcome", _("«Proceed» can be chosen when the hindrances above are solved."))
        if outcome == Outcome.STEP_BACK:
            if not cleaned.get("back_to") and "back_to" not in self.errors:
                self.add_error("back_to", _("Choose this phase or an earlier one."))
            if not cleaned.get("find_out", "").strip():
                self.add_error("find_out", _("Write what you shall find out now."))
        if outcome == Outcome.STOP and not cleaned.get("learning", "").strip():
            self.add_error("learning", _("Write what others can learn."))
        return cleaned

    @property
    def values(self) -> dict:
        """The decision's fields, without those that belong to another outcome."""
        cleaned = self.cleaned_data
        outcome = cleaned["outcome"]
        back, stop = outcome == Outcome.STEP_BACK, outcome == Outcome.STOP
        return {
            "outcome": outcome,
            "rationale": cleaned["rationale"],
            "present": cleaned["present"],
            "back_to": cleaned["back_to"] if back else None,
            "find_out": cleaned["find_out"] if back else "",
            "learning": cleaned["learning"] if stop else "",
            "heirs": cleaned["heirs"] if stop else "",
        }


class GateConditionForm(forms.Form):
    """One condition: what, who, when. An empty row is no condition."""

    text = forms.CharField(label=_("What must be in place?"), max_length=300, required=False)
    responsible = ListedPersonField(label=_("Responsible"), required=False, empty_label=_("Choose a person"))
    due_on = DueField(
        label=_("Due"),
        required=False,
        error_messages={"invalid": _("Write the due date as day.month.year, for example 18.12.2026")},
    )

    def __init__(self, *args, people, number, **kwargs):
        super().__init__(*args, **kwargs)
        self.number = number
        self.fields["responsible"].people = people

    def clean(self):
        cleaned = super().clean()
        if not self.is_filled:
            return cleaned
        for name, message in {
            "text": _("Condition %(number)s lacks what must be in place."),
            "responsible": _("Condition %(number)s lacks somebody responsible."),
            "due_on": _("Condition %(number)s lacks a due date."),
        }.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, message % {"number": self.number})
        refuse_past(self)
        return cleaned

    @property
    def is_filled(self) -> bool:
        return any(self.data.get(self.add_prefix(name), "").strip() for name in self.fields)


class GateConditionForms:
    """The rows of conditions on a gate page; a row more for each press of «Legg til vilkår»."""

    MOST = 20

    def __init__(self, data=None, *, people, rows=2):
        if data is not None:
            rows = min(read_id(data.get("condition_rows", "")) or 1, self.MOST)
            rows += 1 if "add_condition" in data else 0
        self.forms = [
            GateConditionForm(data, people=people, number=n + 1, prefix=f"condition-{n}") for n in range(rows)
        ]
        if data is not None and "add_condition" in data:
            self.forms[-1].fields["text"].widget.attrs["autofocus"] = True

    def __iter__(self):
        return iter(self.forms)

    def unchecked(self):
        """Return the rows with what was typed and without judging it yet."""
        for form in self.forms:
            form._errors = {}
        return self

    def __len__(self):
        return len(self.forms)

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.forms])  # noqa: C419  every row is to be checked

    @property
    def filled(self) -> list[GateConditionForm]:
        return [form for form in self.forms if form.is_filled]

    @property
    def values(self) -> list[dict]:
        return [
            {name: form.cleaned_data[name] for name in ("text", "responsible", "due_on")}
            for form in self.filled
        ]


class RequestForm(forms.Form):
    """Ask the owner to decide."""

    proposal = forms.CharField(
        label=_("Your proposal"),
        help_text=_(
            "What you think the decision should be, and why. The owner gets it as a draft of the reasons."
        ),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()


class ConditionForm(MindsOthers, forms.ModelForm):
    """How far a gate condition has come."""

    class Meta:
        model = GateCondition
        fields = ["done_count", "total_count", "note"]
        labels = {
            "done_count": _("Done so far"),
            "total_count": _("Out of"),
            "note": _("How is it met?"),
        }
        help_texts = {
            "done_count": _("Only when the condition can be counted, for example 6 of 14 trained."),
            "note": _("Obligatory when the condition is met."),
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        if "met" in self.data and not cleaned.get("note", "").strip():
            self.add_error("note", _("Say how the condition was met."))
        return cleaned
