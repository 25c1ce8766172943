"""Reading one phase of a project with all its checkpoints: three queries, whatever it holds."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.urls import reverse

from innovasjon.models import User
from innovasjon.prepared import Prepared
from innovasjon.rows import Rows, read
from roadmap.models import ChecklistItem, Evidence, PhaseRound, Project, ProjectMembership, ProjectPhase, Step
from roadmap.progress import Count, count_by_step
from roadmap.rounds import ROUND, round_of

LINK = ("id", "title", "url")

# Set what was read by another query on a checkpoint, at a tenth of what an assignment costs.
set_step, set_round, set_responsible, set_settled_by = (
    ChecklistItem._meta.get_field(name).set_cached_value
    for name in ("step", "round", "responsible", "settled_by")
)


@dataclass(frozen=True)
class StepRow:
    """A step in the phase's list, with its count."""

    step: Step
    count: Count
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class PhasePage:
    """What the pages of one phase are made from: the phase, the round shown, its steps and checkpoints."""

    project: Project
    phase: ProjectPhase
    rounds: tuple[PhaseRound, ...]  # the latest first
    round: PhaseRound  # the one shown
    steps: tuple[Step, ...]
    items: tuple[ChecklistItem, ...]
    people: tuple[User, ...]  # who may be made responsible, and who already answers for something
    before: dict[int, ChecklistItem]  # the checkpoints of the round before, by id

    @property
    def is_current_round(self) -> bool:
        return self.round == self.rounds[0]

    @property
    def is_writable(self) -> bool:
        return self.project.can.edit and self.round.ended_on is None

    @property
    def query(self) -> str:
        """What links within an earlier round end with."""
        return "" if self.is_current_round else f"?runde={self.round.number}"

    def people_for(self, item: ChecklistItem) -> list[User]:
        """Those who may be made responsible for a checkpoint."""
        return [p for p in self.people if p.is_in_project or p.pk == item.responsible_id]

    def step_rows(self, current: Step | None = None) -> list[StepRow]:
        counts = count_by_step(self.items)
        return [
            StepRow(step, counts.get(step.pk, Count()), self.step_url(step), step == current)
            for step in self.steps
        ]

    @cached_property
    def url(self) -> str:
        return reverse("roadmap:phase", args=[self.project.slug, self.phase.number])

    def step_url(self, step: Step) -> str:
        return f"{self.url}{step.key}/{self.query}"

    def item_url(self, item: ChecklistItem) -> str:
        return f"{self.url}{item.step.key}/{quote(item.key, safe='+')}/{self.query}"

    def next_open(self, after: ChecklistItem | None = None) -> ChecklistItem | None:
        """Return the next open checkpoint of the phase after the given one, going round to the start."""
        places = [item.pk for item in self.items]
        start = places.index(after.pk) + 1 if after else 0
        turned = self.items[start:] + self.items[:start]
        return next((item for item in turned if item.is_open and item != after), None)

    def predecessor_of(self, item: ChecklistItem | None) -> ChecklistItem | None:
        """Return the same checkpoint of the round before, if it was answered or noted."""
        before = self.before.get(item.predecessor_id) if item else None
        return before if before and (before.note or not before.is_open) else None


ROUNDS = PhaseRound.objects.filter(
    project=OuterRef("phase__project"), phase=OuterRef("phase__number")
).order_by("-number")
STEPS = Prepared(
    lambda project, number: (
        Step.objects.filter(phase__project=project, phase__number=number)
        .select_related("phase")
        .annotate(_rounds=Rows(ROUNDS, *ROUND))
        .order_by("position")
    )
)
LINKS = Evidence.objects.filter(item=OuterRef("pk")).order_by("pk")
ITEMS = Prepared(
    lambda round, before: ChecklistItem.objects.filter(round__in=[round, before]).annotate(
        _links=Rows(LINKS, *LINK)
    )
)


def people_of(project: int, number: int):
    """Return the query for the people of a project, and all who answer or answered in a phase."""
    part = ProjectMembership.objects.filter(project=project, user=OuterRef("pk"))
    items = ChecklistItem.objects.filter(round__project=project, round__phase=number)
    answers = Q(pk__in=items.values("responsible")) | Q(pk__in=items.values("settled_by"))
    return (
        User.objects.annotate(is_in_project=Exists(part))
        .filter(Q(is_in_project=True) | answers)
        .only("name", "position", "email")
        .order_by("name")
    )


PEOPLE = Prepared(people_of)


def read_phase(project: Project, number: int, wanted: str = "") -> PhasePage:
    """Read a phase; `wanted` is the number of an earlier round to show.

    Raises Http404 for a phase or a round that is not there.
    """
    steps = tuple(STEPS(project=project.pk, number=number))
    if not steps:
        raise Http404
    phase = steps[0].phase
    rounds = tuple(round_of(project, number, values) for values in read(steps[0]._rounds))
    place = next((n for n, r in enumerate(rounds) if str(r.number) == wanted), None) if wanted else 0
    if place is None:
        raise Http404
    items, before = read_items(rounds[place : place + 2], steps)
    people = tuple(PEOPLE(project=project.pk, number=number))
    set_people((*items, *before.values()), people)
    return PhasePage(project, phase, rounds, rounds[place], steps, items, people, before)


def read_items(rounds, steps) -> tuple[tuple[ChecklistItem, ...], dict[int, ChecklistItem]]:
    """Return the checkpoints of the first round in their order, and those of the second by id."""
    found = ITEMS(round=rounds[0].pk, before=rounds[-1].pk)
    step_of = {step.pk: step for step in steps}
    round_of = {r.pk: r for r in rounds}
    items, before = [], {}
    for item in found:
        set_step(item, step_of[item.step_id])
        set_round(item, round_of[item.round_id])
        item.links = [dict(zip(LINK, values, strict=True)) for values in read(item._links)]
        if item.round_id == rounds[0].pk:
            items.append(item)
        else:
            before[item.pk] = item
    items.sort(key=lambda item: (item.step.position, item.position, item.pk))
    return tuple(items), before


def set_people(items, people) -> None:
    """Set on each checkpoint who answers for it and who settled it.

    Somebody who was taken off it between the two queries is not among the people; Django reads that one.
    """
    by_id = {person.pk: person for person in people}
    for item in items:
        if responsible := by_id.get(item.responsible_id):
            set_responsible(item, responsible)
        if settled_by := by_id.get(item.settled_by_id):
            set_settled_by(item, settled_by)
