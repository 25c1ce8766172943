"""axe on what comes back: two who write at once, what is late, and what is asked before it is replaced."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from playwright.sync_api import expect

from benefits import links
from benefits.actions import deviations, indicators, measuring
from benefits.models import Indicator
from reports.calendar import Month
from roadmap.models import Activity, Project
from tests.benefits.conftest import make_indicator
from tests.flows.conftest import check, follow
from tests.reports.conftest import write


def test_plan_is_agreed_with_the_keyboard_alone(open_page, project, leader):
    page, today = open_page(leader, bypass_csp=True), timezone.localdate()
    Activity.objects.create(
        project=project, phase=1, name="Ring alle", agreed_on=today, ends_on=today + timedelta(days=9)
    )
    page.goto(f"/prosjekter/{project.slug}/plan/avtal/")
    page.get_by_label("Hvem ble enige, og hvorfor?").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Avtal planen")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    check(page, "agreeing without a reason")
    page.get_by_label("Hvem ble enige, og hvorfor?").focus()
    page.keyboard.type("Styringsgruppa")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Planen er slik den ble avtalt.")).to_be_visible()
    page.goto(f"/prosjekter/{project.slug}/plan/avtal/")
    check(page, "nothing to agree on")


def test_benefit_that_another_wrote_in_meanwhile(open_page, project, leader, member):
    today = timezone.localdate()
    indicator = make_indicator(project, by=leader, measurer=leader, points=())
    Indicator.objects.filter(pk=indicator.pk).update(next_due_on=today - timedelta(days=14))
    page = open_page(leader, bypass_csp=True)
    start = f"{indicator.get_absolute_url()}"
    page.goto(f"{start}maling/")
    expect(page.get_by_text("som ikke er målt")).to_be_visible()
    check(page, "a measurement that is late")
    page.goto(f"{start}utsett/")
    check(page, "moving a measurement")
    page.goto(f"{start}bane/")
    middle = [(indicator.baseline_on + timedelta(days=30), Decimal(400))]
    indicators.set_path(indicator=indicator, points=middle, by=member)
    page.get_by_label("Dato").first.fill(f"{indicator.baseline_on + timedelta(days=60):%d.%m.%Y}")
    page.get_by_label("Forventet verdi").first.fill("390")
    follow(page, page.get_by_role("button", name="Lagre banen"))
    check(page, "two paths")
    address = links.make(
        indicator=links.indicators().get(pk=indicator.pk),
        due_on=today - timedelta(days=14),
        person=leader,
        now=timezone.now(),
    ).removeprefix("https://innovasjon.example")
    page.goto(address)
    measured = {"on": today - timedelta(days=14), "value": Decimal(900), "by": member}
    found = measuring.record_measurement(indicator=indicator, **measured).deviation
    page.get_by_role("textbox").first.fill("348")
    follow(page, page.get_by_role("button", name="Lagre målingen"))
    expect(page.get_by_text("svarte 900 mens du skrev")).to_be_visible()
    check(page, "two answers")
    page.goto(f"{indicator.benefit.get_absolute_url()}avvik/{found.pk}/arsak/")
    deviations.write_cause(deviation=found, cause="Opplæringen ble utsatt.", by=member)
    page.get_by_label("Hvorfor er tallet utenfor?").fill("Ferie")
    follow(page, page.get_by_role("button", name="Lagre årsaken"))
    check(page, "two causes")


def test_reason_that_stands_and_is_replaced(open_page, project, leader):
    Project.objects.filter(pk=project.pk).update(
        condition="watch", condition_reason="Turene går ned, men saktere enn planlagt."
    )
    today = timezone.localdate()
    report = write(project, leader, month=Month(today.year, today.month), condition_reason="")
    page = open_page(leader, bypass_csp=True)
    page.goto(report.get_absolute_url())
    expect(page.get_by_text("Den blir stående når du velger samme tilstand")).to_be_visible()
    check(page, "a draft whose reason stands")
    report.condition_reason = "Turnusen er ikke klar."
    report.save()
    page.goto(f"{report.get_absolute_url()}publiser/")
    expect(page.get_by_text("Dette står der nå, og blir byttet ut:")).to_be_visible()
    check(page, "publishing over a reason")
