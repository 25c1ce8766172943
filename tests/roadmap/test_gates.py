"""The gates: who decides, what hinders, what is frozen, and where the project goes."""

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from innovasjon.models import AuditEvent, DamagedDocument, FrozenDocument, WriteOnceError
from roadmap import actions, answers, gates
from roadmap.models import ChecklistItem, GateCondition, GateDecision, PhaseRound, Project
from tests.conftest import TODAY, settle

HAS_THREADS = connection.vendor == "postgresql"


def seen(project, phase):
    return gates.basis_digest(gates.basis(gates.gate(project, phase)))


def decide(project, by, outcome="proceed", *, phase=None, **fields):
    project = Project.objects.select_related("municipality").get(pk=project.pk)
    phase = phase or project.phase
    if outcome == "step_back":
        fields = {"back_to": phase, "find_out": "Hvem rammes?"} | fields
    if outcome == "stop":
        fields = {"learning": "Spør først."} | fields
    if outcome == "proceed_with_conditions" and "conditions" not in fields:
        fields["conditions"] = [{"text": "Lær opp vaktene", "responsible": by, "due_on": TODAY}]
    return actions.decide_gate(
        project=project,
        phase=phase,
        outcome=outcome,
        rationale=fields.pop("rationale", "Fordi det er klart."),
        seen=fields.pop("seen", None) or seen(project, phase),
        now=fields.pop("now", None) or timezone.now(),
        by=by,
        **fields,
    )


def gate_url(project, number=1):
    return reverse("roadmap:gate", args=[project.slug, number])


def form_data(project, outcome, **fields):
    return {
        "outcome": outcome,
        "rationale": "Fordi det er klart.",
        "seen": seen(project, project.phase),
        "opened_at": timezone.now().isoformat(),
        "condition_rows": "2",
        "review": "1",
    } | fields


# ------------------------------------------------------------------ outcomes


def test_proceed_ends_the_round_and_starts_the_next_phase(project, owner):
    settle(project)
    decide(project, owner)
    project.refresh_from_db()
    assert project.phase == 2
    assert project.rounds.get(phase=1).ended_on == timezone.localdate()
    assert project.rounds.get(phase=2).started_on == timezone.localdate()


def test_proceed_with_conditions_goes_on_with_open_checkpoints(project, owner):
    decision = decide(project, owner, "proceed_with_conditions")
    project.refresh_from_db()
    assert project.phase == 2
    assert [c.text for c in decision.conditions.all()] == ["Lær opp vaktene"]


def test_step_back_opens_a_new_round_with_everything_open_and_linked(project, owner):
    settle(project)
    decide(project, owner)
    decide(project, owner, "step_back", back_to=1, find_out="Er årsaken riktig?")
    project.refresh_from_db()
    first, second = project.rounds.filter(phase=1).order_by("number")
    assert (project.phase, second.number, second.purpose) == (1, 2, "Er årsaken riktig?")
    assert project.rounds.get(phase=2).ended_on
    assert first.items.settled().count() == 37
    assert second.items.open().count() == 37
    assert all(item.predecessor.key == item.key for item in second.items.select_related("predecessor"))


def test_going_on_after_a_step_back_opens_a_new_round_of_the_later_phase(project, owner):
    settle(project)
    decide(project, owner)
    decide(project, owner, "step_back", back_to=1)
    settle(project, 1)
    decide(project, owner)
    project.refresh_from_db()
    assert project.phase == 2
    assert list(project.rounds.filter(phase=2).order_by("number").values_list("number", flat=True)) == [1, 2]


def test_stop_closes_the_project_with_what_others_can_learn(project, owner):
    decide(project, owner, "stop", learning="Mål først.", heirs="Avdelingsleder")
    project.refresh_from_db()
    assert (project.status, project.learning, project.heirs) == ("closed", "Mål først.", "Avdelingsleder")
    assert project.closed_on == timezone.localdate()


def test_passing_the_last_gate_closes_the_project_as_finished(project, owner):
    Project.objects.filter(pk=project.pk).update(phase=6)
    settle(project, 6)
    decide(project, owner)
    project.refresh_from_db()
    assert (project.status, project.learning) == ("closed", "")


# ------------------------------------------------------------------ what hinders


def test_open_checkpoints_block_a_plain_proceed(project, owner):
    with pytest.raises(gates.GateBlocked):
        decide(project, owner)
    assert not GateDecision.objects.exists()


