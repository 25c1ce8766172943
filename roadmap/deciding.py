"""What a gate decision consists of: what is wanted, who may, what is frozen, and where the project goes.

`roadmap.actions.decide_gate` puts the parts together.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from innovasjon.access import ALLOWS, Permission, ProjectRole
from innovasjon.models import FrozenDocument
from roadmap import gates
from roadmap.models import (
    ChecklistItem,
    GateCondition,
    GateDecision,
    Outcome,
    PhaseRound,
    Project,
    ProjectMembership,
)
from roadmap.models.project import FIRST_PHASE, LAST_PHASE


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A decision as it was put. conditions: dicts of text, responsible (User), due_on and how far."""

    outcome: Outcome
    rationale: str
    present: str = ""
    conditions: tuple = ()
    back_to: int | None = None
    find_out: str = ""
    learning: str = ""
    heirs: str = ""

    @property
    def fields(self) -> dict:
        """What a decision's row keeps of it."""
        return {
            "outcome": self.outcome,
            "rationale": self.rationale,
            "present": self.present,
            "back_to": self.back_to,
            "find_out": self.find_out,
            "learning": self.learning,
            "heirs": self.heirs,
        }

    def check(self, phase: int) -> None:
        """Raises ValidationError at the field that is missing or does not belong to the outcome."""
        outcome = self.outcome
        if not self.rationale.strip():
            raise ValidationError({"rationale": _("Write what the decision rests on.")})
        if outcome == Outcome.PROCEED_WITH_CONDITIONS and not self.conditions:
            raise ValidationError({"outcome": _("Set at least one condition, or choose «Proceed».")})
        if outcome != Outcome.PROCEED_WITH_CONDITIONS and self.conditions:
            raise ValidationError({"outcome": _("Conditions belong to «Proceed with conditions».")})
        if outcome == Outcome.STEP_BACK:
            if self.back_to is None or not FIRST_PHASE <= self.back_to <= phase:
                raise ValidationError({"back_to": _("Choose this phase or an earlier one.")})
            if not self.find_out.strip():
                raise ValidationError({"find_out": _("Write what you shall find out now.")})
        if outcome == Outcome.STOP and not self.learning.strip():
            raise ValidationError({"learning": _("Write what others can learn.")})

    def as_data(self, the_gate, *, now: datetime, by, decided_as) -> dict:
        """Return the decision as it is frozen beside its basis, JSON."""
        earlier = the_gate.supersedes
        return {
            **self.fields,
            "outcome": self.outcome.value,
            "decided_at": now.isoformat(),
            "decided_by": by.name,
            "decided_by_position": by.position,
            "decided_as": decided_as.value,
            "supersedes": earlier.decided_at.isoformat() if earlier else None,
            "conditions": [
                {
                    "text": c["text"],
                    "responsible": c["responsible"].position_or_name,
                    "due_on": c["due_on"].isoformat(),
                }
                for c in self.conditions
            ],
        }


def decider(project, by) -> GateDecision.DecidedAs:
    """Return as what the person decides.

    Raises PermissionDenied for anybody but the project owner or a manager standing in.
    """
    if ProjectMembership.objects.filter(project=project, user=by, role=ProjectRole.OWNER).exists():
        return GateDecision.DecidedAs.OWNER
    role = by.memberships.filter(municipality=project.municipality_id).values_list("role", flat=True).first()
    if role and Permission.DECIDE in ALLOWS[role]:
        return GateDecision.DecidedAs.STAND_IN
    raise PermissionDenied("only the project owner or a manager decides")


def basis_as_seen(the_gate, seen: str) -> dict:
    """Return the basis of a decision.

    Raises BasisChanged when it is not the one the decider saw.
    """
    data = gates.basis(the_gate)
    if gates.basis_digest(data) != seen:
        raise gates.BasisChanged
    return data


