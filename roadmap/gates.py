"""What stands at a gate: whether it can be decided, what hinders it, and the basis that is frozen."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovasjon.access import ProjectRole
from innovasjon.templatetags.innovasjon import in_words, short_day
from roadmap.contributions import CONTRIBUTIONS, Blocker, Figure
from roadmap.models import (
    ChecklistItem,
    DecisionRequest,
    GateCondition,
    GateDecision,
    PhaseRound,
    Project,
    ProjectMembership,
    ProjectPhase,
)
from roadmap.progress import Count, count


class GateNotOpen(Exception):
    """This gate is neither the next one nor the one decided last."""


class GateBlocked(Exception):
    """A plain «Gå videre» was asked for while something hinders it."""

    def __init__(self, blockers):
        super().__init__(f"{len(blockers)} blockers")
        self.blockers = blockers


class BasisChanged(Exception):
    """The basis is no longer the one the decider saw."""


class AlreadyDecided(Exception):
    """Somebody else decided the gate in the meantime."""


@dataclass(frozen=True)
class Gate:
    """A gate that can be decided now: its round, and the decision a new one would supersede."""

    project: Project
    phase: int
    round: PhaseRound
    supersedes: GateDecision | None


def current_round(project: Project, phase: int) -> PhaseRound:
    """Return a phase's latest round, with when and by whom a decision was last asked for."""
    asked = DecisionRequest.objects.filter(round=OuterRef("pk")).order_by("-asked_at")
    return (
        PhaseRound.objects.filter(project=project, phase=phase)
        .annotate(
            asked_at=Subquery(asked.values("asked_at")[:1]),
            asked_by=Subquery(asked.values("asked_by__name")[:1]),
            proposal=Subquery(asked.values("proposal")[:1]),
        )
        .order_by("-number")
        .first()
    )


def last_decision(project: Project) -> GateDecision | None:
    """Return the project's latest decision that still holds."""
    return (
        GateDecision.objects.effective()
        .filter(project=project)
        .select_related("round")
        .order_by("-decided_at", "-pk")
        .first()
    )


def gate(project: Project, phase: int) -> Gate:
    """Return the gate after a phase if it can be decided: the next one, or again the one decided last.

    Raises GateNotOpen for any other.
    """
    if phase == project.phase and not project.is_closed:
        return Gate(project, phase, current_round(project, phase), None)
    last = last_decision(project)
    if last is not None and last.phase == phase:
        return Gate(project, phase, last.round, last)
    raise GateNotOpen(phase)


def open_conditions(project: Project, *, but_not_of: GateDecision | None = None) -> list[GateCondition]:
    """Return unmet conditions of decisions that hold, the one due first at the top."""
    found = (
        GateCondition.objects.open()
        .filter(decision__project=project)
        .select_related("decision", "responsible")
        .order_by("due_on", "pk")
    )
    return [c for c in found if c.decision_id != (but_not_of.pk if but_not_of else None)]


def may_reopen(condition: GateCondition) -> bool:
    """Whether a met condition can be opened again: its decision holds, and no gate is decided upon it.

    A gate decided the day it was met counts, before or after; the hour it was met is not kept.
    """
    if not condition.is_met or GateDecision.objects.filter(supersedes=condition.decision_id).exists():
        return False
    later = GateDecision.objects.filter(project=condition.decision.project_id, pk__gt=condition.decision_id)
    return not later.filter(decided_at__date__gte=condition.met_on).exists()


def blockers(the_gate: Gate, today: date, *, items=None, conditions=None) -> list[Blocker]:
    """Return what hinders a plain «Gå videre»: open checkpoints, unmet conditions, and what the rooms say.

    One function with three uses: the list on the page, the choice that is closed, the exception.
    `items` and `conditions` are handed in by a page that has read them already.
    """
    project = the_gate.project
    if items is None:
        items = list(the_gate.round.items.select_related("step").in_order())
    if conditions is None:
        conditions = open_conditions(project, but_not_of=the_gate.supersedes)
    found = []
    if open_items := [item for item in items if item.is_open]:
        steps: dict[str, int] = {}
        for item in open_items:
            name = f"{item.step.key} {item.step.name}"
            steps[name] = steps.get(name, 0) + 1
        first = open_items[0]
        found.append(
            Blocker(
                text=capfirst(
                    ngettext(
                        "%(words)s checkpoint is open", "%(words)s checkpoints are open", len(open_items)
                    )
                    % {"words": in_words(len(open_items))}
                ),
                detail=capfirst(
                    get_text_list(
                        [
                            _("%(words)s in step %(step)s") % {"words": in_words(n), "step": name}
                            for name, n in steps.items()
                        ],
                        _("and"),
                    )
                ),
                url=reverse("roadmap:item", args=[project.slug, the_gate.phase, first.step.key, first.key]),
                action=_("Go to the phase"),
            )
        )
    found += [
        Blocker(
            text=_("Condition from gate %(number)s is not met: %(text)s")
            % {"number": condition.decision.phase, "text": condition.text},
            detail=_("%(person)s, due %(day)s")
            % {"person": condition.responsible.position_or_name, "day": short_day(condition.due_on, today)},
            url=reverse("roadmap:condition", args=[project.slug, condition.pk]),
            action=_("Open the condition"),
        )
        for condition in conditions
    ]
    return found + CONTRIBUTIONS.blockers(project, today)


