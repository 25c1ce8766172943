"""The main job, end to end: a leader starts a project and settles a step, the owner decides the gate."""

import re

import pytest
from playwright.sync_api import expect

from roadmap.models import ChecklistItem, GateDecision, Project
from tests.conftest import settle
from tests.flows.conftest import follow, log_in

BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])


@BOTH
def test_leader_starts_a_project(open_page, leader, owner, javascript):
    page = open_page(javascript=javascript)
    log_in(page, leader)
    follow(page, page.get_by_role("link", name="Til prosjektene"))
    follow(page, page.get_by_role("link", name="Start et prosjekt").first)
    follow(page, page.get_by_role("button", name="Start prosjektet"))
    expect(page.get_by_role("link", name="Skriv hva prosjektet heter.")).to_be_visible()
    page.get_by_label("Hva kaller dere prosjektet?").fill("Tryggere utskriving")
    page.get_by_label("Hvilken utfordring skal dere løse?").fill("Hver tredje pasient skrives ut uten plan.")
    page.get_by_label("Hvem eier problemet i linja?").select_option(label="Oda Eier, Kommunalsjef")
    follow(page, page.get_by_role("button", name="Start prosjektet"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Tryggere utskriving")
    follow(page, page.get_by_role("link", name="Neste: definer problemet (steg 1.1)"))
    expect(page).to_have_url(re.compile(r"/faser/1/1\.1/"))


def test_leader_settles_a_step_with_the_keyboard_alone(open_page, leader, project):
    page = open_page(leader)
    page.goto(f"/prosjekter/{project.slug}/faser/1/1.2/")
    keys = [f"1.2{letter}" for letter in "abcdef"]
    for key in keys:
        expect(page.locator(".open-item")).to_contain_text(key)
        tab_to(page, lambda el: el["name"] == "status")
        page.keyboard.press("ArrowRight")
        expect(page.locator("#save-state")).to_contain_text("Lagret kl.")
        tab_to(page, lambda el: el["text"].startswith("Neste åpne punkt"))
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, key=key: not url.endswith(f"{key}/"))
    items = ChecklistItem.objects.filter(round__project=project, key__in=keys)
    assert {item.status for item in items} == {"done"}
    page.goto(f"/prosjekter/{project.slug}/faser/1/1.2/")
    expect(page.get_by_text("Steg 1.2 er avklart.")).to_be_visible()


def test_leader_settles_a_point_with_the_keyboard_and_without_javascript(open_page, leader, project):
    page = open_page(leader, javascript=False)
    page.goto(f"/prosjekter/{project.slug}/faser/1/1.2/")
    page.locator("#item_status_0").focus()
    page.keyboard.press("ArrowRight")
    page.locator("#item_note").focus()
    page.keyboard.type("Skrevet uten skript")
    page.get_by_role("button", name="Lagre og gå til neste").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".open-item")).to_contain_text("1.2b")
    item = ChecklistItem.objects.get(round__project=project, key="1.2a")
    assert (item.status, item.note) == ("done", "Skrevet uten skript")


def tab_to(page, wanted, most=80):
    """Press Tab until the focused element is the wanted one."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => {
                const at = document.activeElement;
                return {name: at.name || "", text: (at.textContent || "").trim()};
            }"""
        )
        if wanted(focused):
            return
    raise AssertionError("the keyboard does not get there")


@BOTH
def test_item_is_marked_not_relevant_with_its_reason(open_page, leader, project, javascript):
    page = open_page(leader, javascript=javascript)
    page.goto(f"/prosjekter/{project.slug}/faser/1/1.3/1.3i/")
    page.get_by_text("Ikke relevant", exact=True).click()
    if javascript:
        expect(page.locator("#save-state")).to_contain_text(
            "Skriv grunnen, så prosjekteier slipper å spørre."
        )
    page.get_by_label("Hvorfor er det ikke relevant?").fill("Avklart i en annen sak.")
    if javascript:
        expect(page.locator("#save-state")).to_contain_text("Lagret kl.")
    else:
        follow(page, page.get_by_role("button", name="Lagre", exact=True))
    item = ChecklistItem.objects.get(round__project=project, key="1.3i")
    assert (item.status, item.reason) == ("not_relevant", "Avklart i en annen sak.")


@BOTH
def test_owner_is_blocked_then_decides_with_conditions(open_page, owner, leader, project, javascript):
    page = open_page(owner, javascript=javascript)
    page.goto(f"/prosjekter/{project.slug}/porter/1/")
    expect(page.get_by_role("radio", name="Gå videre", exact=True)).to_be_disabled()
    expect(page.get_by_text("Kan velges når hindringene over er løst.")).to_be_visible()
    page.get_by_role("radio", name="Gå videre med vilkår").check()
    follow(page, page.get_by_role("button", name="Registrer beslutningen"))
    expect(page.get_by_role("link", name="Skriv hva beslutningen bygger på.")).to_be_visible()
    expect(page.get_by_role("radio", name="Gå videre med vilkår")).to_be_checked()
    page.get_by_label("Hvorfor?").fill("Problemet er tydelig og eid.")
    row = page.locator("[name^=condition-0-]")
    row.nth(0).fill("Brukerne er spurt")
    row.nth(1).select_option(label="Liv Leder")
    row.nth(2).fill("18.12")
    follow(page, page.get_by_role("button", name="Registrer beslutningen"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Registrer «Gå videre med vilkår» for port 1?"
    )
    follow(page, page.get_by_role("button", name="Registrer beslutningen"))
    expect(page.get_by_text("Brukerne er spurt")).to_be_visible()
    decision = GateDecision.objects.get(project=project)
    link = page.get_by_role("link", name=re.compile("PDF")).first.get_attribute("href")
    content = page.request.get(link).body()
    assert content == decision.document.content()
    assert content.startswith(b"%PDF-")
    assert Project.objects.get(pk=project.pk).phase == 2


@BOTH
def test_owner_passes_the_gate_when_all_is_settled(open_page, owner, project, javascript):
    settle(project)
    page = open_page(owner, javascript=javascript)
    page.goto(f"/prosjekter/{project.slug}/")
    expect(page.get_by_text("Alt er klart for portmøtet.")).to_be_visible()
    page.goto(f"/prosjekter/{project.slug}/porter/1/")
    page.get_by_role("radio", name="Gå videre", exact=True).check()
    page.get_by_label("Hvorfor?").fill("Alt er avklart.")
    follow(page, page.get_by_role("button", name="Registrer beslutningen"))
    follow(page, page.get_by_role("button", name="Registrer beslutningen"))
    page.goto(f"/prosjekter/{project.slug}/")
    expect(page.get_by_text("Port 1 er passert. Dere er i fase 2.")).to_be_visible()
