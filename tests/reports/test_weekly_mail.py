"""The weekly e-mail: one to a person and week, whatever happens; never after access is withdrawn."""

from datetime import datetime, timedelta
from itertools import count
from smtplib import SMTPException
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from innovasjon.models import Membership
from innovasjon.sent_once import SomeFailed
from reports import mailings
from reports.mailings import send_weekly_mails
from reports.models import WeeklyMail
from roadmap.contributions import CONTRIBUTIONS
from roadmap.models import ChecklistItem
from tests.reports.test_my_page import Checkpoints

MONDAY = datetime(2026, 11, 23, 7, tzinfo=ZoneInfo("Europe/Oslo"))


@pytest.fixture
def waiting(monkeypatch, project, leader, owner):
    """Two people of the project, one late checkpoint each."""
    monkeypatch.setattr(CONTRIBUTIONS, "contributions", [Checkpoints()])
    for key, person in (("1.1a", leader), ("1.1b", owner)):
        ChecklistItem.objects.filter(round__project=project, round__phase=1, key=key).update(
            responsible=person, due_on=MONDAY.date() - timedelta(days=3)
        )
    return project


def test_mail_tells_what_the_page_tells(waiting, leader):
    assert send_weekly_mails(now=MONDAY) == 2
    message = next(m for m in mail.outbox if m.to == [leader.email])
    item = ChecklistItem.objects.get(round__project=waiting, round__phase=1, key="1.1a")
    assert message.subject == "Én ting venter på deg denne uka. Den er forfalt."
    for part in ("Hei, Liv.", "Forfalt", "20. nov. (3 dager siden)", item.text, waiting.name):
        assert part in message.body
    assert f"https://innovasjon.example{item.get_absolute_url()}" in message.body
    ((page, kind),) = message.alternatives
    assert kind == "text/html"
    assert f'<a href="https://innovasjon.example{item.get_absolute_url()}">{item.text}</a>' in page


def test_nobody_gets_two_in_a_week(waiting):
    send_weekly_mails(now=MONDAY)
    assert send_weekly_mails(now=MONDAY + timedelta(days=4)) == 0
    assert len(mail.outbox) == 2
    assert send_weekly_mails(now=MONDAY + timedelta(days=7)) == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        WeeklyMail.objects.create(user=WeeklyMail.objects.first().user, week=MONDAY.date())
    with pytest.raises(IntegrityError), transaction.atomic():
        WeeklyMail.objects.create(
            user=WeeklyMail.objects.first().user, week=MONDAY.date() + timedelta(days=1)
        )


class Killed(BaseException):
    """The process is gone."""


def test_killed_half_way_the_rest_is_sent_and_none_twice(waiting, monkeypatch, owner, leader):
    """The one who was being written to is written to once more, under the same Message-ID, and no other."""
    sent = EmailBackend.send_messages

    def killed_after_sending(self, messages):
        sent(self, messages)
        raise Killed

    monkeypatch.setattr(EmailBackend, "send_messages", killed_after_sending)
    with pytest.raises(Killed):
        send_weekly_mails(now=MONDAY)
    monkeypatch.setattr(EmailBackend, "send_messages", sent)
    assert send_weekly_mails(now=MONDAY) == 1
    assert sorted(m.to[0] for m in mail.outbox) == sorted([owner.email, leader.email])
    assert send_weekly_mails(now=MONDAY + timedelta(minutes=16)) == 1
    assert send_weekly_mails(now=MONDAY + timedelta(days=1)) == 0
    assert (len(mail.outbox), len({m.extra_headers["Message-ID"] for m in mail.outbox})) == (3, 2)


def test_two_at_once_send_one(waiting, monkeypatch, leader):
    """Another process has taken the mail after this one chose whom to write to."""
    WeeklyMail.objects.create(user=leader, week=MONDAY.date(), taken_at=MONDAY)
    assert not mailings.send_to(leader, today=MONDAY.date(), now=MONDAY)
    assert not mail.outbox


