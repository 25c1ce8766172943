"""What people do to a project when more than one row changes: whole or not at all, and in the trail."""

import re
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from innovasjon.access import ProjectRole
from innovasjon.audit import differences, record
from innovasjon.prepared import Prepared
from roadmap import answers, content, deciding, gates, notices
from roadmap.contributions import CONTRIBUTIONS
from roadmap.models import (
    ChecklistItem,
    DecisionRequest,
    Evidence,
    GateCondition,
    GateDecision,
    Outcome,
    PhaseRound,
    Project,
    ProjectMembership,
    ProjectPhase,
    Step,
)
from roadmap.models.project import FIRST_PHASE

NORWEGIAN = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "Æ": "Ae", "Ø": "O", "Å": "A", "đ": "d", "ŋ": "n", "ŧ": "t"}
)


class NotEditable(PermissionDenied):
    """The round has ended or the project is closed: it can be read, not changed."""


# ------------------------------------------------------------------ projects


def free_slug(name: str) -> str:
    """Return a slug no project in the installation has."""
    base = slugify(name.translate(NORWEGIAN))[:70].strip("-") or "prosjekt"
    taken = set(Project.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    slug = base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def start_project(
    *, municipality, name, problem, owner, today: date, by, slug=None, language="nb", now=None, **fields
):
    """Start a project: copy the roadmap into it, and set owner and leader.

    The one who starts it leads it, unless that person owns the problem too. The roadmap's text is
    copied with its version, so that a later edit never rewrites a running project.
    """
    road = content.load(language)
    project = Project.objects.create(
        municipality=municipality,
        slug=slug or free_slug(name),
        name=name,
        problem=problem,
        language=language,
        content_version=road.version,
        started_on=today,
        **fields,
    )
    ProjectMembership.objects.create(project=project, user=owner, role=ProjectRole.OWNER)
    if owner != by:
        ProjectMembership.objects.create(project=project, user=by, role=ProjectRole.LEADER)
    phases = ProjectPhase.objects.bulk_create(
        ProjectPhase(
            project=project,
            number=phase.number,
            name=phase.name,
            purpose=phase.purpose,
            gate_question=phase.gate.question,
            tools=list(phase.tools),
            deliverables=list(phase.deliverables),
        )
        for phase in road.phases
    )
    rounds = PhaseRound.objects.bulk_create(
        PhaseRound(
            project=project, phase=phase.number, started_on=today if phase.number == FIRST_PHASE else None
        )
        for phase in road.phases
    )
    steps = Step.objects.bulk_create(
        Step(phase=row, key=step.key, name=step.name, tools=list(step.tools), position=position)
        for row, phase in zip(phases, road.phases, strict=True)
        for position, step in enumerate(phase.steps, 1)
    )
    step_of = {step.key: step for step in steps}
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            round=round,
            step=step_of[step.key],
            key=checkpoint.key,
            text=checkpoint.text,
            good_enough=checkpoint.good_enough,
            tip=checkpoint.tip,
            origin=checkpoint.origin,
            sources=list(checkpoint.sources),
            position=position,
        )
        for round, phase in zip(rounds, road.phases, strict=True)
        for step in phase.steps
        for position, checkpoint in enumerate(step.checkpoints, 1)
    )
    record("project.started", project, project=project, by=by, now=now, content_version=road.version)
    return project


def fields_of(instance, names) -> dict:
    return {name: getattr(instance, name) for name in names}