def nothing_hinders(the_gate, wanted: Wanted, today: date) -> None:
    """Raises GateBlocked for a plain «Proceed» that something hinders."""
    if wanted.outcome == Outcome.PROCEED and (hinders := gates.blockers(the_gate, today)):
        raise gates.GateBlocked(hinders)


def locked_as_seen(the_gate, seen: str) -> Project:
    """Lock the project and return its row, still at the gate and with the basis that was seen.

    Raises AlreadyDecided when another decision came first, BasisChanged.
    """
    row = Project.objects.select_for_update().select_related("municipality").get(pk=the_gate.project.pk)
    try:
        now_open = gates.gate(row, the_gate.phase)
    except gates.GateNotOpen:
        raise gates.AlreadyDecided from None
    if (now_open.round, now_open.supersedes) != (the_gate.round, the_gate.supersedes):
        raise gates.AlreadyDecided
    basis_as_seen(now_open, seen)
    return row


def freeze(pdf: bytes, data: dict, project, phase: int, *, by, now: datetime) -> FrozenDocument:
    return FrozenDocument.freeze(
        pdf,
        municipality=project.municipality,
        media_type="application/pdf",
        title=_("Gate %(number)s, %(project)s: basis and decision")
        % {"number": phase, "project": project.name},
        language=project.language,
        data=data,
        by=by,
        now=now,
    )


def write(wanted: Wanted, project, the_gate, document, *, by, decided_as, now: datetime) -> GateDecision:
    """Write the decision's row with its conditions."""
    decision = GateDecision.objects.create(
        project=project,
        round=the_gate.round,
        phase=the_gate.phase,
        **wanted.fields,
        decided_by=by,
        decided_by_name=by.name,
        decided_by_position=by.position,
        decided_as=decided_as,
        decided_at=now,
        document=document,
        supersedes=the_gate.supersedes,
    )
    GateCondition.objects.bulk_create(GateCondition(decision=decision, **c) for c in wanted.conditions)
    return decision


def move(project, decision, today: date) -> None:
    """Carry a decision out: on to the next phase, back a step, or to the end."""
    if decision.outcome == Outcome.STOP:
        target = None
    elif decision.outcome == Outcome.STEP_BACK:
        target = decision.back_to
    else:
        target = decision.phase + 1 if decision.phase < LAST_PHASE else None
    superseding = decision.supersedes is not None
    if superseding and decision.proceeds and target == project.phase and not project.is_closed:
        return  # the project is where the new decision sends it already
    standing = gates.current_round(project, project.phase)
    for round in {decision.round, standing}:
        if round.started_on and not round.ended_on:
            round.ended_on = max(today, round.started_on)
            round.save(update_fields=["ended_on"])
    project.next_gate_at = None
    if target is None:
        project.status, project.closed_on = Project.Status.CLOSED, today
        project.learning, project.heirs = decision.learning, decision.heirs
    else:
        project.status, project.closed_on, project.phase = Project.Status.ACTIVE, None, target
        project.learning, project.heirs = "", ""
        open_round(project, target, purpose=decision.find_out, today=today)
    project.save()


def open_round(project, phase: int, *, purpose: str, today: date) -> PhaseRound:
    """Start the phase's first round, or open the next one with the checkpoints open again.

    Each checkpoint of a new round points to its predecessor, whose answer stands beside it.
    """
    last = gates.current_round(project, phase)
    if last.ended_on is None:
        last.started_on = last.started_on or today
        last.save(update_fields=["started_on"])
        return last
    round = PhaseRound.objects.create(
        project=project, phase=phase, number=last.number + 1, purpose=purpose, started_on=today
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            round=round,
            step_id=item.step_id,
            key=item.key,
            text=item.text,
            good_enough=item.good_enough,
            tip=item.tip,
            origin=item.origin,
            sources=item.sources,
            position=item.position,
            predecessor=item,
        )
        for item in last.items.all()
    )
    return round
