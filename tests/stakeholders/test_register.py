"""The register: history of attitudes, talks, plans, and who may see what about whom."""

import io
import json
import re
from datetime import timedelta

import pypdf
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from innovasjon.models import AuditEvent
from innovasjon.national_id import has_national_id
from reports import documents, materials
from reports.summaries import project_summary
from roadmap import gates
from roadmap.contributions import CONTRIBUTIONS
from roadmap.models import Project
from stakeholders import actions, drawings, wording
from stakeholders.models import Conversation, Measure, Stakeholder, Stance
from tests.conftest import client_of

SECRET = "Hun stoler ikke på ledelsen"  # what must never leave the core team
NAME = "Hege Hemmelig"


def with_control_digits(first_six):
    """An identity number nobody has been looked up by: the first whose control digits fit."""
    return next(n for n in (f"{first_six}{tail:05d}" for tail in range(100_000)) if has_national_id(n))


NUMBER = f"Gjelder {with_control_digits('010101')}"


def add(project, by, name="Tillitsvalgte", attitude="neutral", source="assumed", **fields):
    values = {"main_group": "employee", "influence": 3, "interest": 3} | fields
    return actions.save_stakeholder(
        project=project,
        stakeholder=Stakeholder(name=name, **values),
        attitude=attitude,
        source=source,
        wanted="",
        today=timezone.localdate(),
        by=by,
    )


def talk(stakeholder, by, attitude="sceptical", said="Vi har ikke tid.", **fields):
    return actions.note_conversation(
        stakeholder=stakeholder,
        on=timezone.localdate(),
        channel="meeting",
        said=said,
        quote_cleared=False,
        attitude=attitude,
        source="said",
        next_step="",
        by=by,
        **fields,
    )


def url(project, name="stakeholders", *args):
    return reverse(f"stakeholders:{name}", args=[project.slug, *args])


def form(**fields):
    return {
        "name": "Fastlegene",
        "main_group": "other",
        "influence": "3",
        "interest": "2",
        "attitude": "unknown",
        "source": "",
    } | fields


# ------------------------------------------------------------------ the main job


def test_first_stakeholder_gap_talk_and_the_gap_closes(leader_client, project):
    assert "Ingen interessenter ennå" in leader_client.get(url(project)).content.decode()
    leader_client.post(url(project, "new"), form())
    stakeholder = Stakeholder.objects.get()
    page = leader_client.get(url(project)).content.decode()
    assert "Holdningen er ukjent. Ingen har spurt dem." in page
    plan = f"{url(project, 'new_measure')}?interessent={stakeholder.pk}"
    assert plan in page
    overview = leader_client.get(project.get_absolute_url()).content.decode()
    assert "Dette bør dere også se på" in overview
    on = timezone.localdate() + timedelta(days=5)
    leader_client.post(
        plan,
        {
            "stakeholder": stakeholder.pk,
            "what": "Møte",
            "channel": "meeting",
            "on": on,
            "status": "not_started",
        },
    )
    assert "Holdningen er ukjent." not in leader_client.get(url(project)).content.decode()
    leader_client.post(
        url(project, "conversation", stakeholder.pk),
        {
            "on": timezone.localdate().isoformat(),
            "channel": "meeting",
            "said": "Vi vil gjerne være med.",
            "attitude": "positive",
            "source": "said",
        },
    )
    page = leader_client.get(stakeholder.get_absolute_url()).content.decode()
    assert "Vi vil gjerne være med." in page
    assert "Fra ukjent til positiv" in page


def test_attitude_is_a_history_with_phase_source_and_person(project, leader):
    stakeholder = add(project, leader)
    talk(stakeholder, leader)
    Project.objects.filter(pk=project.pk).update(phase=2)
    stakeholder.project.refresh_from_db()
    talk(stakeholder, leader, attitude="positive")
    told = list(stakeholder.stances.order_by("pk").values_list("attitude", "source", "phase", "by"))
    assert told == [
        ("neutral", "assumed", 1, leader.pk),
        ("sceptical", "said", 1, leader.pk),
        ("positive", "said", 2, leader.pk),
    ]


