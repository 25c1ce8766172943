"""Numbers that stand when they are pressed: too large, of another unit, nearly there, read from a sheet."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pypdf
import pytest
from django.urls import reverse

from benefits import charts, drawings, realisation, warnings, wording
from benefits.actions import benefits as actions
from benefits.actions import deviations, measuring
from benefits.explanations import hours_steps
from benefits.figures import State
from benefits.models import Benefit, BenefitPlan, Calculation, HourRate, YearAmount
from benefits.reading import project_benefits, read_figures
from benefits.sums import sums
from roadmap.models import Project
from tests.benefits.conftest import MEASURED_ON, make_benefit, make_indicator
from tests.benefits.test_import import bring_in, workbook
from tests.conftest import TODAY, make_project


@pytest.fixture(autouse=True)
def _thursday(time_machine):
    time_machine.move_to("2026-11-19T12:00:00+01:00", tick=False)


def measured(indicator, value, on=MEASURED_ON):
    """Record a value; return what came of it and the indicator's figure."""
    by = indicator.benefit.created_by
    outcome = measuring.record_measurement(indicator=indicator, on=on, value=Decimal(value), by=by)
    fresh = Project.objects.get(pk=indicator.benefit.project_id)
    return outcome, project_benefits(fresh, TODAY).benefits[0].main


# ------------------------------------------------------------------ too large, and of another unit


