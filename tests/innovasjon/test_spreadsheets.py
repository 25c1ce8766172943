"""Spreadsheets that leave: no formula gets out, dates and numbers are real, æøå can be read."""

import io
from datetime import date, datetime
from pathlib import Path

import import_export
import openpyxl
import polib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from innovasjon.spreadsheets import FORMULA_SIGNS, Sheet, neutralised, respond
from roadmap.models import ChecklistItem, Project
from stakeholders.models import Measure, Stakeholder
from tests.conftest import make_project
from tests.stakeholders.test_register import NAME, add, talk
from tests.test_access import text_of
from tests.test_texts import CATALOGUE


class Example(Sheet):
    columns = (("Tekst", lambda row: row[0]), ("Dag", lambda row: row[1]), ("Antall", lambda row: row[2]))


def written(rows, form="xlsx"):
    return respond(Example(), rows, name="x", title="Eksempel", form=form).content


def read(content):
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


@given(st.text())
def test_no_text_begins_as_a_formula(text):
    assert not neutralised(text).startswith(FORMULA_SIGNS)


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_formula_is_written_as_text_in_every_form(sign):
    text = f"{sign}HYPERLINK(1)"
    book = openpyxl.load_workbook(io.BytesIO(written([(text, None, 1)])))
    cell = book.active["A2"]
    assert cell.data_type in ("s", "inlineStr")
    assert not str(cell.value).startswith(FORMULA_SIGNS)
    line = written([(text, None, 1)], "csv").decode("utf-8-sig").split("\n", 1)[1]
    assert not line.lstrip('"').startswith(FORMULA_SIGNS)


def test_dates_and_numbers_are_real():
    (_headings, row) = read(written([("Ærlig øl på Åsen", date(2026, 11, 19), 42)]))
    assert row == ("Ærlig øl på Åsen", datetime(2026, 11, 19), 42)  # noqa: DTZ001  as openpyxl reads it


def test_csv_is_read_by_excel_with_its_letters():
    content = written([("Blåbær", date(2026, 11, 19), 42)], "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    assert "Blåbær;2026-11-19;42" in content.decode("utf-8-sig")


def test_list_leaves_as_it_stands_with_its_filter(leader_client, municipality, owner, leader, project):
    other = make_project(municipality, owner=owner, leader=leader, name="=Farlig navn")
    Project.objects.filter(pk=other.pk).update(phase=5)
    ChecklistItem.objects.filter(round__project=project, key__startswith="1.5").update(status="done")
    url = reverse("reports:portfolio_sheet")
    rows = read(leader_client.get(url).content)
    assert [row[0] for row in rows] == ["Prosjekt", "'=Farlig navn", "Trygg hjemme"]
    settled = rows[0].index("Avklart")
    assert rows[2][settled : settled + 2] == (4, 37)
    assert [row[0] for row in read(leader_client.get(url, {"fase": "5"}).content)] == [
        "Prosjekt",
        "'=Farlig navn",
    ]


def test_restricted_project_does_not_leave_with_a_reader(reader_client, restricted_project, project):
    names = [row[0] for row in read(reader_client.get(reverse("reports:portfolio_sheet")).content)]
    assert names == ["Prosjekt", "Trygg hjemme"]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_register_leaves_without_named_persons(owner_client, project, leader, form):
    add(project, leader, name="Eldrerådet", attitude="positive", source="said")
    person = add(project, leader, name="Avdeling Øst", person_name=NAME)
    talk(person, leader, said="Hemmelig utsagn")
    content = owner_client.get(reverse("stakeholders:sheet", args=[project.slug, form])).content
    text = str(read(content)) if form == "xlsx" else content.decode("utf-8-sig")
    for part in ("Eldrerådet", "Positiv", "De sa det selv"):
        assert part in text
    for secret in (NAME, "Avdeling Øst", "Hemmelig", "Skeptisk"):
        assert secret not in text


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_plan_leaves_without_named_persons(leader_client, project, leader, form):
    for group in (add(project, leader), add(project, leader, name="Avdeling Øst", person_name=NAME)):
        Measure.objects.create(stakeholder=group, what=f"Møte {group.pk}", channel="meeting", phase=1)
    url = reverse("stakeholders:plan_sheet", args=[project.slug, form])
    text = text_of(leader_client.get(url))
    assert "Tillitsvalgte" in text
    assert "Ikke påbegynt" in text
    assert "Avdeling Øst" not in text


def test_register_costs_the_same_for_one_and_three_hundred(leader_client, project, leader):
    url = reverse("stakeholders:sheet", args=[project.slug, "xlsx"])
    add(project, leader)
    leader_client.get(url)
    with CaptureQueriesContext(connection) as one:
        leader_client.get(url)
    Stakeholder.objects.bulk_create(
        Stakeholder(project=project, name=f"Gruppe {n}", main_group="other") for n in range(299)
    )
    with CaptureQueriesContext(connection) as many:
        assert len(read(leader_client.get(url).content)) == 301
    assert len(one) == len(many)


def test_unknown_form_is_not_found(leader_client, project):
    assert leader_client.get(reverse("stakeholders:sheet", args=[project.slug, "exe"])).status_code == 404


def test_texts_of_the_library_are_ours_in_bokmaal():
    theirs = polib.pofile(str(Path(import_export.__file__).parent / "locale/de/LC_MESSAGES/django.po"))
    ours = {entry.msgid for entry in polib.pofile(str(CATALOGUE)) if entry.translated()}
    assert not {entry.msgid for entry in theirs if not entry.obsolete} - ours
