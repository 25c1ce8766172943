"""The plan, its calendar, the advisory group, and the responsibility matrix."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from innovasjon.models import AuditEvent, Token
from innovasjon.tokens import TRIES, digest
from reports import materials
from stakeholders.models import AdvisoryInput, Measure, ResponsibilityTask, Stakeholder
from tests.stakeholders.test_register import NAME, add, form, talk, url


@pytest.fixture
def planned(project, leader):
    """Something planned with a group, something with a named person, something done."""
    group = add(project, leader, name="Eldrerådet")
    person = add(project, leader, name="Avdeling Øst", person_name=NAME)
    talk(person, leader, said="Hemmelig utsagn")
    today = timezone.localdate()
    for stakeholder, what, days, status in (
        (group, "Møte i eldrerådet", 5, "not_started"),
        (person, "Samtale om turnus", 12, "started"),
        (group, "Brev", -3, "done"),
        (group, "Uten dato", None, "not_started"),
    ):
        Measure.objects.create(
            stakeholder=stakeholder,
            what=what,
            channel="meeting",
            phase=1,
            on=None if days is None else today + timedelta(days=days),
            status=status,
        )
    return project


def test_plan_without_stakeholders_begins_with_the_first_and_comes_back(leader_client, project):
    first = f"{url(project, 'new')}?etter=tiltak"
    for page in ("plan", "new_measure"):
        assert first in leader_client.get(url(project, page)).content.decode()
    back = leader_client.post(first, form())
    assert back.url == f"{url(project, 'new_measure')}?interessent={project.stakeholders.get().pk}"
    assert 'name="what"' in leader_client.get(back.url).content.decode()


def test_plan_shows_the_next_thirty_days_by_week(leader_client, planned):
    context = leader_client.get(url(planned, "plan")).context
    listed = [m.what for _week, found in context["weeks"] for m in found]
    assert listed == ["Møte i eldrerådet", "Samtale om turnus"]
    assert len(context["measures"]) == 4


def test_plan_is_changed_with_a_trace(leader_client, planned):
    measure = Measure.objects.get(what="Møte i eldrerådet")
    data = {
        "stakeholder": measure.stakeholder_id,
        "what": measure.what,
        "channel": "meeting",
        "on": measure.on,
        "status": "done",
    }
    leader_client.post(url(planned, "measure", measure.pk), data)
    assert AuditEvent.objects.latest("id").changes == {"status": ["not_started", "done"]}
    trail = leader_client.get(reverse("roadmap:trail", args=[planned.slug])).content.decode()
    assert "Fullført" in trail


def test_overdue_measure_is_marked_on_page_in_document_and_sheet(leader_client, planned):
    Measure.objects.filter(what="Møte i eldrerådet").update(on=timezone.localdate() - timedelta(days=2))
    page = leader_client.get(url(planned, "plan")).content.decode()
    sheet = leader_client.get(url(planned, "plan_sheet", "csv")).content.decode()
    told = materials.involvement_plan(planned, now=timezone.now())["measures"]
    for text in (page, sheet, str(told)):
        assert text.count("Ikke påbegynt, forfalt") == 1
    assert [row["what"] for row in told if row["is_overdue"]] == ["Møte i eldrerådet"]


def test_day_that_has_passed_is_only_for_what_is_done(leader_client, planned):
    measure = Measure.objects.get(what="Møte i eldrerådet")
    past = f"{timezone.localdate() - timedelta(days=2):%d.%m.%Y}"
    data = {"stakeholder": measure.stakeholder_id, "what": measure.what, "channel": "meeting", "on": past}
    edit = url(planned, "measure", measure.pk)
    refused = leader_client.post(edit, data | {"status": "not_started"}).content.decode()
    assert "Dagen har vært. Velg en dag som kommer, eller si at det er fullført." in refused
    assert leader_client.post(edit, data | {"status": "done"}).status_code == 302
    assert "Dagen har vært." in leader_client.post(edit, data | {"status": "started"}).content.decode()
    Measure.objects.filter(pk=measure.pk).update(status="started")  # it stood there already
    assert leader_client.post(edit, data | {"status": "started", "goal": "Ro"}).status_code == 302


def test_stakeholder_of_another_project_cannot_be_planned_with(
    leader_client, project, other_project, stranger
):
    theirs = add(other_project, stranger, name="Naboens")
    data = {"stakeholder": theirs.pk, "what": "x", "channel": "meeting", "status": "started"}
    assert leader_client.post(url(project, "new_measure"), data).status_code == 422
    assert not Measure.objects.exists()


def events(content):
    return {str(e["summary"]) for e in Calendar.from_ical(content).walk("VEVENT")}


def test_calendar_file_has_what_is_dated_and_pending_and_no_persons(leader_client, planned):
    answer = leader_client.get(url(planned, "calendar_file"))
    assert answer["Content-Type"].startswith("text/calendar")
    assert events(answer.content) == {"Møte i eldrerådet – Eldrerådet", "Samtale om turnus – Avdeling Øst"}
    for secret in (NAME, "Hemmelig", "sceptical", "Skeptisk"):
        assert secret not in answer.content.decode()


@pytest.fixture
def address(leader_client, planned):
    cache.clear()
    page = leader_client.post(url(planned, "subscription"), {"make": "1"})
    return page.context["address"].replace("https://innovasjon.example", "")


def test_private_address_works_without_log_in_and_only_its_hash_is_stored(address, leader_client, planned):
    answer = Client().get(address)
    assert "Møte i eldrerådet – Eldrerådet" in events(answer.content)
    secret = address.removeprefix("/kalender/").removesuffix(".ics")
    token = Token.objects.get()
    assert token.digest == digest(secret)
    assert token.last_used_at is not None
    assert secret not in leader_client.get(url(planned, "subscription")).content.decode()


def test_closed_address_looks_like_one_that_never_was(address, leader_client, planned):
    leader_client.post(url(planned, "subscription"), {"close": "1"})
    closed, wrong = Client().get(address), Client().get("/kalender/never-was.ics")
    assert closed.status_code == wrong.status_code == 404
    assert closed.content == wrong.content


def test_new_address_closes_the_old_one(address, leader_client, planned):
    leader_client.post(url(planned, "subscription"), {"make": "1"})
    assert Client().get(address).status_code == 404
    assert Token.objects.valid(timezone.now()).count() == 1


def test_address_dies_when_access_is_withdrawn(address, leader, planned):
    leader.memberships.all().delete()
    assert Client().get(address).status_code == 404


def test_address_of_a_person_who_left_is_dead(address, leader):
    leader.is_active = False
    leader.save()
    assert Client().get(address).status_code == 404


def test_guessing_addresses_is_stopped(address):
    client = Client()
    for number in range(TRIES):
        assert client.get(f"/kalender/guess-{number}.ics").status_code == 404
    assert client.get(address).status_code == 404
    cache.clear()
    assert client.get(address).status_code == 200


def test_address_of_one_project_opens_no_other(address, restricted_project, leader):
    add(restricted_project, leader, name="Hemmelig gruppe")
    assert "Hemmelig gruppe" not in Client().get(address).content.decode()


def test_advisory_group_shows_members_input_and_what_came_of_it(
    leader_client, reader_client, project, leader
):
    add(project, leader, name="Eldrerådet", in_advisory_group=True)
    page = url(project, "advisory_group")
    leader_client.post(
        page, {"on": "12.11.2026", "topic": "Opplæring", "text": "Begynn med kvelden", "decision": ""}
    )
    entry = AdvisoryInput.objects.get()
    leader_client.post(
        url(project, "advisory_input", entry.pk),
        {"text": entry.text, "decision": "Kveldsvaktene læres opp først."},
    )
    shown = reader_client.get(page).content.decode()
    for part in ("Eldrerådet", "Opplæring", "Begynn med kvelden", "Kveldsvaktene læres opp først."):
        assert part in shown
    assert "Lagre møtet" not in shown


def test_decision_without_input_is_refused(leader_client, project):
    data = {"on": "12.11.2026", "topic": "Opplæring", "decision": "Noe ble bestemt"}
    page = leader_client.post(url(project, "advisory_group"), data).content.decode()
    assert "Skriv hva gruppa sa, så beslutningen kan forstås." in page
    assert "Noe ble bestemt" in page


def test_responsibility_matrix_takes_c_and_i_from_the_involvement(
    leader_client, project, owner, leader, member
):
    add(project, leader, name="Tillitsvalgte", involvement="consulted")
    add(project, leader, name="Lokalavisa", involvement="informed", main_group="other")
    data = {"name": "Fylle dispensere", "accountable": owner.pk, "performers": [leader.pk, member.pk]}
    leader_client.post(url(project, "responsibility"), data)
    context = leader_client.get(url(project, "responsibility")).context
    assert context["consulted"] == "Tillitsvalgte"
    assert context["informed"] == "Lokalavisa"
    task = ResponsibilityTask.objects.get()
    assert (task.accountable, task.performers.count()) == (owner, 2)


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("accountable", "Velg hvem som er ansvarlig."),
        ("performers", "Velg minst én som utfører."),
        ("name", "Skriv hva oppgaven er."),
    ],
)
def test_task_needs_one_accountable_and_somebody_who_does_it(
    leader_client, project, owner, leader, field, message
):
    data = {"name": "Fylle dispensere", "accountable": owner.pk, "performers": [leader.pk]}
    del data[field]
    page = leader_client.post(url(project, "responsibility"), data).content.decode()
    assert message in page
    assert not ResponsibilityTask.objects.exists()


def test_database_allows_neither_none_nor_two_accountable(project, owner):
    with pytest.raises(IntegrityError), transaction.atomic():
        ResponsibilityTask.objects.create(project=project, name="Ingen", accountable=None)
    ResponsibilityTask.objects.create(project=project, name="Én", accountable=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResponsibilityTask.objects.create(project=project, name="Én", accountable=owner)


def test_stranger_cannot_be_accountable(leader_client, project, stranger, leader):
    data = {"name": "x", "accountable": stranger.pk, "performers": [leader.pk]}
    assert leader_client.post(url(project, "responsibility"), data).status_code == 422
    assert Stakeholder.objects.count() == 0