def test_edit_that_leaves_the_attitude_adds_no_row(leader_client, project, leader):
    stakeholder = add(project, leader)
    data = form(name="Tillitsvalgte", main_group="employee", attitude="neutral", source="assumed")
    data |= {"influence": "2", "interest": "3"}
    leader_client.post(url(project, "edit", stakeholder.pk), data)
    stakeholder.refresh_from_db()
    assert (stakeholder.influence, stakeholder.stances.count()) == (2, 1)
    event = AuditEvent.objects.latest("id")
    assert event.changes == {"influence": [3, 2]}
    assert (
        "Innflytelse: <del"
        in leader_client.get(reverse("roadmap:trail", args=[project.slug])).content.decode()
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Skriv hvilken gruppe det er."),
        ({"main_group": ""}, "Velg en hovedgruppe."),
        ({"attitude": "positive"}, "Velg om holdningen er noe de har sagt, eller noe dere antar."),
        ({"how_affected": NUMBER}, "Det ser ut som et fødselsnummer."),
    ],
)
def test_error_is_told_at_the_field_and_nothing_is_lost(leader_client, project, fields, message):
    answer = leader_client.post(url(project, "new"), form(information_need="Beholdes") | fields)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert "Beholdes" in answer.content.decode()
    assert not Stakeholder.objects.exists()


def test_talk_of_tomorrow_is_refused(leader_client, project, leader):
    stakeholder = add(project, leader)
    on = (timezone.localdate() + timedelta(days=1)).isoformat()
    data = {"on": on, "channel": "phone", "said": "x", "attitude": "neutral", "source": "said"}
    page = leader_client.post(url(project, "conversation", stakeholder.pk), data).content.decode()
    assert "Dagen har ikke kommet ennå." in page


def test_national_identity_number_is_known():
    ordinary, d_number = with_control_digits("010101"), with_control_digits("410101")
    assert has_national_id(f"Bruker {ordinary} ringte")
    assert has_national_id(f"{ordinary[:6]} {ordinary[6:]}")
    assert has_national_id(d_number)


@pytest.mark.parametrize("text", ["12345678901", "konto 15062012345", "99999999999", "uke 46", ""])
def test_other_numbers_pass(text):
    assert not has_national_id(text)


def test_number_inside_a_longer_one_passes():
    assert not has_national_id(f"1{with_control_digits('010101')}")


def test_deletion_names_its_consequence_and_takes_everything(leader_client, project, leader):
    stakeholder = add(project, leader)
    talk(stakeholder, leader)
    ask = leader_client.get(url(project, "delete", stakeholder.pk)).content.decode()
    assert "Historikken, samtalene og planene slettes også. Det kan ikke angres." in ask
    leader_client.post(url(project, "delete", stakeholder.pk))
    assert not Stakeholder.objects.exists()
    assert not Stance.objects.exists()
    assert AuditEvent.objects.latest("id").verb == "stakeholder.deleted"


# ------------------------------------------------------------------ privacy by field


@pytest.fixture
def person(project, leader):
    """A named person whose attitude and words nobody outside the core team may see."""
    stakeholder = add(project, leader, name="Avdeling Øst", person_name=NAME, attitude="neutral")
    talk(stakeholder, leader, attitude="sceptical", said=SECRET)
    return stakeholder


OUTSIDERS = ["observer", "reader", "manager", "administrator"]
CORE = ["owner", "leader", "member"]


@pytest.mark.parametrize("who", CORE)
def test_core_team_sees_the_person_and_the_words(who, request, project, person):
    client = client_of(request.getfixturevalue(who))
    assert NAME in client.get(url(project)).content.decode()
    page = client.get(person.get_absolute_url()).content.decode()
    assert SECRET in page
    assert "Skeptisk" in page


@pytest.mark.parametrize("who", OUTSIDERS)
def test_nobody_else_sees_them_on_any_page_or_document(who, request, project, person):
    user = request.getfixturevalue(who)
    client = client_of(user)
    pages = [
        url(project),
        url(project, "plan"),
        project.get_absolute_url(),
        reverse("roadmap:trail", args=[project.slug]),
        reverse("roadmap:gate", args=[project.slug, 1]),
        reverse("roadmap:item", args=[project.slug, 1, "1.4", "1.4c"]),
    ]
    for page in pages:
        body = client.get(page).content.decode()
        assert NAME not in body, page
        assert SECRET not in body, page
        if page != url(project):
            assert "Skeptisk" not in body, page
    register = client.get(url(project)).content.decode()
    assert "Vises bare for kjerneteamet" in register
    assert "Skeptiske" not in register
    assert client.get(person.get_absolute_url()).status_code == 403


