"""Forms of status reports."""

from django import forms
from django.utils.translation import gettext_lazy as _

from innovasjon.forms import DateField, NoNationalId
from reports import jobs
from reports.actions import WORDS
from reports.models.reports import CHOSEN
from roadmap import answers

LONGEST = 4000


def writing(label, *, help_text="", rows=3):
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class TodayForm(forms.Form):
    """The project as it is today: from when the trail is told, and for whom the document is made."""

    siden = DateField(
        label=_("Changes since"),
        error_messages={"required": _("Write from which day changes are told.")},
    )
    utgave = forms.ChoiceField(choices=[(jobs.PEOPLE, ""), (jobs.ARCHIVE, "")], required=False)

    @property
    def variant(self) -> str:
        return self.cleaned_data["utgave"] or jobs.PEOPLE


class DraftForm(NoNationalId, forms.Form):
    """A draft's words. Nothing is obligatory until it is published; what is typed is always kept."""

    condition = forms.ChoiceField(
        label=_("How is it going?"),
        choices=[(c.value, c.label) for c in CHOSEN],
        required=False,
        widget=forms.RadioSelect,
    )
    condition_reason = writing(
        _("Why?"), help_text=_("Needed when you choose another condition than the proposed one."), rows=2
    )
    condition_reason.required_sometimes = True
    condition_reason.widget.attrs["placeholder"] = " "  # so that the stylesheet sees whether it is empty
    headline = writing(
        _("The most important in one sentence"),
        help_text=_("The only thing somebody reads who has ten seconds."),
        rows=2,
    )
    happened = writing(_("This has happened"), rows=4)
    ask = writing(_("This we need from the project owner"), rows=3)
    correction = writing(_("What is corrected?"), help_text=_("It stands on the corrected edition."), rows=2)
    told = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data=None, *, draft):
        report = draft.report
        self.draft = draft
        initial = {name: getattr(report, name) for name in WORDS}
        initial["condition"] = report.condition or draft.proposal.condition
        super().__init__(data, initial=initial)
        self.fields["told"].choices = [(line.key, line.label) for line in draft.found.lines]
        if not report.is_correction:
            del self.fields["correction"]
        self.start_anew(report)
        if data is not None:
            self.base |= {n: data[f"base_{n}"] for n in self.words if data.get(f"base_{n}")}

    def start_anew(self, report) -> None:
        """Let the next post start from what is stored now."""
        self.base = {name: answers.digest(getattr(report, name)) for name in self.words}

    @property
    def words(self) -> list[str]:
        return [name for name in WORDS if name in self.fields]

    @property
    def values(self) -> dict:
        """What was typed, whether or not it can be published; line ends are \\n."""
        return {name: answers.as_text(self.cleaned_data.get(name, "")) for name in self.words}

    @property
    def left_out(self) -> list[str]:
        told = self.cleaned_data.get("told", [])
        return [line.key for line in self.draft.found.lines if line.key not in told]

    def lines(self) -> list[dict]:
        """The lines of news with whether each is told."""
        told = self.data.getlist("told") if self.is_bound else None
        return [
            {
                "line": line,
                "told": line.key in told if told is not None else line.key not in self.draft.report.left_out,
            }
            for line in self.draft.found.lines
        ]