@pytest.mark.parametrize(
    "typed",
    [
        {"gross": "1e40"},
        {"gross": "99999999999999999"},
        {"gross": "1,23456"},
        {"project_cost_nok": "99999999999999999999"},
        {"operating_cost_nok": "0,5"},
    ],
)
def test_amount_no_column_can_hold_is_refused_at_the_field(project, leader, leader_client, typed):
    benefit = make_benefit(project, by=leader)
    url = reverse("benefits:years", args=[project.slug, benefit.pk])
    answer = leader_client.post(url, {"year": "2027", "gross": "5"} | typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(typed)
    assert not YearAmount.objects.exists()


@pytest.mark.parametrize("text", ["1e30", "12345678901234567"])
def test_number_too_large_in_a_sheet_is_told_at_its_cell(project, indicator, leader_client, text):
    rows = [
        ["Gevinst", "Måleindikator", "Dagens måling", "Dato"],
        ["Færre medisinturer", "Medisinturer", text, ""],
    ]
    found = bring_in(leader_client, project, "benefits:measurements", workbook(A=rows))
    assert found.rows.get().errors == {"value": "Tallet er for stort."}
    assert not indicator.measurements.exists()


def test_hours_never_become_kroner(project, indicator, leader, leader_client):
    benefit = indicator.benefit
    hours = {"times_per_year": Decimal(8944), "minutes_each": Decimal(15)}
    calculation = Calculation(method="time_saved", **hours)
    actions.calculate(benefit=benefit, calculation=calculation, today=TODAY, by=leader)
    data = {"name": benefit.name, "type": "avoided_cost", "recipient": "employee", "horizon": "short"}
    page = leader_client.post(reverse("benefits:edit", args=[project.slug, benefit.pk]), data)
    assert "Gevinsten har beløp i enheten til typen sin." in page.content.decode()
    sheet = workbook(A=[["Gevinst", "Gevinsttype"], [benefit.name, "Unngåtte kostnader"]])
    bring_in(leader_client, project, "benefits", sheet, choices="update")
    benefit.refresh_from_db()
    assert benefit.type == "time_saved"
    Benefit.objects.filter(pk=benefit.pk).update(type="avoided_cost")
    assert read_figures(Benefit.objects.all(), TODAY)[0].per_year is None


def test_sheet_leaves_the_days_it_does_not_tell(project, indicator, leader_client):
    Benefit.objects.update(take_out_due_on=date(2028, 12, 31))
    head = ["Gevinst", "Måleindikator", "Dagens verdi", "Ønsket verdi", "Måleenhet", "Målemetode"]
    row = ["Færre medisinturer", "Medisinturer", 410, 238, "turer per måned", "Uttrekk"]
    bring_in(leader_client, project, "benefits:indicators", workbook(A=[head, row]), choices="update")
    before = indicator.baseline_on, indicator.target_on, indicator.unit
    indicator.refresh_from_db()
    assert (indicator.baseline, indicator.target, indicator.method_note) == (410, 238, "Uttrekk")
    assert (indicator.baseline_on, indicator.target_on, indicator.unit) == before


# ------------------------------------------------------------------ what is told adds up


def test_told_numbers_add_up_and_show_their_difference(project, leader):
    percent = {"unit": "percent", "unit_label": "", "baseline": Decimal(10), "target": Decimal(5)}
    low = make_indicator(
        project, by=leader, points=((MEASURED_ON, "7.6"),), tolerance=Decimal("0.2"), **percent
    )
    outcome, figure = measured(low, 8)
    assert wording.against_expected(figure.latest, low) == "0,4 prosentpoeng over forventet 7,6 %"
    assert wording.deviation_size(outcome.deviation, low) == "0,4 prosentpoeng for mye"


def test_half_a_trip_is_told_as_half_a_trip(project, leader):
    indicator = make_indicator(project, by=leader, points=((MEASURED_ON, "320.5"),))
    _outcome, figure = measured(indicator, 348)
    assert wording.against_expected(figure.latest, indicator) == "27,5 over forventet 320,5"


def test_almost_is_not_all():
    assert [wording.percent(Decimal(n)) for n in ("0.994", "0.997", "1", "1.004")] == [
        "99 %",
        "99 %",
        "100 %",
        "100 %",
    ]


def test_hours_of_a_calculation_can_be_multiplied(municipality):
    rate = HourRate(year=2019, nok_per_hour=450, hours_per_fte=1700)
    _equivalents, kroner = hours_steps(Decimal(700) / 60, rate)
    assert kroner.replace("\N{NARROW NO-BREAK SPACE}", " ").startswith(
        "11,67 timer × 450 kr, satsen for 2019 = 5 250 kr"
    )


def test_value_before_the_baseline_is_in_the_picture_and_judges_nothing(project, leader):
    indicator = make_indicator(project, by=leader)
    _outcome, figure = measured(indicator, 600, date(2026, 1, 15))
    assert figure.state == State.NO_MEASUREMENTS
    drawn = charts.chart(figure, drawings.PAGE)
    assert all(
        0 <= float(y) <= drawings.PAGE.height for y in re.findall(r'<circle[^>]* cy="([-\d.]+)"', drawn)
    )


def test_project_cost_alone_does_not_move_the_first_year(project, leader):
    benefit = make_benefit(project, by=leader, type="avoided_cost", taken_out="lower_cost")
    plan = BenefitPlan.objects.create(project=project, investment_nok=0, discount_rate=Decimal(10))
    actions.set_year(benefit=benefit, year=2027, gross=Decimal(110), by=leader)
    actions.set_year(benefit=benefit, year=2026, gross=None, project_cost_nok=500_000, by=leader)
    assert realisation.present_value(project, plan)["value"] == "100 kr"


# ------------------------------------------------------------------ across projects


def test_claims_are_those_of_the_sums_whatever_is_chosen(project, municipality, owner, leader, leader_client):
    other = make_project(municipality, owner=owner, leader=leader, name="Annet", area="Nord")
    Project.objects.filter(pk=project.pk).update(area="Sør")
    for place, kind in ((project, "time_saved"), (other, "time_saved"), (other, "avoided_cost")):
        benefit = make_benefit(place, by=leader, type=kind, name=kind)
        if place == other:
            make_indicator(place, by=leader, benefit=benefit, name=f"Annet {kind}")
        make_indicator(place, by=leader, benefit=benefit)
        actions.set_year(benefit=benefit, year=2026, gross=Decimal("10.5"), by=leader)
    sheet = reverse("benefits:budget_sheet", args=[2026, "csv"])

    def rows(**chosen):
        content = leader_client.get(sheet, chosen).content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(content), delimiter=";"))

    assert [row["Planlagt"] for row in rows()] == ["11"] * 3
    assert [row["Ført av en annen også"] for row in rows(omrade="Sør")] == ["Nei"]
    assert leader_client.get(sheet, {"omrade": "Sør", "ar": "1999"}).status_code == 404
    mine = project_benefits(Project.objects.get(pk=project.pk), TODAY)
    assert warnings.claimed_elsewhere(mine, leader) == []
    Benefit.objects.get(project=other, type="time_saved").indicators.get(name="Annet time_saved").delete()
    assert [row["Ført av en annen også"] for row in rows(omrade="Sør")] == ["Ja"]
    mine = project_benefits(Project.objects.get(pk=project.pk), TODAY)
    assert [name for _figure, name in warnings.claimed_elsewhere(mine, leader)] == ["Annet"]
    everything = read_figures(Benefit.objects.all(), TODAY)
    assert {s.type: s.overlap for s in sums(everything, 2026, TODAY)} == {
        "avoided_cost": 0,
        "time_saved": Decimal("10.5"),
    }


@pytest.mark.parametrize(
    "name", ["Turer", "Antall langvarige medisinturer i hele sonen, med og uten dispenser"]
)
def test_meeting_sheet_of_five_deviations_fits_on_one_page(project, leader, leader_client, name):
    for number in range(5):
        indicator = make_indicator(project, by=leader, name=f"{name} {number}")
        found = measuring.record_measurement(
            indicator=indicator, on=MEASURED_ON, value=Decimal(348), by=leader
        )
        deviations.write_cause(deviation=found.deviation, cause="Vikarene mangler tilgang. " * 9, by=leader)
        for _n in range(2):
            deviations.add_action(
                deviation=found.deviation, what="Gi tilgang " * 9, responsible=leader, due_on=TODAY, by=leader
            )
    content = leader_client.get(reverse("reports:meeting_sheet_pdf", args=[project.slug])).content
    (page,) = pypdf.PdfReader(io.BytesIO(content)).pages
    assert page.extract_text().count("og én til") == 5