@pytest.mark.parametrize("who", OUTSIDERS)
def test_queryset_itself_gives_nothing_to_others(who, request, project, person):
    user = request.getfixturevalue(who)
    assert not Stance.objects.visible_to(user).filter(stakeholder=person).exists()
    assert not Conversation.objects.visible_to(user).exists()


@pytest.mark.parametrize("who", CORE)
def test_queryset_gives_the_core_team_its_own(who, request, project, person, other_project, stranger):
    user = request.getfixturevalue(who)
    add(other_project, stranger, name="Naboens", person_name="Nabo Navnesen")
    assert Stance.objects.visible_to(user).filter(stakeholder=person).count() == 2
    assert Conversation.objects.visible_to(user).count() == 1
    assert not Stance.objects.visible_to(user).filter(stakeholder__project=other_project).exists()


def test_documents_and_what_a_gate_freezes_leave_persons_out(project, person, leader, owner):
    group = add(project, leader, name="Fastlegene", attitude="unknown", main_group="other")
    fresh = Project.objects.select_related("municipality").get(pk=project.pk)
    data = gates.basis(gates.gate(fresh, 1))
    report = materials.report_of_today(fresh, since=timezone.localdate(), now=timezone.now())
    for content in (
        documents.status_report(report),
        documents.gate_basis({"basis": data, "decision": None, "made_on": "2026-11-19"}),
    ):
        reader = pypdf.PdfReader(io.BytesIO(content))
        text = " ".join(page.extract_text() for page in reader.pages)
        for secret in (NAME, SECRET, "Avdeling Øst is"):
            assert secret not in text
    frozen = json.dumps(data, ensure_ascii=False)
    assert group.name in frozen
    for secret in (NAME, SECRET, "Avdeling Øst", "sceptical"):
        assert secret not in frozen


def test_trail_never_carries_words_or_a_persons_attitude(project, person):
    for event in AuditEvent.objects.filter(project_id=project.pk):
        told = json.dumps([event.changes, event.details, event.target_label], ensure_ascii=False)
        for secret in (NAME, SECRET, "sceptical"):
            assert secret not in told


# ------------------------------------------------------------------ facts and queries


def test_register_answers_checkpoints_of_step_1_4(leader_client, project, leader):
    add(project, leader, main_group="user", how_affected="Får færre besøk.")
    add(project, leader, name="Fastlegene", main_group="other")
    facts = {key: CONTRIBUTIONS.fact(project, key) for key in ("1.4a", "1.4b", "1.4c", "1.4i", "4.2b")}
    assert str(facts["1.4a"].text) == "2 av 4 hovedgrupper er kartlagt"
    assert str(facts["1.4b"].text) == "1 av 2 interessenter"
    assert facts["1.4i"].answers is False
    assert facts["4.2b"] is None
    page = leader_client.get(reverse("roadmap:item", args=[project.slug, 1, "1.4", "1.4a"])).content.decode()
    assert "Målt av systemet: 2 av 4 hovedgrupper er kartlagt" in page


def test_register_answers_the_checkpoints_about_the_team(project, leader):
    assert CONTRIBUTIONS.fact(project, "1.3f").answers is False
    add(project, leader, name="Eldrerådet", main_group="user", in_advisory_group=True)
    add(project, leader, name="Tillitsvalgte", main_group="employee", involvement="consulted")
    project = Project.objects.get(pk=project.pk)
    with translation.override("nb"):
        facts = {key: CONTRIBUTIONS.fact(project, key) for key in ("1.3f", "1.3h", "1.3i")}
        told = {key: (str(fact.text), fact.answers) for key, fact in facts.items()}
    assert told == {
        "1.3f": ("Med stemmen til: Eldrerådet", True),
        "1.3h": ("0 grupper har et møte i vente", False),
        "1.3i": ("Tillitsvalgte: rådføres", True),
    }


