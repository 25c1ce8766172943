"""Two people, one row: what decides whether an answer is written or a conflict is shown.

The browser sends each field with its value and a digest of the value it started from. A field whose
value still has that digest was not touched. A touched field is written only when the row still has
the digest; else somebody else was there in between, and the person is shown both texts.
"""

from dataclasses import dataclass
from datetime import date

from innovasjon import meanwhile

FIELDS = ("status", "reason", "note", "responsible", "due_on")


def as_text(value) -> str:
    """Return a field's value as the one text it is compared by; None is empty, line ends are \\n."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "pk"):
        return str(value.pk)
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def digest(value) -> str:
    """Return sixteen hex digits that tell a value from another."""
    return meanwhile.digest(as_text(value))


def digests(row, names=FIELDS) -> dict[str, str]:
    """Return field → digest of what is stored."""
    return {name: digest(stored(row, name)) for name in names}


def stored(row, name: str):
    """Return what a row holds in a field; of another row its id, without a query."""
    return getattr(row, row._meta.get_field(name).attname)


def agreed(row, values: dict) -> list[tuple[str, str]]:
    """Return (field, digest) of what was sent and is now stored so: what the next save starts from.

    It holds for a text that was stored before too, as when an answer was lost on its way to the browser.
    """
    now = digests(row, values)
    return [(name, now[name]) for name, value in values.items() if now[name] == digest(value)]


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else changed after the page was opened."""

    field: str
    mine: object
    theirs: object


@dataclass(frozen=True)
class Outcome:
    """What became of a set of answers: the row, which fields were written, which were not."""

    item: object
    written: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def sort_out(item, values: dict, bases: dict) -> tuple[dict, tuple[Conflict, ...]]:
    """Return (what to write, conflicts) of the posted values against the stored row. No query.

    A value equal to what is stored already is no conflict and nothing to write. A field without a base
    was not read before it was written, so it overwrites.
    """
    to_write, conflicts = {}, []
    for name, value in values.items():
        mine, now = digest(value), digest(stored(item, name))
        base = bases.get(name, now)
        if mine in (base, now):
            continue
        if base == now:
            to_write[name] = value
        else:
            conflicts.append(Conflict(name, value, getattr(item, name)))
    return to_write, tuple(conflicts)
