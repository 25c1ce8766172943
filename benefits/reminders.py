"""Who is reminded of which measurement, when; and that each mail leaves once.

A measurement that is due is asked for on its day, once more after some days, and then the manager is
told. `remind` may be run as often as one likes, by several at once, and be killed anywhere:

- that a stage is reached is told by its row (`Reminder`: indicator, day, stage), which is unique and
  committed alone;
- the mail of a row leaves as `innovasjon.sent_once` says: taken, sent, confirmed, and taken again by the
  next run when nobody confirms. Each mail brings its own private address, and all of them work, so it is
  the same which copy a mail system keeps.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, F, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from benefits import asking, links
from benefits.due import first_due, is_followed, round_of
from benefits.models import Frequency, Indicator, Reminder
from innovasjon import tokens
from innovasjon.access import MunicipalityRole, ProjectRole
from innovasjon.audit import record
from innovasjon.models import Membership, Token, User
from innovasjon.sent_once import TAKEN_FOR, each, message_id
from roadmap.models import ProjectMembership

log = logging.getLogger(__name__)

GAP = {Frequency.WEEKLY: timedelta(days=3)}  # between two stages; else a week
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Due:
    """One mail that ought to be sent."""

    indicator: Indicator
    on: date  # its round: see `due.round_of`
    stage: str
    to: User


def next_stage(frequency: str, due_on: date, today: date, asked: Mapping[str, date]) -> str | None:
    """Return the stage whose turn it is on a day; None when it is nobody's turn.

    `asked`: stage → day, of those reached for this measurement. A run that was left out skips nobody:
    the stages follow each other with their gap between.

    >>> first, second = (
    ...     {"first": date(2026, 11, 13)},
    ...     {"first": date(2026, 11, 13), "second": date(2026, 11, 16)},
    ... )
    >>> due_on = date(2026, 11, 13)
    >>> [next_stage("weekly", due_on, date(2026, 11, day), {}) for day in (12, 13)]
    [None, Reminder.Stage.FIRST]
    >>> [next_stage("weekly", due_on, date(2026, 11, day), first) for day in (15, 16)]
    [None, Reminder.Stage.SECOND]
    >>> [next_stage("weekly", due_on, date(2026, 11, day), second) for day in (18, 19)]
    [None, Reminder.Stage.MANAGER]
    """
    if today < due_on:
        return None
    before = None
    for stage in Reminder.Stage:
        if stage not in asked:
            since = asked[before] if before else due_on - GAP.get(frequency, WEEK)
            return stage if today >= since + GAP.get(frequency, WEEK) else None
        before = stage
    return None


def asked_person(indicator: Indicator) -> User | None:
    """Return who measures: the one named, else the benefit's owner, as far as they still have access."""
    people = (indicator.measurer, indicator.benefit.owner)
    return next((p for p in people if p is not None and links.entitled(p, indicator)), None)


def manager_of(indicator: Indicator, *, but_not: User | None) -> User | None:
    """Return who is told when nobody measures: the project owner, else a manager in the municipality."""
    project = indicator.benefit.project
    here = Membership.objects.filter(user=OuterRef("user"), municipality=project.municipality_id)
    owner = ProjectMembership.objects.filter(
        Exists(here), project=project, role=ProjectRole.OWNER, user__is_active=True
    )
    managers = Membership.objects.filter(
        municipality=project.municipality_id, role=MunicipalityRole.MANAGER, user__is_active=True
    )
    for found in (owner.select_related("user"), managers.select_related("user").order_by("user__name")):
        for part in found:
            if part.user != but_not:
                return part.user
    return None


def waiting(today: date) -> Iterator[Indicator]:
    """Yield the indicators with a measurement that is due."""
    found = links.indicators().due_by(today).prefetch_related("reminders", "planned_dates").order_by("pk")
    return found.iterator(chunk_size=500)


def due(indicator: Indicator, today: date) -> Due | None:
    """Return the mail of a measurement that waits whose turn it is; None when it is nobody's turn.

    When all of them are told and the next measurement would be due, the person is asked anew; the manager
    is told once.
    """
    stages = Reminder.Stage
    rounds: dict[date, dict[str, date]] = {}
    for reminder in indicator.reminders.all():
        if reminder.due_on >= indicator.next_due_on:
            rounds.setdefault(reminder.due_on, {})[reminder.stage] = timezone.localdate(reminder.claimed_at)
    on = max(rounds, default=indicator.next_due_on)
    manager_told = any(stages.MANAGER in asked for asked in rounds.values())
    asked = rounds.get(on, {})
    if manager_told and (stages.MANAGER in asked or stages.SECOND in asked):
        latest = round_of(indicator, today)
        on, asked = latest, rounds.get(latest, {})
    person = asked_person(indicator)
    stage = next_stage(indicator.frequency, on, today, asked)
    if stage is not None and person is None:
        stage = stages.MANAGER
    if stage is None or (stage == stages.MANAGER and manager_told):
        return None
    to = manager_of(indicator, but_not=person) if stage == stages.MANAGER else person
    return Due(indicator, on, stage, to) if to is not None else None