def cost(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["stakeholders", "plan"])
def test_pages_cost_the_same_for_one_and_three_hundred(name, leader_client, project, leader):
    first = add(project, leader)
    Measure.objects.create(stakeholder=first, what="Møte", channel="meeting", phase=1)
    before = cost(leader_client, url(project, name))
    Stakeholder.objects.bulk_create(
        Stakeholder(project=project, name=f"Gruppe {n}", main_group="other", influence=n % 4, interest=n % 3)
        for n in range(299)
    )
    groups = list(Stakeholder.objects.filter(name__startswith="Gruppe"))
    Stance.objects.bulk_create(
        Stance(
            stakeholder=s, attitude="neutral", source="assumed", on=timezone.localdate(), phase=1, by=leader
        )
        for s in groups
    )
    Measure.objects.bulk_create(
        Measure(stakeholder=s, what="Brev", channel="mail", phase=1, on=timezone.localdate()) for s in groups
    )
    assert cost(leader_client, url(project, name)) == before <= 12
    if name == "stakeholders":
        assert "+ " in leader_client.get(url(project)).content.decode()


def test_long_register_is_read_page_by_page(leader_client, project):
    Stakeholder.objects.bulk_create(
        Stakeholder(project=project, name=f"Gruppe {n:03}", main_group="other", influence=3)
        for n in range(120)
    )
    seen, address = [], url(project)
    while address:
        page = leader_client.get(address)
        seen += [item["row"].stakeholder.name for item in page.context["rows"]]
        assert len(page.context["rows"]) <= 50
        following = page.context["pages"].next.removesuffix("#all")
        address = following and f"{url(project)}{following}"
    assert seen == [f"Gruppe {n:03}" for n in range(120)]
    body = leader_client.get(url(project)).content.decode()
    assert "Du ser 50 av 120." in body
    assert "Vis 119 til" in body


@pytest.mark.parametrize("fields", [{"influence": 4}, {"interest": 9}, {"main_group": "martian"}])
def test_database_refuses_an_impossible_stakeholder(project, leader, fields):
    stakeholder = add(project, leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stakeholder.objects.filter(pk=stakeholder.pk).update(**fields)


def test_matrix_is_the_same_on_page_and_in_the_document(leader_client, project, leader):
    add(project, leader, name="Eldrerådet", attitude="neutral")
    page = leader_client.get(url(project))
    fresh = Project.objects.select_related("municipality").get(pk=project.pk)
    summary = project_summary(fresh, since=timezone.localdate(), now=timezone.now())
    assert page.context["matrix"] == wording.matrix_svg(summary.register)


def test_full_cell_shows_those_with_a_gap_first_and_counts_those_it_hides():
    words = drawings.MatrixWords(
        "", "", "", ("",) * 4, ("",) * 4, more="+ {n} til", more_with_gap="+ {n} til, {gaps} med hull"
    )
    names = [
        ("Rolig", "positive", 0),
        ("Trygg", "neutral", 0),
        ("Taus", "unknown", 1),
        ("Skeptisk", "sceptical", 1),
    ]

    def shown(names):
        points = [drawings.Point(name, 3, 3, attitude, bool(gap)) for name, attitude, gap in names]
        return [text for text in re.findall(r">([^<>]+)</text>", drawings.matrix(points, words)) if text]

    assert shown(names) == ["Skeptisk", "Taus", "+ 2 til"]
    assert shown([*names, ("Ny", "sceptical", 1)]) == ["Skeptisk", "Ny", "+ 3 til, 1 med hull"]
    assert shown(names[:2]) == ["Rolig", "Trygg"]


def test_what_they_said_themselves_without_a_talk_is_told_and_can_be_noted(leader_client, project, leader):
    found = add(project, leader, name="Fastlegene", attitude="sceptical", source="said", influence=3)
    for page in (url(project), found.get_absolute_url()):
        text = leader_client.get(page).content.decode()
        assert "De sa det selv, men ingen samtale er notert." in text
        assert "Ingen har snakket med dem" not in text
        assert url(project, "conversation", found.pk) in text
    talk(found, leader, attitude="sceptical")
    assert "ingen samtale er notert" not in leader_client.get(url(project)).content.decode()
