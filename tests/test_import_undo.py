"""Undoing an import lets alone the new rows that somebody has worked with since."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from benefits.actions import benefits
from benefits.importing import BenefitsImporter
from benefits.models import Benefit
from roadmap import importing, planning
from roadmap.models import Risk
from roadmap.tool_importing import RiskImporter
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
