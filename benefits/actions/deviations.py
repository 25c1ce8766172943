"""What people write on a deviation: the cause, and what is done about it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from benefits.models import CorrectiveAction, Deviation
from innovasjon.audit import differences, record


class AlreadyClosed(Exception):
    """The deviation was closed by a measurement meanwhile."""


def unsettled(deviation: Deviation) -> Deviation:
    """Return the deviation from the database, locked.

    Raises AlreadyClosed.
    """
    found = (
        Deviation.objects.unsettled()
        .select_for_update(of=("self",))
        .select_related("indicator__benefit__project")
        .filter(pk=deviation.pk)
        .first()
    )
    if found is None:
        raise AlreadyClosed(deviation.pk)
    return found


@transaction.atomic
def write_cause(*, deviation: Deviation, cause: str, by, now=None) -> Deviation:
    """Say why the value is outside. Raises AlreadyClosed."""
    found = unsettled(deviation)
    before = found.cause
    found.cause, found.cause_by, found.cause_at = cause, by, now or timezone.now()
    found.save()
    indicator = found.indicator
    record(
        "deviation.cause_written",
        indicator,
        project=indicator.benefit.project,
        by=by,
        now=now,
        changes=differences({"cause": before}, {"cause": cause}),
    )
    return found


@transaction.atomic
def add_action(*, deviation: Deviation, what: str, responsible, due_on: date, progress="", by, now=None):
    """Decide what is done about it, by whom and by when. Raises AlreadyClosed."""
    found = unsettled(deviation)
    action = CorrectiveAction.objects.create(
        deviation=found,
        what=what,
        responsible=responsible,
        due_on=due_on,
        progress=progress,
        by=by,
        at=now or timezone.now(),
    )
    record("corrective_action.added", action, project=found.indicator.benefit.project, by=by, now=now)
    return action


@transaction.atomic
def save_action(*, action: CorrectiveAction, by, now=None) -> CorrectiveAction:
    """Save how far a corrective action has come; whether it worked is the next measurement's to say."""
    names = ("what", "responsible", "due_on", "progress", "done_on")
    stored = (
        CorrectiveAction.objects.select_for_update(of=("self",))
        .select_related("responsible")
        .get(pk=action.pk)
    )
    before = {name: getattr(stored, name) for name in names}
    action.save(update_fields=names)
    changes = differences(before, {name: getattr(action, name) for name in names})
    if changes:
        project = action.deviation.indicator.benefit.project
        record("corrective_action.changed", action, project=project, by=by, changes=changes, now=now)
    return action
