"""Reminders through time: due, again, then the manager; each mail once, whatever happens on the way."""

import re
from datetime import date, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from benefits import reminders
from benefits.models import Benefit, Indicator, Reminder
from tests.benefits.conftest import make_benefit, make_indicator

DUE = date(2026, 11, 13)


@pytest.fixture(autouse=True)
def _at_once(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def run(time_machine):
    def on(day: date, minutes=0):
        six = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 6))
        time_machine.move_to(six + timedelta(minutes=minutes), tick=False)
        before = len(mail.outbox)
        call_command("remind_of_measurements", verbosity=0)
        return [(m.to[0].split("@")[0], m.subject.split(":")[0]) for m in mail.outbox[before:]]

    return on


@pytest.fixture
def waiting(project, leader, reader):
    indicator = make_indicator(project, by=leader, measurer=reader, question="Hvor mange turer kjørte dere?")
    Indicator.objects.filter(pk=indicator.pk).update(next_due_on=DUE)
    return indicator


ASKED = "Hvor mange turer kjørte dere i uke 46?"


def test_due_then_reminder_then_manager(waiting, run):
    sent = {n: run(DUE + timedelta(days=n)) for n in range(-2, 7)}
    assert {n: mails for n, mails in sent.items() if mails} == {
        0: [("rita", ASKED)],
        3: [("rita", "Påminnelse")],
        6: [("oda", "Ikke målt")],
    }
    assert Reminder.objects.filter(sent_at__isnull=False).count() == 3


def test_run_twice_sends_once(waiting, run):
    assert len(run(DUE)) == 1
    assert run(DUE) == []


def test_run_that_was_left_out_skips_nobody(waiting, run):
    """After a summer without the job the person is asked first, and not the manager."""
    assert run(DUE + timedelta(days=60)) == [("rita", ASKED)]
    assert run(DUE + timedelta(days=63)) == [("rita", "Påminnelse")]


def test_measured_is_not_reminded_of(waiting, run, reader):
    run(DUE)
    path = re.search(r"example(/m/\S+)", mail.outbox[0].body)[1]
    Client().post(path, {"value": "330"})
    assert run(DUE + timedelta(days=3)) == []
    waiting.refresh_from_db()
    assert run(waiting.next_due_on)[0][0] == "rita"


def test_killed_between_claim_and_mail_is_taken_up_again(waiting, project, leader, reader, run, monkeypatch):
    second = make_indicator(project, by=leader, measurer=reader, name="Avvik", benefit=waiting.benefit)
    Indicator.objects.filter(pk=second.pk).update(next_due_on=DUE)
    enqueue = reminders.send_reminder.enqueue
    calls = []

    def killed(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return enqueue(*args)

    monkeypatch.setattr(type(reminders.send_reminder), "enqueue", lambda self, *args: killed(*args))
    with pytest.raises(KeyboardInterrupt):
        run(DUE)
    assert len(mail.outbox) == 1
    assert Reminder.objects.filter(sent_at=None).count() == 1
    monkeypatch.undo()
    assert len(run(DUE)) == 0  # another may be about to send it
    assert len(run(DUE, minutes=16)) == 1
    assert Reminder.objects.filter(sent_at=None).count() == 0
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("has_left", [False, True], ids=["before the mail server", "after it"])
def test_killed_between_taking_a_mail_and_saying_that_it_is_sent(waiting, run, monkeypatch, has_left):
    """It is never lost: at worst it comes twice, as the same mail to a mail system, and both links work."""
    sent = EmailBackend.send_messages

    def killed(self, messages):
        if has_left:
            sent(self, messages)
        raise KeyboardInterrupt

    monkeypatch.setattr(EmailBackend, "send_messages", killed)
    with pytest.raises(KeyboardInterrupt):
        run(DUE)
    monkeypatch.undo()
    assert run(DUE, minutes=14) == []  # whoever took it may be at it still
    assert len(run(DUE, minutes=16)) == 1
    assert run(DUE, minutes=40) == []
    assert len(mail.outbox) == 1 + has_left
    assert {m.extra_headers["Message-ID"] for m in mail.outbox} == {
        f"<maling.{waiting.pk}.2026-11-13.2026-11-13.first@innovasjon.example>"
    }
    for message in mail.outbox:
        assert Client().get(re.search(r"example(/m/\S+)", message.body)[1]).status_code == 200


def test_task_that_runs_twice_sends_once(waiting, run):
    run(DUE)
    reminder = Reminder.objects.get()
    assert reminders.send_reminder.call(reminder.pk) is False
    assert len(mail.outbox) == 1


def test_mail_server_that_fails_is_asked_again_and_its_link_is_closed(waiting, run, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    run(DUE)
    assert Reminder.objects.get().sent_at is None
    monkeypatch.undo()
    assert len(run(DUE + timedelta(days=1))) == 1
    tokens = list(reader_tokens())
    assert [bool(t.revoked_at) for t in tokens] == [True, False]


def reader_tokens():
    return Indicator.objects.get().measurer.tokens.filter(purpose="measurement").order_by("pk")


def test_nobody_to_ask_is_told_to_the_manager_at_once(project, leader, run):
    indicator = make_indicator(project, by=leader)
    Indicator.objects.filter(pk=indicator.pk).update(next_due_on=DUE)
    assert run(DUE) == [("oda", "Ikke målt")]
    assert run(DUE + timedelta(days=9)) == []


def test_person_who_left_gets_nothing(waiting, reader, run):
    reader.memberships.all().delete()
    assert run(DUE) == [("oda", "Ikke målt")]


@pytest.mark.parametrize(
    ("follow_until", "closed_on", "reminded"),
    [
        (date(2027, 1, 1), date(2026, 6, 30), True),
        (date(2026, 11, 12), None, False),
        (None, date(2026, 6, 30), True),
        (None, date(2023, 11, 12), False),
    ],
)
def test_closed_project_is_measured_for_up_to_three_years(waiting, run, follow_until, closed_on, reminded):
    Benefit.objects.update(follow_until=follow_until)
    project = waiting.benefit.project
    if closed_on:
        project.status, project.closed_on = "closed", closed_on
        project.save()
    assert bool(run(DUE)) is reminded


def test_days_work_is_asked_for_in_few_queries(project, leader, reader, run, django_assert_max_num_queries):
    benefit = make_benefit(project, by=leader)
    for number in range(6):
        indicator = make_indicator(project, by=leader, measurer=reader, name=f"Nr. {number}", benefit=benefit)
        Indicator.objects.filter(pk=indicator.pk).update(next_due_on=DUE)
    run(DUE)
    with django_assert_max_num_queries(4 + 6):  # one for each: may the person still see the project?
        run(DUE)


def test_measurement_that_cannot_be_looked_at_stops_no_other(
    waiting, run, project, leader, reader, monkeypatch
):
    other = make_indicator(project, by=leader, measurer=reader, name="Nummer to", question="Hva nå?")
    Indicator.objects.filter(pk=other.pk).update(next_due_on=DUE)
    real = reminders.asked_person

    def broken_for_the_first(indicator):
        return 1 / 0 if indicator.pk == waiting.pk else real(indicator)

    monkeypatch.setattr(reminders, "asked_person", broken_for_the_first)
    with pytest.raises(CommandError, match="1 failed, and the log tells why; 1 done"):
        run(DUE)
    assert [r.indicator for r in Reminder.objects.exclude(sent_at=None)] == [other]
