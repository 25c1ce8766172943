"""Spreadsheets of benefits: what leaves comes in unchanged, and KommIT's workbook is read sheet by sheet."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from benefits.actions import benefits as benefit_actions
from benefits.actions import measuring
from benefits.models import Benefit, Deviation, HourRate, Indicator, Measurement, YearAmount
from innovasjon.models import User
from roadmap import importing as importing_pages
from roadmap.models import ImportRow, SheetImport
from tests.benefits.conftest import MEASURED_ON, make_benefit
from tests.benefits.kommit import filled_workbook
from tests.conftest import make_person


def workbook(**sheets) -> bytes:
    """Return a workbook; each sheet is its rows, an Excel formula is given as (formula, shown value)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title.replace("_", " "))
        for row in rows:
            page.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def posted_to(client, columns):
    fields = client.get(columns).context["form"].fields.items()
    return {name: str(field.initial) for name, field in fields if field.initial not in (None, "")}


def review_of(namespace, found):
    return reverse(f"{namespace}:import_review", args=[found.project.slug, found.pk])


def start(client, project, namespace, content, name="gevinster.xlsx", choices=None):
    """Go as far as the rows that are looked over, with what is there already as one chooses."""
    page = reverse(f"{namespace}:import_file", args=[project.slug])
    response = client.post(page, {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()
    columns = response["Location"]
    response = client.post(columns, posted_to(client, columns))
    assert response.status_code == 302, response.content.decode()
    found = SheetImport.objects.latest("pk")
    if choices:
        client.post(review_of(namespace, found), {"all_twins": choices})
    return found


def bring_in(client, project, namespace, content, name="gevinster.xlsx", choices=None):
    """Go through the four steps and return the import."""
    found = start(client, project, namespace, content, name, choices)
    client.post(review_of(namespace, found), {"bring_in": "1"})
    return SheetImport.objects.get(pk=found.pk)


def out(client, name, project, form):
    return client.get(reverse(name, args=[project.slug, form])).content


ADDRESSES = {
    "benefits": "benefits:sheet",
    "benefits:analysis": "benefits:amount_sheet",
    "benefits:indicators": "benefits:indicator_sheet",
    "benefits:measurements": "benefits:measurement_sheet",
}


def bring_in_what_leaves(client, project, form):
    for namespace, address in ADDRESSES.items():
        content = out(client, address, project, form)
        found = bring_in(client, project, namespace, content, f"ut.{form}", choices="update")
        assert not found.rows.faulty().exists(), namespace


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_own_sheets_come_in_again_and_change_nothing(project, indicator, leader, leader_client, form):
    benefit = indicator.benefit
    benefit.owner = benefit.responsible = indicator.measurer = leader
    benefit.save()
    indicator.save()
    benefit_actions.set_year(
        benefit=benefit, year=2027, gross=Decimal("400.5"), operating_cost_nok=7, by=leader
    )
    benefit_actions.set_year(benefit=benefit, year=2029, gross=Decimal(900), by=leader)
    measuring.record_measurement(indicator=indicator, on=MEASURED_ON, value=Decimal("330.5"), by=leader)
    before = everything()
    bring_in_what_leaves(leader_client, project, form)
    assert everything() == before


def everything():
    skip = {"created_at"}
    return [
        [{k: v for k, v in row.items() if k not in skip} for row in model.objects.order_by("pk").values()]
        for model in (Benefit, YearAmount, Indicator, Measurement, Deviation)
    ]


def test_kommit_workbook_comes_in_sheet_by_sheet_and_leaves_unchanged(
    project, leader_client, municipality, reader, leader
):
    """Names by formula, years in a second row, two actions to a benefit, signatures and costs below."""
    kari = make_person(municipality, "Kari Leder", position="Avdelingsleder")
    HourRate.objects.create(municipality=municipality, year=2026, nok_per_hour=450, hours_per_fte=1750)
    content = filled_workbook(responsible=("Kari Leder", "avdelingsleder", "Ordfører"))
    faults = {}
    for namespace in ("benefits", "benefits:changes", *list(ADDRESSES)[1:]):
        found = start(leader_client, project, namespace, content, choices="update")
        faults |= {(found.kind, row.number): row.errors for row in found.rows.faulty()}
        if found.kind == "benefits":  # the one who is nobody here is left out, and the row comes
            leader_client.post(review_of(namespace, found), {"cell-9-responsible": ""})
        leader_client.post(review_of(namespace, found), {"bring_in": "1"})
    nobody = "Ingen her heter «Ordfører». Skriv et annet navn eller e-post, eller la feltet stå tomt."
    assert faults == {("benefits", 9): {"responsible": nobody}}

    trips, temps, safety = project.benefits.order_by("number")
    assert [b.type for b in (trips, temps, safety)] == ["time_saved", "avoided_cost", "quality"]
    assert [b.kommit_type for b in (trips, temps, safety)] == ["indirect", "direct", "qualitative"]
    assert [b.taken_out for b in (trips, temps, safety)] == ["moved", "lower_cost", "better_quality"]
    assert [b.responsible for b in (trips, temps, safety)] == [kari, kari, None]
    assert [b.budget_year for b in (trips, temps, safety)] == [2027, 2028, 2027]
    assert trips.take_out_action == "Lær opp vaktene (01.03.2027)\nLegg om turnusen (30.06.2027)"
    assert trips.take_out_due_on == date(2027, 6, 30)
    assert (trips.change, trips.plan_goal) == ("Dispenser hjemme", "Mer tid til hver")
    assert (trips.assumptions, safety.importance) == ("Nettet virker", 4)
    amounts = YearAmount.objects.order_by("benefit__number", "year").values_list("year", "gross")
    assert list(amounts) == [  # an årsverk is 1 750 hours here
        *[(2027, 875), (2028, 2625), (2029, 2625), (2030, 2625)],
        *[(2027, 0), (2028, 400_000), (2029, 400_000), (2030, 400_000)],
    ]
    indicators = Indicator.objects.order_by("benefit__number")
    assert [(i.name, i.unit, i.baseline, i.target) for i in indicators] == [
        ("Turer per uke", "count", 412, 240),
        ("Vikartimer", "hours", 1200, 300),
        ("Trygghet", "points", 6, 8),
    ]
    assert {i.baseline_on for i in indicators} == {date(2026, 3, 1)}
    assert indicators[0].target_on == date(2027, 6, 30)
    measured = Measurement.objects.order_by("pk").values_list("value", "on")
    assert list(measured) == [(348, date(2026, 11, 13)), (900, date(2026, 11, 13))]

    before = everything()
    bring_in_what_leaves(leader_client, project, "xlsx")
    assert everything() == before


def test_names_that_fit_several_or_nobody_are_asked_about(project, municipality, leader_client):
    for name in ("Kari En", "Karianne To"):
        User.objects.filter(pk=make_person(municipality, name).pk).update(name="Kari Hansen")
    rows = [["Gevinst", "Gevinsteier"], ["Færre turer", "Kari Hansen"], ["Bedre søvn", "KARI@0901.example"]]
    found = bring_in(leader_client, project, "benefits", workbook(A=rows))
    assert [row.errors for row in found.rows.faulty()] == [
        {"owner": "Flere heter «Kari Hansen». Skriv e-posten: kari@0901.example eller karianne@0901.example."}
    ]
    assert Benefit.objects.get().handovers.waiting().get().to.email == "kari@0901.example"


def test_digdirs_priced_benefits_come_in_as_thousands_from_a_year_one_chooses(project, leader, leader_client):
    make_benefit(project, by=leader, name="Lavere utgift", type="avoided_cost")
    head = ["År:", *range(1, 11), "Sum over hele tiltakets levetid"]
    rows = [
        ["Talleksemplene (i tusen kroner) er hentet fra eksempeldokumentene"],
        head,
        ["Lavere utgift", 0, 1600, 3200.5],
        ["Gevinst …"],
        ["Sum brutto nyttevirkning (B)", 0, 1600],
        ["Driftskostnader ny løsning (D)", 0, 800],
    ]
    costs = [["År:", *range(1, 11), "Totalt over hele tiltakets levetid"], ["Prosjektkostnader (P)", 1400]]
    book = workbook(B_Investeringsanalyse=costs, C_Prissatte=rows)
    found = start(leader_client, project, "benefits:analysis", book)
    assert [row.errors for row in found.rows.all()] == [
        {"first_year": "Velg året det første beløpet gjelder."}
    ]
    columns = reverse("benefits:analysis:import_columns", args=[project.slug, found.pk])
    leader_client.post(columns, posted_to(leader_client, columns) | {"first_year": "=2027"})
    review = review_of("benefits:analysis", found)
    leader_client.post(review, {"twin-3": "update"})
    leader_client.post(review, {"bring_in": "1"})
    assert list(YearAmount.objects.order_by("year").values_list("year", "gross")) == [
        (2027, 0),
        (2028, 1_600_000),
        (2029, 3_200_500),
    ]
    leader_client.post(reverse("benefits:analysis:import_undo", args=[project.slug, found.pk]))
    assert not YearAmount.objects.exists()
    assert Benefit.objects.exists()


def test_kommit_analysis_tells_type_and_importance_of_what_is_there(project, leader, leader_client):
    make_benefit(project, by=leader, name="Tryggere pårørende", type="time_saved")
    rows = [
        [
            "Gevinst\n(kopieres automatisk fra endringsanalysen):",
            "Gevinsttype\n(velg fra listen):",
            "Gevinst-betydning\n(1 - 5):",
        ],
        ["Tryggere pårørende", "Kvalitativ", 4],
    ]
    book = workbook(KONSEPT_Gevinstanalyse=rows)
    bring_in(leader_client, project, "benefits:analysis", book, choices="update")
    benefit = Benefit.objects.get()
    assert (benefit.type, benefit.importance) == ("quality", 4)


def test_kommit_follow_up_becomes_indicators_with_honest_dates(project, leader, leader_client, time_machine):
    time_machine.move_to(MEASURED_ON)
    make_benefit(project, by=leader, name="Færre turer", take_out_due_on=date(2027, 6, 30))
    make_benefit(project, by=leader, name="Uten frist")
    head = ["Gevinst", "Måleindikator", "Måleenhet", "Dagens verdi", "Ønsket verdi", "Målemetode"]
    rows = [
        head,
        ["Færre turer", "Turer", "turer per uke", 412, 240, "Rapport"],
        ["Uten frist", "Avvik", "Antall", 8, 2, ""],
        ["Finnes ikke", "Avvik", "Antall", 8, 2, ""],
    ]
    found = start(leader_client, project, "benefits:indicators", workbook(Oppfølgingsplan=rows))
    faulty = ImportRow.objects.filter(sheet_import=found).exclude(errors={})
    late = "Skriv dagen målet skal nås."
    assert {row.number: row.errors for row in faulty} == {
        3: {"target_on": late},
        4: {
            "benefit": "Prosjektet har ingen gevinst med dette navnet.",
            "target_on": late,
        },
    }
    columns = reverse("benefits:indicators:import_columns", args=[project.slug, found.pk])
    days = {"baseline_on_same_day": "1.3.26", "target_on_same_day": "31.12.2027"}
    leader_client.post(columns, posted_to(leader_client, columns) | days)
    assert [row.number for row in found.rows.faulty()] == [4]
    leader_client.post(review_of("benefits:indicators", found), {"bring_in": "1"})
    first, second = Indicator.objects.order_by("pk")
    assert (first.unit, first.unit_label, first.baseline) == ("count", "turer per uke", 412)
    assert {i.baseline_on for i in (first, second)} == {date(2026, 3, 1)}
    assert {i.target_on for i in (first, second)} == {date(2027, 12, 31)}


def test_measurement_from_a_sheet_opens_its_deviation_and_is_undone(
    project, indicator, leader_client, time_machine
):
    time_machine.move_to("2026-11-16T12:00:00+01:00")
    rows = [
        ["Gevinst:", "Måleindikator:", "Dagens måling:", "Mål-oppnåelse:", "Måledato"],
        ["Færre medisinturer", "Medisinturer", 348, 0.37, date(2026, 11, 13)],
        ["Færre medisinturer", "Noe annet", 1, "", date(2026, 11, 13)],
    ]
    found = bring_in(leader_client, project, "benefits:measurements", workbook(REALISERE=rows))
    measurement = Measurement.objects.get()
    assert (measurement.value, measurement.source, measurement.period) == (348, "sheet", "2026-W46")
    assert Deviation.objects.get().opened_by == measurement
    undo = reverse("benefits:measurements:import_undo", args=[project.slug, found.pk])
    leader_client.post(undo)
    assert not Measurement.objects.exists()
    assert not Deviation.objects.exists()


def test_measurement_that_is_there_is_corrected(project, indicator, leader, leader_client):
    measuring.record_measurement(indicator=indicator, on=MEASURED_ON, value=Decimal(384), by=leader)
    rows = [
        ["Gevinst", "Måleindikator", "Dagens måling", "Dato"],
        ["Færre medisinturer", "Medisinturer", 348, MEASURED_ON],
    ]
    bring_in(leader_client, project, "benefits:measurements", workbook(A=rows), choices="update")
    assert list(Measurement.objects.order_by("pk").values_list("value", "is_current")) == [
        (384, False),
        (348, True),
    ]


def test_measured_by_another_in_the_last_instant_is_seen_and_nothing_is_written_twice(
    project, indicator, leader, leader_client, monkeypatch
):
    rows = [
        ["Gevinst", "Måleindikator", "Dagens måling", "Dato"],
        ["Færre medisinturer", "Medisinturer", 348, MEASURED_ON],
    ]
    found = start(leader_client, project, "benefits:measurements", workbook(A=rows))
    look_again = importing_pages.look_again

    def and_then_somebody_measures(*args):
        moved = look_again(*args)
        if not Measurement.objects.exists():
            values = {"on": MEASURED_ON, "value": Decimal(384), "by": leader}
            measuring.record_measurement(indicator=indicator, **values)
        return moved

    monkeypatch.setattr(importing_pages, "look_again", and_then_somebody_measures)
    review = review_of("benefits:measurements", found)
    page = leader_client.post(review, {"bring_in": "1"}, follow=True)
    assert "Noen har endret listen i mellomtiden." in page.content.decode()
    assert 'value="add"' not in page.content.decode()  # a week has one value
    assert Measurement.objects.count() <= 1
    monkeypatch.undo()
    leader_client.post(review, {"bring_in": "1"}, follow=True)
    assert Measurement.objects.count() <= 1
