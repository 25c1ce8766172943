"""Projects: starting one, the list, its facts and people, and the trail in plain words."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from benefits.models import Measurement
from innovasjon.access import ProjectRole
from innovasjon.audit import record
from innovasjon.models import AuditEvent, FrozenDocument
from roadmap import actions, content
from roadmap.models import ChecklistItem, GateDecision, Project, ProjectMembership
from tests.conftest import TODAY, client_of, make_project, settle
from tests.furnish import furnish

LIST = "/prosjekter/"
START = "/prosjekter/nytt/"


def start(client, problem_owner, **fields):
    data = {
        "name": "Tryggere utskriving",
        "problem": "Hver tredje pasient mangler plan.",
        "owner": problem_owner.pk,
    }
    return client.post(START, data | fields)


def test_project_starts_with_the_whole_roadmap_copied(leader_client, leader, owner):
    answer = start(leader_client, owner)
    project = Project.objects.get()
    assert answer["Location"] == project.get_absolute_url()
    assert project.content_version == content.load().version
    assert ChecklistItem.objects.filter(round__project=project).count() == 148
    assert project.phases.count() == 6
    assert {(m.user, m.role) for m in project.memberships.all()} == {(owner, "owner"), (leader, "leader")}
    assert AuditEvent.objects.latest("id").verb == "project.started"


def test_new_project_says_what_comes_next(leader_client, project):
    page = leader_client.get(project.get_absolute_url()).content.decode()
    assert "Neste: definer problemet (steg 1.1)" in page
    assert "37 sjekkpunkter er åpne" in page


def test_later_edit_of_the_content_leaves_a_running_project_alone(project):
    item = ChecklistItem.objects.get(round__project=project, key="4.2d")
    checkpoint = next(
        c for p in content.load().phases for s in p.steps for c in s.checkpoints if c.key == "4.2d"
    )
    assert (item.text, item.tip, item.origin) == (checkpoint.text, checkpoint.tip, checkpoint.origin)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": " "}, "Skriv hva prosjektet heter."),
        ({"problem": ""}, "Beskriv utfordringen med minst én setning."),
        ({"owner": ""}, "Velg hvem som eier problemet."),
    ],
)
def test_missing_answer_is_told_and_the_rest_is_kept(leader_client, owner, fields, message):
    answer = start(leader_client, owner, **fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert "<title>Feil: " in page
    kept = "Hver tredje pasient mangler plan." if "problem" not in fields else "Tryggere utskriving"
    assert kept in page


def test_name_that_is_taken_leads_to_the_other_project(leader_client, owner, project):
    page = start(leader_client, owner, name="trygg  HJEMME").content.decode()
    assert "Det finnes allerede et prosjekt som heter det samme." in page
    assert f'href="{project.get_absolute_url()}"' in page


def test_name_of_a_hidden_project_is_not_given_away(leader_client, municipality, owner, manager):
    make_project(municipality, owner=owner, leader=manager, name="Hemmelig", restricted=True)
    assert start(leader_client, owner, name="Hemmelig").status_code == 302
    assert Project.objects.filter(name="Hemmelig").count() == 2


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Blåbær på Øya – æ, ø og å", "blabaer-pa-oya-ae-o-og-a"),
        ("Sámi giellabálvalus", "sami-giellabalvalus"),
        ("«»!", "prosjekt"),
    ],
)
def test_slug_is_made_from_the_name(db, name, slug):
    assert actions.free_slug(name) == slug


def test_slug_of_a_twin_gets_a_number(municipality, other_municipality, owner, leader, stranger):
    first = make_project(municipality, owner=owner, leader=leader, name="Blåbær på Øya")
    second = make_project(other_municipality, owner=stranger, leader=stranger, name="Blåbær på Øya")
    assert (first.slug, second.slug) == ("blabaer-pa-oya", "blabaer-pa-oya-2")


def test_person_of_another_municipality_cannot_own_it(leader_client, stranger):
    assert start(leader_client, stranger).status_code == 422
    assert not Project.objects.exists()


# ------------------------------------------------------------------ facts


def edited(project, **fields):
    data = {
        "name": project.name,
        "problem": project.problem,
        "area": project.area,
        "case_reference": "",
        "condition": "not_assessed",
        "condition_reason": "",
        "next_gate_on": "",
        "next_gate_time": "",
    }
    return data | fields


def test_edit_is_saved_and_told_before_and_after(leader_client, project):
    url = reverse("roadmap:edit_project", args=[project.slug])
    leader_client.post(
        url,
        edited(
            project,
            condition="watch",
            condition_reason="Turene går saktere ned.",
            next_gate_on="3.12.2099",
            next_gate_time="10.30",
            planned_5="15.1.2027",
        ),
    )
    project.refresh_from_db()
    assert project.condition == "watch"
    assert timezone.localtime(project.next_gate_at).strftime("%d.%m.%Y %H.%M") == "03.12.2099 10.30"
    assert project.phases.get(number=5).planned_from == date(2027, 1, 15)
    page = leader_client.get(reverse("roadmap:trail", args=[project.slug])).content.decode()
    assert "Endret opplysningene om prosjektet" in page
    assert "Ikke vurdert" in page
    assert "Følg med" in page
    assert "3. desember 2099 kl. 10.30" in page
    assert "Fase 5 er planlagt fra" in page
    assert "3. desember 2099" in leader_client.get(project.get_absolute_url()).content.decode()
    page = leader_client.post(url, edited(project, next_gate_on="1.1.1999"))
    assert list(page.context["form"].errors) == ["next_gate_on"]
    Project.objects.filter(pk=project.pk).update(next_gate_at=timezone.now() - timedelta(days=9))
    passed = timezone.localdate() - timedelta(days=9)
    assert (
        leader_client.post(url, edited(project, next_gate_on=passed.strftime("%d.%m.%Y"))).status_code == 302
    )


def test_condition_that_worries_needs_a_reason_in_form_and_database(leader_client, project):
    url = reverse("roadmap:edit_project", args=[project.slug])
    answer = leader_client.post(url, edited(project, condition="needs_help", name="Nytt navn"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Skriv hvorfor, så andre forstår tilstanden." in page
    assert 'value="Nytt navn"' in page
    assert '<p class="title">Trygg hjemme</p>' in page
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(condition="needs_help")


@pytest.mark.parametrize(
    "fields", [{"phase": 7}, {"phase": 0}, {"status": "closed"}, {"closed_on": TODAY}, {"condition": "fine"}]
)
def test_database_refuses_an_impossible_project(project, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(**fields)


# ------------------------------------------------------------------ people


def test_person_is_let_in_and_given_another_role(leader_client, project, reader):
    url = reverse("roadmap:people", args=[project.slug])
    leader_client.post(url, {"user": reader.pk, "role": "member"})
    leader_client.post(url, {"user": reader.pk, "role": "observer"})
    assert project.memberships.get(user=reader).role == "observer"
    events = AuditEvent.objects.filter(verb__startswith="person.").order_by("sequence")
    assert list(events.values_list("verb", flat=True)) == ["person.added", "person.role_changed"]


def test_new_owner_makes_the_old_one_a_member(project, owner, leader, manager):
    actions.set_role(project=project, user=manager, role=ProjectRole.OWNER, by=leader)
    assert project.memberships.get(user=manager).role == "owner"
    assert project.memberships.get(user=owner).role == "member"


@pytest.mark.parametrize("person", ["owner", "manager"])
def test_project_is_handed_over_by_its_owner_or_a_manager(person, request, project, owner, reader):
    client = client_of(request.getfixturevalue(person))
    url = reverse("roadmap:new_owner", args=[project.slug])
    assert url in client.get(reverse("roadmap:people", args=[project.slug])).content.decode()
    page = client.post(url, {"user": reader.pk}, follow=True).content.decode()
    assert "Rita Leser eier prosjektet nå." in page
    assert project.memberships.get(user=reader).role == "owner"
    assert project.memberships.get(user=owner).role == "member"


def test_leader_appoints_no_owner(leader_client, project, leader, owner):
    """Who prepares a decision must not be able to take it."""
    people = reverse("roadmap:people", args=[project.slug])
    assert leader_client.post(people, {"user": leader.pk, "role": "owner"}).status_code == 422
    assert leader_client.post(reverse("roadmap:new_owner", args=[project.slug])).status_code == 403
    assert project.memberships.get(role="owner").user == owner


def test_address_with_a_number_that_is_none_is_answered(leader_client, project):
    for path in ("logg/?etter=²", "logg/?etter=" + "9" * 30, "faser/1/1.1/1.1a/?mal=²"):
        page = leader_client.get(f"{project.get_absolute_url()}{path}")
        assert "<h1" in page.content.decode(), path


def test_owner_cannot_be_taken_out(leader_client, project, owner):
    part = project.memberships.get(user=owner)
    url = reverse("roadmap:remove_person", args=[project.slug, part.pk])
    page = leader_client.post(url, follow=True).content.decode()
    assert "Et prosjekt har én eier. Velg den nye eieren først." in page
    assert project.memberships.filter(user=owner).exists()


def test_person_is_taken_out_after_a_question(leader_client, project, member):
    part = project.memberships.get(user=member)
    url = reverse("roadmap:remove_person", args=[project.slug, part.pk])
    assert "Ta Max Medlem ut av prosjektet?" in leader_client.get(url).content.decode()
    leader_client.post(url)
    assert not project.memberships.filter(user=member).exists()


def test_database_refuses_two_owners(project, reader):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectMembership.objects.create(project=project, user=reader, role="owner")


def test_stranger_cannot_be_let_in(leader_client, project, stranger):
    url = reverse("roadmap:people", args=[project.slug])
    assert leader_client.post(url, {"user": stranger.pk, "role": "member"}).status_code == 422


def test_colleague_asks_for_access_and_the_leader_gets_a_mail(
    reader_client, restricted_project, leader, django_capture_on_commit_callbacks
):
    page = reader_client.get(restricted_project.get_absolute_url()).content.decode()
    assert "Du har ikke tilgang til dette prosjektet" in page
    ask = reverse("roadmap:ask_for_access", args=[restricted_project.slug])
    assert f'action="{ask}"' in page
    with django_capture_on_commit_callbacks(execute=True):
        answer = reader_client.post(ask, follow=True)
    assert "Prosjektleder har fått en e-post." in answer.content.decode()
    (message,) = mail.outbox
    assert message.to == [leader.email]
    assert "/folk/" in message.body


def test_finished_project_shows_all_stations_done(project, owner, owner_client):
    Project.objects.filter(pk=project.pk).update(phase=6, condition="on_track")
    settle(project, 6)
    page = owner_client.get(project.get_absolute_url()).content.decode()
    assert page.count(", utført</span>") == 5


def test_missing_date_of_the_gate_is_set_from_the_overview(leader_client, member_client, project):
    project.next_gate_at = None
    project.save(update_fields=["next_gate_at"])
    where = f'href="{reverse("roadmap:edit_project", args=[project.slug])}#div_id_next_gate_on"'
    assert where in leader_client.get(project.get_absolute_url()).content.decode()
    assert where not in member_client.get(project.get_absolute_url()).content.decode()


def test_a_project_has_seven_tabs_and_people_and_log_are_reached_from_its_overview(leader_client, project):
    overview = leader_client.get(project.get_absolute_url()).content.decode()
    tabs = overview.partition('class="project-tabs"')[2].partition("</nav>")[0]
    assert tabs.count("<a ") == 7
    for name in ("roadmap:people", "roadmap:trail"):
        url = reverse(name, args=[project.slug])
        assert f'href="{url}"' in overview
        page = leader_client.get(url).content.decode()
        assert f'href="{project.get_absolute_url()}" aria-current="true"' in page
        assert "Tilbake til prosjektet" in page


def test_project_goes_with_all_that_is_its_own_and_leaves_trail_and_frozen_documents(project, owner):
    known, pk = furnish(project, owner), project.pk
    item = ChecklistItem.objects.get(pk=known["item"])
    ChecklistItem.objects.filter(round=item.round, key="1.1b").update(predecessor=item)
    document = GateDecision.objects.get(pk=known["decision"]).document
    events = AuditEvent.objects.filter(project_id=project.pk).count()
    project.delete()
    assert not ChecklistItem.objects.exists()
    assert not Measurement.objects.exists()
    assert FrozenDocument.objects.get(pk=document.pk).sha256 == document.sha256
    assert AuditEvent.objects.filter(project_id=pk).count() == events


def test_what_one_person_did_many_times_in_a_day_is_one_line_of_the_trail(project, leader, leader_client):
    for _time in range(4):
        record("person.removed", leader, project=project, by=leader)
    page = leader_client.get(reverse("roadmap:trail", args=[project.slug])).content.decode()
    assert page.count("Tok Liv Leder ut av prosjektet") == 1
    assert "Tok Liv Leder ut av prosjektet (fire ganger)" in page


def test_refusal_says_why(project, reader_client, leader_client):
    edit = reverse("roadmap:edit_project", args=[project.slug])
    refused = reader_client.get(edit).content.decode()
    assert "Rollen din gir ikke lov til det. Prosjektleder kan endre" in refused
    assert "avsluttet" not in refused
    stopped = {"status": "closed", "closed_on": TODAY, "condition": "needs_help", "condition_reason": "Nei"}
    Project.objects.filter(pk=project.pk).update(**stopped)
    assert "Prosjektet er avsluttet." in leader_client.get(edit).content.decode()
    page = leader_client.get(project.get_absolute_url()).content.decode()
    assert ("Stoppet · " in page, "Trenger hjelp" in page) == (True, False)
