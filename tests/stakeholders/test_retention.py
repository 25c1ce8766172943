"""Named persons are forgotten when their time is over, not before, and once."""

from datetime import date

import pytest
import time_machine
from django.core.management import call_command

from innovasjon.audit import first_broken_event
from innovasjon.models import AuditEvent
from roadmap.models import Project
from stakeholders.models import Conversation, Measure, Stakeholder, Stance
from stakeholders.retention import due_projects, months_before
from tests.stakeholders.test_register import NAME, SECRET, add, talk


@pytest.fixture
def closed(project, leader, municipality):
    """A project closed on 31 August 2026, of a municipality that remembers for six months."""
    person = add(
        project, leader, name="Avdeling Øst", person_name=NAME, line_role="Leder", how_affected=f"{NAME} må"
    )
    talk(person, leader, said=SECRET)
    Measure.objects.create(
        stakeholder=person, what=f"Ring {NAME}", goal=NAME, message=NAME, channel="phone", phase=1
    )
    talk(add(project, leader, name="Fastlegene"), leader, said="Vi har ikke tid.")
    municipality.retention_months = 6
    municipality.save()
    Project.objects.filter(pk=project.pk).update(status="closed", closed_on=date(2026, 8, 31))
    return project


def forget(day):
    with time_machine.travel(day):
        call_command("forget_persons")


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2027, 2, 28), 6, date(2026, 8, 28)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 1, 15), 24, date(2024, 1, 15)),
    ],
)
def test_months_are_counted_back(day, months, earlier):
    assert months_before(day, months) == earlier


@pytest.mark.parametrize(("day", "is_due"), [(date(2027, 2, 28), False), (date(2027, 3, 1), True)])
def test_person_is_forgotten_when_the_time_is_over(closed, day, is_due):
    forget(day)
    assert Stakeholder.objects.filter(person_name=NAME).exists() is not is_due


def test_nothing_about_the_person_is_left_and_the_groups_stay(closed):
    forget(date(2027, 3, 1))
    person, group = Stakeholder.objects.order_by("pk")
    assert (person.name, person.person_name, person.line_role, person.how_affected) == (
        "Avdeling Øst",
        "",
        "",
        "",
    )
    assert not person.stances.exists()
    assert [c.said for c in Conversation.objects.all()] == ["Vi har ikke tid."]
    assert Stance.objects.filter(stakeholder=group).count() == 2
    for model in (Stakeholder, Stance, Conversation, Measure):
        assert NAME not in str(list(model.objects.values()))
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.details, event.actor_name) == ("persons.forgotten", {"count": 1}, "")
    assert first_broken_event(closed.municipality_id) is None


def test_second_run_and_open_projects_change_nothing(closed, project):
    forget(date(2027, 3, 1))
    count = AuditEvent.objects.count()
    forget(date(2027, 3, 2))
    assert AuditEvent.objects.count() == count


def test_open_project_is_left_alone(closed):
    Project.objects.filter(pk=closed.pk).update(status="active", closed_on=None)
    assert due_projects(date(2040, 1, 1)) == []


def test_dry_run_only_tells(closed, capsys):
    with time_machine.travel(date(2027, 3, 1)):
        call_command("forget_persons", "--dry-run")
    assert f"{closed.slug}: 1 forgotten" in capsys.readouterr().out
    assert Stakeholder.objects.filter(person_name=NAME).exists()
