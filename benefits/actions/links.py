"""What the person behind a private address does. It is done in the name of the one it was sent to."""

from django.db import transaction
from django.utils import timezone

from benefits import notices
from benefits.actions import measuring
from benefits.links import Link, tokens_of
from benefits.models import Measurement
from innovasjon.audit import record
from innovasjon.models import Token


@transaction.atomic
def answer(*, link: Link, known: Measurement | None, form, now) -> measuring.Outcome:
    """Keep what was measured, or correct what the period has.

    Raises AlreadyMeasured, AlreadyCorrected when somebody was there first.
    """
    cleaned = form.cleaned_data
    told = {
        "value": cleaned.get("value"),
        "said": cleaned.get("said", known.said if known else ""),
        "comment": cleaned["comment"],
        "source": Measurement.Source.LINK,
        "by": link.person,
        "now": now,
    }
    if known:
        return measuring.correct_measurement(measurement=known, **told)
    return measuring.record_measurement(
        indicator=link.indicator, on=link.measured_on(timezone.localdate(now)), **told
    )


def postpone(*, link: Link, reason: str, new_on, now):
    """Set a new day for a measurement, with the reason."""
    return measuring.postpone(indicator=link.indicator, new_on=new_on, reason=reason, by=link.person, now=now)


@transaction.atomic
def revoke(*, token: Token, project, by, now) -> bool:
    """Close one address. Returns whether it was open."""
    closed = Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
    if closed:
        record("measurement_link.revoked", token.user, project=project, by=by, now=now)
    return bool(closed)


@transaction.atomic
def disown(*, link: Link, now) -> None:
    """The reader is not the person it was sent to: close all the person's addresses, tell the project."""
    others = tokens_of(link.indicator.benefit, now).filter(user=link.person, target_id=link.indicator.pk)
    for token in others.exclude(pk=link.token.pk):
        revoke(token=token, project=link.project, by=None, now=now)
    if revoke(token=link.token, project=link.project, by=None, now=now):
        notices.tell_of_wrong_person(link.indicator, link.person)
