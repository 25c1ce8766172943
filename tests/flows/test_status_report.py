"""Draft, publish, change everything, the same bytes; and a link that is gone once it is revoked."""

import pytest
from playwright.sync_api import expect

from reports.models import DocumentJob
from roadmap.models import ChecklistItem
from tests.conftest import TODAY
from tests.flows.conftest import check, follow


@pytest.fixture
def reported(project, leader):
    ChecklistItem.objects.filter(round__project=project, key__in=["1.1a", "1.2a"]).update(
        status="done", settled_by=leader, settled_on=TODAY
    )
    return project


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_draft_publish_change_everything_same_bytes(open_page, reported, leader, javascript):
    page = open_page(leader, javascript=javascript)
    page.goto(f"/prosjekter/{reported.slug}/statusrapporter/")
    follow(page, page.get_by_role("button", name="Begynn på"))
    follow(page, page.get_by_role("button", name="Publiser rapporten"))
    expect(page.get_by_role("link", name="Skriv det viktigste i én setning.")).to_be_visible()
    page.get_by_label("Det viktigste i én setning").fill("Vi er i gang.")
    page.get_by_text("Trenger hjelp", exact=True).click()
    page.get_by_label("Hvorfor?").fill("Vi mangler folk.")
    page.get_by_label("Dette har skjedd").fill("Vi har begynt.")
    follow(page, page.get_by_role("button", name="Publiser rapporten"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Publiser statusrapporten for")
    follow(page, page.get_by_role("button", name="Publiser rapporten"))
    expect(page.get_by_text("Rapporten er publisert kl.")).to_be_visible()
    pdf = page.get_by_role("link", name="Åpne rapporten (PDF)").get_attribute("href")
    before = page.request.get(pdf).body()
    page.goto(f"/prosjekter/{reported.slug}/rediger/")
    page.get_by_label("Navn").fill("Et helt annet navn")
    follow(page, page.get_by_role("button", name="Lagre"))
    ChecklistItem.objects.filter(round__project=reported).update(text="Endret", status="open")
    assert page.request.get(pdf).body() == before
    page.goto(f"/prosjekter/{reported.slug}/statusrapporter/")
    expect(page.get_by_text("Vi er i gang.")).to_be_visible()


def test_document_comes_by_itself_without_a_worker(open_page, reported, leader):
    page = open_page(leader, javascript=False)
    page.goto(f"/prosjekter/{reported.slug}/statusrapporter/")
    follow(page, page.get_by_role("button", name="Lag PDF av i dag"))
    expect(page.get_by_text("Lager PDF. Det tar noen sekunder.")).to_be_visible()
    answer = page.wait_for_event("response", lambda r: r.url.endswith("/fil/"), timeout=60_000)
    assert answer.headers["content-type"] == "application/pdf"
    assert DocumentJob.objects.get().state == DocumentJob.State.DONE


def test_pages_of_reports_and_documents(open_page, reported, leader, owner):
    page = open_page(leader, bypass_csp=True)
    start = f"/prosjekter/{reported.slug}/"
    page.goto(f"{start}statusrapporter/")
    check(page, "empty list")
    follow(page, page.get_by_role("button", name="Begynn på"))
    check(page, "draft")
    draft = page.url
    page.get_by_label("Det viktigste i én setning").fill("x" * 201)
    follow(page, page.get_by_role("button", name="Publiser rapporten"))
    expect(page.get_by_role("link", name="Setningen er på 201 tegn.")).to_be_visible()
    check(page, "draft with errors")
    page.get_by_label("Det viktigste i én setning").fill("Vi er i gang.")
    follow(page, page.get_by_role("button", name="Publiser rapporten"))
    check(page, "publish")
    follow(page, page.get_by_role("button", name="Publiser rapporten"))
    check(page, "published")
    page.goto(f"{draft}?sammenlign=1")
    check(page, "compared")
    for path in ("statusrapporter/", "dokumenter/", "dokumenter/arkivpakke/"):
        page.goto(f"{start}{path}")
        check(page, path)
    page.goto("/rapporter/")
    check(page, "archive")
    page.goto(f"{start}dokumenter/")
    follow(page, page.get_by_role("link", name="Lenker og offentlighet"))
    page.get_by_label("Hvem er den til?").fill("styringsgruppa")
    follow(page, page.get_by_role("button", name="Lag en lenke"))
    check(page, "a link is made")
    link = page.get_by_label("Adresse").input_value().replace("https://innovasjon.example", "")
    reader = open_page(bypass_csp=True)
    reader.goto(link)
    expect(reader.get_by_text("Denne lenken er til styringsgruppa i prosjektet")).to_be_visible()
    check(reader, "shared")
    follow(page, page.get_by_role("link", name="Steng lenken"))
    check(page, "close the link")
    follow(page, page.get_by_role("button", name="Steng lenken"))
    reader.goto(link)
    expect(reader.get_by_text("Lenken virker ikke lenger")).to_be_visible()
    check(reader, "gone")
    page = open_page(owner, bypass_csp=True)
    page.goto(draft)
    follow(page, page.get_by_role("button", name="Jeg har lest rapporten"))
    expect(page.get_by_text("Du har lest denne rapporten.")).to_be_visible()
    check(page, "read")
