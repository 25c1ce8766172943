"""A project's figures, read once into frozen dataclasses. Page and PDF render them; neither computes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from benefits.reading import project_benefits
from benefits.sums import ProjectBenefits
from innovasjon.access import ProjectRole
from roadmap import gates
from roadmap.contributions import CONTRIBUTIONS, Figure
from roadmap.models import ChecklistItem, GateCondition, GateDecision, Project
from roadmap.progress import Count, Station, count
from roadmap.road import project_road
from roadmap.trail import Line, events_of, lines
from stakeholders.gaps import AHEAD, Register
from stakeholders.models import Measure
from stakeholders.register import register_for_documents

MOST_LINES = 5  # of the trail in a report; the log has them all
TELLING = r"^(presentation|slide|report|read_link|document|archive_package)\."  # not what the project did


@dataclass(frozen=True)
class StepSummary:
    """One step of the current phase, with its open checkpoints."""

    name: str
    count: Count
    open: tuple[ChecklistItem, ...]


@dataclass(frozen=True)
class DecisionSummary:
    """One gate decision that holds, with its conditions."""

    decision: GateDecision
    phase_name: str
    conditions: tuple[GateCondition, ...]


@dataclass(frozen=True)
class ProjectSummary:
    """What a status report tells, as it was at one moment."""

    project: Project
    owner: str
    leader: str
    stations: tuple[Station, ...]
    phase_number: int
    phase_name: str
    gate_question: str
    count: Count
    steps: tuple[StepSummary, ...]
    decisions: tuple[DecisionSummary, ...]
    open_conditions: tuple[GateCondition, ...]
    next_gate_on: date | None
    since: date
    changes: tuple[Line, ...]  # the latest first
    changes_left_out: int
    register: Register  # of groups; never of named persons
    planned: tuple[Measure, ...]  # with groups, the next 30 days
    figures: tuple[tuple[str, tuple[Figure, ...]], ...]  # of each room that has some, by its name
    benefits: ProjectBenefits
    made_at: datetime


def project_summary(project: Project, *, since: date, now: datetime) -> ProjectSummary:
    """Read a project's summary: the same number of queries whatever the project's size."""
    road = project_road(project)
    items = list(road.round.items.select_related("step", "responsible").in_order())
    for item in items:
        item.round = road.round
    steps: dict[int, list[ChecklistItem]] = {}
    for item in items:
        steps.setdefault(item.step_id, []).append(item)
    conditions: dict[int, list[GateCondition]] = {}
    for condition in (
        GateCondition.objects.filter(decision__project=project)
        .select_related("responsible", "decision")
        .order_by("due_on", "pk")
    ):
        conditions.setdefault(condition.decision_id, []).append(condition)
    people = {
        m.role: m.user
        for m in project.memberships.filter(role__in=[ProjectRole.OWNER, ProjectRole.LEADER])
        .select_related("user")
        .order_by("-pk")
    }
    names = {phase.number: phase.name for phase in road.phases}
    start = timezone.make_aware(datetime.combine(since, datetime.min.time()))
    events = events_of(project, since=start).exclude(verb__regex=TELLING)
    shown = list(events[:MOST_LINES])
    today = timezone.localdate(now)
    planned = (
        Measure.objects.pending()
        .between(today, today + AHEAD)
        .filter(stakeholder__project=project, stakeholder__person_name="")
        .select_related("stakeholder", "responsible")
        .order_by("on", "pk")
    )
    owner, leader = people.get(ProjectRole.OWNER), people.get(ProjectRole.LEADER)
    return ProjectSummary(
        project=project,
        owner=owner.position_or_name if owner else "",
        leader=leader.short_name if leader else "",
        stations=road.stations,
        phase_number=project.phase,
        phase_name=road.phase.name,
        gate_question=road.phase.gate_question,
        count=road.count,
        steps=tuple(
            StepSummary(
                name=str(found[0].step),
                count=count(item.status for item in found),
                open=tuple(item for item in found if item.is_open),
            )
            for found in steps.values()
        ),
        decisions=tuple(
            DecisionSummary(d, names[d.phase], tuple(conditions.get(d.pk, ()))) for d in road.decisions
        ),
        open_conditions=tuple(gates.open_conditions(project)),
        next_gate_on=timezone.localdate(project.next_gate_at) if project.next_gate_at else None,
        since=since,
        changes=tuple(lines(shown)),
        changes_left_out=events.count() - len(shown) if len(shown) == MOST_LINES else 0,
        register=register_for_documents(project, today),
        planned=tuple(planned),
        figures=tuple(
            (room.name, tuple(found))
            for room in CONTRIBUTIONS.contributions
            if (found := room.figures(project, today))
        ),
        benefits=project_benefits(project, today),
        made_at=now,
    )
