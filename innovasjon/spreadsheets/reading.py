"""Open a stranger's spreadsheet safely, and stream its rows as text.

Nothing is carried out and nothing outside the file is read. What an archive claims to hold is looked at
before anything is unpacked; XML with a document type is refused; formulas arrive as `Formula`.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from innovasjon.spreadsheets.cells import Formula, fold
from innovasjon.spreadsheets.columns import Sheet
from innovasjon.spreadsheets.opendocument import sheets_of

MEGABYTE = 1_000_000
MOST_BYTES = 10 * MEGABYTE  # of the file itself
MOST_UNPACKED = 100 * MEGABYTE  # of all that an archive holds; a full 10 MB workbook unpacks to 40–60
MOST_PARTS = 2_000
MOST_ROWS = 20_000  # below the headings
MOST_COLUMNS = 100
MOST_LETTERS = 32_767  # in one cell: what Excel can hold
LOOKED_AT = 40  # rows in which the headings must stand
SAMPLES = 3
YEAR = re.compile(r"(år|year)?\s*((19|20)\d\d)?", re.IGNORECASE)  # «2027», «År 2027», «År»

ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Unreadable(ValueError):
    """The file cannot be taken; the text says why and what to do."""


@dataclass(frozen=True)
class Table:
    """The sheet of a file whose headings fit best. `headings` by column; `rows()` streams what is below."""

    file: object
    form: str  # xlsx, ods or csv
    page: str  # the name of the sheet; empty in csv
    heading_row: int  # as people count, from 1
    headings: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]  # the first rows
    fields: dict[str, object] = field(default_factory=dict)  # our field → column, as far as headings tell
    about_rows: int | None = None  # how many there are, as far as the file says
    above: tuple[str, ...] = ()  # what stands over the headings: a title, the day of it all

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield (row number, texts) of each row that says something.

        Raises Unreadable when there are more than MOST_ROWS, or when the file breaks off.
        """
        return told_rows(self.file, self.form, self.page, self.heading_row)


def open_table(file, name: str, sheet: Sheet) -> Table:
    """Return the table in the file that fits the sheet's columns best, wherever its headings stand.

    Raises Unreadable.
    """
    form = form_of(file, name)
    best, best_score = None, (-1, 0)
    with readable():
        for page, about_rows, rows in pages_of(file, form):
            head = list(islice(rows, LOOKED_AT))
            for index, row in enumerate(head):
                with_years = joined(row, head[index + 1]) if index + 1 < len(head) else None
                fields = sheet.match(with_years or row)
                written = sum(1 for text in row if text)
                score = (len(fields), 0) if fields else (0, 1 if written > 1 else 0)
                if score > best_score:
                    last = index + 1 if with_years else index
                    best, best_score = (page, about_rows, last, fields, head, with_years or row), score
    if best is None or best_score == (0, 0):
        raise Unreadable(_("We find no table in the file. Put the headings in one row, and the rows below."))
    page, about_rows, index, fields, head, headings = best
    told = [row for number, row in enumerate(head, 1) if number > index + 1 and says_something(row, headings)]
    return Table(
        file=file,
        form=form,
        page=page,
        heading_row=index + 1,
        headings=tuple(" ".join(text.split()) for text in headings),
        samples=tuple(told[:SAMPLES]),
        fields=fields,
        about_rows=max(about_rows - index - 1, 0) if about_rows else None,
        above=tuple(text for row in head[:index] for text in row if text),
    )


def joined(row, below) -> tuple[str, ...] | None:
    """Return one row of headings where years stand in a second row, under one heading for them all.

    None when the row below is no row of years.

    >>> joined(("Gevinst", "Budsjett", "", "Betydning"), ("", "2027", "År 2028"))
    ('Gevinst', 'Budsjett 2027', 'Budsjett År 2028', 'Betydning')
    >>> joined(("Gevinst", "Fra", "Til"), ("Færre turer", "2027", "2028"))
    """
    years = [place for place, text in enumerate(below) if text]
    if len(years) < 2 or not all(YEAR.fullmatch(below[place]) for place in years):
        return None
    headings = list(row) + [""] * (len(below) - len(row))
    if all(headings[place] for place in years):
        return None
    group = ""
    for place, heading in enumerate(headings):
        group = heading or group
        if place in years:
            headings[place] = f"{group} {below[place]}".strip()
    return tuple(headings)


