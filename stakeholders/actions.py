"""What people do to the register when more than one row changes: whole or not at all, and in the trail.

The trail is read by everybody who may see the project, so it never carries an attitude to a named
person, nor what anybody said.
"""

from datetime import date

from django.db import transaction

from innovasjon.audit import differences, record
from stakeholders.models import (
    AdvisoryInput,
    AdvisoryMeeting,
    Conversation,
    Measure,
    ResponsibilityTask,
    Review,
    Stakeholder,
    Stance,
)

OPEN_FIELDS = ("name", "main_group", "influence", "interest", "involvement", "strongly_affected")


@transaction.atomic
def save_stakeholder(
    *, project, stakeholder: Stakeholder, attitude: str, source: str, wanted: str, today: date, by, now=None
):
    """Add a stakeholder or save what is changed; a changed attitude becomes a new row of its history."""
    adding = stakeholder.pk is None
    before = {} if adding else vars_of(Stakeholder.objects.select_for_update().get(pk=stakeholder.pk))
    stakeholder.project = project
    stakeholder.save()
    changes = {} if adding else differences(before, vars_of(stakeholder))
    last = {kind: latest(stakeholder, kind) for kind in Stance.Kind}
    if not last[Stance.Kind.NOW] or (attitude, source) != shown(last[Stance.Kind.NOW]):
        changes |= add_stance(stakeholder, attitude, source or Stance.Source.ASSUMED, today, by, last)
    if wanted and (not last[Stance.Kind.WANTED] or last[Stance.Kind.WANTED].attitude != wanted):
        Stance.objects.create(
            stakeholder=stakeholder,
            kind=Stance.Kind.WANTED,
            attitude=wanted,
            source=Stance.Source.ASSUMED,
            on=today,
            phase=project.phase,
            by=by,
        )
    if adding or changes:
        verb = "stakeholder.added" if adding else "stakeholder.changed"
        record(verb, stakeholder, project=project, by=by, changes={} if adding else changes, now=now)
    return stakeholder


def vars_of(stakeholder: Stakeholder) -> dict:
    return {name: getattr(stakeholder, name) for name in OPEN_FIELDS}


def latest(stakeholder: Stakeholder, kind: str) -> Stance | None:
    return stakeholder.stances.filter(kind=kind).order_by("-on", "-pk").first()


def shown(stance: Stance) -> tuple[str, str]:
    return stance.attitude, stance.source


def add_stance(stakeholder, attitude, source, on, by, last=None) -> dict:
    """Add one attitude to the history and return what the trail may say of it."""
    stance = Stance.objects.create(
        stakeholder=stakeholder,
        attitude=attitude,
        source=source,
        on=on,
        phase=stakeholder.project.phase,
        by=by,
    )
    stakeholder.newest_stance = stance
    if stakeholder.is_person:
        return {}
    old = last[Stance.Kind.NOW].attitude if last and last[Stance.Kind.NOW] else ""
    return {"attitude": [old, attitude]} if old != attitude else {}


@transaction.atomic
def note_conversation(
    *, stakeholder, on: date, channel, said, quote_cleared, attitude, source, next_step, by, now=None
):
    """Note a talk with what was said and the attitude after it.

    The trail says that there was a talk and, for a group, how the attitude changed; never the words.
    """
    project = stakeholder.project
    last = {Stance.Kind.NOW: latest(stakeholder, Stance.Kind.NOW)}
    changes = add_stance(stakeholder, attitude, source, on, by, last)
    conversation = Conversation.objects.create(
        stakeholder=stakeholder,
        on=on,
        channel=channel,
        said=said,
        quote_cleared=quote_cleared,
        next_step=next_step,
        stance=stakeholder.newest_stance,
        by=by,
    )
    record("conversation.noted", stakeholder, project=project, by=by, changes=changes, now=now, on=on)
    return conversation


@transaction.atomic
def save_measure(*, project, measure: Measure, by, now=None):
    """Plan something with a stakeholder, or save how it went."""
    adding = measure.pk is None
    names = ("what", "channel", "on", "responsible", "status")
    before = {}
    if not adding:
        stored = Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
        before = {name: getattr(stored, name) for name in names}
    if adding:
        measure.phase = project.phase
    measure.save()
    changes = {} if adding else differences(before, {name: getattr(measure, name) for name in names})
    if adding or changes:
        verb = "measure.planned" if adding else "measure.changed"
        record(
            verb,
            measure,
            project=project,
            by=by,
            changes=changes,
            now=now,
            stakeholder=str(measure.stakeholder),
        )
    return measure


@transaction.atomic
def delete_measure(*, project, measure: Measure, by):
    record("measure.deleted", measure, project=project, by=by, stakeholder=str(measure.stakeholder))
    measure.delete()


@transaction.atomic
def delete_stakeholder(*, stakeholder: Stakeholder, by):
    """Delete a stakeholder with history, conversations and measures. The trail keeps that it was there."""
    record("stakeholder.deleted", stakeholder, project=stakeholder.project, by=by)
    stakeholder.delete()


@transaction.atomic
def review_register(*, project, on: date, next_on: date | None, by, now=None):
    """Note that the team has gone through the register."""
    review = Review.objects.create(project=project, on=on, next_on=next_on, by=by)
    record("stakeholders.reviewed", review, project=project, by=by, now=now, next_on=next_on)
    return review


@transaction.atomic
def hold_advisory_meeting(*, project, on: date, topic, text="", decision="", by, now=None) -> AdvisoryMeeting:
    """Note a meeting of the advisory group, with an input when there is one."""
    meeting = AdvisoryMeeting.objects.create(project=project, on=on, topic=topic)
    if text:
        AdvisoryInput.objects.create(meeting=meeting, text=text, decision=decision)
    record("advisory_meeting.noted", meeting, project=project, by=by, now=now, on=on)
    return meeting


@transaction.atomic
def save_advisory_input(*, project, entry: AdvisoryInput, by):
    """Add an input to a meeting, or write what was decided because of it."""
    adding = entry.pk is None
    before = {} if adding else fields_of(AdvisoryInput.objects.get(pk=entry.pk), ("text", "decision"))
    entry.save()
    after = fields_of(entry, ("text", "decision"))
    record(
        "advisory_input.added" if adding else "advisory_input.changed",
        entry.meeting,
        project=project,
        by=by,
        changes={} if adding else differences(before, after),
    )
    return entry


def fields_of(instance, names) -> dict:
    return {name: getattr(instance, name) for name in names}


@transaction.atomic
def save_task(*, project, form, by) -> ResponsibilityTask:
    """Save a row of the responsibility matrix from its form."""
    adding = form.instance.pk is None
    task = form.save()
    record(
        "responsibility.added" if adding else "responsibility.changed",
        task,
        project=project,
        by=by,
        changes={"accountable": ["", task.accountable.name]},
    )
    return task


@transaction.atomic
def delete_task(*, project, task: ResponsibilityTask, by):
    record("responsibility.removed", task, project=project, by=by)
    task.delete()
