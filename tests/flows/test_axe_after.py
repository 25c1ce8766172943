"""axe on what comes after the project: links, handover, map, plan, suppliers, meeting sheet, spreadsheets."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from benefits import links
from benefits.actions import after as actions
from benefits.models import Indicator, MapNode, SupplierAgreement
from innovasjon.models import Token
from tests.benefits.conftest import make_indicator
from tests.flows.conftest import check, follow


@pytest.fixture
def lived_on(project, leader, owner):
    """A benefit with a link out, a map of three boxes, an agreement with a delivery and a meeting."""
    indicator = make_indicator(project, by=leader, measurer=owner, question="Hvor mange turer kjørte dere?")
    indicator.benefit.owner = owner
    indicator.benefit.save()
    Indicator.objects.filter(pk=indicator.pk).update(next_due_on=timezone.localdate())
    effects = []
    for column, text in ((6, "Flere bor hjemme"), (5, "Færre turer"), (1, "Dispenser"), (2, "Løs boks")):
        node = MapNode(text=text, column=column)
        kept = effects if text != "Løs boks" else []
        effects = [actions.save_node(project=project, node=node, leads_to=kept, by=leader)]
    agreement = SupplierAgreement.objects.create(project=project, supplier="Dosett AS", subject="Drift")
    agreement.deliveries.create(what="Oppetid", promised=99, measured=98, measured_on=timezone.localdate())
    agreement.meetings.create(on=timezone.localdate(), notes="Vaktordning", by=leader)
    return indicator


def test_pages_after_the_project(open_page, lived_on, project, leader, owner):
    address = links.make(
        indicator=links.indicators().get(pk=lived_on.pk),
        due_on=timezone.localdate(),
        person=owner,
        now=timezone.now(),
    ).removeprefix("https://innovasjon.example")
    page = open_page(owner, bypass_csp=True)
    start = f"/prosjekter/{project.slug}/gevinster/"
    agreement = SupplierAgreement.objects.get()
    one = f"leverandorer/{agreement.pk}/"
    node = MapNode.objects.first()
    for path in (
        "kart/",
        "kart/ny/",
        f"kart/{node.pk}/slett/",
        "plan/",
        "plan/rediger/",
        "plan/godkjenn/",
        "moteark/",
        "moteark/?indikator=0",
        "leverandorer/",
        "leverandorer/ny/",
        one,
        f"{one}slett/",
        f"{one}leveranse/",
        f"{one}mote/",
        "regneark/",
        f"{lived_on.benefit_id}/lenker/",
        f"{lived_on.benefit_id}/overlever/",
    ):
        page.goto(f"{start}{path}")
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        check(page, path)
    page.goto(f"{start}leverandorer/ny/")
    follow(page, page.get_by_role("button", name="Lagre avtalen"))
    check(page, "agreement with errors")
    stranger = open_page(bypass_csp=True)
    for path in ("", "senere/", "ikke-meg/"):
        stranger.goto(f"{address}{path}")
        expect(stranger.get_by_role("heading", level=1)).to_have_count(1)
        check(stranger, f"link {path}")
    stranger.goto(address)
    follow(stranger, stranger.get_by_role("button", name="Lagre målingen"))
    check(stranger, "link with errors")
    stranger.get_by_role("textbox").first.fill("300")
    follow(stranger, stranger.get_by_role("button", name="Lagre målingen"))
    check(stranger, "answered")
    stranger.goto("/m/wrong/")
    check(stranger, "closed link")
    Token.objects.update(expires_at=timezone.now())
    stranger.goto(address)
    expect(stranger.get_by_role("heading", name="Lenken har gått ut")).to_be_visible()
    check(stranger, "expired link")
