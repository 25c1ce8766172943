"""From the mail on a phone to a deviation, its cause and action, and the measurement that closes it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from benefits import links
from benefits.calendars import period_of
from benefits.models import Deviation, Indicator, Reminder
from benefits.reminders import remind, send_reminder
from tests.benefits.conftest import make_indicator
from tests.flows.conftest import check, follow, sideways


@pytest.fixture
def asked(project, leader, reader, transactional_db):
    """An indicator that is due today, on the path's 321; last time it was 339."""
    today = timezone.localdate()
    indicator = make_indicator(
        project,
        by=leader,
        measurer=reader,
        question="Hvor mange medisinturer kjørte sone Nord?",
        baseline_on=today - timedelta(days=260),
        target_on=today + timedelta(days=220),
        points=[(today - timedelta(days=6), 321), (today + timedelta(days=14), 321)],
    )
    indicator.measurements.create(
        value=339,
        on=today - timedelta(days=21),
        period=period_of("weekly", today - timedelta(days=21)),
        by=leader,
        at=timezone.now(),
    )
    Indicator.objects.filter(pk=indicator.pk).update(next_due_on=today)
    return indicator


def mailed(live_server) -> str:
    """Run the day's job, and return the path in the mail."""
    remind(timezone.now())
    for reminder in Reminder.objects.filter(sent_at=None):
        send_reminder.call(reminder.pk)
    return re.search(r"innovasjon\.example(/m/\S+)", mail.outbox[-1].body)[1]


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_number_from_the_mail_on_a_phone(open_page, live_server, asked, leader, project, javascript):
    page = open_page(size="phone", javascript=javascript, bypass_csp=javascript)
    page.goto(mailed(live_server))
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Hvor mange medisinturer kjørte sone Nord i uke"
    )
    page.get_by_role("textbox", name="Turer i uke").press_sequentially("348")
    if javascript:
        expect(page.locator("#doubt")).to_contain_text("27 mer enn forventet")
        check(page, "doubt")
    assert sideways(page) == 0
    page.get_by_label("Kommentar").fill("Kveldsvaktene er ikke opplært ennå.")
    follow(page, page.get_by_role("button", name="Lagre målingen"))
    expect(page.get_by_role("heading", name="Takk")).to_be_visible()
    expect(page.get_by_text("348 turer er lagret for uke")).to_be_visible()
    expect(page.get_by_text("Prosjektleder har fått beskjed om avviket.")).to_be_visible()
    deviation = Deviation.objects.get()
    if not javascript:
        return
    check(page, "thanks")
    team = open_page(leader)
    start = f"/prosjekter/{project.slug}/gevinster/{asked.benefit_id}/"
    team.goto(f"{start}avvik/{deviation.pk}/arsak/")
    team.get_by_label("Hvorfor er tallet utenfor?").fill("Opplæringen ble utsatt.")
    follow(team, team.get_by_role("button", name="Lagre årsaken"))
    team.goto(f"{start}avvik/{deviation.pk}/tiltak/")
    team.get_by_label("Hva gjør dere?").fill("Lær opp 14 kveldsvakter")
    team.get_by_label("Ansvarlig").select_option(index=1)
    due = timezone.localdate() + timedelta(days=8)
    team.get_by_label("Frist").fill(f"{due:%d.%m.%Y}")
    follow(team, team.get_by_role("button", name="Lagre tiltaket"))
    later = timezone.localdate() + timedelta(days=7)
    address = links.make(
        indicator=links.indicators().get(), due_on=later, person=asked.measurer, now=timezone.now()
    )
    page.goto(address.removeprefix("https://innovasjon.example"))
    page.get_by_role("textbox", name="Turer i uke").fill("318")
    follow(page, page.get_by_role("button", name="Lagre målingen"))
    expect(page.get_by_role("heading", name="Takk")).to_be_visible()
    deviation.refresh_from_db()
    assert (deviation.state, deviation.outcome) == ("closed", "worked")


def test_number_far_out_is_ticked_and_saved_without_javascript(open_page, live_server, asked):
    page = open_page(size="phone", javascript=False)
    page.goto(mailed(live_server))
    page.get_by_role("textbox", name="Turer i uke").fill("3480")
    follow(page, page.get_by_role("button", name="Lagre målingen"))
    expect(page.get_by_text("Mente du 348?")).to_be_visible()
    page.get_by_role("checkbox", name="Tallet er riktig").check()
    follow(page, page.get_by_role("button", name="Lagre målingen"))
    expect(page.get_by_role("heading", name="Takk")).to_be_visible()
    assert asked.measurements.filter(value=3480).exists()
