"""Spreadsheets of benefits: what leaves comes in unchanged, and KommIT's workbook is read sheet by sheet."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from benefits import importing
from benefits.actions import measuring
from benefits.models import Benefit, Deviation, Indicator, Measurement
from roadmap.models import ImportRow, SheetImport
from tests.benefits.conftest import MEASURED_ON, make_benefit


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


def bring_in(client, project, namespace, content, name="gevinster.xlsx", choices=None):
    """Go through the four steps and return the last page's import."""
    slug = project.slug
    start = reverse(f"{namespace}:import_file", args=[slug])
    response = client.post(start, {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, response.content.decode()
    found = SheetImport.objects.latest("pk")
    columns = client.get(response["Location"])
    posted = {n: v for n, f in columns.context["form"].fields.items() if (v := f.initial) is not None}
    posted = {n: str(v) for n, v in posted.items() if v != ""}
    response = client.post(response["Location"], posted)
    assert response.status_code == 302, response.content.decode()
    review = reverse(f"{namespace}:import_review", args=[slug, found.pk])
    if choices:
        client.post(review, {"all_twins": choices})
    client.post(review, {"bring_in": "1"})
    return SheetImport.objects.get(pk=found.pk)


def out(client, name, project, form):
    return client.get(reverse(name, args=[project.slug, form])).content


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
@pytest.mark.parametrize(
    ("address", "namespace"),
    [
        ("benefits:sheet", "benefits"),
        ("benefits:indicator_sheet", "benefits:indicators"),
        ("benefits:measurement_sheet", "benefits:measurements"),
    ],
)
def test_own_sheet_comes_in_again_and_changes_nothing(
    project, indicator, leader, leader_client, address, namespace, form
):
    measuring.record_measurement(indicator=indicator, on=MEASURED_ON, value=Decimal("330.5"), by=leader)
    before = everything()
    content = out(leader_client, address, project, form)
    bring_in(leader_client, project, namespace, content, f"ut.{form}", choices="update")
    assert everything() == before


def everything():
    skip = {"created_at"}
    return [
        [{k: v for k, v in row.items() if k not in skip} for row in model.objects.order_by("pk").values()]
        for model in (Benefit, Indicator, Measurement, Deviation)
    ]


def test_kommit_plan_becomes_benefits(project, leader_client):
    rows = [
        ["Gevinstrealiseringsplan - Trygg hjemme"],
        [],
        [],
        [
            "Gevinst\n(kopieres automatisk)",
            "Tiltak for å få gevinster realisert",
            "Frist for tiltak",
            'Hvordan skal gevinsten "omsettes"?',
            "Måleindikator for gevinsten",
            "Når blir gevinsten realisert?",
            "Gevinst-   ansvarlig",
        ],
        ["Færre turer", "Lær opp vakter", date(2026, 12, 18), "Nye oppgaver", "Turer", "2027", "Kari"],
    ]
    other = [["Endring", "Hvorfor"], ["x", "y"]]
    book = workbook(KONSEPT_Endringsanalyse=other, PLANLEGGE_Gevinstreal=rows)
    bring_in(leader_client, project, "benefits", book)
    benefit = Benefit.objects.get()
    assert (benefit.name, benefit.take_out_action) == ("Færre turer", "Lær opp vakter")
    assert (benefit.take_out_due_on, benefit.taken_out_note) == (date(2026, 12, 18), "Nye oppgaver")


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


def test_kommit_follow_up_becomes_indicators_with_honest_dates(project, leader, leader_client):
    make_benefit(project, by=leader, name="Færre turer", take_out_due_on=date(2027, 6, 30))
    make_benefit(project, by=leader, name="Uten frist")
    head = ["Gevinst", "Måleindikator", "Måleenhet", "Dagens verdi", "Ønsket verdi", "Målemetode"]
    rows = [
        head,
        ["Færre turer", "Turer", "turer per uke", 412, 240, "Rapport"],
        ["Uten frist", "Avvik", "Antall", 8, 2, ""],
        ["Finnes ikke", "Avvik", "Antall", 8, 2, ""],
    ]
    found = bring_in(leader_client, project, "benefits:indicators", workbook(Oppfølgingsplan=rows))
    indicator = Indicator.objects.get()
    assert (indicator.unit, indicator.unit_label) == ("count", "turer per uke")
    assert (indicator.baseline, indicator.target_on) == (412, date(2027, 6, 30))
    faulty = ImportRow.objects.filter(sheet_import=found).exclude(errors={})
    late = "Skriv dagen målet skal nås."
    assert {row.number: row.errors for row in faulty} == {
        3: {"target_on": late},
        4: {
            "benefit": "Prosjektet har ingen gevinst med dette navnet.",
            "target_on": late,
        },
    }


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


def test_names_that_formulas_copied_are_read_as_they_showed():
    texts = importing.shown({"name": importing.Formula("Færre turer"), "value": "3"})
    assert texts == {"name": "Færre turer", "value": "3"}
    assert not isinstance(texts["name"], importing.Formula)
