"""What upper rooms add to a project's pages, without the roadmap knowing them.

Each upper room hands in one object from its `AppConfig.ready()`; the roadmap asks all of them, in the
order of the floors, and imports none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from django.urls import reverse
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Blocker:
    """One thing that hinders a plain «Gå videre», and where it is mended."""

    text: Text
    url: str
    action: Text
    detail: Text = ""


@dataclass(frozen=True)
class Fact:
    """What the system itself measured for a checkpoint."""

    text: Text
    answers: bool  # whether it answers the checkpoint with yes


@dataclass(frozen=True)
class Change:
    """One line of «Nytt siden …»."""

    at: datetime
    text: Text
    url: str = ""
    label: Text = ""  # whom or what it is about, when the line begins with that
    detail: Text = ""
    tone: str = "ok"  # or "watch", "help", "clock"


@dataclass(frozen=True)
class Figure:
    """One line of «Grunnlaget fryses»: what is frozen, how much of it, and a remark."""

    label: Text
    value: Text
    detail: Text = ""


@dataclass(frozen=True)
class Task:
    """One row of «Min side»: something that waits for one person, and the one act that settles it."""

    on: date  # when it is due
    text: Text  # what, as a link
    url: str  # the exact place where it is done
    why: Text  # one line
    action: Text  # the button, named by the act
    project_name: str = ""
    as_owner: bool = False  # on the same day the owner's rows stand before the team's


@dataclass(frozen=True)
class Panel:
    """A piece of a project's overview that a room draws: a template of the room's and its context."""

    template: str
    context: Mapping
    place: str = "main"  # or "aside"


class Contribution:
    """What a room adds. A room overrides what it has something to say about."""

    name = ""
    sentences: Mapping[str, Text] = MappingProxyType({})  # audit verb → sentence of the trail
    field_labels: Mapping[str, Text] = MappingProxyType({})  # field → label
    choices: Mapping[str, Mapping[str, Text]] = MappingProxyType({})  # field → stored value → label
    tools: Mapping[str, str] = MappingProxyType({})  # tool in the roadmap's content → name of its address

    def blockers(self, project, today: date) -> list[Blocker]:
        """What hinders a plain «Gå videre»."""
        return []

    def notices(self, project, today: date) -> list[Blocker]:
        """What hinders nothing, but ought to be seen before the gate."""
        return []

    def fact(self, project, key: str) -> Fact | None:
        """What the system measured for a checkpoint, if this room knows."""
        return None

    def changes(self, project, since: datetime) -> list[Change]:
        """What is new since a moment."""
        return []

    def basis(self, project) -> dict:
        """What a gate freezes, as JSON. Nothing that changes by itself from day to day."""
        return {}

    def figures(self, project, today: date) -> list[Figure]:
        """The room's lines under «Grunnlaget fryses»."""
        return []

    def tasks(self, user, municipality, today: date) -> list[Task]:
        """What waits for a person in the projects of a municipality; a bounded number of queries."""
        return []

    def panels(self, project, today: date) -> list[Panel]:
        """The room's pieces of the project's overview; `project.can` says what the viewer may."""
        return []

    def forget_picture(self, picture) -> None:
        """Remove what was made with a picture of a project's story that is taken away."""

    def forget_outlived(self, now: datetime) -> int:
        """Remove the files nobody needs any more; return how many rows and files that were."""
        return 0

    def render_basis(self, data: dict) -> bytes | None:
        """Return a basis with its decision as PDF. Only the roof knows how."""
        return None


@dataclass
class Rooms:
    """The contributions of all rooms, in the order of the floors."""

    contributions: list[Contribution] = field(default_factory=list)

    def add(self, contribution: Contribution) -> None:
        if contribution.name not in self.names():
            self.contributions.append(contribution)

    def names(self) -> list[str]:
        return [c.name for c in self.contributions]

    def blockers(self, project, today) -> list[Blocker]:
        return [blocker for c in self.contributions for blocker in c.blockers(project, today)]

    def notices(self, project, today) -> list[Blocker]:
        return [notice for c in self.contributions for notice in c.notices(project, today)]

    def fact(self, project, key) -> Fact | None:
        return next((fact for c in self.contributions if (fact := c.fact(project, key))), None)

    def teller_of(self, verb: str) -> Contribution:
        """Return the room that has a sentence for a verb of the trail; one without words when none has."""
        return next((c for c in self.contributions if verb in c.sentences), Contribution())

    def tools(self, project, names) -> list[tuple[str, str]]:
        """Return tools with the address of each in the project; empty where the program has none."""
        found = {tool: address for c in self.contributions for tool, address in c.tools.items()}
        return [(n, reverse(found[n], args=[project.slug]) if n in found else "") for n in names]

    def changes(self, project, since) -> list[Change]:
        return [change for c in self.contributions for change in c.changes(project, since)]

    def basis(self, project) -> dict:
        return {c.name: basis for c in self.contributions if (basis := c.basis(project))}

    def figures(self, project, today) -> list[Figure]:
        return [figure for c in self.contributions for figure in c.figures(project, today)]

    def tasks(self, user, municipality, today) -> list[Task]:
        found = [task for c in self.contributions for task in c.tasks(user, municipality, today)]
        return sorted(found, key=lambda task: (task.on, not task.as_owner))

    def panels(self, project, today) -> list[Panel]:
        return [panel for c in self.contributions for panel in c.panels(project, today)]

    def forget_picture(self, picture) -> None:
        for c in self.contributions:
            c.forget_picture(picture)

    def forget_outlived(self, now) -> int:
        return sum(c.forget_outlived(now) for c in self.contributions)

    def render_basis(self, data: dict) -> bytes:
        for c in self.contributions:
            if (content := c.render_basis(data)) is not None:
                return content
        raise LookupError("no room renders the basis of a gate")


CONTRIBUTIONS = Rooms()
