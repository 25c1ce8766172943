"""The road of one project: its six stations, read once, drawn the same on page and in PDF."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef
from django.urls import reverse
from django.utils import timezone

from innovasjon.models import User
from innovasjon.rows import Rows, day, read
from roadmap import content
from roadmap.models import (
    ChecklistItem,
    GateCondition,
    GateDecision,
    Outcome,
    PhaseRound,
    Project,
    ProjectPhase,
)
from roadmap.models.project import LAST_PHASE
from roadmap.progress import Count, Station, count, station_state
from roadmap.rounds import ROUND, round_of

CONDITION = ("id", "text", "due_on", "done_count", "total_count", "person", "post")


@dataclass(frozen=True)
class Road:
    """The stations of a project, with the rows they were made from."""

    stations: tuple[Station, ...]
    phases: tuple[ProjectPhase, ...]
    rounds: dict[int, PhaseRound]  # phase → current round
    round: PhaseRound  # of the current phase
    phase: ProjectPhase  # the current one
    count: Count  # of the current phase
    items: tuple[ChecklistItem, ...]  # of the current round
    decisions: tuple[GateDecision, ...]  # that hold, the first first
    open_conditions: tuple[GateCondition, ...]  # of those decisions, the one due first at the top

    def passed_on(self, number: int) -> date | None:
        return next((s.passed_on for s in self.stations if s.number == number), None)


def project_road(project: Project) -> Road:
    """Read the road of a project: three queries, whatever its length, with or without the checkpoints."""
    latest = PhaseRound.objects.filter(project=OuterRef("project"), phase=OuterRef("number"))
    phases = tuple(
        project.phases.annotate(_round=Rows(latest.order_by("-number")[:1], *ROUND)).order_by("number")
    )
    rounds = {phase.number: round_of(project, phase.number, read(phase._round)[0]) for phase in phases}
    current = rounds[project.phase]
    items = tuple(current.items.select_related("step").in_order())
    counted = count(item.status for item in items)
    unmet = (
        GateCondition.objects.open()
        .filter(decision=OuterRef("pk"))
        .annotate(person=F("responsible__name"), post=F("responsible__position"))
        .order_by("due_on", "pk")
    )
    decisions = tuple(
        GateDecision.objects.effective()
        .filter(project=project)
        .select_related("document")
        .annotate(_conditions=Rows(unmet, *CONDITION))
        .order_by("decided_at", "pk")
    )
    conditions = [condition_of(d, values) for d in decisions for values in read(d._conditions)]
    passed = {d.phase: timezone.localdate(d.decided_at) for d in decisions if d.proceeds}
    finished = LAST_PHASE in passed
    back = last_step_back(decisions, project.phase)
    stations = []
    for phase in phases:
        state = station_state(phase.number, phase=project.phase, closed=project.is_closed, finished=finished)
        stations.append(
            Station(
                number=phase.number,
                name=phase.name,
                state=state,
                url=reverse("roadmap:phase", args=[project.slug, phase.number]),
                count=counted if phase.number == project.phase else None,
                passed_on=passed.get(phase.number) if state == "done" else None,
                planned_from=phase.planned_from if state == "coming" else None,
                round=rounds[phase.number].number,
                **returned(back, phase.number, phases),
            )
        )
    return Road(
        stations=tuple(stations),
        phases=phases,
        rounds=rounds,
        round=current,
        phase=phases[project.phase - 1],
        count=counted,
        items=items,
        decisions=decisions,
        open_conditions=tuple(sorted(conditions, key=lambda c: (c.due_on, c.pk))),
    )


def last_step_back(decisions, phase: int) -> GateDecision | None:
    """Return the last step back among decisions in order, until its gate has been passed after all."""
    back = next((d for d in reversed(decisions) if d.outcome == Outcome.STEP_BACK), None)
    return back if back and back.phase >= phase else None


def returned(back: GateDecision | None, number: int, phases) -> dict:
    """Return what the station where a step back led says of it."""
    if back is None or back.back_to != number:
        return {}
    return {"returned_from": phases[back.phase - 1].name, "returned_over": back.phase - number}


def condition_of(decision: GateDecision, values: list) -> GateCondition:
    """Return an unmet condition read with its decision; of its person the name and position alone."""
    pk, text, due_on, done, total, person, post = values
    return GateCondition(
        pk=pk,
        decision=decision,
        text=text,
        due_on=day(due_on),
        done_count=done,
        total_count=total,
        responsible=User(name=person, position=post),
    )


def mini_road(project: Project) -> list[Station]:
    """Return the stations of a project in a list: names and states only, no query."""
    finished = project.is_closed and project.phase == LAST_PHASE and not project.learning
    return [
        Station(
            number=phase.number,
            name=phase.name,
            state=station_state(
                phase.number, phase=project.phase, closed=project.is_closed, finished=finished
            ),
        )
        for phase in content.load().phases
    ]
