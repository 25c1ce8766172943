"""The weekly e-mail: «Min side» as text and HTML, once a week to each, never after access is withdrawn."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from innovasjon import tokens
from innovasjon.audit import record
from innovasjon.models import Token, User
from innovasjon.sent_once import each, message_id
from reports.models import WeeklyMail
from reports.my_page import groups_of, monday_of, sentence, tasks_of

LINK_WORKS = timedelta(days=365)


def send_weekly_mails(*, now: datetime) -> int:
    """Send this week's mails to those who have not got one. Returns how many were sent.

    Run twice, run at once from two machines or killed half-way, each mail leaves once: see
    `innovasjon.sent_once`. A mail server that says no is told in the log, and the next run tries anew.

    Raises SomeFailed at the end when something unexpected happened to somebody's mail.
    """
    today = timezone.localdate(now)
    Token.objects.filter(purpose=Token.Purpose.MAIL, expires_at__lt=now).delete()
    people = (
        User.objects.filter(is_active=True, wants_weekly_mail=True, memberships__isnull=False)
        .exclude(
            pk__in=WeeklyMail.objects.filter(week=monday_of(today), sent_at__isnull=False).values("user")
        )
        .distinct()
        .order_by("pk")
    )
    started = timezone.now()  # the clock goes on while the mails leave: each is taken at its own time
    return each(people, lambda user: send_to(user, today=today, now=now + (timezone.now() - started)))


def send_to(user, *, today: date, now: datetime) -> bool:
    """Send one person's mail unless it has gone, or nothing waits."""
    with translation.override(settings.LANGUAGE_CODE):
        parts = waiting_for(user, today)
        if not parts:
            return False
        row, _is_new = WeeklyMail.objects.get_or_create(user=user, week=monday_of(today))
        return row.send(lambda: message(user, parts, today=today, now=now).send(), now)


def waiting_for(user, today: date) -> list[dict]:
    """Return what waits in each municipality where the person has a role and something waits."""
    found = []
    for membership in user.memberships.select_related("municipality").order_by("municipality__name"):
        tasks = tasks_of(user, membership.municipality, today)
        if groups := groups_of(tasks, today):
            found.append(
                {
                    "municipality": membership.municipality,
                    "sentence": sentence(tasks, today),
                    "groups": groups,
                }
            )
    return found


def message(user, parts: list[dict], *, today: date, now: datetime) -> EmailMultiAlternatives:
    """Return the mail as text, with the same as plain HTML beside it."""
    secret = tokens.make(purpose=Token.Purpose.MAIL, user=user, expires_at=now + LINK_WORKS)
    stop = f"{settings.BASE_URL}{reverse('reports:stop_weekly_mail', args=[secret])}"
    context = {"person": user, "parts": parts, "base": settings.BASE_URL, "stop": stop, "today": today}
    mail = EmailMultiAlternatives(
        str(parts[0]["sentence"]),
        render_to_string("reports/mail/weekly.txt", context),
        to=[user.email],
        headers={
            "Message-ID": message_id("uke", user.pk, monday_of(today)),
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.attach_alternative(render_to_string("reports/mail/weekly.html", context), "text/html")
    return mail


@transaction.atomic
def choose_weekly_mail(*, wants: bool, by) -> None:
    """Turn a person's own weekly e-mail on or off."""
    if by.wants_weekly_mail == wants:
        return
    by.wants_weekly_mail = wants
    by.save(update_fields=["wants_weekly_mail"])
    record("weekly_mail.started" if wants else "weekly_mail.stopped", by, by=by)