@dataclass(frozen=True)
class Material:
    """The rows a gate's pages and its basis are made from, read once."""

    phases: tuple[ProjectPhase, ...]
    people: tuple[ProjectMembership, ...]
    items: tuple[ChecklistItem, ...]
    conditions: tuple[GateCondition, ...]  # of decisions that hold, but for the one to be superseded
    decisions: tuple[GateDecision, ...]  # that hold, the first first

    @property
    def open_conditions(self) -> list[GateCondition]:
        return sorted((c for c in self.conditions if not c.is_met), key=lambda c: (c.due_on, c.pk))


def read(the_gate: Gate) -> Material:
    """Read what stands at a gate: six queries, whatever its size."""
    project = the_gate.project
    conditions = (
        GateCondition.objects.filter(decision__project=project, decision__superseded_by=None)
        .select_related("decision", "responsible")
        .order_by("decision__decided_at", "due_on", "pk")
    )
    if the_gate.supersedes:
        conditions = conditions.exclude(decision=the_gate.supersedes)
    return Material(
        phases=tuple(project.phases.order_by("number")),
        people=tuple(project.memberships.select_related("user").in_order()),
        items=tuple(
            the_gate.round.items.select_related("step", "responsible").prefetch_related("evidence").in_order()
        ),
        conditions=tuple(conditions),
        decisions=tuple(
            GateDecision.objects.effective().filter(project=project).order_by("decided_at", "pk")
        ),
    )


def basis(the_gate: Gate, material: Material | None = None) -> dict:
    """Return what a decision at the gate rests on, as JSON; the same until somebody changes something."""
    material = material or read(the_gate)
    project, round = the_gate.project, the_gate.round
    people = {m.role: m.user for m in reversed(material.people)}
    phase = material.phases[the_gate.phase - 1]
    steps: dict[str, dict] = {}
    for item in material.items:
        step = steps.setdefault(item.step.key, {"key": item.step.key, "name": item.step.name, "items": []})
        step["items"].append(
            {
                "key": item.key,
                "text": item.text,
                "status": item.status,
                "reason": item.reason if item.status == item.Status.NOT_RELEVANT else "",
                "note": item.note,
                "responsible": item.responsible.position_or_name if item.responsible else "",
                "due_on": item.due_on,
                "settled_on": item.settled_on,
                "evidence": [
                    {"title": e.title, "url": e.url} for e in sorted(item.evidence.all(), key=lambda e: e.pk)
                ],
            }
        )
    for step in steps.values():
        step["count"] = as_figures(count(item["status"] for item in step["items"]))
    data = {
        "municipality": project.municipality.name,
        "colour": project.municipality.colour,
        "shield": project.municipality.shield,
        "language": project.language,
        "project": {
            "slug": project.slug,
            "name": project.name,
            "problem": project.problem,
            "area": project.area,
            "case_reference": project.case_reference,
            "condition": project.condition,
            "condition_reason": project.condition_reason,
            "owner": people[ProjectRole.OWNER].position_or_name if ProjectRole.OWNER in people else "",
            "leader": people[ProjectRole.LEADER].short_name if ProjectRole.LEADER in people else "",
        },
        "gate": {
            "number": the_gate.phase,
            "phase": phase.name,
            "question": phase.gate_question,
            "round": round.number,
        },
        "count": as_figures(count(item.status for item in material.items)),
        "steps": list(steps.values()),
        "conditions": [
            {
                "gate": c.decision.phase,
                "text": c.text,
                "responsible": c.responsible.position_or_name,
                "due_on": c.due_on,
                "met_on": c.met_on,
                "note": c.note,
                "done": c.done_count,
                "total": c.total_count,
            }
            for c in material.conditions
        ],
        "earlier": [
            {
                "gate": d.phase,
                "outcome": d.outcome,
                "decided_on": d.decided_at,
                "decided_by": d.decided_by_position or d.decided_by_name,
            }
            for d in material.decisions
        ],
        "rooms": CONTRIBUTIONS.basis(project),
    }
    return json.loads(json.dumps(data, cls=DjangoJSONEncoder))


def as_figures(found: Count) -> dict:
    return {
        "total": found.total,
        "settled": found.settled,
        "open": found.open,
        "done": found.done,
        "not_relevant": found.not_relevant,
        "percent": found.percent,
    }


def basis_digest(data: dict) -> str:
    """Return the SHA-256 that tells one basis from another."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def figures(the_gate: Gate, data: dict, today: date) -> list[Figure]:
    """Return the lines under «Grunnlaget fryses» from a basis."""
    counted = data["count"]
    lines = [
        Figure(
            label=_("Checkpoints"),
            value=_("%(settled)s of %(total)s") % counted,
            detail=_("%(open)s open, %(not_relevant)s not relevant") % counted,
        )
    ]
    if conditions := data["conditions"]:
        met = sum(1 for c in conditions if c["met_on"])
        lines.append(
            Figure(
                label=_("Conditions from earlier gates"),
                value=str(len(conditions)),
                detail=_("%(met)s met, %(open)s open") % {"met": met, "open": len(conditions) - met},
            )
        )
    return lines + CONTRIBUTIONS.figures(the_gate.project, today)
