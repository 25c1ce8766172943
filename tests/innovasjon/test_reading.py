"""Spreadsheets that come in: found wherever the headings stand, refused when they are not what they say."""

import io
import zipfile
from contextlib import suppress
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import tablib
from hypothesis import example, given, settings
from hypothesis import strategies as st

from innovasjon.spreadsheets import (
    Amount,
    Choice,
    Column,
    Day,
    Sheet,
    Whole,
    Words,
    YesNo,
    neutralised,
    plain,
)
from innovasjon.spreadsheets.cells import fold, is_formula
from innovasjon.spreadsheets.columns import SHORT
from innovasjon.spreadsheets.exporting import as_file
from innovasjon.spreadsheets.reading import Unreadable, form_of, open_table

LEVELS = [(0, "Ingen"), (1, "Liten"), (2, "Middels"), (3, "Stor")]


class Groups(Sheet):
    columns = (
        Column("name", "Gruppe", Words(20), ("Organisasjon/Enhet/Gruppe",), required=True),
        Column("influence", "Innflytelse", Choice(LEVELS)),
        Column("need", "Informasjonsbehov", synonyms=("Interessentens informasjonsbehov",)),
        Column("on", "Frist", Day()),
        ("Uleselig", lambda row: ""),
    )


def workbook(*pages) -> io.BytesIO:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(pages):
        page = book.create_sheet(f"Ark {number}")
        for row in rows:
            page.append(row)
    content = io.BytesIO()
    book.save(content)
    return content


def archive(**parts) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as written:
        for name, text in parts.items():
            written.writestr(name.replace("__", "/"), text)
    return content


def with_parts(content: io.BytesIO, **parts) -> io.BytesIO:
    """The same workbook with parts replaced or added."""
    with zipfile.ZipFile(content) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    return archive(**(kept | parts))


def table(content, name="register.xlsx"):
    return open_table(content, name, Groups())


def told(content, name="register.xlsx"):
    found = table(content, name)
    return [
        (number, {f: row[i] for f, i in found.fields.items() if i < len(row)}) for number, row in found.rows()
    ]


# ------------------------------------------------------------------ headings and rows


def test_headings_are_found_where_they_stand_and_empty_rows_are_none():
    pages = (
        [["Veiledning", None], ["Fyll inn gruppene", None]],
        [
            [None, None, "Ingen", "Liten"],
            [None, "IDENTIFISERING", None, "ANALYSE"],
            [
                "Profil\nID",
                "Organisasjon/\nEnhet / Gruppe",
                "Interessentens  informasjonsbebov",
                "Innflytelse (1; 2; 3) ",
            ],
            [1, "Fastlegene", "Rapport", 3],
            [2, " ", None, None],
            ["3", None, None, None],
            [4, "Brukere", None, 1.0],
        ],
    )
    content = workbook(*pages)
    found = table(content)
    assert (found.page, found.heading_row) == ("Ark 1", 3)
    assert found.fields == {"name": 1, "need": 2, "influence": 3}
    assert found.samples[0] == ("1", "Fastlegene", "Rapport", "3")
    assert told(content) == [
        (4, {"name": "Fastlegene", "need": "Rapport", "influence": "3"}),
        (7, {"name": "Brukere", "influence": "1"} | {"need": ""}),
    ]


@pytest.mark.parametrize(
    "heading", ["INNFLYTELSE", "Inn-\nflytelse", "innflytelse (1–3)", "Innflyttelse", " Innflytelse:"]
)
def test_heading_is_known_in_any_dress(heading):
    assert Groups().match(["Gruppe", heading])["influence"] == 1


def test_other_headings_are_left_alone():
    assert Groups().match(["Gruppen ringes av", "Innkomst", "Frist"]) == {"on": 2}