def told_rows(file, form, page, heading_row):
    with readable():
        for name, _about, rows in pages_of(file, form):
            if name != page:
                continue
            count, headings = 0, ()
            for number, row in enumerate(rows, 1):
                if number == heading_row:
                    headings = row
                if number <= heading_row or not says_something(row, headings):
                    continue
                count += 1
                if count > MOST_ROWS:
                    raise Unreadable(
                        _("The sheet has more than %(most)s rows. Divide it.") % {"most": MOST_ROWS}
                    )
                yield number, row
            return


def says_something(row, headings) -> bool:
    """Return whether a row is one: more than a running number, and no formulas without a value.

    The number is one only under a heading that counts (Nr., ID, Profil ID) or without a heading.
    """
    for index, text in enumerate(row):
        if not text:
            continue
        heading = fold(headings[index]) if index < len(headings) and headings[index] else ""
        counts = not heading or heading in {"nr", "id", "profilid", "nummer", "lopenummer", "løpenummer", "#"}
        if not (counts and re.fullmatch(r"\d+\.?", text)):
            return True
    return False


# ------------------------------------------------------------------ what kind of file it is


def form_of(file, name: str) -> str:
    """Return xlsx, ods or csv after looking at the file itself.

    Raises Unreadable for anything else, for macros, and for archives that unpack to too much.
    """
    file.seek(0, io.SEEK_END)
    if file.tell() > MOST_BYTES:
        raise Unreadable(_("The file is larger than 10 MB."))
    if file.tell() == 0:
        raise Unreadable(_("The file is empty."))
    file.seek(0)
    start = file.read(8)
    if start.startswith(ZIP):
        return archive_form(file)
    if start.startswith(OLD_OFFICE):
        raise Unreadable(
            _("The file is of an old kind, or has a password. Save it as .xlsx without a password.")
        )
    if not name.lower().endswith((".csv", ".txt", ".tsv")):
        raise Unreadable(_("The file is not a spreadsheet. Use .xlsx, .ods or .csv."))
    return "csv"


def archive_form(file) -> str:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unreadable(_("The file is damaged. Open it in your spreadsheet and save it again.")) from None
    with archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Unreadable(_("The file unpacks to far more than a spreadsheet holds. It is not read."))
        names = {part.filename.lower() for part in parts}
        if any(part.flag_bits & 1 for part in parts):
            raise Unreadable(
                _("The file is of an old kind, or has a password. Save it as .xlsx without a password.")
            )
        with readable():
            if any("vbaproject" in n or n.startswith(("basic/", "scripts/")) for n in names) or (
                "[content_types].xml" in names and b"macroEnabled" in archive.read("[Content_Types].xml")
            ):
                raise Unreadable(_("The file has macros. Save it as .xlsx without them."))
            refuse_document_types(archive, parts)
            if "xl/workbook.xml" in names:
                return "xlsx"
            if "content.xml" in names and b"spreadsheet" in archive.read("mimetype")[:100]:
                return "ods"
    raise Unreadable(_("The file is not a spreadsheet. Use .xlsx, .ods or .csv."))


def refuse_document_types(archive, parts):
    """Raise Unreadable when an XML part begins with a document type: there entities are declared."""
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            with archive.open(part) as content:
                start = content.read(4096)
            text = start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "replace")
            if "<!DOCTYPE" in text or "<!ENTITY" in text:
                raise Unreadable(_("The file has hidden instructions (XML entities). It is not read."))


@contextmanager
def readable():
    """Turn whatever a broken file makes the readers raise into one sentence for people."""
    try:
        yield
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(_("The file is damaged. Open it in your spreadsheet and save it again.")) from error


# ------------------------------------------------------------------ pages and rows


