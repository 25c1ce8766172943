"""After the project: handing over, the map, the plan and its acceptance, suppliers, the meeting sheet."""

import io
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pypdf
import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from benefits import benefit_map, realisation
from benefits.actions import after as actions
from benefits.benefit_map import Box
from benefits.models import (
    BenefitPlan,
    Delivery,
    MapLink,
    MapNode,
    PlanAcceptance,
    SupplierAgreement,
    YearAmount,
)
from innovasjon.models import FrozenDocument, WriteOnceError
from reports import archive
from tests.benefits.conftest import make_benefit, make_indicator
from tests.conftest import TODAY, client_of, document_of
from tests.test_queries import cost


def text_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def pages_of(content: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(content)).pages)


# ------------------------------------------------------------------ handing over


def test_line_owner_owns_only_after_yes(
    project, leader, reader, leader_client, reader_client, django_capture_on_commit_callbacks
):
    benefit = make_benefit(project, by=leader)
    until = timezone.localdate() + timedelta(days=700)
    with django_capture_on_commit_callbacks(execute=True):
        leader_client.post(
            reverse("benefits:hand_over", args=[project.slug, benefit.pk]),
            {"to": reader.pk, "measure_until": f"{until:%d.%m.%Y}", "message": "Tallene står i turnusen."},
        )
    benefit.refresh_from_db()
    assert benefit.owner is None
    answer = reverse("benefits:answer", args=[project.slug, benefit.pk])
    assert mail.outbox[0].to == [reader.email]
    assert answer in mail.outbox[0].body
    with django_capture_on_commit_callbacks(execute=True):
        reader_client.post(answer, {"accepted": "yes", "answer": ""})
    benefit.refresh_from_db()
    assert (benefit.owner, benefit.follow_until) == (reader, until)
    assert mail.outbox[1].to == [leader.email]


def test_answer_writes_over_nothing_that_was_saved_meanwhile(project, leader, reader):
    opened = make_benefit(project, by=leader)
    opened.project.benefits.update(name="Færre turer")
    actions.hand_over(benefit=opened, to=leader, measure_until=TODAY, by=leader, now=timezone.now())
    opened.refresh_from_db()
    assert (opened.name, opened.owner, opened.follow_until) == ("Færre turer", leader, TODAY)


def test_no_leaves_the_owner_who_was(project, leader, owner, reader, reader_client):
    benefit = make_benefit(project, by=owner, owner=owner)
    actions.hand_over(
        benefit=benefit,
        to=reader,
        measure_until=timezone.localdate() + timedelta(days=9),
        by=leader,
        now=timezone.now(),
    )
    page = reader_client.get(benefit.get_absolute_url()).content.decode()
    assert f"{owner.position_or_name} ({reader.name} er spurt, men har ikke svart)" in page
    answer = reverse("benefits:answer", args=[project.slug, benefit.pk])
    assert answer in page
    assert reader_client.post(answer, {"accepted": "no", "answer": ""}).status_code == 422
    reader_client.post(answer, {"accepted": "no", "answer": "Jeg slutter."})
    benefit.refresh_from_db()
    assert benefit.owner == owner


@pytest.mark.parametrize("days", [0, 3 * 366 + 1])
def test_benefit_is_measured_for_at_most_three_years(project, leader, reader, leader_client, days):
    benefit = make_benefit(project, by=leader)
    day = timezone.localdate() + timedelta(days=days)
    response = leader_client.post(
        reverse("benefits:hand_over", args=[project.slug, benefit.pk]),
        {"to": reader.pk, "measure_until": f"{day:%d.%m.%Y}"},
    )
    assert "Velg en dag i de neste tre årene." in response.content.decode()


def test_owner_in_the_line_hands_on_and_follows_suppliers_when_the_project_is_closed(
    project, leader, reader, manager
):
    benefit = make_benefit(project, by=leader, owner=reader)
    project.status, project.closed_on = "closed", timezone.localdate()
    project.save()
    client = client_of(reader)
    assert client.get(reverse("benefits:hand_over", args=[project.slug, benefit.pk])).status_code == 200
    url = reverse("benefits:new_supplier", args=[project.slug])
    assert client.post(url, {"supplier": "Dosett AS", "subject": "Drift"}).status_code == 302
    assert client_of(manager).get(url).status_code == 403


# ------------------------------------------------------------------ the map


@pytest.fixture
def nodes(project, leader):
    goal = actions.save_node(
        project=project, node=MapNode(text="Hjemme lenger", column=6), leads_to=[], by=leader
    )
    change = actions.save_node(
        project=project, node=MapNode(text="Varsling < vakt", column=3), leads_to=[goal], by=leader
    )
    return change, goal


def test_map_is_drawn_and_listed_alike(nodes, project, leader_client):
    text = leader_client.get(reverse("benefits:map", args=[project.slug])).content.decode()
    drawing = text[text.index('<svg class="benefit-map"') : text.index("</svg>", text.index("benefit-map"))]
    assert "Varsling &lt; vakt" in drawing
    assert "1 pil." in drawing
    assert "Leder til: Hjemme lenger" in " ".join(text.split())
    pdf = leader_client.get(reverse("reports:benefit_map_pdf", args=[project.slug])).content
    assert "Varsling < vakt" in text_of(pdf)
    assert pages_of(pdf) == 1