def test_sheet_without_known_headings_is_still_offered():
    found = table(workbook([["Hvem", "Hvor mye"], ["Fastlegene", "mye"]]))
    assert (found.fields, found.headings) == ({}, ("Hvem", "Hvor mye"))


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_every_form_is_read_as_it_was_written(form):
    dataset = tablib.Dataset(headers=["Gruppe", "Innflytelse", "Informasjonsbehov", "Frist"])
    dataset.append(["Ærlig; øl på «Åsen»", 2, "- to\n- linjer", date(2026, 11, 19)])
    dataset.append(["", "", "", ""])
    dataset.append(["Bergheim", "", "", ""])
    rows = told(io.BytesIO(as_file(dataset, form)), f"x.{form}")
    checked = [Groups().check(texts) for _number, texts in rows]
    assert [number for number, _texts in rows] == [2, 4]
    assert not checked[0].errors
    assert checked[0].values == {
        "name": "Ærlig; øl på «Åsen»",
        "influence": 2,
        "need": "- to\n- linjer",
        "on": date(2026, 11, 19),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_is_read_in_the_encodings_people_have(encoding, separator):
    text = separator.join(["Gruppe", "Innflytelse"]) + "\n" + separator.join(["Blåbærlaget – øst", "Stor"])
    rows = told(io.BytesIO(text.encode(encoding)), "x.csv")
    assert rows == [(2, {"name": "Blåbærlaget – øst", "influence": "Stor"})]


# ------------------------------------------------------------------ what is refused, and nothing is stored


def refused(content, name="register.xlsx") -> str:
    with pytest.raises(Unreadable) as error:
        list(table(content, name).rows())
    return str(error.value)


GOOD = [["Gruppe", "Innflytelse"], ["Fastlegene", "Stor"]]
ENTITIES = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "boom">]><sst>&x;</sst>'


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (io.BytesIO(b"%PDF-1.7"), "register.pdf", "Filen er ikke et regneark. Bruk .xlsx, .ods eller .csv."),
        (archive(word__document="x"), "register.xlsx", "Filen er ikke et regneark."),
        (io.BytesIO(b""), "register.csv", "Filen er tom."),
        (io.BytesIO(b"\xd0\xcf\x11\xe0" + b"x" * 99), "register.xls", "Filen er av en gammel type"),
        (io.BytesIO(b"PK\x03\x04" + b"x" * 99), "register.xlsx", "Filen er ødelagt."),
        (io.BytesIO(b"x" * 10_000_001), "register.csv", "Filen er større enn 10 MB."),
        (archive(xl__workbook="0" * 100_000_001), "register.xlsx", "Filen pakkes ut til langt mer"),
        (io.BytesIO(b"Gruppe;Niv\x81\nA;B"), "register.csv", "Vi kan ikke lese bokstavene i filen."),
        (
            io.BytesIO("Gruppe;Nivå".encode("utf-16-le")),
            "register.csv",
            "Vi kan ikke lese bokstavene i filen.",
        ),
        (io.BytesIO(b"bare en linje"), "register.csv", "Vi finner ingen tabell i filen."),
        (with_parts(workbook(GOOD), **{"xl/vbaProject.bin": "x"}), "register.xlsm", "Filen har makroer."),
        (with_parts(workbook(GOOD), **{"xl/sharedStrings.xml": ENTITIES}), "register.xlsx", "XML-entiteter"),
        (
            with_parts(workbook(GOOD), **{"xl/worksheets/sheet1.xml": "<worksheet><row"}),
            "x.xlsx",
            "Filen er ødelagt.",
        ),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_file_that_cannot_be_taken_is_refused_with_the_reason(content, name, message):
    assert message in refused(content, name)


def test_too_many_rows_are_refused():
    assert "mer enn 20000 rader" in refused(io.BytesIO(b"Gruppe;Frist\n" + b"a;1.1.2026\n" * 20_001), "x.csv")


def test_formula_is_refused_at_its_cell_and_its_value_is_shown():
    content = workbook([["Gruppe", "Innflytelse"], ['=HYPERLINK("http://x")', "Stor"], ["=A2", None]])
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(content) as book:
        xml = book.read(part).decode()
    shown = xml.replace('<f>HYPERLINK("http://x")</f><v></v>', "<f>HYPERLINK()</f><v>4</v>")
    assert shown != xml
    ((number, texts),) = told(with_parts(content, **{part: shown}))
    assert (number, texts["name"]) == (2, "4")
    assert Groups().check(texts).errors == {"name": "Cellen har en formel. Skriv verdien i stedet."}


@pytest.mark.parametrize(
    "text", ["=1+1", " =A1", "＝1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-HYPERLINK(1)", "-=1"]
)
def test_text_that_would_be_carried_out_is_a_formula(text):
    assert is_formula(text)
    assert "formel" in Groups().check({"name": text}).errors["name"]


@pytest.mark.parametrize("text", ["-1", "+47 22 22 22 22", "- et strekpunkt", "@kommunen", "a=b", "– tanke"])
def test_prose_is_no_formula(text):
    assert not is_formula(text)


# ------------------------------------------------------------------ cells


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("name", "", "Fyll inn cellen."),
        ("name", "x" * 21, "Teksten er lengre enn 20 tegn."),
        ("influence", "mye", "«mye» er ikke et valg. Velg Ingen, Liten, Middels eller Stor."),
        ("on", "31.02.2026", "Datoen 31.02.2026 finnes ikke."),
        ("on", "snart", "Skriv datoen som dag.måned.år"),
        ("need", "Gjelder 01010150074", "Det ser ut som et fødselsnummer."),
    ],
)
def test_error_is_told_at_the_cell(field, text, message):
    checked = Groups().check({"name": "Fastlegene"} | {field: text})
    assert list(checked.errors) == [field]
    assert message in checked.errors[field]


def test_numbers_and_yes_no_are_read_as_people_write_them():
    assert Amount().clean("kr 1 234,50") == Decimal("1234.50")
    assert Whole(0, 5).clean("4,0") == 4
    assert [YesNo().clean(t) for t in ("Ja", "nei", "", "x")] == [True, False, False, True]
    for widget, text in (
        (Amount(), "mange"),
        (Amount(), "nan"),
        (Whole(0, 5), "6"),
        (Whole(), "1,5"),
        (YesNo(), "kanskje"),
    ):
        with pytest.raises(ValueError):
            widget.clean(text)


def test_answer_is_found_in_prose_only_when_there_is_one():
    widget = Choice([("p", "Positiv"), ("s", "Skeptisk")], in_prose=True)
    assert widget.clean("Er skeptisk til tiden det tar") == "s"
    with pytest.raises(ValueError):
        widget.clean("Positiv i dag, skeptisk i morgen")


@example("'=1")
@given(st.text())
def test_neutral_text_becomes_itself_again(text):
    assert plain(neutralised(text)) == text


@settings(max_examples=50)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=SHORT))
def test_folding_folded_text_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["x.csv", "x.xlsx", "x.ods"]))
def test_no_bytes_make_the_reader_fall(content, name):
    with suppress(Unreadable):
        list(open_table(io.BytesIO(content), name, Groups()).rows())


def test_form_is_told_by_the_content_not_by_the_name():
    assert form_of(workbook(GOOD), "register.csv") == "xlsx"
