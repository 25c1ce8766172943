"""Cells of a spreadsheet that name people: by position, name or e-mail address, never two people for one."""

import re
from collections import Counter
from collections.abc import Callable, Iterable

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from innovasjon.models import User
from innovasjon.spreadsheets import Choice, Words
from innovasjon.spreadsheets.cells import fold

PERCENT = re.compile(r"\s*[(,]?\s*(\d{1,3})\s*%\s*\)?$")
AT_ONCE = 500  # names in one query


def people_of(project, *answering):
    """The project's people, and those who answer for something already: QuerySets of their ids."""
    found = Q(pk__in=project.memberships.values("user"))
    for ids in answering:
        found |= Q(pk__in=ids)
    return User.objects.filter(found).order_by("name")


class Person(Choice):
    """One of the project's people, whom a function returns when the first is asked for.

    project: others in its municipality are told to be added first.
    """

    def __init__(self, people: Callable[[], Iterable[User]], project=None):
        super().__init__(self.labels, words=self.names)
        self._people = people
        self.project = project
        self.colleagues: dict[str, bool] = {}  # folded name → whether it is a colleague's, as far as asked

    @cached_property
    def people(self) -> list[User]:
        return list(self._people())

    @cached_property
    def told(self) -> Counter:
        """Return folded word → how many it means."""
        return Counter(fold(word) for person in self.people for word in words_of(person))

    def labels(self) -> list[tuple[int, str]]:
        return [(person.pk, self.label(person)) for person in self.people]

    def names(self) -> dict[str, int]:
        return {w: person.pk for person in self.people for w in words_of(person) if self.told[fold(w)] == 1}

    def label(self, person: User) -> str:
        """Return the position when it is one person's only, else the name, else the e-mail address."""
        known = (person.position, person.name)
        return next((w for w in known if w and self.told[fold(w)] == 1 and ";" not in w), person.email)

    def read_ahead(self, texts):
        """Find the colleagues among those nobody in the project is called, by name or e-mail address."""
        unknown = {fold(text): text for text in texts if text and not self.told[fold(text)]}
        asked = [(folded, text) for folded, text in unknown.items() if folded not in self.colleagues]
        for start in range(0, len(asked), AT_ONCE):
            part = dict(asked[start : start + AT_ONCE])
            found = {fold(word) for person in self.called(part.values()) for word in person}
            self.colleagues |= {folded: folded in found for folded in part}

    def called(self, texts: Iterable[str]):
        """Return (name, e-mail address) of colleagues with these names or addresses, in any case."""
        if self.project is None:
            return []
        written = {" ".join(text.split()) for text in texts}
        lower = {text.lower() for text in written}
        colleagues = User.objects.filter(memberships__municipality=self.project.municipality_id)
        named = Q(name__in=written) | Q(name_in_lower__in=lower) | Q(email__in=lower)
        return colleagues.annotate(name_in_lower=Lower("name")).filter(named).values_list("name", "email")

    def clean(self, value, row=None, **kwargs):
        folded = fold(value)
        if self.told[folded] > 1:
            raise ValueError(
                _("More than one is called «%(text)s». Write the e-mail address.") % {"text": value[:60]}
            )
        if value and folded not in self.known():
            self.read_ahead([value])
            if self.colleagues.get(folded):
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

    def read_ahead(self, texts):
        self.person.read_ahead(without_share(part) for text in texts for part in self.parts(text))

    def clean(self, value, row=None, **kwargs):
        found: dict[int, int | None] = {}
        for part in self.parts(value):
            percent = PERCENT.search(part)
            if percent and not 1 <= int(percent[1]) <= 100:
                raise ValueError(_("Write a share from 1 to 100 %."))
            found[self.person.clean(without_share(part))] = int(percent[1]) if percent else None
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


def without_share(part: str) -> str:
    """«Ola Berg 20 %» → «Ola Berg»."""
    percent = PERCENT.search(part)
    return (part[: percent.start()] if percent else part).strip()
