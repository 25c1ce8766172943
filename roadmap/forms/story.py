"""Forms of a project's story, one per kind of part."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from innovasjon.forms import DateField, NoNationalId, form_helper
from innovasjon.meanwhile import MindsOthers
from roadmap import pictures
from roadmap.models import Goal, KeyNumber, Picture, PlanLink, Quote, Story

WRITE_A_NUMBER = _("Write a number, for example 1480 or 81,5.")
SPACES = str.maketrans("", "", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")


class NumberField(forms.DecimalField):
    """A number as people write one: 1 480, 81,5 or 81.5."""

    widget = forms.TextInput

    def __init__(self, **kwargs):
        super().__init__(
            max_digits=14,
            decimal_places=2,
            error_messages={"invalid": WRITE_A_NUMBER, "required": WRITE_A_NUMBER},
            **kwargs,
        )
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value):
        if isinstance(value, str):
            value = value.translate(SPACES).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value):
        if value is None or isinstance(value, str):
            return value
        return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") if value % 1 else f"{value:.0f}"


class PartForm(MindsOthers, NoNationalId, forms.ModelForm):
    """A part of the story; its project is set before anything is checked."""

    def clean_unit(self):
        """«prosent» is written as its sign, so that it stands alike everywhere."""
        unit = self.cleaned_data["unit"]
        return "%" if unit.lower() == "prosent" else unit

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()

    @property
    def drawn(self) -> pictures.Drawn | None:
        """What the part has outside the database; only a new picture has."""
        return None


class StoryForm(PartForm):
    class Meta:
        model = Story
        fields = ["who", "how_often", "how_serious", "disagreement", "nature", "nature_reason"]
        labels = {
            "who": _("Whom does the problem hit?"),
            "how_often": _("How often?"),
            "how_serious": _("How serious is it?"),
            "disagreement": _("What do people disagree on?"),
            "nature": _("What kind of problem is it?"),
            "nature_reason": _("Why do you think so?"),
        }
        help_texts = {
            "who": _("Groups, not names."),
            "disagreement": _(
                "About the cause or the way on. It is shown to the core team alone, "
                "and never stands in presentations."
            ),
        }
        widgets = {
            **{
                n: forms.Textarea(attrs={"rows": 2})
                for n in ("who", "how_often", "how_serious", "nature_reason")
            },
            "disagreement": forms.Textarea(attrs={"rows": 3}),
            "nature": forms.RadioSelect,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nature"].choices = [*Story.Nature.choices, ("", _("Not decided yet"))]


class GoalForm(PartForm):
    baseline = NumberField(label=_("Number before"), required=False)
    baseline_on = DateField(label=_("The number before was measured"), required=False)
    latest = NumberField(label=_("Number now"), required=False)
    latest_on = DateField(label=_("The number now was measured"), required=False)
    target = NumberField(label=_("Number to reach"), required=False)
    target_on = DateField(label=_("Shall be reached"), required=False)

    class Meta:
        model = Goal
        fields = [
            "kind",
            "text",
            "criterion",
            "unit",
            "baseline",
            "baseline_on",
            "latest",
            "latest_on",
            "target",
            "target_on",
        ]
        labels = {
            "kind": _("What kind of goal is it?"),
            "text": _("What shall be different?"),
            "criterion": _("How do you see that it is reached?"),
            "unit": _("Unit"),
        }
        help_texts = {
            "text": _("For example «Medicine within 30 minutes»."),
            "criterion": _("In words, or as a number under."),
            "unit": _("For example trips a week, per cent or kroner."),
        }
        widgets = {"kind": forms.RadioSelect, "criterion": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"text": {"required": _("Write the goal.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Goal.Kind.choices
        if self.instance._state.adding and "kind" not in self.initial:
            has_main = self.instance.project.goals.filter(kind=Goal.Kind.MAIN).exists()
            self.initial["kind"] = Goal.Kind.PART if has_main else Goal.Kind.MAIN

    def clean(self):
        cleaned = super().clean()
        number = cleaned.get("target") is not None and cleaned.get("target_on") and cleaned.get("unit")
        if not number and not cleaned.get("criterion") and "target" not in self.errors:
            self.add_error(
                "criterion",
                _("Write how you see that the goal is reached, or a number with unit and date."),
            )
        for name, day in (("baseline", "baseline_on"), ("latest", "latest_on")):
            if cleaned.get(name) is not None and not cleaned.get(day) and day not in self.errors:
                self.add_error(day, _("Write when it was measured."))
        return cleaned

    def clean_kind(self):
        kind = self.cleaned_data["kind"]
        others = self.instance.project.goals.exclude(pk=self.instance.pk)
        if kind == Goal.Kind.MAIN and others.filter(kind=Goal.Kind.MAIN).exists():
            raise forms.ValidationError(
                _("The project has a main goal already. Make this one a part goal."), code="taken"
            )
        return kind


class QuoteForm(PartForm):
    cleared = forms.BooleanField(
        label=_("Cleared for sharing"),
        required=False,
        help_text=_("The one who said it has agreed that it is used without a name."),
    )

    class Meta:
        model = Quote
        fields = ["speaker", "text", "description"]
        labels = {
            "speaker": _("Who said it?"),
            "text": _("What was said?"),
            "description": _("Who is it, without a name?"),
        }
        help_texts = {
            "text": _("Without quotation marks. Leave out names and health information."),
            "description": _("For example «User, 81 years» or «Nurse, zone North»."),
        }
        widgets = {"speaker": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 3})}
        error_messages = {
            "speaker": {"required": _("Choose who said it.")},
            "text": {"required": _("Write what was said.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["speaker"].choices = Quote.Speaker.choices
        self.initial["cleared"] = self.instance.is_cleared

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("cleared"):
            self.instance.cleared_on = None
        elif not self.instance.cleared_on:
            self.instance.cleared_on = timezone.localdate()
        return cleaned


class KeyNumberForm(PartForm):
    value = NumberField(label=_("Number"))

    class Meta:
        model = KeyNumber
        fields = ["name", "value", "unit", "sentence", "source", "year"]
        labels = {
            "name": _("What does it count?"),
            "unit": _("Unit"),
            "sentence": _("The sentence after the number"),
            "source": _("Source"),
            "year": _("Year"),
        }
        help_texts = {
            "name": _("For example «Medicine trips»."),
            "unit": _("For example trips a week, per cent or kroner."),
            "sentence": _("It is read right after number and unit, and stands on the first slide."),
            "source": _("Where others can find the number."),
        }
        widgets = {"sentence": forms.Textarea(attrs={"rows": 2})}
        error_messages = {
            "name": {"required": _("Write what the number counts.")},
            "unit": {"required": _("Write the unit.")},
            "source": {"required": _("Write where the number is from.")},
            "year": {"required": _("Write the year."), "invalid": _("Write the year with four digits.")},
        }


class PictureForm(PartForm):
    file = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG or WebP, at most 10 MB. Place and camera are removed from the file."),
        error_messages={"required": _("Choose a picture.")},
    )

    class Meta:
        model = Picture
        fields = ["alternative", "consent"]
        labels = {
            "alternative": _("Describe the picture for those who do not see it"),
            "consent": _("Who has agreed, and how?"),
        }
        help_texts = {
            "consent": _("Shown to the core team alone. Write «No people in the picture» when that is so."),
        }
        error_messages = {
            "alternative": {"required": _("Describe the picture for those who do not see it.")},
            "consent": {"required": _("Write who has agreed that the picture is used.")},
        }

    field_order = ["file", "alternative", "consent"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            del self.fields["file"]

    def clean_file(self):
        drawn = pictures.draw(self.cleaned_data["file"])
        self.instance.sha256, self.instance.width, self.instance.height = (
            drawn.digest,
            drawn.width,
            drawn.height,
        )
        return drawn

    def clean(self):
        cleaned = super().clean()
        if self.errors and cleaned.get("file"):
            self.add_error("file", _("Choose the picture once more. The browser does not remember it."))
        return cleaned

    @property
    def drawn(self):
        return self.cleaned_data.get("file")


class PlanLinkForm(PartForm):
    url = forms.URLField(label=_("Address"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = PlanLink
        fields = ["plan", "goal", "url"]
        labels = {"plan": _("Which plan?"), "goal": _("Which goal in the plan?")}
        help_texts = {"plan": _("For example the municipal plan or the plan of action for health and care.")}
        error_messages = {
            "plan": {"required": _("Write the name of the plan.")},
            "goal": {"required": _("Write which goal the project supports.")},
        }