def test_blockers_name_the_steps_and_lead_to_the_first_open_point(project):
    ChecklistItem.objects.filter(round__project=project, round__phase=1).exclude(
        key__in=["1.2a", "1.2b", "1.5c"]
    ).update(status="done")
    (blocker,) = gates.blockers(gates.gate(project, 1), TODAY)
    assert str(blocker.text) == "Tre sjekkpunkter er åpne"
    assert (
        blocker.detail == "To i steg 1.2 Utforske gevinster og ett i steg 1.5 Kartlegge relevante prosjekter"
    )
    assert blocker.url.endswith("/faser/1/1.2/1.2a/")


def test_unmet_condition_blocks_the_next_gate_until_it_is_met(project, owner, owner_client):
    decision = decide(project, owner, "proceed_with_conditions")
    settle(project, 2)
    with pytest.raises(gates.GateBlocked) as blocked:
        decide(project, owner)
    assert "Lær opp vaktene" in str(blocked.value.blockers[0].text)
    condition = decision.conditions.get()
    url = reverse("roadmap:condition", args=[project.slug, condition.pk])
    answer = owner_client.post(url, {"met": "1", "note": ""})
    assert "Skriv hvordan vilkåret ble oppfylt." in answer.content.decode()
    owner_client.post(url, {"met": "1", "note": "Alle er opplært.", "done_count": "14", "total_count": "14"})
    condition.refresh_from_db()
    assert (condition.is_met, condition.done_count) == (True, 14)
    assert "Angre: åpne vilkåret igjen" in owner_client.get(url).content.decode()
    owner_client.post(url, {"reopen": "1"})
    condition.refresh_from_db()
    assert (condition.is_met, condition.note) == (False, "Alle er opplært.")
    owner_client.post(url, {"met": "1", "note": "Alle er opplært."})
    assert decide(project, owner).phase == 2
    assert "Angre" not in owner_client.get(url).content.decode()
    assert owner_client.post(url, {"reopen": "1"}).status_code == 403


def test_met_condition_cannot_be_changed(project, owner):
    condition = decide(project, owner, "proceed_with_conditions").conditions.get()
    fields = {"values": {"note": "Ferdig"}, "today": TODAY, "by": owner}
    actions.follow_up_condition(condition=condition, met=True, **fields)
    with pytest.raises(actions.NotEditable):
        actions.follow_up_condition(condition=condition, met=False, **fields)


def test_form_refuses_proceed_while_blocked(project, owner_client):
    answer = owner_client.post(gate_url(project), form_data(project, "proceed"))
    assert answer.status_code == 422
    assert "«Gå videre» kan velges når hindringene over er løst." in answer.content.decode()


# ------------------------------------------------------------------ who


def test_only_owner_or_manager_decides(project, leader, member, observer, administrator, reader, stranger):
    for person in (leader, member, observer, administrator, reader, stranger):
        with pytest.raises(PermissionDenied):
            decide(project, person, "stop")
    assert not GateDecision.objects.exists()


def test_manager_stands_in_and_is_named_as_such(project, manager, manager_client):
    page = manager_client.get(gate_url(project)).content.decode()
    assert "Du beslutter som leder i stedet for prosjekteier." in page
    decision = decide(project, manager, "stop")
    assert decision.decided_as == "stand_in"
    page = manager_client.get(decision.get_absolute_url()).content.decode()
    assert "som leder i stedet for prosjekteier" in page


def test_team_asks_for_a_decision_and_the_owner_gets_a_mail(
    project, leader_client, owner, owner_client, django_capture_on_commit_callbacks
):
    ask = reverse("roadmap:ask_for_decision", args=[project.slug, 1])
    with django_capture_on_commit_callbacks(execute=True):
        leader_client.post(ask, {"proposal": "Vi mener dere bør gå videre."})
    (message,) = mail.outbox
    assert message.to == [owner.email]
    assert f"https://innovasjon.example{gate_url(project)}" in message.body
    page = owner_client.get(gate_url(project)).content.decode()
    assert "Liv L. ba om beslutning" in page
    assert page.count("Vi mener dere bør gå videre.") == 2  # shown, and proposed as the rationale


def test_people_of_the_project_are_told_and_nobody_who_has_left(
    project, owner, member, leader, django_capture_on_commit_callbacks
):
    member.memberships.all().delete()
    leader.is_active = False
    leader.save()
    with django_capture_on_commit_callbacks(execute=True):
        decide(project, owner, "proceed_with_conditions")
    assert {address for message in mail.outbox for address in message.to} == {"una@0901.example"}