@transaction.atomic
def edit_project(*, project, values: dict, phase_dates: dict[int, date | None] | None = None, by, now=None):
    """Change a project's own facts, and when later phases are planned from."""
    row = Project.objects.select_for_update().get(pk=project.pk)
    before = fields_of(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    changes = differences(before, values)
    for phase in row.phases.filter(number__in=phase_dates or {}).order_by("number"):
        planned = phase_dates[phase.number]
        if phase.planned_from != planned:
            changes |= differences(
                {f"planned_{phase.number}": phase.planned_from}, {f"planned_{phase.number}": planned}
            )
            phase.planned_from = planned
            phase.save(update_fields=["planned_from"])
    if changes:
        record("project.changed", row, project=row, by=by, changes=changes, now=now)
    return row


# ------------------------------------------------------------------ people


@transaction.atomic
def set_role(*, project, user, role, by):
    """Let a person into the project, or give another role. A new owner makes the old one a member.

    Raises ValidationError when it would leave the project without an owner.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    part = ProjectMembership.objects.filter(project=project, user=user).first()
    if part and part.role == role:
        return part
    if part and part.role == ProjectRole.OWNER:
        raise ValidationError(_("A project has one owner. Choose the new owner first."))
    if role == ProjectRole.OWNER:
        for owner in ProjectMembership.objects.filter(project=project, role=ProjectRole.OWNER):
            owner.role = ProjectRole.MEMBER
            owner.save(update_fields=["role"])
    before = {"role": part.get_role_display() if part else ""}
    part = part or ProjectMembership(project=project, user=user)
    part.role = role
    part.save()
    record(
        "person.added" if not before["role"] else "person.role_changed",
        user,
        project=project,
        by=by,
        changes={"role": [before["role"], role]}
        if not before["role"]
        else {"role": [before["role"], part.get_role_display()]},
    )
    return part


@transaction.atomic
def remove_person(*, project, membership, by):
    """Take a person out of the project. What the person did stays.

    Raises ValidationError for the owner.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    if membership.role == ProjectRole.OWNER:
        raise ValidationError(_("A project has one owner. Choose the new owner first."))
    user = membership.user
    membership.delete()
    record("person.removed", user, project=project, by=by, changes={"role": [membership.role, ""]})


# ------------------------------------------------------------------ checkpoints


def _open_round(pk: int) -> PhaseRound:
    """Lock the project of a round that is to be written in, and return the round as it is now.

    A gate decision holds the same lock while it freezes the basis and ends the round, so nothing is
    written between what is frozen and what stands.

    Raises NotEditable when the round has ended or the project is closed.
    """
    project = Project.objects.select_for_update().get(rounds=pk)
    found = PhaseRound.objects.get(pk=pk)
    found.project = project
    if found.ended_on or project.is_closed:
        raise NotEditable("the round has ended")
    return found


def to_answer(project: int, pk: int):
    """Return the query for a checkpoint of a project, with all that answering it needs."""
    rows = ChecklistItem.objects.with_step_count().select_related("round", "step", "responsible")
    return rows.filter(round__project=project, pk=pk)


TO_ANSWER = Prepared(to_answer)


@transaction.atomic
def answer(
    *, item, values: dict, bases: dict[str, str], today: date, by, now=None, project=None
) -> answers.Outcome:
    """Write the touched fields of a checkpoint that nobody else changed in the meantime.

    item: a checkpoint; or its id among those of `project`, whose row the caller has locked in the same
    transaction. values: field → new value, for any of `answers.FIELDS`. bases: field → digest of the value
    the person started from. Fields in conflict are returned, not written.

    Raises ValidationError at the field when the checkpoint would become not relevant without a
    reason, NotEditable when the round has ended, DoesNotExist for an id of another project.
    """
    if project is None:
        project, item = _open_round(item.round_id).project, item.pk
    row = next(iter(TO_ANSWER(project=project.pk, pk=item)), None)
    if row is None:
        raise ChecklistItem.DoesNotExist
    row.round.project = project
    if row.round.ended_on or project.is_closed:
        raise NotEditable("the round has ended")
    to_write, conflicts = answers.sort_out(row, values, bases)
    before, was_open = fields_of(row, to_write), row.is_open
    for name, value in to_write.items():
        setattr(row, name, value)
    row.step_settled += was_open - row.is_open
    if row.status == ChecklistItem.Status.NOT_RELEVANT and not row.reason.strip():
        raise ValidationError({"reason": _("Write why, so the project owner does not have to ask.")})
    if to_write:
        if "status" in to_write:
            row.settled_by, row.settled_on = (None, None) if row.is_open else (by, today)
        row.save(update_fields=[*to_write, "settled_by", "settled_on"])
        changes = differences(before, fields_of(row, to_write))
        record("item.answered", row, project=project, by=by, changes=changes, now=now)
    return answers.Outcome(row, tuple(to_write), conflicts)


@transaction.atomic
def keep_stored(*, item, field, rejected, by):
    """Put the text a person gave up in a conflict into the trail, so that it is not lost."""
    record(
        "item.text_kept_back",
        item,
        project=item.round.project,
        by=by,
        field=field,
        text=answers.as_text(rejected),
    )


@transaction.atomic
def add_own_item(*, project, step, text, by):
    """Add the team's own checkpoint to the current round of a step."""
    round = _open_round(gates.current_round(project, step.phase.number).pk)
    siblings = ChecklistItem.objects.filter(round=round, step=step)
    own = siblings.filter(origin=ChecklistItem.Origin.OWN).values_list("key", flat=True)
    number = max((int(key.rpartition("+")[2]) for key in own), default=0) + 1
    item = ChecklistItem.objects.create(
        round=round,
        step=step,
        key=f"{step.key}+{number}",
        text=text,
        origin=ChecklistItem.Origin.OWN,
        position=(siblings.aggregate(Max("position"))["position__max"] or 0) + 1,
    )
    record("item.added", item, project=project, by=by)
    return item


@transaction.atomic
def add_evidence(*, item, title, url, by, now=None):
    """Add a link to a checkpoint."""
    project = _open_round(item.round_id).project
    evidence = Evidence.objects.create(item=item, title=title, url=url, added_by=by)
    record("evidence.added", evidence, project=project, by=by, now=now, item=str(item), url=url)
    return evidence


@transaction.atomic
def remove_evidence(*, evidence, by):
    """Remove a link from a checkpoint; title and address stay in the trail."""
    item = evidence.item
    project = _open_round(item.round_id).project
    record("evidence.removed", evidence, project=project, by=by, item=str(item), url=evidence.url)
    evidence.delete()


# ------------------------------------------------------------------ gates


@transaction.atomic
def ask_for_decision(*, project, proposal, now: datetime, by):
    """Ask the project owner to decide the next gate. Returns (request, how many were told)."""
    asked = DecisionRequest.objects.create(
        round=gates.current_round(project, project.phase), proposal=proposal, asked_by=by, asked_at=now
    )
    path = f"{project.get_absolute_url()}porter/{project.phase}/"
    told = notices.tell_of_request(project, asked, by=by, path=path)
    record("decision.asked", project, project=project, by=by, phase=project.phase, proposal=proposal)
    return asked, told


def decide_gate(
    *,
    project,
    phase: int,
    outcome,
    rationale: str,
    seen: str,
    now: datetime,
    by,
    present="",
    conditions=(),
    back_to: int | None = None,
    find_out="",
    learning="",
    heirs="",
) -> GateDecision:
    """Record a gate decision, freeze its basis, and move the project.

    conditions: dicts of text, responsible (User), due_on, and how far they have come. seen:
    `gates.basis_digest` of the basis the decider saw. The document is rendered before anything is
    locked; under the lock the basis is read again, and if it is not the one that was rendered and
    seen, nothing is written.

    Raises GateNotOpen, GateBlocked (PROCEED while something hinders it), BasisChanged, AlreadyDecided
    (two deciders at once: one decision), ValidationError, PermissionDenied.
    """
    wanted = deciding.Wanted(
        outcome=Outcome(outcome),
        rationale=rationale,
        present=present,
        conditions=conditions,
        back_to=back_to,
        find_out=find_out,
        learning=learning,
        heirs=heirs,
    )
    the_gate = gates.gate(project, phase)
    decided_as = deciding.decider(project, by)
    wanted.check(phase)
    data = deciding.basis_as_seen(the_gate, seen)
    deciding.nothing_hinders(the_gate, wanted, timezone.localdate(now))
    frozen = {"basis": data, "decision": wanted.as_data(the_gate, now=now, by=by, decided_as=decided_as)}
    pdf = CONTRIBUTIONS.render_basis(frozen)
    try:
        with transaction.atomic():
            row = deciding.locked_as_seen(the_gate, seen)
            document = deciding.freeze(pdf, frozen, row, phase, by=by, now=now)
            decision = deciding.write(wanted, row, the_gate, document, by=by, decided_as=decided_as, now=now)
            before = {"phase": row.phase, "status": row.status}
            deciding.move(row, decision, timezone.localdate(now))
            notices.tell_of_decision(row, decision, by=by)
            record(
                "gate.decided" if the_gate.supersedes is None else "gate.decided_anew",
                decision,
                project=row,
                by=by,
                changes=differences(before, {"phase": row.phase, "status": row.status}),
                now=now,
                phase=phase,
                outcome=wanted.outcome.value,
                decided_as=decided_as.value,
                sha256=document.sha256,
            )
    except IntegrityError as error:
        if re.search(r"gate_decided_once_a_round|supersedes|roadmap_gatedecision.round_id", str(error)):
            raise gates.AlreadyDecided from error
        raise
    return decision


@transaction.atomic
def follow_up_condition(*, condition, values: dict, met: bool, today: date, by):
    """Write how far a condition has come, or that it is met.

    Raises NotEditable when it is met already or its decision no longer holds.
    """
    project = Project.objects.select_for_update().get(decisions=condition.decision_id)
    row = GateCondition.objects.select_related("decision").get(pk=condition.pk)
    if row.is_met or GateDecision.objects.filter(supersedes=row.decision).exists():
        raise NotEditable("the condition is settled")
    before = fields_of(row, [*values, "met_on"])
    for name, value in values.items():
        setattr(row, name, value)
    if met:
        row.met_on, row.met_by = today, by
    row.full_clean(exclude=["decision", "responsible", "met_by", *([] if met else ["met_on"])])
    row.save()
    if changes := differences(before, fields_of(row, [*values, "met_on"])):
        record("condition.met" if met else "condition.changed", row, project=project, by=by, changes=changes)
    return row


@transaction.atomic
def reopen_condition(*, condition, by):
    """Take back that a condition is met; what was written of it stays.

    Raises NotEditable when it is open, its decision no longer holds, or a gate is decided upon it.
    """
    project = Project.objects.select_for_update().get(decisions=condition.decision_id)
    row = GateCondition.objects.select_related("decision").get(pk=condition.pk)
    if not gates.may_reopen(row):
        raise NotEditable("the condition cannot be opened again")
    before = fields_of(row, ["met_on"])
    row.met_on = row.met_by = None
    row.save()
    changes = differences(before, fields_of(row, ["met_on"]))
    record("condition.reopened", row, project=project, by=by, changes=changes)
    return row


@transaction.atomic
def ask_for_access(*, project, by) -> int:
    """Ask the project's leader to let a colleague in. Returns how many were told."""
    told = notices.tell_of_access_request(project, by=by)
    record("access.asked", project, project=project, by=by)
    return told
