"""Forms of risks, the project's log and the related projects."""

from django import forms
from django.utils.translation import gettext_lazy as _

from innovasjon.forms import DateField, DueField, NoNationalId, PersonField, form_helper, refuse_past
from innovasjon.meanwhile import MindsOthers
from innovasjon.models import User
from roadmap.forms.progress import people_for
from roadmap.models import Consequence, Likelihood, LogEntry, RelatedProject, Risk


def degrees(choices, empty):
    return [("", empty), *[(value, f"{value} {label}") for value, label in choices]]


def degree_field(label, choices, *, lacking="", required=True):
    empty = _("Choose") if required else _("Not assessed yet")
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        empty_value=None,
        required=required,
        choices=degrees(choices.choices, empty),
        error_messages={"required": lacking},
    )


class RiskForm(MindsOthers, NoNationalId, forms.ModelForm):
    """What may happen, how likely and how serious, what is done, and what is left afterwards."""

    likelihood = degree_field(_("Likelihood"), Likelihood, lacking=_("Choose how likely it is, from 1 to 5."))
    consequence = degree_field(
        _("Consequence"), Consequence, lacking=_("Choose how serious it is, from 1 to 5.")
    )
    likelihood_after = degree_field(_("Likelihood after the action"), Likelihood, required=False)
    consequence_after = degree_field(_("Consequence after the action"), Consequence, required=False)
    responsible = PersonField(
        label=_("Responsible"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )
    due_on = DueField(label=_("Due"), required=False)

    class Meta:
        model = Risk
        fields = [
            "kind",
            "event",
            "effect",
            "likelihood",
            "consequence",
            "nearness",
            "strategy",
            "action",
            "responsible",
            "due_on",
            "likelihood_after",
            "consequence_after",
            "status",
        ]
        labels = {
            "kind": _("Kind"),
            "event": _("What may happen?"),
            "effect": _("What is the effect if we do nothing?"),
            "nearness": _("How near is it?"),
            "strategy": _("Strategy"),
            "action": _("What do we do?"),
            "status": _("Status"),
        }
        widgets = {
            "effect": forms.Textarea(attrs={"rows": 2}),
            "action": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {"event": {"required": _("Write what may happen.")}}

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.project = project
        self.fields["responsible"].queryset = people_for(project, self.instance.responsible_id)
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        before, after = cleaned.get("likelihood_after"), cleaned.get("consequence_after")
        if bool(before) != bool(after):
            name = "consequence_after" if before else "likelihood_after"
            self.add_error(name, _("Choose both likelihood and consequence after the action."))
        if cleaned.get("status") == Risk.Status.ACTED and not cleaned.get("action", "").strip():
            self.add_error("action", _("Write which action was carried out."))
        if cleaned.get("status") == Risk.Status.FOUND:
            refuse_past(self)
        return cleaned


class LogEntryForm(MindsOthers, NoNationalId, forms.ModelForm):
    """One line of the project's log."""

    on = DateField(label=_("When?"), error_messages={"required": _("Write which day it was.")})

    class Meta:
        model = LogEntry
        fields = ["on", "kind", "text", "for_experience_log", "lesson"]
        labels = {
            "kind": _("Type"),
            "text": _("What happened?"),
            "for_experience_log": _("To the experience log"),
            "lesson": _("What can others learn from it?"),
        }
        help_texts = {
            "for_experience_log": _("Then other projects in the municipality can read what you learned."),
            "lesson": _("Obligatory when it goes to the experience log."),
        }
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "lesson": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {"text": {"required": _("Write what happened.")}}

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["lesson"].required_sometimes = True
        self.helper = form_helper()

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("The day has not come yet."))
        return on

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("for_experience_log") and not cleaned.get("lesson", "").strip():
            self.add_error("lesson", _("Write what others can learn from it."))
        return cleaned


class RelatedProjectForm(MindsOthers, NoNationalId, forms.ModelForm):
    """Somebody who works on the same problem."""

    contacted_on = DateField(label=_("When did you talk with them?"), required=False)
    url = forms.URLField(
        label=_("Address"),
        required=False,
        max_length=1000,
        assume_scheme="https",
        error_messages={"invalid": _("Write the whole address, for example https://lindvik.example/referat")},
    )

    class Meta:
        model = RelatedProject
        fields = [
            "title",
            "who",
            "contact",
            "url",
            "status",
            "contacted_on",
            "found",
            "reuse",
            "coordination",
        ]
        labels = {
            "title": _("What is it called?"),
            "who": _("Who runs it?"),
            "contact": _("Whom can you ask?"),
            "status": _("How far has it come?"),
            "found": _("What did you find?"),
            "reuse": _("What can you use again?"),
            "coordination": _("What must be coordinated in time?"),
        }
        help_texts = {"who": _("Another municipality, a public body, a company or your own municipality.")}
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("found", "reuse", "coordination")}
        error_messages = {
            "title": {"required": _("Write what it is called.")},
            "who": {"required": _("Write who runs it.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()

    def clean_url(self):
        url = self.cleaned_data["url"]
        if url and not url.startswith(("https://", "http://")):
            raise forms.ValidationError(self.fields["url"].error_messages["invalid"])
        return url
