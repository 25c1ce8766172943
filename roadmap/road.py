"""The road of one project: its six stations, read once, drawn the same on page and in PDF."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from roadmap import content
from roadmap.models import ChecklistItem, GateDecision, PhaseRound, Project, ProjectPhase
from roadmap.models.project import LAST_PHASE
from roadmap.progress import Count, Station, count, station_state


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

    def passed_on(self, number: int) -> date | None:
        return next((s.passed_on for s in self.stations if s.number == number), None)


def project_road(project: Project) -> Road:
    """Read the road of a project: four queries, whatever its length, with or without the checkpoints."""
    phases = tuple(project.phases.order_by("number"))
    rounds = {r.phase: r for r in PhaseRound.objects.current().filter(project=project)}
    for round in rounds.values():
        round.project = project
    current = rounds[project.phase]
    items = tuple(current.items.select_related("step").in_order())
    counted = count(item.status for item in items)
    decisions = tuple(
        GateDecision.objects.effective()
        .filter(project=project)
        .select_related("document")
        .order_by("decided_at", "pk")
    )
    passed = {d.phase: timezone.localdate(d.decided_at) for d in decisions if d.proceeds}
    finished = LAST_PHASE in passed
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
