"""What the rows of other people's benefit workbooks need before they are rows of ours.

KommIT's plan gives a benefit two rows, one for each action; its sheets end with signatures, costs or
another table; its formulas copy the names from sheet to sheet.
"""

import re
from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from benefits.forms.benefits import people_of_municipality
from innovasjon.forms import person_label, read_date
from innovasjon.spreadsheets.cells import Formula, fold

# What the name's cell says where a table has ended, letter by letter: a benefit may be called «Kostnader».
ENDS = {
    "kostnader:",
    "oppsummering:",
    "tiltak for å forbedre måloppnåelse",
    "prosjektkostnader (p)",
    "sum brutto nyttevirkning (b)",
    "nettogevinster (b-p-d)",
}
SIGNED = {"prosjekteier:", "rådmann:", "kommunedirektør:"}  # below a plan
PLACEHOLDERS = {"gevinst …", "gevinst ..."}  # of a template nobody has filled in
ACTION, DUE = "take_out_action", "take_out_due_on"


def shown(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts with what formulas showed in place of the formulas."""
    return {name: str(text) if isinstance(text, Formula) else text for name, text in texts.items()}


def rows_of_table(rows, name: str, *known_by: str, alone=False) -> Iterator[tuple[int, dict]]:
    """Yield the (number, texts) of the first table; rows that only say what they are about are left out.

    name: the field with the benefit's name; known_by: others that say what a row is about. alone: a name
    alone is a row.

    >>> rows = [(5, {"benefit": "Turer", "value": "3"}), (6, {"benefit": "Tid", "value": ""})]
    >>> list(rows_of_table([*rows, (9, {"benefit": "KOSTNADER:", "value": "9"})], "benefit"))
    [(5, {'benefit': 'Turer', 'value': '3'})]
    """
    for number, texts in rows:
        title = as_written(texts.get(name, ""))
        if title in ENDS or (not title and SIGNED & set(map(as_written, texts.values()))):
            return
        says = any(text for field, text in texts.items() if field not in (name, *known_by))
        if title not in PLACEHOLDERS and (says or (alone and title)):
            yield number, texts


def as_written(text: str) -> str:
    """Return a text without capitals and doubled spaces."""
    return " ".join(text.casefold().split())


def with_all_actions(rows: Iterable[tuple[int, dict]]) -> Iterator[tuple[int, dict]]:
    """Put a second action, in a row without a name, to the benefit above it; the later date counts.

    >>> rows = [(5, {"name": "Turer", ACTION: "Lær opp", DUE: "18.12.2026"})]
    >>> list(with_all_actions([*rows, (6, {"name": "", ACTION: "Legg om", DUE: "01.02.2027"})]))
    [(5, {'name': 'Turer', 'take_out_action': 'Lær opp (18.12.2026)\\nLegg om (01.02.2027)', 'take_out_due_on': '01.02.2027'})]
    """  # noqa: E501
    before = None
    for number, texts in rows:
        goes_on = before and {field for field, text in texts.items() if text} <= {ACTION, DUE}
        if goes_on:
            before = (before[0], before[1] | both_actions(before[1], texts))
            continue
        if before:
            yield before
        before = (number, texts)
    if before:
        yield before


def both_actions(first: dict, second: dict) -> dict[str, str]:
    told = [
        f"{texts[ACTION]} ({texts[DUE]})" if texts.get(DUE) else texts[ACTION]
        for texts in (first, second)
        if texts.get(ACTION)
    ]
    days = [texts[DUE] for texts in (first, second) if texts.get(DUE)]
    return {ACTION: "\n".join(told)} | ({DUE: max(days, key=day_of)} if days else {})


def day_of(text: str) -> tuple:
    """Sort days; what is no day comes last, so that it is seen and corrected."""
    try:
        return (0, read_date(text, today=timezone.localdate()))
    except ValueError:
        return (1, None)


def day_above(above: Iterable[str], *words: str) -> str:
    """Return the day that stands after a word over a table, or "".

    >>> day_above(["Resultatoppfølging", "Dato: 13.11.2026"], "dato"), day_above(["Dato: ____"], "dato")
    ('13.11.2026', '')
    """
    for text in above:
        if match := re.fullmatch(rf"\s*({'|'.join(words)})\s*:?\s*(\d[\d.\-/ ]+\d)\s*", text, re.IGNORECASE):
            return match[2]
    return ""


class People:
    """The people of a project's municipality, found by what others call them: name, position or e-mail."""

    def __init__(self, project):
        self.project = project
        self._known: dict[str, list] | None = None

    @property
    def known(self) -> dict[str, list]:
        if self._known is None:
            used = self.project.benefits.exclude(Q(owner=None) & Q(responsible=None))
            also = {pk for pair in used.values_list("owner", "responsible") for pk in pair}
            self._known = {}
            people = people_of_municipality(self.project.municipality, *also)
            for person in people.only("name", "email", "position"):
                for word in {person.name, person.email, person.position, person_label(person)} - {""}:
                    self._known.setdefault(fold(word), []).append(person)
        return self._known

    def find(self, text: str) -> int:
        """Return the id of the one person the text means.

        Raises ValueError, with what to write instead, when it is nobody or more than one.
        """
        found = self.known.get(fold(text), [])
        if len(found) == 1:
            return found[0].pk
        told = {"text": text[:60], "people": get_text_list([person.email for person in found[:4]], _("or"))}
        if found:
            raise ValueError(_("Several are called «%(text)s». Write the e-mail: %(people)s.") % told)
        raise ValueError(
            _("Nobody here is called «%(text)s». Write another name or e-mail, or leave it empty.") % told
        )