# ------------------------------------------------------------------ the form


@pytest.mark.parametrize(
    ("outcome", "fields", "message"),
    [
        ("", {}, "Velg hva beslutningen er."),
        ("stop", {"rationale": ""}, "Skriv hva beslutningen bygger på."),
        ("stop", {}, "Skriv hva andre kan lære."),
        ("step_back", {}, "Skriv hva dere skal finne ut nå."),
        ("proceed_with_conditions", {}, "Sett minst ett vilkår, eller velg «Gå videre»."),
        ("proceed_with_conditions", {"condition-1-text": "Lær opp"}, "Vilkår 2 mangler ansvarlig."),
        ("proceed_with_conditions", {"condition-0-due_on": "1.2.2026"}, "Fristen er passert."),
    ],
)
def test_missing_answers_are_told_at_the_field_and_nothing_is_lost(
    project, owner_client, outcome, fields, message
):
    data = form_data(project, outcome, present="Alle fire") | fields
    answer = owner_client.post(gate_url(project), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert "Alle fire" in page
    assert not GateDecision.objects.exists()


def test_decision_is_looked_at_before_it_is_registered(project, owner, owner_client):
    data = form_data(project, "stop", learning="Mål først.")
    page = owner_client.post(gate_url(project), data).content.decode()
    assert "Registrer «Stopp og lær» for port 1?" in page
    assert not GateDecision.objects.exists()
    back = owner_client.post(gate_url(project), data | {"back": "1"}).content.decode()
    assert "Mål først." in back
    answer = owner_client.post(gate_url(project), data | {"confirmed": "1"}, follow=True)
    page = answer.content.decode()
    assert re.search(r"Beslutningen er registrert .+ kl\. .+\. Tre personer har fått beskjed\.", page)
    assert GateDecision.objects.get().learning == "Mål først."


def test_one_more_condition_row_keeps_what_is_typed(project, owner_client):
    data = form_data(project, "proceed_with_conditions", add_condition="1", **{"condition-0-text": "Lær opp"})
    page = owner_client.post(gate_url(project), data).content.decode()
    assert re.search(r'name="condition-2-text"[^>]* autofocus', page)
    assert 'value="Lær opp"' in page
    assert 'name="review"' in re.search("<button[^>]+>", page.partition('class="gate-form')[2])[0]  # Enter
    assert "mangler" not in page


def test_basis_that_changed_is_shown_before_anything_is_registered(project, owner_client, leader):
    data = form_data(project, "stop", learning="Mål først.", confirmed="1")
    item = project.rounds.get(phase=1).items.get(key="1.1a")
    actions.answer(
        item=item, values={"note": "Nytt funn"}, bases={"note": gates_digest("")}, today=TODAY, by=leader
    )
    answer = owner_client.post(gate_url(project), data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Grunnlaget er endret siden du åpnet siden." in page
    assert "Nytt funn" in page
    assert "Mål først." in page
    assert not GateDecision.objects.exists()
    project.refresh_from_db()
    owner_client.post(gate_url(project), form_data(project, "stop", learning="Mål først.", confirmed="1"))
    assert GateDecision.objects.get().outcome == "stop"


def gates_digest(value):
    return actions.answers.digest(value)


# ------------------------------------------------------------------ once


def test_second_decider_is_told_and_nothing_is_written_twice(project, owner, manager, manager_client):
    data = form_data(project, "stop", learning="For sent", confirmed="1")
    settle(project)
    decide(project, owner)
    answer = manager_client.post(gate_url(project), data, follow=True)
    assert GateDecision.objects.count() == 1
    assert "For sent" not in Project.objects.get(pk=project.pk).learning
    assert answer.status_code in {200, 409}


def test_decider_who_saw_another_round_is_refused(project, owner):
    stale = seen(project, 1)
    decide(project, owner, "step_back")
    with pytest.raises((gates.BasisChanged, gates.AlreadyDecided)):
        decide(project, owner, "stop", phase=1, seen=stale)
    assert GateDecision.objects.count() == 1


def values_of(decision) -> dict:
    fields = GateDecision._meta.concrete_fields
    return {f.attname: getattr(decision, f.attname) for f in fields if f.attname != "id"}


def test_database_refuses_two_first_decisions_of_a_round(project, owner):
    decision = decide(project, owner, "proceed_with_conditions")
    with pytest.raises(IntegrityError), transaction.atomic():
        GateDecision(**values_of(decision)).save()


def test_database_refuses_a_decision_without_its_parts(project, owner):
    values = values_of(decide(project, owner, "proceed_with_conditions"))
    values["round_id"] = project.rounds.get(phase=2).pk
    impossible = [
        {"rationale": ""},
        {"outcome": "perhaps"},
        {"outcome": "step_back", "back_to": None},
        {"outcome": "step_back", "back_to": 3, "find_out": "x"},
        {"outcome": "stop", "learning": ""},
    ]
    for fields in impossible:
        with pytest.raises(IntegrityError), transaction.atomic():
            GateDecision(**(values | fields)).save()
    GateDecision(**values).save()  # nothing else is wrong with it


def test_database_refuses_a_condition_without_its_parts(project, owner):
    condition = decide(project, owner, "proceed_with_conditions").conditions.get()
    impossible = [
        {"text": ""},
        {"met_on": TODAY, "note": ""},
        {"met_on": TODAY, "note": "Lært opp"},  # by nobody
        {"done_count": 3, "total_count": None},
        {"done_count": 15, "total_count": 14},
    ]
    for fields in impossible:
        with pytest.raises(IntegrityError), transaction.atomic():
            GateCondition.objects.filter(pk=condition.pk).update(**fields)


def test_action_checks_what_the_form_checks(project, owner):
    for outcome, fields in {
        "stop": {"learning": " "},
        "step_back": {"back_to": 2, "find_out": "x"},
        "proceed_with_conditions": {"conditions": []},
    }.items():
        with pytest.raises(ValidationError):
            decide(project, owner, outcome, **fields)


# ------------------------------------------------------------------ frozen


def test_decision_and_document_are_never_changed_or_deleted(project, owner):
    decision = decide(project, owner, "proceed_with_conditions")
    document = decision.document
    for act in (
        decision.save,
        decision.delete,
        document.save,
        document.delete,
        GateDecision.objects.all().delete,
        FrozenDocument.objects.all().delete,
        lambda: GateDecision.objects.update(rationale="x"),
        lambda: FrozenDocument.objects.update(sha256="x"),
        lambda: GateDecision.objects.bulk_update([decision], ["rationale"]),
        lambda: FrozenDocument.objects.update_or_create(pk=document.pk, defaults={"title": "x"}),
    ):
        with pytest.raises(WriteOnceError):
            act()


def test_frozen_bytes_stay_whatever_happens_behind_them(project, owner, leader, owner_client):
    item = project.rounds.get(phase=1).items.get(key="1.1a")
    decision = decide(project, owner, "proceed_with_conditions")
    url = reverse("roadmap:frozen_pdf", args=[project.slug, decision.pk])
    before = owner_client.get(url).content
    ChecklistItem.objects.filter(pk=item.pk).update(text="Et annet spørsmål?", note="Endret", status="done")
    actions.edit_project(project=project, values={"name": "Et nytt navn", "problem": "Et annet"}, by=leader)
    project.municipality.colour, project.municipality.name = "#7A4B94", "Nyvik kommune"
    project.municipality.save()
    decide(project, owner, "stop", phase=1)
    assert owner_client.get(url).content == before == decision.document.content()
    assert decision.document.data["basis"]["project"]["name"] == "Trygg hjemme"
    assert len(before) == decision.document.size


def test_damaged_document_is_discovered(project, owner, tmp_path):
    document = decide(project, owner, "proceed_with_conditions").document
    name = FrozenDocument.storage_name(document.sha256)
    with Path(default_storage.path(name)).open("r+b") as file:
        file.seek(100)
        file.write(b"tampered")
    with pytest.raises(DamagedDocument):
        document.content()


def test_trail_carries_the_checksum(project, owner):
    decision = decide(project, owner, "proceed_with_conditions")
    event = AuditEvent.objects.get(verb="gate.decided")
    assert event.details["sha256"] == decision.document.sha256
    assert event.changes == {"phase": [1, 2]}


# ------------------------------------------------------------------ superseding


def test_new_decision_supersedes_and_both_stay(project, owner, owner_client):
    settle(project)
    first = decide(project, owner)
    assert "Ny beslutning" in owner_client.get(gate_url(project)).content.decode()
    second = decide(project, owner, "step_back", phase=1, find_out="Hvorfor?")
    project.refresh_from_db()
    assert (project.phase, second.supersedes) == (1, first)
    assert list(GateDecision.objects.effective()) == [second]
    page = owner_client.get(first.get_absolute_url()).content.decode()
    assert "Denne beslutningen gjelder ikke lenger." in page


def test_superseding_with_conditions_leaves_the_project_where_it_is(project, owner):
    settle(project)
    decide(project, owner)
    decide(project, owner, "proceed_with_conditions", phase=1)
    project.refresh_from_db()
    assert project.phase == 2
    assert project.rounds.get(phase=2).ended_on is None


def test_superseding_a_stop_opens_the_project_again(project, owner):
    settle(project)
    decide(project, owner, "stop")
    decide(project, owner, "proceed", phase=1)
    project.refresh_from_db()
    assert (project.status, project.phase, project.closed_on) == ("active", 2, None)


def test_superseding_a_step_back_goes_on(project, owner):
    settle(project)
    decide(project, owner)
    settle(project, 2)
    decide(project, owner, "step_back", phase=2, back_to=1)
    decide(project, owner, "proceed", phase=2)
    project.refresh_from_db()
    assert project.phase == 3
    assert project.rounds.filter(phase=1).order_by("-number").first().ended_on


def test_conditions_of_a_superseded_decision_no_longer_block(project, owner):
    decide(project, owner, "proceed_with_conditions")
    settle(project, 1)
    ChecklistItem.objects.filter(round__project=project, round__phase=1).update(status="done")
    decide(project, owner, "proceed", phase=1)
    settle(project, 2)
    assert gates.blockers(gates.gate(Project.objects.get(pk=project.pk), 2), TODAY) == []


def test_only_the_last_decision_can_be_superseded(project, owner):
    settle(project)
    decide(project, owner)
    settle(project, 2)
    decide(project, owner)
    with pytest.raises(gates.GateNotOpen):
        decide(project, owner, "stop", phase=1, seen="x")


# ------------------------------------------------------------------ pages


def test_gate_to_come_says_when_it_is_decided(project, owner_client):
    assert (
        "Porten besluttes når prosjektet er i fase 5."
        in owner_client.get(gate_url(project, 5)).content.decode()
    )


def test_gate_page_stays_within_its_queries(project, owner, owner_client):
    decide(project, owner, "proceed_with_conditions")
    url = gate_url(project, 2)
    owner_client.get(url)
    with CaptureQueriesContext(connection) as one:
        owner_client.get(url)
    conditions = [
        {"text": f"Vilkår {n}", "responsible": owner, "due_on": TODAY + timedelta(days=n)} for n in range(3)
    ]
    decide(project, owner, "proceed_with_conditions", phase=1, conditions=conditions)
    with CaptureQueriesContext(connection) as three:
        page = owner_client.get(url).content.decode()
    assert "Tre ting" not in page
    assert "Fire ting hindrer et rent «Gå videre»" in page
    assert len(one) == len(three)


if HAS_THREADS:  # SQLite has one writer at a time by nature

    @pytest.mark.django_db(transaction=True)
    def test_answer_on_its_way_while_the_round_ends_is_refused(project, leader):
        """Nothing is written between the basis that is frozen and the round that is ended."""
        item = ChecklistItem.objects.get(round__project=project, key="1.1a")
        outcomes = []

        def answer():
            try:
                actions.answer(
                    item=item,
                    values={"note": "For sent"},
                    bases=answers.digests(item),
                    today=TODAY,
                    by=leader,
                )
                outcomes.append("written")
            except actions.NotEditable:
                outcomes.append("refused")
            finally:
                connections.close_all()

        thread = threading.Thread(target=answer)
        with transaction.atomic():
            Project.objects.select_for_update().get(pk=project.pk)
            thread.start()
            thread.join(0.5)
            assert outcomes == []
            PhaseRound.objects.filter(pk=item.round_id).update(ended_on=TODAY)
        thread.join()
        assert outcomes == ["refused"]

    @pytest.mark.django_db(transaction=True)
    def test_two_deciders_at_once_give_one_decision(project, owner, manager):
        start = threading.Barrier(2)
        outcomes = []

        def act(person, outcome):
            try:
                start.wait(10)
                decide(project, person, outcome)
                outcomes.append("decided")
            except (gates.AlreadyDecided, gates.BasisChanged, gates.GateNotOpen):
                outcomes.append("refused")
            finally:
                connections.close_all()

        threads = [
            threading.Thread(target=act, args=(owner, "stop")),
            threading.Thread(target=act, args=(manager, "step_back")),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["decided", "refused"]
        assert GateDecision.objects.count() == 1
        assert PhaseRound.objects.filter(project=project, phase=1).count() <= 2