def test_each_is_taken_at_its_own_time_however_long_the_run_lasts(waiting, monkeypatch):
    """Else a second run would take a mail that the first one, begun long ago, is about to send."""
    clock, taken = (MONDAY + timedelta(minutes=20) * n for n in count()), []
    monkeypatch.setattr(mailings.timezone, "now", lambda: next(clock))
    monkeypatch.setattr(mailings, "send_to", lambda user, *, today, now: not taken.append(now))
    send_weekly_mails(now=MONDAY)
    assert taken[:2] == [MONDAY + timedelta(minutes=20), MONDAY + timedelta(minutes=40)]


def test_mail_server_that_says_no_is_tried_again(waiting, monkeypatch):
    def refused(self, messages):
        raise SMTPException

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refused)
        assert send_weekly_mails(now=MONDAY) == 0
    assert send_weekly_mails(now=MONDAY) == 2


def test_nothing_is_sent_without_access_wish_or_reason(waiting, leader, owner, reader, municipality):
    Membership.objects.filter(user=leader).delete()
    owner.wants_weekly_mail = False
    owner.save()
    assert send_weekly_mails(now=MONDAY) == 0
    owner.wants_weekly_mail, owner.is_active = True, False
    owner.save()
    assert send_weekly_mails(now=MONDAY) == 0
    assert not WeeklyMail.objects.exists()


def test_link_in_the_mail_stops_it_by_a_press_not_by_a_look(waiting, leader, time_machine):
    time_machine.move_to(MONDAY)
    send_weekly_mails(now=MONDAY)
    message = next(m for m in mail.outbox if m.to == [leader.email])
    link = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert link in message.body
    path = link.removeprefix("https://innovasjon.example")
    client = Client(enforce_csrf_checks=True)
    assert "Slutte å få ukesmailen?" in client.get(path).content.decode()
    leader.refresh_from_db()
    assert leader.wants_weekly_mail
    client.post(path, {"List-Unsubscribe": "One-Click"})
    leader.refresh_from_db()
    assert not leader.wants_weekly_mail
    assert Client().get("/ukesmail/feil/").status_code == 404


def test_weekly_mail_is_turned_on_and_off_on_the_page(project, leader, leader_client):
    for value, expected in (("off", False), ("on", True)):
        leader_client.post("/profil/", {"mail": value})
        leader.refresh_from_db()
        assert leader.wants_weekly_mail is expected


@pytest.mark.parametrize("broken", ["the list", "the mail"])
def test_mail_that_cannot_be_written_stops_no_other(waiting, owner, leader, monkeypatch, caplog, broken):
    """What is unexpected is told with its traceback, the rest is sent, and how many failed is said."""

    def broken_for_leader(user, *args, **kwargs):
        return 1 / 0 if user == leader else real(user, *args, **kwargs)

    name = "tasks_of" if broken == "the list" else "message"
    real = getattr(mailings, name)
    with monkeypatch.context() as patch:
        patch.setattr(mailings, name, broken_for_leader)
        with pytest.raises(SomeFailed) as fault:
            send_weekly_mails(now=MONDAY)
    assert (fault.value.done, fault.value.failed) == (1, 1)
    assert [m.to for m in mail.outbox] == [[owner.email]]
    (told,) = [r for r in caplog.records if r.exc_info]
    assert f"user {leader.pk} failed" in told.getMessage()
    assert told.exc_info[0] is ZeroDivisionError
    assert send_weekly_mails(now=MONDAY) == 1
    assert sorted(m.to[0] for m in mail.outbox) == sorted([owner.email, leader.email])


def test_command_ends_as_failed_when_some_failed(monkeypatch):
    def some_failed(*, now):
        raise SomeFailed(3, 1)

    monkeypatch.setattr("reports.management.commands.weekly_mail.send_weekly_mails", some_failed)
    with pytest.raises(CommandError, match="1 failed, and the log tells why; 3 done"):
        call_command("weekly_mail")