def test_box_is_edited_moved_and_deleted_by_forms(nodes, project, leader_client):
    change, goal = nodes
    new = reverse("benefits:new_node", args=[project.slug])
    leader_client.post(new, {"text": "Opplæring", "column": "3", "leads_to": [goal.pk]})
    added = MapNode.objects.get(text="Opplæring")
    leader_client.post(reverse("benefits:move_node", args=[project.slug, added.pk]), {"up": "1"})
    column = MapNode.objects.filter(column=3).order_by("position")
    assert [n.text for n in column] == ["Opplæring", "Varsling < vakt"]
    leader_client.post(
        reverse("benefits:node", args=[project.slug, added.pk]), {"text": "Opplæring", "column": "3"}
    )
    assert not MapLink.objects.filter(cause=added).exists()
    back = {"text": "Siste", "column": "6", "leads_to": [change.pk]}
    assert "Piler går mot høyre." in leader_client.post(new, back).content.decode()
    leader_client.post(reverse("benefits:delete_node", args=[project.slug, added.pk]))
    assert not MapNode.objects.filter(pk=added.pk).exists()


def test_map_rules_stand_in_the_database(nodes, project):
    change, goal = nodes
    for make in (
        lambda: MapNode.objects.create(project=project, column=7, text="x"),
        lambda: MapNode.objects.create(project=project, column=6, text="Hjemme lenger"),
        lambda: MapLink.objects.create(cause=goal, effect=goal),
        lambda: MapLink.objects.create(cause=change, effect=goal),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_boxes_do_not_overlap_in_the_drawing():
    boxes = [Box(n, 1 + n % 6, "Et langt ord " * (1 + n % 5)) for n in range(24)]
    places, height = benefit_map.placed(benefit_map.arranged(boxes))
    for column in range(6):
        x = column * (benefit_map.BOX_W + benefit_map.GAP)
        own = sorted((p.y, p.y + p.height) for p in places.values() if p.x == x)
        assert all(below[0] >= above[1] for above, below in pairwise(own))
        assert own[-1][1] <= height


# ------------------------------------------------------------------ the plan


@pytest.fixture
def planned(project, leader, reader):
    benefit = make_benefit(project, by=reader, owner=reader, take_out_action="Flytt vakter")
    make_indicator(project, by=leader, benefit=benefit)
    BenefitPlan.objects.create(project=project, meeting_frequency="weekly", line_capacity="Én time i uka")
    return benefit


def test_plan_is_a_document_with_fields_to_sign(planned, project, leader_client):
    response = document_of(leader_client, reverse("reports:benefit_plan_pdf", args=[project.slug]))
    text = " ".join(text_of(response.content).split())
    for told in ("Færre medisinturer", "Flytt vakter", "412", "± 18", "Underskrifter", "Én time i uka"):
        assert told in text
    assert "Godkjent elektronisk" not in text


def test_owner_accepts_and_the_plan_is_frozen(planned, project, owner, owner_client, reader_client):
    url = reverse("reports:accept_plan", args=[project.slug])
    page = owner_client.get(url)
    seen = page.context["form"].initial["seen"]
    owner_client.post(url, {"seen": seen, "remark": "Vi følger opp hver uke."})
    acceptance = PlanAcceptance.objects.get()
    assert (acceptance.by, acceptance.acting_as) == (owner, "prosjekteier")
    frozen = acceptance.document.content()
    planned.take_out_action = "Noe annet"
    planned.save()
    pdf = reader_client.get(reverse("reports:accepted_plan_pdf", args=[project.slug, acceptance.pk])).content
    assert pdf == frozen
    text = " ".join(text_of(pdf).split())
    assert "Flytt vakter" in text
    assert "Godkjent elektronisk" in text
    with pytest.raises(WriteOnceError):
        FrozenDocument.objects.get(pk=acceptance.document_id).delete()
    (kept,) = archive.kept_documents(project)
    assert (kept.document, kept.kind_label) == (acceptance.document, "Godkjent gevinstplan")
    assert "Vi følger opp hver uke." in text_of(archive.as_archived(kept))
    emptied = str(archive.without_of_plan(kept.document.data, ["remarks", "line"]))
    assert "Vi følger opp" not in emptied
    assert "Én time i uka" not in emptied


def test_plan_that_was_changed_meanwhile_is_not_accepted(planned, project, manager_client):
    url = reverse("reports:accept_plan", args=[project.slug])
    seen = realisation.digest(realisation.document(project, timezone.localdate()))
    planned.take_out_action = "Noe annet"
    planned.save()
    text = manager_client.post(url, {"seen": seen}, follow=True).content.decode()
    assert "Planen ble endret mens du leste." in text
    assert not PlanAcceptance.objects.exists()


def test_plan_shows_its_present_value_with_the_calculation(planned, project, leader, leader_client):
    """110 and 121 kroner at 10 per cent, less 150: 50. Only what leaves the budget counts."""
    cash = make_benefit(project, by=leader, name="Kroner", type="avoided_cost", taken_out="lower_cost")
    moved = make_benefit(project, by=leader, name="Flyttet", type="avoided_cost", taken_out="moved")
    for year, gross in ((2027, 110), (2028, 121)):
        YearAmount.objects.create(benefit=cash, year=year, gross=gross)
    YearAmount.objects.create(benefit=moved, year=2027, gross=9000)
    BenefitPlan.objects.update_or_create(
        project=project, defaults={"discount_rate": Decimal(10), "investment_nok": 150}
    )
    page = leader_client.get(reverse("benefits:plan", args=[project.slug])).content.decode()
    frozen = realisation.document(project, TODAY)["plan"]["present_value"]
    assert frozen["value"] == "50 kr"
    assert frozen["value"] in page
    assert "(1 + 10 %)" in page
    assert "2027: 110 kr − 0 kr; 2028: 121 kr − 0 kr" in page


def test_plan_with_gaps_cannot_be_accepted(project, leader, owner_client):
    make_benefit(project, by=leader)
    url = reverse("reports:accept_plan", args=[project.slug])
    assert "Planen mangler noe" in owner_client.get(url).content.decode()
    assert owner_client.post(url, {"seen": "x"}).status_code == 422
    assert not PlanAcceptance.objects.exists()


# ------------------------------------------------------------------ suppliers and the meeting


def test_supplier_promised_and_measured(project, leader_client):
    leader_client.post(
        reverse("benefits:new_supplier", args=[project.slug]), {"supplier": "Dosett AS", "subject": "Drift"}
    )
    agreement = SupplierAgreement.objects.get()
    url = reverse("benefits:new_delivery", args=[project.slug, agreement.pk])
    day = timezone.localdate()
    told = {"what": "Ventetid", "promised": "24", "measured": "41", "measured_on": f"{day:%d.%m.%Y}"}
    leader_client.post(url, told)
    leader_client.post(url, {"what": "Oppetid", "promised": "99,5", "more_is_better": "on"})
    assert leader_client.post(url, {"what": "x", "promised": "1", "measured": "2"}).status_code == 422
    leader_client.post(
        reverse("benefits:new_supplier_meeting", args=[project.slug, agreement.pk]),
        {"on": f"{day:%d.%m.%Y}", "notes": "Vaktordning", "next_on": f"{day + timedelta(days=30):%d.%m.%Y}"},
    )
    assert [d.is_kept for d in Delivery.objects.order_by("pk")] == [False, None]
    text = " ".join(
        leader_client.get(reverse("benefits:suppliers", args=[project.slug])).content.decode().split()
    )
    assert "0 av 2" in text
    assert "én er ikke målt" in text


@pytest.mark.parametrize("count", [0, 1, 5, 8])
def test_meeting_sheet_fits_on_one_page(project, leader, leader_client, count):
    for number in range(count):
        make_indicator(project, by=leader, name=f"Et ganske langt navn på en indikator nummer {number}")
    response = leader_client.get(reverse("reports:meeting_sheet_pdf", args=[project.slug]))
    assert pages_of(response.content) == 1
    assert text_of(response.content).count("Det vi bestemmer:") == min(count, 5)


def test_meeting_chooses_three_to_five(project, leader, leader_client):
    made = [make_indicator(project, by=leader, name=f"Nr. {n}") for n in range(6)]
    url = reverse("benefits:meeting_sheet", args=[project.slug])
    chosen = leader_client.get(url, {"indikator": [i.pk for i in made[2:5]]}).content.decode()
    assert "Nr. 2</span>" in chosen
    assert "Nr. 0</span>" not in chosen
    refused = leader_client.get(url, {"indikator": [i.pk for i in made]})
    assert refused.status_code == 422
    assert "Velg tre, fire eller fem." in refused.content.decode()


@pytest.mark.parametrize("name", ["plan", "map", "suppliers", "meeting_sheet", "measuring_links"])
def test_pages_cost_the_same_with_one_row_and_with_three(project, leader, leader_client, name):
    benefit = make_benefit(project, by=leader)
    url = reverse(
        f"benefits:{name}", args=[project.slug, *([benefit.pk] if name == "measuring_links" else [])]
    )
    furnish(project, benefit, leader, "a")
    before = cost(leader_client, url)
    furnish(project, benefit, leader, "b")
    furnish(project, benefit, leader, "c")
    assert cost(leader_client, url) == before


def furnish(project, benefit, leader, mark):
    """One more of everything the pages list."""
    make_indicator(project, by=leader, benefit=benefit, name=f"Nr. {mark}")
    actions.save_node(project=project, node=MapNode(text=mark, column=1), leads_to=[], by=leader)
    agreement = SupplierAgreement.objects.create(project=project, supplier=mark, subject="x")
    agreement.deliveries.create(what="x", promised=1)
    agreement.meetings.create(on=timezone.localdate(), by=leader)
    PlanAcceptance.objects.create(project=project, by=leader, acting_as="leder", at=timezone.now())
