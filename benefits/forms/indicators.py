"""Forms of indicators: what is measured, the expected path and the calendar."""

import re

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benefits import wording
from benefits.forms.benefits import people_of_municipality
from benefits.models import Frequency, Indicator
from innovasjon.forms import DateField, NoNationalId, NumberField, PersonField, form_helper, read_date
from innovasjon.meanwhile import CODE, Conflict, MindsOthers, digest
from innovasjon.models import AuditEvent, User


class IndicatorForm(MindsOthers, NoNationalId, forms.ModelForm):
    """From where to where, by when, and how often it is measured."""

    baseline = NumberField(
        label=_("Baseline"),
        required=False,
        help_text=_("How is it today? Leave it empty if it is not measured; never write 0 for that."),
    )
    baseline_on = DateField(label=_("Measured on"), required=False)
    baseline_planned_on = DateField(
        label=_("When will the baseline be measured?"), required=False, help_text=_("If it is not yet.")
    )
    target = NumberField(label=_("Target"), required=False)
    target_on = DateField(label=_("To be reached by"), required=False)
    tolerance = NumberField(
        label=_("Allowed deviation"),
        required=False,
        min_value=0,
        help_text=_("How far behind the path may a value be before it is a deviation?"),
    )
    next_due_on = DateField(label=_("Next measurement"), required=False)
    dates = forms.CharField(
        label=_("Dates"),
        required=False,
        help_text=_("For measuring on certain dates. Commas between, for example 1.3, 1.6.2027"),
    )
    measurer = PersonField(
        label=_("Who measures?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("The benefit owner"),
    )

    class Meta:
        model = Indicator
        fields = [
            "name",
            "unit",
            "unit_label",
            "method",
            "baseline",
            "baseline_on",
            "baseline_planned_on",
            "target",
            "target_on",
            "tolerance",
            "frequency",
            "dates",
            "next_due_on",
            "measurer",
            "question",
            "hint",
            "method_note",
            "is_active",
        ]
        labels = {
            "name": _("What is measured?"),
            "unit": _("Unit"),
            "unit_label": _("Unit in words"),
            "method": _("How is it measured?"),
            "frequency": _("How often?"),
            "question": _("The question to the one who measures"),
            "hint": _("Where is the number found?"),
            "method_note": _("How is it measured, in words?"),
            "is_active": _("In use"),
        }
        help_texts = {
            "name": _("For example «Medicine trips»."),
            "unit_label": _("For example «trips per week»."),
            "question": _("For example «How many medicine trips did zone North drive?»"),
        }
        widgets = {
            "method": forms.RadioSelect,
            "method_note": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {"name": {"required": _("Write what is measured.")}}

    def __init__(self, *args, municipality, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["measurer"].queryset = people_of_municipality(municipality, self.instance.measurer_id)
        for name in ("method", "unit", "frequency"):
            self.fields[name].choices = [c for c in self.fields[name].choices if c[0]]
        if self.instance.pk:
            planned = self.instance.planned_dates.order_by("on").values_list("on", flat=True)
            self.initial["dates"] = ", ".join(f"{on:%d.%m.%Y}" for on in planned)
        self.helper = form_helper()

    def clean_tolerance(self):
        tolerance = self.cleaned_data["tolerance"]
        return 0 if tolerance is None else tolerance

    def clean_dates(self):
        try:
            return [
                read_date(text, today=timezone.localdate())
                for text in re.split(r"[,;\n]+", self.cleaned_data["dates"])
                if text.strip()
            ]
        except ValueError:
            raise forms.ValidationError(
                _("Write the dates with commas between, for example 1.3, 1.6.2027")
            ) from None

    def clean(self):
        cleaned = super().clean()
        pairs = (
            ("baseline", "baseline_on", _("Write which day the baseline was measured.")),
            ("baseline_on", "baseline", _("Write the baseline itself.")),
            ("target", "target_on", _("Write by when the target is to be reached.")),
            ("target_on", "target", _("Write the target itself.")),
        )
        for known, missing, text in pairs:
            if cleaned.get(known) is not None and cleaned.get(missing) is None and missing not in self.errors:
                self.add_error(missing, text)
        if (
            cleaned.get("frequency") == Frequency.DATES
            and not cleaned.get("dates")
            and "dates" not in self.errors
        ):
            self.add_error("dates", _("Write at least one date."))
        return cleaned


class PathPointForm(forms.Form):
    """What is expected on a day. An empty row is no row."""

    on = DateField(label=_("Date"), required=False)
    value = NumberField(label=_("Expected value"), required=False)

    def clean(self):
        cleaned = super().clean()
        for known, missing, text in (
            ("on", "value", _("Write the expected value.")),
            ("value", "on", _("Write the date.")),
        ):
            if cleaned.get(known) is not None and cleaned.get(missing) is None and missing not in self.errors:
                self.add_error(missing, text)
        return cleaned


class PathForms(forms.BaseFormSet):
    """The expected path between baseline and target, point by point."""

    conflicts: tuple[Conflict, ...] = ()

    def __init__(self, *args, indicator, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicator = indicator

    @property
    def opened(self) -> str:
        """What the path was when the person opened it, for the hidden field of the page."""
        if self.is_bound and not self.conflicts:
            return self.data.get("opened", "")
        return digest(self.stored)

    @property
    def stored(self) -> str:
        return wording.path((row["on"], row["value"]) for row in self.initial)

    @property
    def gives_way(self) -> bool:
        """Whether the person chose that the stored path shall stand."""
        return self.data.get("stands_path") == "stored"

    def look(self) -> None:
        """Ask which path shall stand when another one was saved since the page was opened.

        Raises ValidationError.
        """
        sent, mine = self.data.get("opened"), wording.path(self.points)
        if not sent or sent == digest(self.stored) or mine == self.stored:
            return
        events = AuditEvent.objects.filter(verb="indicator.path_set", target_id=str(self.indicator.pk))
        event = events.order_by("-id").first()
        self.conflicts = (
            Conflict(
                name="path",
                label=gettext("Expected path"),
                mine=mine,
                theirs=self.stored,
                who=event.actor_name if event else "",
                at=event.at if event else None,
            ),
        )
        raise forms.ValidationError(_("Somebody else changed this while you wrote."), code=CODE)

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            on = form.cleaned_data.get("on") if hasattr(form, "cleaned_data") else None
            if on is None:
                continue
            start, end = self.indicator.baseline_on, self.indicator.target_on
            if on in seen:
                form.add_error("on", _("The path has a value on this day already."))
            elif (start and on <= start) or (end and on >= end):
                form.add_error("on", _("The date must be between the baseline and the target."))
            seen.add(on)
        if not any(form.errors for form in self.forms) and not self.gives_way:
            self.look()

    @property
    def points(self):
        rows = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        return [(row["on"], row["value"]) for row in rows if row.get("on")]


PathFormSet = forms.formset_factory(PathPointForm, formset=PathForms, extra=3, max_num=60)
