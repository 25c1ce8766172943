"""Risks, the log, and the related projects."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from roadmap import drawings, risk_zones
from roadmap.contributions import CONTRIBUTIONS
from roadmap.models import LogEntry, RelatedProject, Risk
from tests.conftest import make_project


def url(project, name, *args):
    return reverse(f"roadmap:{name}", args=[project.slug, *args])


# The source's zones, cell by cell. Source: PP, domain.md 3.14.
SOURCE = {
    "red": [(5, 3), (5, 4), (5, 5), (4, 4), (4, 5), (3, 5)],
    "orange": [(5, 1), (5, 2), (4, 2), (4, 3), (3, 3), (3, 4), (2, 4), (2, 5), (1, 5)],
    "yellow": [(4, 1), (3, 2), (2, 3), (1, 4)],
    "green": [(3, 1), (2, 1), (2, 2), (1, 1), (1, 2), (1, 3)],
}


def test_zones_are_those_of_the_source():
    assert {cell: zone for zone, cells in SOURCE.items() for cell in cells} == risk_zones.ZONES


def test_zones_are_no_threshold():
    assert (risk_zones.zone(5, 1), risk_zones.zone(2, 3)) == ("orange", "yellow")


def form(**fields):
    return {
        "kind": "risk",
        "event": "Ingen vil",
        "likelihood": "4",
        "consequence": "4",
        "nearness": "phase",
        "strategy": "reduce",
        "status": "found",
    } | fields


def test_red_risk_without_action_is_a_notice_until_it_has_one(leader_client, project):
    leader_client.post(url(project, "new_risk"), form())
    risk = Risk.objects.get()
    overview = leader_client.get(project.get_absolute_url()).content.decode()
    assert "Rød risiko uten tiltak: Ingen vil" in overview
    assert url(project, "risk", risk.pk) in overview
    page = leader_client.get(url(project, "risks")).content.decode()
    assert "Én rød risiko mangler tiltak" in page
    leader_client.post(url(project, "risk", risk.pk), form(action="Spør dem"))
    overview = leader_client.get(project.get_absolute_url()).content.decode()
    assert "Rød risiko" not in overview
    assert "Alle røde risikoer har et tiltak" in leader_client.get(url(project, "risks")).content.decode()
    leader_client.post(url(project, "risk", risk.pk), form(likelihood="1"))
    assert "Ingen risiko er rød" in leader_client.get(url(project, "risks")).content.decode()


def test_list_is_sorted_by_score_with_zone_in_words(leader_client, project):
    for event, likelihood, consequence in (("Liten", 1, 1), ("Stor", 5, 5), ("Midt", 3, 3)):
        data = form(event=event, likelihood=likelihood, consequence=consequence)
        leader_client.post(url(project, "new_risk"), data)
    answer = leader_client.get(url(project, "risks"))
    assert [risk.event for risk in answer.context["risks"]] == ["Stor", "Midt", "Liten"]
    page = answer.content.decode()
    assert 'data-zone="red"' in page
    assert page.count("<text") > 25  # every cell of the matrix has its word
    assert "Risikomatrise etter tiltaket" not in page
    changed = {"likelihood_after": 1, "consequence_after": 2}
    leader_client.post(url(project, "risk", answer.context["risks"][0].pk), form(event="Stor") | changed)
    assert "Risikomatrise etter tiltaket" in leader_client.get(url(project, "risks")).content.decode()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"likelihood": ""}, "Velg hvor sannsynlig det er, fra 1 til 5."),
        ({"likelihood_after": "2"}, "Velg både sannsynlighet og konsekvens etter tiltaket."),
        ({"status": "acted"}, "Skriv hvilket tiltak som ble gjennomført."),
    ],
)
def test_error_is_told_at_the_field(leader_client, project, fields, message):
    answer = leader_client.post(url(project, "new_risk"), form() | fields)
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_new_due_date_is_not_past_and_an_old_one_stands(leader_client, project):
    past = f"{timezone.localdate() - timedelta(days=3):%d.%m.%Y}"
    refused = leader_client.post(url(project, "new_risk"), form(due_on=past))
    assert "Fristen er passert. Velg i dag eller senere." in refused.content.decode()
    assert refused.context["form"]["due_on"].value() == past
    leader_client.post(url(project, "new_risk"), form())
    risk = Risk.objects.get()
    Risk.objects.update(due_on=timezone.localdate() - timedelta(days=3))
    leader_client.post(url(project, "risk", risk.pk), form(due_on=past, action="Spør dem"))
    risk.refresh_from_db()
    assert risk.action == "Spør dem"
    assert "forfalt" in leader_client.get(url(project, "risks")).content.decode()
    done = form(due_on="1.2.2026", action="Spurt", status="acted")
    assert leader_client.post(url(project, "risk", risk.pk), done).status_code == 302


@pytest.mark.parametrize(
    "fields", [{"likelihood": 0}, {"consequence": 6}, {"likelihood_after": 2}, {"status": "acted"}]
)
def test_database_refuses_an_impossible_risk(project, fields):
    risk = Risk.objects.create(project=project, event="x", likelihood=1, consequence=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Risk.objects.filter(pk=risk.pk).update(**fields)


def test_change_of_a_risk_is_told_in_words(leader_client, project):
    leader_client.post(url(project, "new_risk"), form())
    leader_client.post(url(project, "risk", Risk.objects.get().pk), form(likelihood="2", action="Spør"))
    page = leader_client.get(reverse("roadmap:trail", args=[project.slug])).content.decode()
    assert "Endret risikoen «Ingen vil»" in page
    assert "Sannsynlighet: <del" in page
    assert "Stor</del>" in page


# ------------------------------------------------------------------ the log


def test_lesson_reaches_the_experience_log_of_those_who_may_see_it(
    project,
    restricted_project,
    other_project,
    leader,
    leader_client,
    reader_client,
    stranger_client,
    stranger,
):
    for place, by in ((project, leader), (restricted_project, leader), (other_project, stranger)):
        LogEntry.objects.create(
            project=place,
            on=timezone.localdate(),
            text="Det gikk",
            for_experience_log=True,
            lesson=f"Lærdom i {place.name}",
            by=by,
        )
    address = reverse("roadmap:experience")
    pages = [
        client.get(address).content.decode() for client in (leader_client, reader_client, stranger_client)
    ]
    assert ["Lærdom i Trygg hjemme" in page for page in pages] == [True, True, False]
    assert ["Lærdom i Hemmelig omstilling" in page for page in pages] == [True, False, False]
    assert ["Lærdom i Naboens prosjekt" in page for page in pages] == [False, False, True]
    assert "Ingenting passer til søket" in leader_client.get(address, {"q": "finnes ikke"}).content.decode()


def test_lesson_must_be_told(leader_client, project, leader):
    data = {
        "on": timezone.localdate().isoformat(),
        "kind": "deviation",
        "text": "x",
        "for_experience_log": "on",
    }
    page = leader_client.post(url(project, "new_entry"), data).content.decode()
    assert "Skriv hva andre kan lære av det." in page
    with pytest.raises(IntegrityError), transaction.atomic():
        LogEntry.objects.create(
            project=project, on=timezone.localdate(), text="x", for_experience_log=True, by=leader
        )


# ------------------------------------------------------------------ related projects


@pytest.fixture
def same_area(project, municipality, owner, leader):
    project.area = "Helse"
    project.save()
    return make_project(municipality, owner=owner, leader=leader, name="Digital oppfølging", area="Helse")


def test_own_project_in_the_area_is_a_hint_until_it_is_registered(leader_client, project, same_area):
    page = leader_client.get(url(project, "related")).content.decode()
    assert "Digital oppfølging" in page
    with translation.override("nb"):
        fact = CONTRIBUTIONS.fact(project, "1.5d")
    assert (fact.text, fact.answers) == ("0 av 1 pågående prosjekter i området står i registeret", False)
    address = f"{url(project, 'new_related')}?fra={same_area.pk}"
    assert 'value="Digital oppfølging"' in leader_client.get(address).content.decode()
    leader_client.post(address, {"title": "Digital oppfølging", "who": "Prøvevik", "status": "running"})
    assert RelatedProject.objects.get().own_project == same_area
    assert CONTRIBUTIONS.fact(project, "1.5d").answers is True
    assert leader_client.get(url(project, "related")).context["own"] == []


def test_project_one_may_not_see_cannot_be_taken_from(member_client, project, other_project):
    address = f"{url(project, 'new_related')}?fra={other_project.pk}"
    assert member_client.get(address).status_code == 404


def test_register_answers_step_1_5(project):
    RelatedProject.objects.create(project=project, title="A", who="Nabovik", reuse="Heftet")
    RelatedProject.objects.create(
        project=project, title="B", who="Etaten", contacted_on=timezone.localdate(), found="Det virket"
    )
    with translation.override("nb"):
        told = {key: CONTRIBUTIONS.fact(project, key) for key in ("1.5a", "1.5b", "1.5c")}
    assert told["1.5a"].text == "2 lignende prosjekter er registrert"
    assert (told["1.5b"].text, told["1.5b"].answers) == ("1 av 2 er kontaktet, med funn", True)
    assert told["1.5c"].answers is False


@pytest.mark.parametrize("key", ["1.3a", "1.3b", "1.3c", "1.3g", "1.5a", "1.5d", "5.2c", "5.2g"])
def test_fact_costs_one_query(key, project, same_area, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert CONTRIBUTIONS.fact(project, key) is not None


@pytest.mark.parametrize(("size", "width"), [(drawings.WIDE, 872), (drawings.NARROW, 356)])
@pytest.mark.parametrize(("many", "shown", "more"), [(4, 4, ""), (9, 3, "+ 6")])
def test_matrix_of_a_page_and_of_a_phone_keeps_its_marks_in_their_cell(size, width, many, shown, more):
    words = drawings.MatrixWords(
        "Risiko",
        "Sannsynlighet",
        "Konsekvens",
        ("Liten",) * 5,
        ("Lav",) * 5,
        {zone: zone for zone in SOURCE},
        "+ {n}",
    )
    svg = drawings.risk_matrix([drawings.Mark(n, 5, 5) for n in range(many)], words, size)
    assert f'viewBox="0 0 {width} ' in svg
    centres = [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', svg)]
    left, right = size.left + 4 * size.cell_w, size.left + 5 * size.cell_w
    assert len(set(centres)) == shown
    assert all(left + 14 <= x <= right - 14 and y <= drawings.TOP + size.cell_h - 14 for x, y in centres)
    assert re.findall(r"\+ \d", svg) == ([more] if more else [])
