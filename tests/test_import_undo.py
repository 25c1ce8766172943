"""Undoing an import lets alone the new rows that somebody has worked with since."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from benefits.actions import benefits, deviations, measuring
from benefits.importing import BenefitsImporter, MeasurementsImporter
from benefits.models import Benefit, Deviation, Measurement
from roadmap import importing, planning
from roadmap.models import Risk
from roadmap.tool_importing import RiskImporter
from tests.benefits.conftest import make_indicator
from tests.conftest import TODAY


def brought_in(project, importer, text, by):
    file = SimpleUploadedFile("rader.csv", text.encode())
    found = importing.choose(project=project, importer=importer, file=file, today=TODAY, by=by)
    importing.read_all(sheet_import=found, importer=importer, mapping=found.mapping)
    importing.bring_in(sheet_import=found, importer=importer, today=TODAY, by=by, now=timezone.now())
    return found


def undone(found, importer, by) -> int:
    return importing.undo(sheet_import=found, importer=importer, by=by, now=timezone.now())


@pytest.mark.parametrize("worked_with", [True, False])
def test_risk_that_got_an_action_since_stays(project, leader, worked_with):
    importer = RiskImporter()
    text = "Hendelse;Sannsynlighet;Konsekvens\nKonkurs;3;4\nForsinkelse;2;2\n"
    found = brought_in(project, importer, text, leader)
    if worked_with:
        risk = Risk.objects.get(event="Konkurs")
        risk.action = "Avtale i reserve"
        planning.save_row(project=project, row=risk, by=leader)
    assert undone(found, importer, leader) == worked_with
    assert [risk.event for risk in Risk.objects.all()] == ["Konkurs"] * worked_with


def test_benefit_that_got_an_amount_since_stays(project, leader):
    importer = BenefitsImporter()
    found = brought_in(project, importer, "Gevinst;Type\nFørste;Spart tid\nAndre;Spart tid\n", leader)
    first = Benefit.objects.get(name="Første")
    benefits.set_year(benefit=first, year=2027, gross=Decimal(100), by=leader)
    assert undone(found, importer, leader) == 1
    assert list(Benefit.objects.all()) == [first]
    assert first.year_amounts.count() == 1


def values_of(project, by, text):
    head = "Gevinst;Måleindikator;Dato;Dagens måling\n"
    rows = "".join(f"Færre medisinturer;Medisinturer;{row}\n" for row in text.split())
    return brought_in(project, MeasurementsImporter(), head + rows, by)


@pytest.mark.parametrize("rows", ["1.9.26;500 8.9.26;360 15.9.26;500", "15.9.26;500 8.9.26;360 1.9.26;500"])
def test_values_go_in_whatever_order_they_stand(
    project, leader, member, rows, mailoutbox, django_capture_on_commit_callbacks
):
    """Outside, inside and outside again: a closed deviation and an open one come and go with them."""
    indicator = make_indicator(project, by=leader)
    due_on = indicator.next_due_on
    with django_capture_on_commit_callbacks(execute=True):
        found = values_of(project, member, rows)
    assert [message.to for message in mailoutbox] == [[leader.email]]  # of the one that is open
    assert list(Deviation.objects.order_by("pk").values_list("state", flat=True)) == ["closed", "open"]
    assert undone(found, MeasurementsImporter(), leader) == 0
    assert not Measurement.objects.exists()
    assert not Deviation.objects.exists()
    indicator.refresh_from_db()
    assert indicator.next_due_on == due_on


def test_what_a_value_said_of_an_open_deviation_goes_with_it(project, leader):
    """A second miss lifts, and a value inside closes, only as long as the value stands."""
    indicator = make_indicator(project, by=leader)
    values = {"indicator": indicator, "by": leader}
    measuring.record_measurement(on=date(2026, 9, 1), value=Decimal(500), **values)
    found = values_of(project, leader, "8.9.26;500")
    deviation = Deviation.objects.get()
    assert (deviation.state, deviation.misses) == ("lifted", 2)
    assert undone(found, MeasurementsImporter(), leader) == 0
    deviation.refresh_from_db()
    assert (deviation.state, deviation.misses) == ("open", 1)
    action = deviations.add_action(
        deviation=deviation, what="Ny rute", responsible=leader, due_on=date(2026, 9, 5), by=leader
    )
    found = values_of(project, leader, "8.9.26;360")
    action.refresh_from_db()
    assert action.result == "worked"
    assert undone(found, MeasurementsImporter(), leader) == 0
    deviation.refresh_from_db()
    action.refresh_from_db()
    assert (deviation.state, deviation.outcome, action.result) == ("open", "", "")


def test_value_others_built_on_stays(project, leader):
    indicator = make_indicator(project, by=leader)
    found = values_of(project, leader, "1.9.26;500 8.9.26;360")
    measuring.record_measurement(indicator=indicator, on=date(2026, 9, 15), value=Decimal(355), by=leader)
    indicator.refresh_from_db()
    assert undone(found, MeasurementsImporter(), leader) == 2
    assert Measurement.objects.count() == 3
    due_on = indicator.next_due_on
    indicator.refresh_from_db()
    assert indicator.next_due_on == due_on
