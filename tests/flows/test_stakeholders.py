"""From nobody mapped to a gap that closes, with and without JavaScript."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from stakeholders.models import Stakeholder
from tests.flows.conftest import follow
from tests.stakeholders.test_import import rows_42, workbook


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_first_stakeholder_gap_plan_talk_and_the_gap_closes(open_page, leader, project, javascript):
    page = open_page(leader, javascript=javascript)
    page.goto(f"/prosjekter/{project.slug}/interessenter/")
    follow(page, page.get_by_role("link", name="Legg til den første"))
    page.get_by_label("Gruppe, enhet eller organisasjon").fill("Tillitsvalgte")
    page.get_by_label("Hovedgruppe").select_option(label="Ansatte")
    page.get_by_label("Innflytelse").select_option(label="Stor")
    follow(page, page.get_by_role("button", name="Lagre interessenten"))
    expect(page.locator("svg.matrix")).to_contain_text("Tillitsvalgte")
    expect(page.locator(".gaps")).to_contain_text("Holdningen er ukjent. Ingen har spurt dem.")
    follow(page, page.get_by_role("link", name="Planlegg samtale: Tillitsvalgte"))
    page.get_by_label("Hva gjør vi?").fill("Møte med hovedtillitsvalgt")
    today = timezone.localdate()
    page.get_by_label("Når?").fill(f"{today:%d.%m.%Y}")
    follow(page, page.get_by_role("button", name="Lagre planen"))
    expect(page.get_by_role("heading", name="De neste 30 dagene")).to_be_visible()
    follow(page, page.get_by_role("link", name="Alle interessenter"))
    expect(page.locator(".gaps")).not_to_contain_text("Holdningen er ukjent.")
    follow(page, page.get_by_role("link", name="Tillitsvalgte", exact=True))
    follow(page, page.get_by_role("link", name="Noter en samtale"))
    page.get_by_label("Hva sa de?").fill("Vi er med hvis turnusen holder.")
    page.get_by_role("radio", name="Nøytral").check()
    follow(page, page.get_by_role("button", name="Lagre samtalen"))
    error = "Velg om holdningen er noe de har sagt, eller noe dere antar."
    expect(page.get_by_role("link", name=error)).to_be_visible()
    expect(page.get_by_label("Hva sa de?")).to_have_value("Vi er med hvis turnusen holder.")
    page.get_by_role("radio", name="De sa det selv").check()
    follow(page, page.get_by_role("button", name="Lagre samtalen"))
    expect(page.get_by_role("heading", name="Fra ukjent til nøytral")).to_be_visible()
    assert Stakeholder.objects.get().stances.filter(kind="now").count() == 2


def reach(page, target, key="Tab"):
    """Tab forward until an element has the focus; the keyboard is the only way."""
    for _ in range(120):
        page.keyboard.press(key)
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached with {key}")


def press(page, target):
    reach(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page, label, text):
    reach(page, page.get_by_label(label))
    page.keyboard.type(text)


def test_whole_way_is_gone_with_the_keyboard_alone(open_page, leader, project):
    page = open_page(leader, javascript=False)
    page.goto(f"/prosjekter/{project.slug}/interessenter/")
    press(page, page.get_by_role("link", name="Legg til den første"))
    write(page, "Gruppe, enhet eller organisasjon", "Eldrerådet")
    write(page, "Hovedgruppe", "B")  # a select goes to what begins with the letter
    write(page, "Innflytelse", "S")
    press(page, page.get_by_role("button", name="Lagre interessenten"))
    expect(page.locator("svg.matrix")).to_contain_text("Eldrerådet")
    expect(page.locator(".gaps")).to_contain_text("Holdningen er ukjent.")
    press(page, page.get_by_role("link", name="Planlegg samtale: Eldrerådet"))
    write(page, "Hva gjør vi?", "Møte")
    write(page, "Når?", f"{timezone.localdate():%d.%m.%Y}")
    press(page, page.get_by_role("button", name="Lagre planen"))
    press(page, page.get_by_role("link", name="Alle interessenter"))
    expect(page.locator(".gaps")).not_to_contain_text("Holdningen er ukjent.")
    press(page, page.get_by_role("link", name="Eldrerådet", exact=True))
    press(page, page.get_by_role("link", name="Noter en samtale"))
    write(page, "Hva sa de?", "Vi er med.")
    for group in ("attitude", "source"):
        reach(page, page.locator(f"[name={group}]").first)
        page.keyboard.press("Space" if group == "attitude" else "ArrowDown")
    press(page, page.get_by_role("button", name="Lagre samtalen"))
    expect(page.get_by_role("heading", name="Fra ukjent til positiv")).to_be_visible()
    stance = Stakeholder.objects.get().stances.get(attitude="positive")
    assert stance.source == "said"


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_sheet_of_42_rows_with_three_faults_comes_in(open_page, leader, project, javascript, tmp_path):
    file = tmp_path / "register.xlsx"
    file.write_bytes(workbook([["Vårt gamle register"], [], *rows_42()]).getvalue())
    page = open_page(leader, javascript=javascript)
    page.goto(f"/prosjekter/{project.slug}/interessenter/")
    follow(page, page.get_by_role("link", name="Hent fra regneark"))
    page.get_by_label("Regneark").set_input_files(file)
    follow(page, page.get_by_role("button", name="Gå videre til kolonnene"))
    expect(page.get_by_text("Overskriftene står i rad 3")).to_be_visible()
    expect(page.get_by_label("Innflytelse", exact=True)).to_have_value("2")
    follow(page, page.get_by_role("button", name="Se over radene"))
    expect(page.get_by_text("42 rader: 39 klare, 3 må rettes")).to_be_visible()
    expect(page.get_by_text("«mye» er ikke et valg.")).to_be_visible()
    page.get_by_label("Innflytelse, rad 15").select_option(label="Stor")
    page.get_by_label("Når, rad 21").fill("28.02.2026")
    follow(page, page.get_by_role("button", name="Lagre rettelsene"))
    assert not Stakeholder.objects.exists()
    follow(page, page.get_by_role("button", name="Hent inn 41 rader"))
    expect(page.get_by_role("heading", name="41 interessenter er hentet inn")).to_be_visible()
    assert Stakeholder.objects.count() == 41
    follow(page, page.get_by_role("link", name="Angre innhentingen"))
    follow(page, page.get_by_role("button", name="Angre innhentingen"))
    expect(page.get_by_text("Ingen interessenter ennå")).to_be_visible()
