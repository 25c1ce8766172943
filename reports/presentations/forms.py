"""Forms of presentations and their slides."""

from django import forms
from django.utils.translation import gettext_lazy as _

from innovasjon.forms import DateField, NoNationalId, form_helper
from innovasjon.meanwhile import MindsOthers
from reports.models import Audience, Presentation, Role, Slide
from reports.models.presentations import WITH_PICTURE, WITH_POINTS
from reports.names import named
from reports.presentations.audiences import RULES
from reports.presentations.deck import default_sentence
from roadmap import answers

SENTENCE_LABELS = {
    Role.VOICES: _("The line under the quotes"),
    Role.ASK: _("What do you ask them for?"),
}


class NoPersonNames(NoNationalId):
    """A form that refuses names of persons in the project's register: they leave it for nobody."""

    names: tuple[str, ...] = ()

    def clean(self):
        cleaned = super().clean()
        for field, value in list((cleaned or {}).items()):
            if isinstance(value, str) and (name := named(value, self.names)):
                self.add_error(
                    field,
                    _(
                        "«%(name)s» is a person in the stakeholder register. "
                        "Write the group or the role instead."
                    )
                    % {"name": name},
                )
        return cleaned


class PresentationForm(MindsOthers, NoPersonNames, forms.ModelForm):
    meeting_on = DateField(label=_("When is the meeting?"), required=False)

    class Meta:
        model = Presentation
        fields = ["audience", "title", "meeting_on"]
        labels = {"audience": _("Who shall see it?"), "title": _("What do you call it?")}
        help_texts = {"title": _("For example «To the employees of home care».")}
        widgets = {"audience": forms.RadioSelect}
        error_messages = {
            "audience": {"required": _("Choose who shall see it.")},
            "title": {"required": _("Write what the presentation is called.")},
        }

    def __init__(self, *args, names=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.names = names
        self.fields["audience"].choices = Audience.choices
        self.fields["audience"].widget.choice_help = {a.value: rules.text for a, rules in RULES.items()}
        self.helper = form_helper()


class SlideForm(NoPersonNames, forms.ModelForm):
    """The texts of one slide, with a digest of what each field held when the page was made.

    A sentence the source tells already is not kept as one's own.
    """

    class Meta:
        model = Slide
        fields = ["heading", "sentence", "points", "number", "picture", "notes"]
        labels = {
            "heading": _("Heading"),
            "sentence": _("The sentence on the slide"),
            "points": _("Points, one a line"),
            "number": _("Which number?"),
            "picture": _("Picture"),
            "notes": _("You say this (shown to the core team alone)"),
        }
        help_texts = {
            "heading": _("Leave it empty to keep the one on the slide."),
            "points": _("What stands before a colon is drawn bold."),
        }
        widgets = {
            "sentence": forms.Textarea(attrs={"rows": 2}),
            "points": forms.Textarea(attrs={"rows": 4}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, data=None, *args, sources, **kwargs):
        super().__init__(data, *args, **kwargs)
        slide = self.instance
        self.names = sources.names
        for name in self.unused(slide.role, sources):
            del self.fields[name]
        self.base = answers.digests(slide, self.fields)
        if data is not None:
            self.base |= {name: data[f"base_{name}"] for name in self.fields if data.get(f"base_{name}")}
            for name in [name for name in self.fields if name not in data]:  # a part may be sent alone
                del self.fields[name]
        self.told = default_sentence(slide)
        if "sentence" in self.fields:
            self.fields["sentence"].label = SENTENCE_LABELS.get(slide.role, self.fields["sentence"].label)
            self.initial["sentence"] = slide.sentence or self.told
        if "number" in self.fields:
            self.fields["number"] = ChosenField(
                rows=sources.numbers, label=_("Which number?"), first=sources.numbers[0]
            )
            self.initial["number"] = slide.number_id or ""
        if "picture" in self.fields:
            self.fields["picture"].queryset = sources.project.pictures.order_by("pk")
            self.fields["picture"].empty_label = _("No picture")
        self.helper = form_helper()

    def unused(self, role: str, sources) -> list[str]:
        """Return the fields a slide of the role has no use for."""
        unused = []
        if role in (Role.GOALS, Role.AFFECTED):
            unused.append("sentence")
        if role not in WITH_POINTS and role != Role.PLAN:
            unused.append("points")
        if role not in WITH_PICTURE:
            unused.append("picture")
        if role != Role.PROBLEM or not sources.numbers:
            unused.append("number")
        return unused

    def clean_sentence(self):
        written = " ".join(self.cleaned_data["sentence"].split())
        return "" if written == self.told else written

    @property
    def bases(self) -> list[tuple[str, str]]:
        """(field, digest) pairs, for the hidden fields."""
        return list(self.base.items())

    @property
    def values(self) -> dict:
        """Field → cleaned value, of the fields that were sent and have no fault."""
        return {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}


class ChosenField(forms.TypedChoiceField):
    """A choice among rows that are read already; an empty choice is the first."""

    def __init__(self, *, rows, first, **kwargs):
        self.rows = {str(row.pk): row for row in rows}
        super().__init__(
            choices=[
                ("", _("The first: %(name)s") % {"name": first}),
                *[(k, r.name) for k, r in self.rows.items()],
            ],
            coerce=self.rows.get,
            empty_value=None,
            required=False,
            **kwargs,
        )


class AddSlideForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Add a slide"), error_messages={"required": _("Choose what the slide is for.")}
    )

    def __init__(self, *args, slides, rules, **kwargs):
        super().__init__(*args, auto_id="add_%s", **kwargs)
        there = {s.role for s in slides if not s.is_out} - {Role.OWN}
        self.fields["role"].choices = [
            (value, label)
            for value, label in Role.choices
            if value not in there and not rules.leaves_out(value)
        ]


class MoveForm(forms.Form):
    to = forms.ChoiceField(choices=[("opp", ""), ("ned", "")])


class StaleForm(forms.Form):
    do = forms.ChoiceField(choices=[("oppdater", ""), ("behold", "")])
