"""Two people at once, a lost connection, a lost session: what was typed stays."""

import re

from playwright.sync_api import expect

from roadmap.models import ChecklistItem
from tests.flows.conftest import follow, log_in


def item_of(project, key="1.1a"):
    return ChecklistItem.objects.get(round__project=project, key=key)


def plan_of(page):
    return page.get_by_role("link", name="Plan", exact=True)


def asked_when_leaving(page) -> bool:
    """Press a link with the cursor in the note, and stay when the browser asks."""
    page.get_by_label("Notat").press("End")
    with page.expect_event("dialog") as asked:
        page.once("dialog", lambda dialog: dialog.dismiss())
        plan_of(page).click(no_wait_after=True)
    return asked.value.type == "beforeunload"


def test_second_writer_sees_both_texts_and_chooses(open_page, leader, member, project):
    url = f"/prosjekter/{project.slug}/faser/1/1.1/1.1a/"
    first, second = open_page(leader), open_page(member)
    first.goto(url)
    second.goto(url)
    first.get_by_label("Notat").fill("Åtte dispensere på lager.")
    expect(first.locator("#save-state")).to_contain_text("Lagret kl.")
    second.get_by_label("Notat").fill("Åtte dispensere levert.")
    expect(second.locator("#conflicts")).to_contain_text("Åtte dispensere på lager.")
    expect(second.locator("#conflicts")).to_contain_text("Åtte dispensere levert.")
    expect(second.locator("#conflicts")).to_contain_text("Liv Leder")
    assert item_of(project).note == "Åtte dispensere på lager."
    second.get_by_label("Notat").press_sequentially(" To til.")  # and no rest before the choice
    follow(second, second.get_by_role("button", name="Behold min"))
    assert item_of(project).note == "Åtte dispensere levert. To til."
    second.goto(f"/prosjekter/{project.slug}/faser/1/1.1/")
    second.get_by_label("Utført").check()
    expect(second.locator("#save-state")).to_contain_text("Lagret kl.")
    expect(second).to_have_url(re.compile(re.escape(url)))  # the checkpoint's, when one writes on it
    second.goto(url)
    second.get_by_label("Åpen").check()
    expect(second.locator("#save-state")).to_contain_text("Lagret kl.")
    follow(second, plan_of(second))
    second.go_back()  # to what is stored, and not to the page as it was first made
    expect(second.get_by_label("Åpen")).to_be_checked()
    expect(second.locator("#step-count")).to_have_text("0 av 9 avklart")


def test_lost_connection_keeps_the_text_and_saves_later(open_page, leader, project):
    page = open_page(leader, faults_expected=True)
    page.goto(f"/prosjekter/{project.slug}/faser/1/1.1/1.1a/")
    page.route("**/sjekkpunkter/**", lambda route: route.abort())
    page.get_by_label("Notat").fill("Skrevet uten nett")
    expect(page.get_by_text("Ikke lagret. Teksten din står her fortsatt.")).to_be_visible()
    expect(page.get_by_label("Notat")).to_have_value("Skrevet uten nett")
    page.unroute("**/sjekkpunkter/**")
    page.get_by_role("button", name="Prøv igjen").click()
    expect(page.locator("#save-state")).to_contain_text("Lagret kl.")
    assert item_of(project).note == "Skrevet uten nett"
    page.get_by_label("Frist").fill("5/1")
    page.get_by_label("Notat").fill("Skrevet ved en gal frist")
    assert asked_when_leaving(page)
    expect(page.locator("#save-state")).to_contain_text("Resten er lagret.")
    assert item_of(project).note == "Skrevet ved en gal frist"
    page.get_by_label("Frist").fill("")
    page.context.set_offline(True)
    page.get_by_label("Notat").fill("Skrevet på toget")
    expect(page.locator("#save-state")).to_have_text(re.compile(r"Venter på nett · skrevet kl\. \d\d\.\d\d"))
    page.context.set_offline(False)
    expect(page.locator("#save-state")).to_contain_text("Lagret kl.")
    assert item_of(project).note == "Skrevet på toget"
    page.get_by_label("Frist").fill("1.12.2026")
    page.get_by_label("Frist").press("Enter")
    expect(page.locator("#save-state")).to_contain_text("Lagret kl.")
    expect(page.get_by_label("Frist")).to_be_focused()


def test_lost_session_keeps_the_text_and_saves_after_log_in(open_page, leader, project):
    page = open_page(leader, faults_expected=True)
    page.goto(f"/prosjekter/{project.slug}/faser/1/1.1/1.1a/")
    cookies = [c for c in page.context.cookies() if c["name"] != "innovasjon_session"]
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    page.get_by_label("Notat").fill("Skrevet etter at økta gikk ut")
    expect(page.get_by_text("Du er logget ut.")).to_be_visible()
    assert asked_when_leaving(page)
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Logg inn i en ny fane").click()
    log_in(popup.value, leader, there=True)
    expect(popup.value.get_by_text("Gå tilbake til fanen du skrev i.")).to_be_visible()
    page.bring_to_front()
    page.get_by_label("Notat").press("End")
    page.get_by_label("Notat").type(".")
    expect(page.locator("#save-state")).to_contain_text("Lagret kl.")
    assert item_of(project).note == "Skrevet etter at økta gikk ut."
    page.get_by_label("Notat").fill("Skrevet i siste liten")
    follow(page, plan_of(page))  # waits for the save, and asks nothing
    assert item_of(project).note == "Skrevet i siste liten"
