"""Cells of a spreadsheet that name people: by position, name or e-mail address, never two people for one."""

import re
from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from innovasjon.models import User
from innovasjon.spreadsheets import Choice, Words
from innovasjon.spreadsheets.cells import fold

PERCENT = re.compile(r"\s*[(,]?\s*(\d{1,3})\s*%\s*\)?$")


class Person(Choice):
    """One of the project's people. `colleagues`: others in the municipality, who must be added first."""

    def __init__(self, people: Iterable[User], colleagues: Iterable[User] = ()):
        people = list(people)
        self.told = Counter(fold(word) for person in people for word in words_of(person))
        super().__init__(
            [(person.pk, self.label(person)) for person in people],
            words={w: person.pk for person in people for w in words_of(person) if self.told[fold(w)] == 1},
        )
        self.colleagues = {fold(word) for person in colleagues for word in (person.name, person.email)}

    def label(self, person: User) -> str:
        """Return the position when it is one person's only, else the name, else the e-mail address."""
        known = (person.position, person.name)
        return next((w for w in known if w and self.told[fold(w)] == 1 and ";" not in w), person.email)

    def clean(self, value, row=None, **kwargs):
        folded = fold(value)
        if self.told[folded] > 1:
            raise ValueError(
                _("More than one is called «%(text)s». Write the e-mail address.") % {"text": value[:60]}
            )
        if value and folded not in self.known():
            if folded in self.colleagues:
                raise ValueError(
                    _("«%(text)s» is not in the project yet. Add the person under People first.")
                    % {"text": value[:60]}
                )
            raise ValueError(
                _("Nobody in the project is called «%(text)s». Write a name or an e-mail address.")
                % {"text": value[:60]}
            )
        return super().clean(value)


def words_of(person: User) -> set[str]:
    return {person.email, person.name, person.position_or_name}


class People(Words):
    """Several people with a semicolon between, each with a share of full time when it is known.

    Both ways a list of (id, per cent or None): «Ola Berg 20 %; sykepleier@lindvik.example».
    """

    def __init__(self, person: Person):
        super().__init__()
        self.person = person

    def clean(self, value, row=None, **kwargs):
        found: dict[int, int | None] = {}
        for part in self.parts(value):
            percent = PERCENT.search(part)
            if percent and not 1 <= int(percent[1]) <= 100:
                raise ValueError(_("Write a share from 1 to 100 %."))
            name = part[: percent.start()] if percent else part
            found[self.person.clean(name.strip())] = int(percent[1]) if percent else None
        return sorted(found.items())

    def parts(self, value: str) -> list[str]:
        """Return what stands between the semicolons; between commas when a part is nobody's name."""
        found = []
        for part in re.split(r"[;\n]", value):
            known = fold(PERCENT.sub("", part)) in self.person.known()
            found += [part] if known else re.split(r",(?!\s*\d{1,3}\s*%)", part)
        return [part.strip() for part in found if part.strip()]

    def render(self, value, obj=None, **kwargs):
        names = dict(self.person.pairs)
        told = (f"{names[pk]} {percent} %" if percent else str(names[pk]) for pk, percent in value)
        return super().render("; ".join(told))