def remind(now: datetime) -> int:
    """Claim every mail whose turn it is and hand it to the queue. Returns how many.

    Raises SomeFailed at the end when something unexpected happened to some of them.
    """
    forgotten = Reminder.objects.unsent(now).filter(claimed_at__lte=now - TAKEN_FOR)
    forgotten = list(forgotten.filter(due_on__gte=F("indicator__next_due_on")).order_by("pk"))
    return each(
        chain(forgotten, waiting(timezone.localdate(now))),
        lambda row: again(row, now) if isinstance(row, Reminder) else claim(row, now),
    )


def again(reminder: Reminder, now: datetime) -> bool:
    """Hand a claimed mail that was never sent to the queue once more."""
    Reminder.objects.filter(pk=reminder.pk).update(claimed_at=now)
    send_reminder.enqueue(reminder.pk)
    return True


def claim(indicator: Indicator, now: datetime) -> bool:
    """Hand the mail of a measurement that waits to the queue. False when it is nobody's turn, or taken.

    What is followed no longer waits no more.
    """
    if not is_followed(indicator.benefit, first_due(indicator)):
        Indicator.objects.filter(pk=indicator.pk, next_due_on=indicator.next_due_on).update(next_due_on=None)
        return False
    mail = due(indicator, timezone.localdate(now))
    if mail is None:
        return False
    reminder, is_mine = Reminder.objects.get_or_create(
        indicator=indicator,
        due_on=mail.on,
        stage=mail.stage,
        defaults={"to": mail.to, "claimed_at": now},
    )
    if is_mine:
        send_reminder.enqueue(reminder.pk)
    return is_mine


@task
def send_reminder(reminder_id: int) -> bool:
    """Send one claimed mail, unless somebody has. Returns whether it was sent now."""
    now = timezone.now()
    reminder = Reminder.objects.select_related("to").filter(pk=reminder_id).first()
    return reminder is not None and reminder.send(lambda: deliver(reminder, now), now)


def deliver(reminder: Reminder, now: datetime) -> None:
    """Write the mail and hand it to the mail server; nothing when the measurement came meanwhile."""
    waits = {"next_due_on__lte": reminder.due_on}
    indicator = links.indicators().filter(pk=reminder.indicator_id, **waits).first()
    if indicator is None:
        return
    day = first_due(indicator)
    told = {"stage": reminder.stage, "headers": {"Message-ID": reminder_id(reminder, day)}}
    with translation.override(settings.LANGUAGE_CODE):
        if reminder.stage == Reminder.Stage.MANAGER:
            send(reminder.to, indicator, day, person=asked_person(indicator), **told)
        elif links.entitled(reminder.to, indicator):
            send_link(indicator=indicator, due_on=day, person=reminder.to, now=now, **told)


def reminder_id(reminder: Reminder, day: date) -> str:
    """Return the mail's id; `day` is when it was due at first, for two can have become due on one day."""
    return message_id("maling", reminder.indicator_id, day, reminder.due_on, reminder.stage)


def send_link(*, indicator: Indicator, due_on: date, person: User, now: datetime, **told) -> None:
    """Mail a new private address for one measurement. It is closed again when the mail cannot be sent."""
    address = links.make(indicator=indicator, due_on=due_on, person=person, now=now)
    try:
        send(person, indicator, due_on, address=address, **told)
    except (OSError, SMTPException):
        digest = tokens.digest(address.rstrip("/").rpartition("/")[2])
        Token.objects.filter(digest=digest).update(revoked_at=now)
        raise


def send_now(*, indicator: Indicator, person: User, by: User, now: datetime) -> bool:
    """Mail an address at once, because somebody asked for it. Returns whether the mail server took it."""
    try:
        send_link(indicator=indicator, due_on=first_due(indicator), person=person, now=now)
    except (OSError, SMTPException):
        log.exception("the measuring link of indicator %s is not sent", indicator.pk)
        return False
    record(
        "measurement_link.sent", indicator, project=indicator.benefit.project, by=by, now=now, to=person.name
    )
    return True


def send(to: User, indicator: Indicator, due_on: date, *, stage="", address="", person=None, headers=None):
    """Write one mail and hand it to the mail server."""
    project = indicator.benefit.project
    asked = asking.question(indicator, due_on)
    subject = {
        Reminder.Stage.SECOND: _("Reminder: %(question)s"),
        Reminder.Stage.MANAGER: _("Not measured: %(question)s"),
    }.get(stage, "%(question)s") % {"question": asked}
    context = {
        "to": to,
        "question": asked,
        "project": project,
        "indicator": indicator,
        "benefit": indicator.benefit,
        "due_on": due_on,
        "person": person,
        "address": address,
        "url": f"{settings.BASE_URL}{reverse('benefits:benefit', args=[project.slug, indicator.benefit_id])}",
        "until_on": max(timezone.localdate(), due_on) + links.VALID,
    }
    template = "measurement_missing" if stage == Reminder.Stage.MANAGER else "measurement"
    body = render_to_string(f"benefits/mail/{template}.txt", context)
    EmailMessage(" ".join(subject.split()), body, to=[to.email], headers=headers).send()


@task
def send_again(token_id: int) -> None:
    """Mail a new address instead of one that has expired, to the same person for the same period."""
    token = Token.objects.select_related("user").get(pk=token_id)
    if link := links.opened(token):
        with translation.override(settings.LANGUAGE_CODE):
            send_link(indicator=link.indicator, due_on=link.due_on, person=link.person, now=timezone.now())