def pages_of(file, form):
    """Yield (name, about how many rows or None, iterator of rows of texts) of each sheet."""
    file.seek(0)
    if form == "csv":
        yield "", sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 16), b"")), csv_rows(file)
    elif form == "ods":
        for name, rows in sheets_of(file):
            yield name, None, (tuple(_text(v, formula) for v, formula in row) for row in rows)
    else:
        yield from workbook_pages(file)


def workbook_pages(file):
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, keep_links=False)
    shown = cache(lambda: load_workbook(file, read_only=True, keep_links=False, data_only=True))
    try:
        for page in book.worksheets:
            about = page.max_row
            page.reset_dimensions()  # the file may say less than it holds
            yield page.title, about, workbook_rows(page, shown)
    finally:
        book.close()


def workbook_rows(page, book_of_values):
    """Yield rows of texts; the values formulas showed last are read beside, once a formula is met."""
    shown = None
    for number, cells in enumerate(page.iter_rows(max_col=MOST_COLUMNS), 1):
        row = []
        for index, cell in enumerate(cells):
            value = cell.value
            if value is None:
                continue
            row.extend([""] * (index - len(row)))
            if cell.data_type == "f":
                if shown is None:
                    shown = ShownValues(book_of_values()[page.title])
                row.append(Formula(_text(shown.get(number, index))))
            else:
                row.append(_text(value))
        yield tuple(row)


class ShownValues:
    """The values that formulas showed, read row by row behind the reading of the cells themselves."""

    def __init__(self, page):
        page.reset_dimensions()
        self.rows = enumerate(page.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1)
        self.number, self.row = 0, ()

    def get(self, number, index):
        while self.number < number:
            self.number, self.row = next(self.rows)
        return self.row[index] if index < len(self.row) else None


def _text(value, formula=False) -> str:
    """Return a cell's value as a Norwegian would have typed it."""
    if value is None:
        text = ""
    elif isinstance(value, bool):
        text = str(pgettext("answer", "Yes") if value else pgettext("answer", "No"))
    elif isinstance(value, datetime):
        text = f"{value:%d.%m.%Y}" if value.time() == time() else f"{value:%d.%m.%Y %H:%M}"
    elif isinstance(value, date):
        text = f"{value:%d.%m.%Y}"
    elif isinstance(value, float):
        text = f"{value:.15g}".replace(".", ",")
    else:
        text = str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()[:MOST_LETTERS]
    return Formula(text) if formula else text


# ------------------------------------------------------------------ csv


def encoding_of(file) -> str:
    """Return the encoding of a text file by its mark, or the first of UTF-8 and Windows' that fits whole.

    Raises Unreadable when none does.
    """
    file.seek(0)
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif start.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "cp1252"]
    for encoding in candidates:
        with suppress(UnicodeDecodeError):
            decoder = codecs.getincrementaldecoder(encoding)()
            file.seek(0)
            while chunk := file.read(1 << 16):
                if re.search(r"[\x00-\x08\x0e-\x1f]", decoder.decode(chunk)):
                    break
            else:
                decoder.decode(b"", final=True)
                return encoding
    raise Unreadable(_("We cannot read the letters in the file. Save it as «CSV UTF-8» and try again."))


def csv_rows(file):
    encoding = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(_Kept(file), encoding=encoding, newline="")
    start = text.read(20_000)
    lines = start.splitlines()[:20]
    # What divides most often; the semicolon is Excel's own in Norwegian.
    separator = max(";\t,|", key=lambda sign: sum(line.count(sign) for line in lines))
    file.seek(0)
    text = io.TextIOWrapper(_Kept(file), encoding=encoding, newline="")
    csv.field_size_limit(MOST_LETTERS * 4)
    for row in csv.reader(text, delimiter=separator):
        yield tuple(_text(cell) for cell in row[:MOST_COLUMNS])


class _Kept(io.RawIOBase):
    """The file, for a reader that would close it."""

    def __init__(self, file):
        self.file = file

    def readable(self):
        return True

    def readinto(self, buffer):
        content = self.file.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)
