"""Two people with one form open: each field is saved only over what the person has seen.

The page carries a digest of what each field held when it was made. A field whose text still has that
digest was not touched, and what somebody else saved in it stands. A touched field is saved when the
row still has the digest; else the form comes back with both texts, and the person chooses.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from innovasjon.models import AuditEvent

CODE = "meanwhile"
EVENTS = 50  # of the row's trail that are looked through for who changed a field


def digest(text: str) -> str:
    """Return sixteen hex digits that tell a text from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def as_text(value) -> str:
    """Return what a form sends of a field as the one text it is compared by; line ends are \\n."""
    if isinstance(value, (list, tuple, set)):
        return "\n".join(sorted(filter(None, map(as_text, value))))
    if value in (None, False):
        return ""
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else changed after the page was opened; both texts as people read them."""

    name: str
    label: str
    mine: str
    theirs: str
    who: str = ""
    at: datetime | None = None


class MindsOthers:
    """A model form that never saves over what another person saved while it was open.

    Save in a view under `one_writer` (roadmap.access), so that nobody comes between the look and the writing.
    """

    TRAIL_NAMES: dict[str, str] = {}  # field → its name in the trail, where that is another

    conflicts: tuple[Conflict, ...] = ()

    @property
    def opened(self) -> str:
        """What the fields held when the person opened them, for the hidden field of the page."""
        base = {name: digest(as_text(self.stored(name))) for name in self.minded()} | self.bases()
        base |= {c.name: digest(as_text(self.stored(c.name))) for c in self.conflicts}
        return " ".join(f"{name}:{found}" for name, found in base.items())

    def minded(self) -> list[str]:
        return [name for name, field in self.fields.items() if not isinstance(field, forms.FileField)]

    def bases(self) -> dict[str, str]:
        """Return field → digest as the page sent them; nothing from a page that was never sent."""
        sent = self.data.get(self.add_prefix("opened"), "") if self.is_bound else ""
        pairs = [pair.partition(":") for pair in sent.split()]
        return {name: found for name, _colon, found in pairs if name in self.fields}

    def stored(self, name: str):
        """Return what the row holds, as the browser sends it when it is not touched."""
        field = self.fields[name]
        value = field.prepare_value(self.get_initial_for_field(field, name))
        return (
            bool(value) if isinstance(field.widget, forms.CheckboxInput) else field.widget.format_value(value)
        )

    def sent(self, name: str):
        return self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))

    def full_clean(self):
        found = self.sort_out() if self.is_bound and self.instance.pk else []
        super().full_clean()
        if found:
            self.conflicts = tuple(self.told(found))
            for conflict in self.conflicts:
                error = forms.ValidationError(_("Somebody else changed this while you wrote."), code=CODE)
                self.add_error(conflict.name, error)

    def sort_out(self) -> list[str]:
        """Take over what others saved in fields that were not touched; return those in conflict."""
        conflicts, theirs = [], []
        for name, base in self.bases().items():
            now, mine = digest(as_text(self.stored(name))), digest(as_text(self.sent(name)))
            if now in (base, mine):
                continue
            gives_way = self.data.get(self.add_prefix(f"stands_{name}")) == "stored"
            (theirs if mine == base or gives_way else conflicts).append(name)
        theirs += [n for n in self.bases() if self.data.get(self.add_prefix(f"stands_{n}")) == "stored"]
        if theirs:
            self.data = self.data.copy()
            for name in dict.fromkeys(theirs):
                self.put(name, self.stored(name))
        return conflicts

    def put(self, name: str, value) -> None:
        """Set a field as if the browser had sent the value."""
        key = self.add_prefix(name)
        if isinstance(value, list):
            self.data.setlist(key, value)
        elif value in (None, False):
            self.data.pop(key, None)
        else:
            self.data[key] = "on" if value is True else value

    def told(self, names) -> list[Conflict]:
        """Return both texts of each field with who changed it last, from the trail. One query."""
        events = AuditEvent.objects.filter(
            target_type=self.instance._meta.label_lower, target_id=str(self.instance.pk)
        ).order_by("-id")[:EVENTS]
        events = list(events)
        found = []
        for name in names:
            in_trail = self.TRAIL_NAMES.get(name, name)
            event = next((e for e in events if in_trail in e.changes), None)
            found.append(
                Conflict(
                    name=name,
                    label=str(self.fields[name].label),
                    mine=self.in_words(name, self.sent(name)),
                    theirs=self.in_words(name, self.stored(name)),
                    who=event.actor_name if event else "",
                    at=event.at if event else None,
                )
            )
        return found

    def in_words(self, name: str, value) -> str:
        if isinstance(value, bool):
            return pgettext("answer", "Yes") if value else pgettext("answer", "No")
        if not hasattr(self.fields[name], "choices"):
            return as_text(value)
        labels = {str(key): str(label) for key, label in flatten_choices(self.fields[name].choices)}
        values = value if isinstance(value, (list, tuple)) else [value]
        return ", ".join(labels.get(str(v), str(v)) for v in values if v not in (None, ""))
