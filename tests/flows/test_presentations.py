"""From nothing to a meeting: build, go stale, update, present with keys, take home as PDF and PowerPoint."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pptx import Presentation as PowerPoint

from reports import jobs
from reports.models import Presentation
from reports.presentations import actions
from roadmap.models import Goal, KeyNumber, Quote
from stakeholders.models import Stakeholder
from tests.conftest import TODAY
from tests.flows.conftest import SIZES, check, follow, session_of


@pytest.fixture
def told(project):
    KeyNumber.objects.create(
        project=project, name="Turer", value=1480, unit="turer i uka", source="Fagsystemet", year=2026
    )
    Goal.objects.create(
        project=project,
        text="Turer i sone Nord",
        unit="turer",
        baseline=412,
        baseline_on=TODAY,
        latest=339,
        latest_on=TODAY,
        target=240,
        target_on=TODAY,
    )
    Quote.objects.create(project=project, speaker="user", text="Jeg venter", cleared_on=TODAY)
    Stakeholder.objects.create(project=project, name="Hjemmetjenesten", main_group="employee")
    return project


def build(page, project):
    page.goto(f"/prosjekter/{project.slug}/presentasjoner/")
    follow(page, page.get_by_role("link", name="Ny presentasjon").first)
    page.get_by_role("radio", name="Politikere").check()
    page.get_by_label("Hva kaller dere den?").fill("Til kommunestyret")
    follow(page, page.get_by_role("button", name="Lag presentasjonen"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Til kommunestyret")
    return Presentation.objects.get()


def write(page, label, text, javascript):
    """Write in a field: it is saved by itself, or by the button."""
    if not javascript:
        page.get_by_label(label).fill(text)
        follow(page, page.get_by_role("button", name="Lagre lysbildet"))
        return
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label(label).fill(text)
    expect(page.locator("#save-state")).to_contain_text("Lagret kl.")


def downloaded(page, name):
    """Ask for a file, take it when it comes by itself, and go back to where it was asked for."""
    here = page.url
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    content = download.value.path().read_bytes()
    page.goto(here)
    return content


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_build_stale_update_present_and_take_home(open_page, leader, told, javascript, monkeypatch):
    monkeypatch.setattr(jobs, "PATIENCE", timedelta(0))
    page = open_page(leader, javascript=javascript)
    presentation = build(page, told)
    follow(page, page.get_by_role("link", name="Dette trenger vi"))
    for label, text in (
        ("Hva ber dere dem om?", "Hold av penger i 2027"),
        ("Dette sier du", "Se på ordføreren"),
    ):
        write(page, label, text, javascript)
    expect(page.locator(".canvas")).to_contain_text("Hold av penger i 2027")
    follow(page, page.get_by_role("button", name="Flytt opp"))
    expect(page.locator(".thumbs li").nth(3)).to_contain_text("Dette trenger vi")

    Goal.objects.update(latest=348)
    follow(page, page.get_by_role("link", name="Mål og gevinster"))
    expect(page.get_by_text("Siste måling er 348, lysbildet viser 339.")).to_be_visible()
    expect(page.locator(".thumbs")).to_contain_text("Tallet er endret")
    follow(page, page.get_by_role("button", name="Oppdater lysbildet"))
    expect(page.locator(".canvas")).to_contain_text("348")
    expect(page.locator(".thumbs")).not_to_contain_text("Tallet er endret")

    follow(page, page.get_by_role("link", name="Vis presentasjonen"))
    shown = page.locator("[data-slide]:visible")
    if javascript:
        present_with_keys(page, shown)
    else:
        expect(shown).to_have_count(5)
        follow(page, page.get_by_role("link", name="Tilbake til presentasjonen"))

    follow(page, page.get_by_role("link", name="Last ned PDF eller PowerPoint"))
    pdf = pypdf.PdfReader(io.BytesIO(downloaded(page, "Last ned PDF")))
    assert len(pdf.pages) == 5
    assert "348" in pdf.pages[2].extract_text()
    slides = PowerPoint(io.BytesIO(downloaded(page, "Last ned PowerPoint"))).slides
    assert slides[3].notes_slide.notes_text_frame.text == "Se på ordføreren"
    assert presentation.slides.count() == 5


def present_with_keys(page, shown):
    """Go through the slides with every key, with the network gone."""
    expect(shown).to_have_count(1)
    page.context.set_offline(True)
    expect(shown).to_contain_text("Problemet")
    for key, place in (
        ("ArrowRight", "2 av 5"),
        (" ", "3 av 5"),
        ("ArrowUp", "2 av 5"),
        ("ArrowDown", "3 av 5"),
        ("PageDown", "4 av 5"),
        ("ArrowLeft", "3 av 5"),
        ("PageUp", "2 av 5"),
        ("End", "5 av 5"),
        ("ArrowRight", "5 av 5"),
        ("Home", "1 av 5"),
    ):
        page.keyboard.press(key)
        expect(page.locator("#announce")).to_contain_text(place)
        expect(shown).to_have_count(1)
    expect(page.locator("#announce")).to_have_text("1 av 5: Problemet")
    page.keyboard.press("b")
    expect(page.locator(".blackout")).to_be_visible()
    page.keyboard.press("b")
    expect(page.locator(".blackout")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Taster")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Taster")).to_be_hidden()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    with page.expect_popup() as opened:
        page.keyboard.press("n")
    notes = opened.value
    expect(notes.locator(".spoken")).to_have_text("Se på ordføreren")
    notes.keyboard.press("ArrowRight")
    expect(notes.locator(".spoken")).to_have_text("Ingen notater til dette lysbildet.")
    expect(page.locator("#announce")).to_contain_text("5 av 5")
    page.context.set_offline(False)
    page.bring_to_front()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Til kommunestyret")


def test_tap_on_the_right_third_goes_on_and_on_the_left_back(
    browser, live_server, transactional_db, told, leader
):
    presentation = actions.start_presentation(
        project=told, title="Møte", audience="staff", meeting_on=None, by=leader, now=timezone.localtime()
    )
    context = browser.new_context(
        base_url=live_server.url, viewport=SIZES["phone"], has_touch=True, locale="nb-NO"
    )
    context.add_cookies([session_of(leader, live_server.url)])
    page = context.new_page()
    page.goto(f"{presentation.get_absolute_url()}vis/")
    expect(page.locator("[data-slide]:visible")).to_have_count(1)
    page.touchscreen.tap(370, 400)
    expect(page.locator("#announce")).to_contain_text("2 av 4")
    page.touchscreen.tap(20, 400)
    expect(page.locator("#announce")).to_contain_text("1 av 4")
    context.close()


def test_pages_of_story_and_presentations_are_accessible(open_page, told, leader, reader):
    presentation = actions.start_presentation(
        project=told, title="Møte", audience="leaders", meeting_on=None, by=leader, now=timezone.localtime()
    )
    for role in ("plan", "pilot", "service", "economy", "own"):
        actions.add_slide(presentation=presentation, role=role, by=leader, now=timezone.localtime())
    Goal.objects.update(latest=348)
    start = f"/prosjekter/{told.slug}/"
    number = told.key_numbers.get()
    builder = presentation.get_absolute_url()
    slides = [f"{builder}lysbilder/{slide.pk}/" for slide in presentation.slides.all()]
    page = open_page(leader, bypass_csp=True)
    for path in [
        f"{start}fortelling/",
        f"{start}fortelling/rediger/",
        *[f"{start}fortelling/{kind}/nytt/" for kind in ("mal", "tall", "sitater", "bilder", "planer")],
        f"{start}fortelling/tall/{number.pk}/",
        f"{start}fortelling/tall/{number.pk}/slett/",
        f"{start}presentasjoner/",
        f"{start}presentasjoner/ny/",
        f"{builder}rediger/",
        f"{builder}last-ned/",
        f"{builder}slett/",
        *slides,
        f"{builder}vis/",
    ]:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        check(page, path)
    page.goto(f"{start}fortelling/mal/nytt/")
    follow(page, page.get_by_role("button", name="Lagre"))
    check(page, "with errors")
    page = open_page(reader, bypass_csp=True, javascript=True)
    for path in (f"{start}fortelling/", builder, f"{start}presentasjoner/"):
        page.goto(path)
        check(page, f"reader {path}")
