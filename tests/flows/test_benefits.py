"""Baseline → path → measurement → deviation → cause → action → the next measurement closes it."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests.benefits.conftest import make_benefit, make_indicator
from tests.flows.conftest import check, follow


def shown(day):
    return f"{day:%d.%m.%Y}"


def test_a_deviation_is_opened_explained_and_closed(open_page, project, leader):
    today = timezone.localdate()
    page = open_page(leader)
    page.goto(f"/prosjekter/{project.slug}/gevinster/")
    follow(page, page.get_by_role("link", name="Legg til gevinst"))
    page.get_by_label("Hva blir bedre?").fill("Færre medisinturer")
    page.get_by_label("Spart tid").check()
    page.get_by_label("Hvem får gevinsten?").select_option("Ansatte")
    follow(page, page.get_by_role("button", name="Lagre gevinsten"))
    follow(page, page.get_by_role("link", name="Legg til indikator").first)
    page.get_by_label("Hva måles?").fill("Medisinturer")
    page.get_by_label("Enhet i ord").fill("turer per uke")
    page.get_by_label("Nullpunkt", exact=False).first.fill("412")
    page.locator("#id_baseline_on").fill(shown(today - timedelta(days=200)))
    page.locator("#id_target").fill("240")
    page.locator("#id_target_on").fill(shown(today + timedelta(days=200)))
    page.get_by_label("Tillatt avvik").fill("18")
    page.get_by_label("Hvor ofte?").select_option("Hver uke")
    follow(page, page.get_by_role("button", name="Lagre indikatoren"))
    follow(page, page.get_by_role("link", name="Sett forventet bane"))
    page.locator("#id_form-0-on").fill(shown(today - timedelta(days=7)))
    page.locator("#id_form-0-value").fill("321")
    follow(page, page.get_by_role("button", name="Lagre banen"))
    follow(page, page.get_by_role("link", name="Før en måling"))
    page.get_by_label("Verdi").fill("348")
    page.locator("#id_on").fill(shown(today - timedelta(days=7)))
    follow(page, page.get_by_role("button", name="Lagre målingen"))
    expect(page.get_by_text("27 over forventet 321. Et avvik er åpnet.")).to_be_visible()
    expect(page.get_by_role("heading", name="Tallet går ned, men ikke fort nok")).to_be_visible()
    follow(page, page.get_by_role("link", name="Skriv årsaken"))
    page.get_by_label("Hvorfor er tallet utenfor?").fill("Opplæringen ble utsatt")
    follow(page, page.get_by_role("button", name="Lagre årsaken"))
    follow(page, page.get_by_role("link", name="Legg til tiltak"))
    page.get_by_label("Hva gjør dere?").fill("Lær opp 14 kveldsvakter")
    page.get_by_label("Ansvarlig").select_option(label="Liv Leder")
    page.get_by_label("Frist").fill(shown(today + timedelta(days=5)))
    follow(page, page.get_by_role("button", name="Lagre tiltaket"))
    expect(page.get_by_text("Svar ved neste måling")).to_be_visible()
    follow(page, page.get_by_role("link", name="Før en måling"))
    page.get_by_label("Verdi").fill("322")
    follow(page, page.get_by_role("button", name="Lagre målingen"))
    expect(page.get_by_text("Avviket er lukket.")).to_be_visible()
    expect(page.get_by_text("Tiltaket virket").first).to_be_visible()


def test_pages_of_benefits_have_no_faults(open_page, project, leader, reader, owner):
    indicator = make_indicator(project, by=leader, benefit=make_benefit(project, by=leader, owner=owner))
    make_benefit(project, by=leader, name="Tryggere hverdag", type="quality", disbenefits="Færre besøk")
    start = f"/prosjekter/{project.slug}/gevinster/"
    one = f"{start}{indicator.benefit_id}/"
    page = open_page(leader, bypass_csp=True)
    page.goto(f"{one}maling/")
    page.get_by_label("Verdi").fill("348")
    page.locator("#id_on").fill("13.11.2026")
    follow(page, page.get_by_role("button", name="Lagre målingen"))
    deviation = indicator.deviations.get()
    measured = indicator.measurements.get()
    for path in (
        "/gevinster/",
        "/gevinster/?type=quality&omrade=",
        "/gevinster/timepris/",
        f"/prosjekter/{project.slug}/",
        start,
        f"{start}ny/",
        f"{start}plan/godkjenning/",
        one,
        f"{one}rediger/",
        f"{one}slett/",
        f"{one}utregning/",
        f"{one}ar/",
        f"{one}maling/",
        f"{one}malinger/{measured.pk}/rett/",
        f"{one}avvik/{deviation.pk}/arsak/",
        f"{one}avvik/{deviation.pk}/tiltak/",
        f"{one}indikatorer/ny/",
        f"{one}indikatorer/{indicator.pk}/rediger/",
        f"{one}indikatorer/{indicator.pk}/bane/",
        f"{one}indikatorer/{indicator.pk}/slett/",
        f"{one}indikatorer/{indicator.pk}/utsett/",
    ):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        check(page, path)
    page.goto(f"{one}maling/")
    follow(page, page.get_by_role("button", name="Lagre målingen"))
    check(page, "measurement with errors")
    page = open_page(owner, bypass_csp=True)
    page.goto(f"{one}svar/")
    check(page, "answer")
    page = open_page(reader, bypass_csp=True)
    page.goto(one)
    check(page, "reader")
