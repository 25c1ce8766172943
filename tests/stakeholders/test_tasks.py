"""What the register asks of one person on «Min side»."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from roadmap.contributions import CONTRIBUTIONS
from stakeholders.contribution import StakeholdersContribution
from stakeholders.models import Measure
from tests.conftest import make_project
from tests.stakeholders.test_register import NAME, add, talk

ROOM = StakeholdersContribution()


def tasks(user, municipality):
    return ROOM.tasks(user, municipality, timezone.localdate())


def promise(stakeholder, user, days, what="Ring dem", **fields):
    return Measure.objects.create(
        stakeholder=stakeholder,
        what=what,
        channel="phone",
        phase=1,
        responsible=user,
        on=timezone.localdate() + timedelta(days=days),
        **fields,
    )


def test_gaps_wait_for_the_leader_who_closes_them(project, municipality, leader, owner, member, observer):
    add(project, leader, name="Fastlegene", attitude="unknown", source="")
    add(project, leader, name="Pårørende", influence=1, strongly_affected=True)
    today = timezone.localdate()
    told = [
        (t.on, str(t.text), str(t.why), str(t.action), t.project_name) for t in tasks(leader, municipality)
    ]
    assert told == [
        (
            today,
            "Planlegg samtale: Fastlegene",
            "Holdningen er ukjent. Ingen har spurt dem.",
            "Planlegg samtale",
            project.name,
        ),
        (
            today,
            "Planlegg møte: Pårørende",
            "Ingen har møtt dem ansikt til ansikt, og ikke noe møte er planlagt.",
            "Planlegg møte",
            project.name,
        ),
        (
            today,
            "Gå gjennom interessentene",
            "Interessentene er ikke gjennomgått ennå",
            "Gå gjennom interessentene",
            project.name,
        ),
    ]
    for other in (owner, member, observer):
        assert tasks(other, municipality) == []


def test_named_person_waits_for_the_leader_alone(project, municipality, leader, reader, manager):
    person = add(project, leader, name="Avdeling Øst", person_name=NAME)
    talk(person, leader, attitude="sceptical")
    assert any("Avdeling Øst" in str(t.text) for t in tasks(leader, municipality))
    for other in (reader, manager):
        assert tasks(other, municipality) == []


def test_what_i_promised_in_two_weeks_waits_for_me(project, municipality, leader, member, reader):
    group = add(project, leader)
    promise(group, member, -3, "Er over tiden")
    promise(group, member, 14, "Kommer snart")
    promise(group, member, 15, "Kommer senere")
    promise(group, member, 1, "Er gjort", status="done")
    promise(group, reader, 1, "Leseren kan ikke endre")
    assert [t.text for t in tasks(member, municipality)] == ["Er over tiden", "Kommer snart"]
    assert str(tasks(member, municipality)[0].why) == "Tillitsvalgte, telefon"
    assert tasks(reader, municipality) == []
    assert {t.text for t in CONTRIBUTIONS.tasks(member, municipality, timezone.localdate())} >= {
        "Kommer snart"
    }


def test_closed_and_foreign_projects_ask_nothing(project, municipality, other_municipality, leader):
    promise(add(project, leader, attitude="unknown", source=""), leader, 1)
    assert tasks(leader, other_municipality) == []
    project.status, project.closed_on = "closed", timezone.localdate()
    project.save()
    assert tasks(leader, municipality) == []


def test_all_my_projects_cost_two_queries(project, municipality, owner, leader):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert tasks(leader, municipality)
        return len(captured)

    add(project, leader, attitude="unknown", source="")
    assert cost() == 2
    for n in range(3):
        other = make_project(municipality, owner=owner, leader=leader, name=f"Prosjekt {n}")
        promise(add(other, leader, attitude="unknown", source=""), leader, 1)
    assert cost() == 2


def test_what_nobody_is_responsible_for_waits_for_the_leader(project, municipality, leader, member, reader):
    group = add(project, leader, name="Eldrerådet", attitude="positive")
    promise(group, None, -1)
    promise(group, reader, 2)  # has left the team
    promise(group, member, 2, "Møt dem")
    found = [t for t in tasks(leader, municipality) if t.text in ("Ring dem", "Møt dem")]
    assert [task.text for task in found] == ["Ring dem"] * 2
    assert {task.why for task in found} == {"Eldrerådet, telefon, ingen ansvarlig ennå"}
    assert {task.action for task in found} == {"Velg hvem som er ansvarlig"}
    assert [task.text for task in tasks(member, municipality)] == ["Møt dem"]
