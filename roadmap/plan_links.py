"""What a cell of a plan's spreadsheet points at: other rows of the sheet, and activities that are there."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from roadmap.models import ImportRow

NUMBER_AND_NAME = re.compile(r"([\w.,]+)[ .:)–-]+(.+)", re.DOTALL)


def alike(name: str) -> str:
    return " ".join(name.casefold().split())


def as_number(text: str) -> str:
    """Return a number as it is compared: «1,2», «1.2» and «1.2.» are the same, and so are «3» and «3,0»."""
    return re.sub(r"\.0$", "", text.strip().casefold().replace(",", ".").rstrip("."))


class Pointers:
    """The rows of a sheet and the activities of a project, found by number and name.

    What is found is a node: the number of the row when the activity is in the sheet, else minus its id.
    """

    def __init__(self, rows: Iterable[ImportRow], activities: Iterable[tuple[int, str]]):
        self.names: dict[int, str] = {}
        self.by_number: dict[str, set[int]] = {}
        self.by_name: dict[str, set[int]] = {}
        self.node_of: dict[int, int] = {}  # id of an activity → its node
        for row in rows:
            name = row.texts.get("name", "").strip()
            self.names[row.number] = name
            if name:
                self.by_name.setdefault(alike(name), set()).add(row.number)
            if number := row.texts.get("number", "").strip():
                self.by_number.setdefault(as_number(number), set()).add(row.number)
            if row.twin_id and row.choice != ImportRow.Choice.ADD:
                self.node_of.setdefault(row.twin_id, row.number)
        numbered = bool(self.by_number)
        for place, (pk, name) in enumerate(activities, 1):
            node = self.node_of.setdefault(pk, -pk)
            self.names.setdefault(node, name)
            if node < 0 and alike(name) not in self.by_name:
                self.by_name.setdefault(alike(name), set()).add(node)
            if not numbered:
                self.by_number[str(place)] = {node}

    def read(self, text: str) -> list[int]:
        """Return the nodes a cell points at. Raises ValueError in plain language."""
        return list(dict.fromkeys(node for part in self.parts(text) for node in [self.find(part)]))

    def parts(self, text: str) -> list[str]:
        """Return what stands between the semicolons, and between commas where that makes sense of a part."""
        found = []
        for part in re.split(r"[;\n]", text):
            by_comma = part.split(",")
            is_list = not self.candidates(part) and all(self.candidates(piece) for piece in by_comma)
            found += by_comma if is_list else [part]
        return [part.strip() for part in found if part.strip()]

    def candidates(self, part: str) -> set[int]:
        """Return all that may be meant: by its name, its number, or «number name»."""
        if found := self.by_name.get(alike(part)) or self.by_number.get(as_number(part)):
            return found
        if both := NUMBER_AND_NAME.fullmatch(part.strip()):
            named = self.by_name.get(alike(both[2]), set())
            return (named & self.by_number.get(as_number(both[1]), set())) or named
        return set()

    def find(self, part: str) -> int:
        """Return the one node that is meant."""
        found = self.candidates(part)
        if not found:
            raise ValueError(_("No activity is called «%(text)s» or has that number.") % {"text": part[:80]})
        if len(found) > 1:
            raise ValueError(
                _("More than one activity is called «%(text)s». Write its number.") % {"text": part[:80]}
            )
        return next(iter(found))

    def chain(self, nodes: list[int]) -> str:
        """«A → B → A»."""
        return " → ".join(self.names[node] for node in nodes)
