"""Forms of the checklist."""

from django import forms
from django.core.validators import URLValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from innovasjon.forms import DateField, ListedPersonField, form_helper
from innovasjon.models import User
from roadmap import answers
from roadmap.models import ChecklistItem


def people_for(project, *also):
    """The people of a project, and whoever answers for something already."""
    return User.objects.filter(
        Q(pk__in=project.memberships.values("user")) | Q(pk__in=[pk for pk in also if pk])
    ).order_by("name")


class ItemForm(forms.Form):
    """One checkpoint's answer, with a digest of what each field held when the page was made."""

    status = forms.ChoiceField(label=_("Status"), choices=ChecklistItem.Status, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why is it not relevant?"),
        help_text=_("Write why, so the project owner does not have to ask."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    responsible = ListedPersonField(label=_("Responsible"), required=False, empty_label=_("Nobody yet"))
    due_on = DateField(
        label=_("Due"),
        required=False,
        error_messages={"invalid": _("Write the due date as day.month.year, for example 18.12.2026")},
    )

    def __init__(self, data=None, *, project, item=None, people=None, **kwargs):
        """`item` is needed to show the form, not to read what was posted; `people` are the choices."""
        initial = {name: answers.stored(item, name) for name in answers.FIELDS} if item else {}
        super().__init__(data, initial=initial, auto_id="item_%s", **kwargs)
        self.item = item
        self.base = answers.digests(item) if item else {}
        if data is not None:
            self.base |= {n: data[f"base_{n}"] for n in answers.FIELDS if data.get(f"base_{n}")}
            for name in answers.FIELDS:
                if name not in data:  # a part of the form may be sent alone
                    del self.fields[name]
            if item is None and answers.digest(data.get("responsible")) == self.base.get("responsible"):
                self.fields.pop("responsible", None)  # untouched: nothing to look up
        if "responsible" in self.fields:
            if people is None:
                people = people_for(project, item and item.responsible_id)
            self.fields["responsible"].people = people
        self.helper = form_helper()

    def clean(self):
        cleaned = super().clean()
        lacks_reason = "reason" in self.fields and not cleaned.get("reason", "").strip()
        if cleaned.get("status") == ChecklistItem.Status.NOT_RELEVANT and lacks_reason:
            self.add_error("reason", _("Write why, so the project owner does not have to ask."))
        return cleaned

    @property
    def bases(self) -> list[tuple[str, str]]:
        """(field, digest) pairs, for the hidden fields."""
        return list(self.base.items())

    @property
    def values(self) -> dict:
        """Field → cleaned value, of the fields that were sent and have no fault.

        A checkpoint is not set as not relevant while its reason has a fault.
        """
        found = {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}
        if "reason" in self.errors and found.get("status") == ChecklistItem.Status.NOT_RELEVANT:
            del found["status"]
        return found


class EvidenceForm(forms.Form):
    """A link that shows what the answer rests on."""

    title = forms.CharField(
        label=_("What is it?"),
        max_length=200,
        error_messages={"required": _("Write what the link leads to.")},
    )
    url = forms.URLField(
        label=_("Address"),
        max_length=1000,
        assume_scheme="https",
        validators=[
            URLValidator(
                schemes=["https", "http"],
                message=_("Write the whole address, for example https://lindvik.example/referat"),
            )
        ],
        error_messages={
            "required": _("Paste the address of the page or the file."),
            "invalid": _("Write the whole address, for example https://lindvik.example/referat"),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="evidence_%s", **kwargs)
        self.helper = form_helper()


class OwnItemForm(forms.Form):
    """The team's own checkpoint in a step."""

    text = forms.CharField(
        label=_("Your own checkpoint"),
        help_text=_("Write it as a question that can be answered with yes."),
        max_length=300,
        error_messages={"required": _("Write the checkpoint.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="own_%s", **kwargs)
        self.helper = form_helper()
