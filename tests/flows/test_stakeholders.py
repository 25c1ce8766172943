"""From nobody mapped to a gap that closes, with and without JavaScript."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from stakeholders.models import Stakeholder


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_first_stakeholder_gap_plan_talk_and_the_gap_closes(open_page, leader, project, javascript):
    page = open_page(leader, javascript=javascript)
    page.goto(f"/prosjekter/{project.slug}/interessenter/")
    page.get_by_role("link", name="Legg til den første").click()
    page.get_by_label("Gruppe, enhet eller organisasjon").fill("Tillitsvalgte")
    page.get_by_label("Hovedgruppe").select_option(label="Ansatte")
    page.get_by_label("Innflytelse").select_option(label="Stor")
    page.get_by_role("button", name="Lagre interessenten").click()
    expect(page.locator("svg.matrix")).to_contain_text("Tillitsvalgte")
    expect(page.locator(".gaps")).to_contain_text("Holdningen er ukjent. Ingen har spurt dem.")
    page.get_by_role("link", name="Planlegg samtale med Tillitsvalgte").click()
    page.get_by_label("Hva gjør vi?").fill("Møte med hovedtillitsvalgt")
    today = timezone.localdate()
    page.get_by_label("Når?").fill(f"{today:%d.%m.%Y}")
    page.get_by_role("button", name="Lagre planen").click()
    expect(page.get_by_role("heading", name="De neste 30 dagene")).to_be_visible()
    page.get_by_role("link", name="Alle interessenter").click()
    expect(page.locator(".gaps")).not_to_contain_text("Holdningen er ukjent.")
    page.get_by_role("link", name="Tillitsvalgte", exact=True).click()
    page.get_by_role("link", name="Noter en samtale").click()
    page.get_by_label("Hva sa de?").fill("Vi er med hvis turnusen holder.")
    page.get_by_role("radio", name="Nøytral").check()
    page.get_by_role("button", name="Lagre samtalen").click()
    error = "Velg om holdningen er noe de har sagt, eller noe dere antar."
    expect(page.get_by_role("link", name=error)).to_be_visible()
    expect(page.get_by_label("Hva sa de?")).to_have_value("Vi er med hvis turnusen holder.")
    page.get_by_role("radio", name="De sa det selv").check()
    page.get_by_role("button", name="Lagre samtalen").click()
    expect(page.get_by_role("heading", name="Fra ukjent til nøytral")).to_be_visible()
    assert Stakeholder.objects.get().stances.filter(kind="now").count() == 2


def test_register_is_filled_with_the_keyboard_alone(open_page, leader, project):
    page = open_page(leader)
    page.goto(f"/prosjekter/{project.slug}/interessenter/ny/")
    page.get_by_label("Gruppe, enhet eller organisasjon").focus()
    page.keyboard.type("Eldrerådet")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.locator("[name=attitude]").first.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("radio", name="Vi antar det").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Lagre interessenten").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Eldrerådet er lagret.")).to_be_visible()
