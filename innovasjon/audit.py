"""The audit trail: one function writes it, one function checks it."""

import hashlib
import json
from datetime import UTC

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from innovasjon.models import AuditEvent, AuditHead

INSTALLATION = 0

HASHED = (
    "municipality_id",
    "sequence",
    "verb",
    "project_id",
    "project_name",
    "target_type",
    "target_id",
    "target_label",
    "actor_id",
    "actor_name",
    "changes",
    "details",
    "previous_hash",
)


def event_hash(event: AuditEvent) -> str:
    """Return the SHA-256 over everything the event says and the hash of the one before."""
    content = {name: getattr(event, name) for name in HASHED}
    content["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_stored(value):
    """Return the value as JSON gives it back, so that an event hashes alike before and after storage."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def differences(before: dict, after: dict) -> dict:
    """Return {field: [old, new]} of what differs, as text; empty is ""."""

    def text(value):
        if value is None:
            return ""
        return str(value) if isinstance(value, Model) or not isinstance(value, (str, int, bool)) else value

    return {name: [text(before[name]), text(after[name])] for name in after if before[name] != after[name]}


@transaction.atomic(savepoint=False)
def record(verb, target, *, by, project=None, municipality=None, changes=None, now=None, **details):
    """Add one event to the trail of the project's municipality and return it.

    One insert and one update of the chain's end, whatever the length of the trail. Call it last in the
    transaction: from here to the commit, others who write in the municipality wait.

    verb: `noun.past_tense`. by: a User, or None when the program acts by itself. With neither project
    nor municipality the event belongs to the installation.
    """
    place = project.municipality_id if project else (municipality.pk if municipality else INSTALLATION)
    heads = AuditHead.objects.select_for_update().filter(municipality_id=place)
    if (head := heads.first()) is None:
        AuditHead.objects.get_or_create(municipality_id=place)
        head = heads.get()
    event = AuditEvent(
        municipality_id=place,
        sequence=head.sequence + 1,
        at=now or timezone.now(),
        verb=verb,
        project_id=project.pk if project else None,
        project_name=project.name if project else "",
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        target_label=str(target)[:400],
        actor_id=by.pk if by else None,
        actor_name=by.name if by else "",
        changes=as_stored(changes or {}),
        details=as_stored(details),
        previous_hash=head.hash,
    )
    event.hash = event_hash(event)
    event.save()
    head.sequence, head.hash = event.sequence, event.hash
    head.save()
    return event


def first_broken_event(municipality_id: int) -> tuple[int, str] | None:
    """Return the sequence number and the fault of the first event that is not as it was written.

    None: the chain is whole. Finds changed, missing, added and swapped events, and a cut-off end.
    """
    sequence, previous = 0, ""
    for event in AuditEvent.objects.filter(municipality_id=municipality_id).order_by("sequence").iterator():
        if event.sequence != sequence + 1:
            return sequence + 1, "missing"
        if event.previous_hash != previous:
            return event.sequence, "not linked to the event before"
        if event.hash != event_hash(event):
            return event.sequence, "changed"
        sequence, previous = event.sequence, event.hash
    head = AuditHead.objects.filter(municipality_id=municipality_id).first()
    if (head.sequence, head.hash) != (sequence, previous) if head else sequence:
        return sequence + 1, "missing at the end"
    return None
