"""Forms of status reports."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from innovasjon.forms import DateField, NoNationalId
from reports import jobs
from reports.actions import WORDS, ticked
from reports.models.reports import CHOSEN
from roadmap import answers

LONGEST = 4000
MOST_KEYS = 500


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
    """A draft's words. Nothing is obligatory until it is published; what is typed is always kept.

    Each field is sent with the digest of what it held, and the lines with which of them were ticked: of two
    who write at once each keeps what the other did not touch.
    """

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

    def __init__(self, data=None, *, report, draft=None):
        """`draft` is needed to show the form, not to save what it sends. A part may be sent alone."""
        self.report, self.draft = report, draft
        stored = {name: getattr(report, name) for name in WORDS}
        if draft:
            stored["condition"] = report.condition or draft.proposal.condition
        self.sent = [name for name in WORDS if name in data] if data is not None else []
        if data is not None:
            data = data.copy()
            for name in WORDS:
                data.setdefault(name, stored[name])
        super().__init__(data, initial=stored)
        if not report.is_correction:
            del self.fields["correction"]
        self.start_anew(report)
        if data is not None:
            self.base |= {n: data[f"base_{n}"] for n in self.words if data.get(f"base_{n}")}

    def start_anew(self, report) -> None:
        """Let the next post start from what is stored now."""
        self.base = answers.digests(report, self.words)

    @property
    def words(self) -> list[str]:
        return [name for name in WORDS if name in self.fields]

    @property
    def values(self) -> dict:
        """What was typed and has no fault, whether or not it can be published; line ends are \\n.

        A proposed condition that nobody has touched is no choice until the report is published.
        """
        valid = [name for name in self.words if name in self.sent and name in self.cleaned_data]
        found = {name: answers.as_text(self.cleaned_data[name]) for name in valid}
        untouched = self.base["condition"] == answers.digest("") and "publish" not in self.data
        if untouched and "condition" in found and found["condition"] == self.proposed:
            del found["condition"]
        return found

    @property
    def proposed(self) -> str:
        """The condition that was proposed as the page was made; "" for anything else."""
        proposed = self.data.get("proposed", "")
        return proposed if proposed in CHOSEN else ""

    @property
    def ticks(self) -> tuple[set[str], set[str]]:
        """Return (keys ticked away, keys ticked again) since the page was made."""
        before = set(self.data.get("base_told", "").split()) & self.keys()
        return (before - self.told, self.told - before) if "base_told" in self.data else (set(), set())

    @property
    def told(self) -> set[str]:
        """Return the keys of the lines that are ticked."""
        return set(self.data.getlist("told")) & self.keys()

    def keys(self) -> set[str]:
        """Return what the page sent that has the look of a line's key."""
        sent = [*self.data.get("base_told", "").split(), *self.data.getlist("told")]
        return {key for key in sent[:MOST_KEYS] if re.fullmatch(r"[0-9a-f]{12}", key)}

    @property
    def base_told(self) -> str:
        """Which lines are told as the draft is stored, for a hidden field."""
        return " ".join(row["line"].key for row in self.lines(stored=True) if row["told"])

    def lines(self, *, stored=False) -> list[dict]:
        """The lines of news with whether each is told, as the draft is stored or as it was sent."""
        away, again = self.ticks if self.is_bound and not stored else (set(), set())
        left_out = ticked(self.report.left_out, away, again)
        return [{"line": line, "told": line.key not in left_out} for line in self.draft.found.lines]
