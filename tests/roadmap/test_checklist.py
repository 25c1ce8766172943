"""The checklist: answers, reasons, two people at once, rounds that have ended."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from innovasjon.models import AuditEvent
from roadmap import actions, answers, gates
from roadmap.models import ChecklistItem, Evidence, PhaseRound, Project
from tests.conftest import TODAY, client_of, make_project, settle


@pytest.fixture
def item(project):
    return ChecklistItem.objects.select_related("round__project", "step").get(
        round__project=project, key="1.1a"
    )


def save_url(item):
    return reverse("roadmap:save_item", args=[item.round.project.slug, item.pk])


def page_of(client, item):
    return client.get(item.get_absolute_url()).content.decode()


def as_sent(item, **typed):
    """What a browser sends: every field with the digest of what the page showed, and what was typed."""
    item.refresh_from_db()
    shown = {name: answers.stored(item, name) for name in answers.FIELDS}
    data = {name: "" if value is None else value for name, value in shown.items()}
    return data | {f"base_{name}": value for name, value in answers.digests(item).items()} | typed


def htmx(client, item, data):
    return client.post(save_url(item), data, headers={"HX-Request": "true"})


def test_answer_is_saved_with_who_and_when(leader_client, leader, item):
    answer = leader_client.post(
        save_url(item), as_sent(item, status="done", note="Avklart i møtet", save="1")
    )
    assert answer["Location"] == item.get_absolute_url()
    item.refresh_from_db()
    assert (item.status, item.note, item.settled_by) == ("done", "Avklart i møtet", leader)
    event = AuditEvent.objects.latest("id")
    assert event.verb == "item.answered"
    assert event.changes == {"status": ["open", "done"], "note": ["", "Avklart i møtet"]}


def test_reopening_forgets_who_settled_it(leader_client, item):
    leader_client.post(save_url(item), as_sent(item, status="done"))
    leader_client.post(save_url(item), as_sent(item, status="open"))
    item.refresh_from_db()
    assert (item.status, item.settled_by, item.settled_on) == ("open", None, None)


def test_save_and_next_leads_to_the_next_open_point(leader_client, item):
    answer = leader_client.post(save_url(item), as_sent(item, status="done", next="1"))
    assert answer["Location"].endswith("/faser/1/1.1/1.1b/")


def test_autosave_answers_with_the_status_line_and_the_counts(leader_client, item):
    page = htmx(leader_client, item, as_sent(item, status="done")).content.decode()
    assert "Lagret kl." in page
    assert 'id="step-count" hx-swap-oob="true"' in page
    assert "1 av 9 avklart" in page
    assert f'id="base_status" value="{answers.digest("done")}"' in page


def test_what_was_not_touched_is_not_written(leader_client, item):
    """A page that is old writes only what the person typed into it."""
    stale = as_sent(item)
    ChecklistItem.objects.filter(pk=item.pk).update(note="Skrevet av en annen")
    answer = htmx(leader_client, item, stale | {"due_on": "18.12.2026"})
    assert answer.status_code == 200
    item.refresh_from_db()
    assert (item.note, item.due_on.isoformat()) == ("Skrevet av en annen", "2026-12-18")


def test_two_people_in_different_fields_both_get_theirs(leader_client, member_client, item):
    one, other = as_sent(item, note="Fra lederen"), as_sent(item, status="done")
    assert htmx(leader_client, item, one).status_code == 200
    assert htmx(member_client, item, other).status_code == 200
    item.refresh_from_db()
    assert (item.note, item.status) == ("Fra lederen", "done")


@pytest.mark.parametrize("script", [True, False])
def test_two_people_in_one_field_second_sees_both_texts(leader_client, member_client, item, script):
    one, other = as_sent(item, note="Fra lederen"), as_sent(item, note="Fra medlemmet")
    leader_client.post(save_url(item), one)
    answer = htmx(member_client, item, other) if script else member_client.post(save_url(item), other)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Fra lederen" in page
    assert "Fra medlemmet" in page
    assert "Liv Leder endret notatet kl. " in page
    item.refresh_from_db()
    assert item.note == "Fra lederen"


def test_two_people_with_the_same_text_have_no_conflict(leader_client, member_client, item):
    one, other = as_sent(item, note="Det samme"), as_sent(item, note="Det samme")
    assert htmx(leader_client, item, one).status_code == 200
    assert htmx(member_client, item, other).status_code == 200


def test_keep_mine_writes_mine_and_the_trail_has_both(leader_client, member_client, item):
    other = as_sent(item, note="Fra medlemmet")
    leader_client.post(save_url(item), as_sent(item, note="Fra lederen"))
    item.refresh_from_db()
    member_client.post(save_url(item), {"note": other["note"], "base_note": answers.digest(item.note)})
    item.refresh_from_db()
    assert item.note == "Fra medlemmet"
    assert AuditEvent.objects.latest("id").changes == {"note": ["Fra lederen", "Fra medlemmet"]}


def test_keep_the_stored_one_puts_mine_in_the_log(leader_client, member_client, item):
    leader_client.post(save_url(item), as_sent(item, note="Fra lederen"))
    url = reverse("roadmap:keep_stored", args=[item.round.project.slug, item.pk])
    member_client.post(url, {"field": "note", "note": "Fra medlemmet"})
    item.refresh_from_db()
    assert item.note == "Fra lederen"
    assert AuditEvent.objects.latest("id").details["text"] == "Fra medlemmet"
    log = member_client.get(reverse("roadmap:trail", args=[item.round.project.slug])).content.decode()
    assert "Fra medlemmet" in log


def test_join_shows_both_texts_and_saves_nothing_yet(leader_client, member_client, item):
    leader_client.post(save_url(item), as_sent(item, note="Fra lederen"))
    item.refresh_from_db()
    data = {"note": "Fra medlemmet", "base_note": answers.digest(item.note), "merge": "1"}
    page = member_client.post(save_url(item), data).content.decode()
    assert "Fra lederen\n\nFra medlemmet" in page
    item.refresh_from_db()
    assert item.note == "Fra lederen"


def test_not_relevant_needs_a_reason_in_the_form(leader_client, item):
    answer = leader_client.post(save_url(item), as_sent(item, status="not_relevant", note="Beholdes"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Skriv grunnen, så prosjekteier slipper å spørre." in page
    assert "Beholdes" in page
    item.refresh_from_db()
    assert (item.status, item.note) == ("open", "")


@pytest.mark.parametrize(
    ("typed", "message", "due"),
    [
        ({"status": "not_relevant", "due_on": "18.12.2026"}, "Skriv grunnen, så", "2026-12-18"),
        ({"due_on": "5/1"}, "Skriv fristen som dag.måned.år", "None"),
    ],
)
def test_autosave_saves_all_but_what_is_at_fault(leader_client, item, typed, message, due):
    """A status waits with its reason; the note is saved, and the next save starts from it."""
    answer = htmx(leader_client, item, as_sent(item, note="Beholdes", **typed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert "Resten er lagret." in page
    assert f'id="base_note" value="{answers.digest("Beholdes")}"' in page
    assert "base_status" not in page or typed.get("status") is None
    item.refresh_from_db()
    assert (item.status, item.note, str(item.due_on)) == ("open", "Beholdes", due)


def test_reason_emptied_under_another_persons_status_holds_back_only_itself(leader_client, item):
    ChecklistItem.objects.filter(pk=item.pk).update(reason="Avklart")
    mine = as_sent(item, reason="", note="Beholdes")
    ChecklistItem.objects.filter(pk=item.pk).update(status="not_relevant")
    answer = htmx(leader_client, item, mine)
    assert answer.status_code == 422
    assert "Skriv grunnen, så" in answer.content.decode()
    item.refresh_from_db()
    assert (item.status, item.reason, item.note) == ("not_relevant", "Avklart", "Beholdes")


def test_save_whose_answer_was_lost_is_no_conflict_with_oneself(leader_client, item):
    mine = as_sent(item, note="En")
    htmx(leader_client, item, mine)
    again = htmx(leader_client, item, mine).content.decode()
    assert f'id="base_note" value="{answers.digest("En")}"' in again


def test_not_relevant_needs_a_reason_in_the_database(item):
    with pytest.raises(IntegrityError), transaction.atomic():
        ChecklistItem.objects.filter(pk=item.pk).update(status="not_relevant")


def test_not_relevant_keeps_its_reason_when_somebody_empties_it(leader_client, item):
    leader_client.post(save_url(item), as_sent(item, status="not_relevant", reason="Avklart"))
    answer = htmx(leader_client, item, {"reason": "", "base_reason": answers.digest("Avklart")})
    assert answer.status_code == 422
    item.refresh_from_db()
    assert item.reason == "Avklart"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("18/12", "Skriv fristen som dag.måned.år, for eksempel 18.12.2026"),
        ("31.02.2026", "Datoen 31.02.2026 finnes ikke."),
    ],
)
def test_wrong_date_is_told_at_the_field_and_kept(leader_client, item, typed, message):
    page = leader_client.post(save_url(item), as_sent(item, due_on=typed, note="Tekst")).content.decode()
    assert message in page
    assert f'value="{typed}"' in page
    assert 'href="#item_due_on"' in page


def test_reader_sees_text_and_no_form(reader_client, item):
    page = page_of(reader_client, item)
    assert "Bare kjerneteamet i prosjektet kan endre dette." in page
    assert "item-form" not in page


def test_ended_round_can_be_read_and_not_written(leader_client, leader, item):
    PhaseRound.objects.filter(pk=item.round_id).update(ended_on=TODAY)
    assert "item-form" not in page_of(leader_client, item)
    assert leader_client.post(save_url(item), as_sent(item, note="x")).status_code == 403
    with pytest.raises(actions.NotEditable):
        actions.add_evidence(
            item=ChecklistItem.objects.select_related("round__project").get(pk=item.pk),
            title="x",
            url="https://x.no",
            by=leader,
        )


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://example.no", "file:///etc/passwd", "ikke en adresse"]
)
def test_link_must_be_a_web_address(leader_client, item, url):
    add = reverse("roadmap:add_evidence", args=[item.round.project.slug, item.pk])
    answer = leader_client.post(add, {"title": "Referat", "url": url})
    assert answer.status_code == 422
    assert "Skriv hele adressen" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_link_is_added_and_removed_with_traces(leader_client, item):
    slug = item.round.project.slug
    leader_client.post(
        reverse("roadmap:add_evidence", args=[slug, item.pk]),
        {"title": "Referat", "url": "https://example.no/r"},
    )
    evidence = Evidence.objects.get()
    assert "Referat" in page_of(leader_client, item)
    remove = reverse("roadmap:remove_evidence", args=[slug, evidence.pk])
    assert "Fjerne lenken «Referat»?" in leader_client.get(remove).content.decode()
    leader_client.post(remove)
    assert not Evidence.objects.exists()
    assert AuditEvent.objects.latest("id").details["url"] == "https://example.no/r"


def test_own_checkpoint_stands_last_in_the_step_and_is_counted(leader_client, project):
    url = reverse("roadmap:own_item", args=[project.slug, 1, "1.5"])
    leader_client.post(url, {"text": "Er eldrerådet hørt?"})
    leader_client.post(url, {"text": "Er ungdomsrådet hørt?"})
    page = leader_client.get(reverse("roadmap:step", args=[project.slug, 1, "1.5"])).content.decode()
    assert "0 av 6 avklart" in page
    assert page.index("Er eldrerådet hørt?") < page.index("Er ungdomsrådet hørt?")
    own = ChecklistItem.objects.filter(origin="own").order_by("pk")
    assert list(own.values_list("key", flat=True)) == ["1.5+1", "1.5+2"]


def test_settled_is_done_and_not_relevant(leader_client, project):
    keys = ["1.5a", "1.5b", "1.5c"]
    for key, status in zip(keys, ["done", "not_relevant", "open"], strict=True):
        ChecklistItem.objects.filter(round__project=project, key=key).update(status=status, reason="x")
    page = leader_client.get(reverse("roadmap:step", args=[project.slug, 1, "1.5"])).content.decode()
    assert "2 av 4 avklart" in page


def test_template_from_another_project_is_offered_and_not_saved(
    leader_client, municipality, owner, leader, item
):
    other = make_project(municipality, owner=owner, leader=leader, name="Et annet")
    ChecklistItem.objects.filter(round__project=other, key=item.key).update(
        status="done", note="Slik gjorde vi det", settled_by=leader, settled_on=TODAY
    )
    assert "Slik gjorde vi det" in page_of(leader_client, item)
    template = ChecklistItem.objects.get(round__project=other, key=item.key)
    page = leader_client.get(f"{item.get_absolute_url()}?mal={template.pk}").content.decode()
    assert page.count("Slik gjorde vi det") == 2
    item.refresh_from_db()
    assert item.note == ""


@pytest.mark.parametrize("hidden", ["restricted", "neighbour"])
def test_answers_of_others_never_come_from_where_they_may_not(
    leader_client, restricted_project, other_project, item, hidden
):
    source = restricted_project if hidden == "restricted" else other_project
    ChecklistItem.objects.filter(round__project=source, key=item.key).update(
        status="done", note="Hemmelig notat"
    )
    assert "Hemmelig notat" not in page_of(leader_client, item)
    template = ChecklistItem.objects.get(round__project=source, key=item.key)
    assert leader_client.get(f"{item.get_absolute_url()}?mal={template.pk}").status_code == 404


def test_new_round_shows_the_old_answer_beside(project, owner, owner_client):
    settle(project)
    ChecklistItem.objects.filter(round__project=project, key="1.1a").update(note="Fra første runde")
    step_back(project, owner)
    page = owner_client.get(reverse("roadmap:item", args=[project.slug, 1, "1.1", "1.1a"])).content.decode()
    assert "I runde 1: Utført" in page
    assert "Fra første runde" in page
    old = owner_client.get(
        f"{reverse('roadmap:item', args=[project.slug, 1, '1.1', '1.1a'])}?runde=1"
    ).content.decode()
    assert "Dette er runde 1" in old
    assert "item-form" not in old


def step_back(project, owner):
    the_gate = gates.gate(project, 1)
    actions.decide_gate(
        project=project,
        phase=1,
        outcome="step_back",
        rationale="Problemet er ikke tydelig.",
        back_to=1,
        find_out="Hvem rammes?",
        seen=gates.basis_digest(gates.basis(the_gate)),
        now=timezone.now(),
        by=owner,
    )


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_step_page_costs_the_same_with_one_and_sixty_checkpoints(leader_client, leader, project):
    url = reverse("roadmap:step", args=[project.slug, 1, "1.5"])
    step = project.phases.get(number=1).steps.get(key="1.5")
    before = queries(leader_client, url)
    for number in range(60):
        actions.add_own_item(project=project, step=step, text=f"Eget punkt {number}?", by=leader)
    assert queries(leader_client, url) == before <= 12


def test_phase_page_stays_within_its_queries(leader_client, project):
    assert queries(leader_client, reverse("roadmap:phase", args=[project.slug, 1])) <= 12


def test_save_stays_within_its_queries(leader_client, item):
    htmx(leader_client, item, as_sent(item, note="x"))
    data = as_sent(item, note="y")
    with CaptureQueriesContext(connection) as captured:
        assert htmx(leader_client, item, data).status_code == 200
    assert len([q for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]) <= 20


def test_project_of_another_municipality_lends_no_checkpoint(stranger, item):
    client = client_of(stranger)
    assert client.post(save_url(item), as_sent(item, note="x")).status_code == 404
    assert Project.objects.count() == 1


def test_rows_lead_to_the_address_of_their_checkpoint(leader_client, item, project, leader):
    own = actions.add_own_item(project=project, step=item.step, text="Vårt eget?", by=leader)
    page = page_of(leader_client, item)
    for row in ChecklistItem.objects.filter(round=item.round, step=item.step).exclude(pk=item.pk):
        assert f'href="{row.get_absolute_url()}"' in page
    assert own.key.endswith("+1")


def test_address_with_an_impossible_number_is_not_found(leader_client, project):
    phase = reverse("roadmap:phase", args=[project.slug, 10**20])
    save = reverse("roadmap:save_item", args=[project.slug, 10**20])
    assert leader_client.get(phase).status_code == 404
    assert leader_client.post(save, {"status": "done"}).status_code == 404
