"""Spreadsheets that leave: no formulas, real dates and numbers."""

import io
import re
from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpResponse

# A cell that begins with one of these is a formula to some spreadsheet; the last row are full-width forms.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NEUTRAL = "'"

# Characters no XML file can hold.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
}


def neutralised(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula: with an apostrophe in front."""
    return f"{NEUTRAL}{text}" if text.lstrip(NEUTRAL).startswith(FORMULA_SIGNS) else text


def plain(text: str) -> str:
    """Return what `neutralised` was made from."""
    is_neutral = text.startswith(NEUTRAL) and text.lstrip(NEUTRAL).startswith(FORMULA_SIGNS)
    return text.removeprefix(NEUTRAL) if is_neutral else text


def respond(sheet, rows: Iterable, *, name: str, title: str, form: str) -> HttpResponse:
    """Return the rows as a file: form is xlsx, ods or csv (UTF-8 with a mark, so that Excel reads æøå)."""
    dataset = sheet.export(list(rows))
    dataset.title = title[:31]
    return attachment(as_file(dataset, form), name=name, form=form)


def attachment(content: bytes, *, name: str, form: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def as_file(dataset, form: str) -> bytes:
    """Write a tablib dataset as xlsx, ods or csv; a csv has the decimal comma that Norwegian Excel reads."""
    if form == "csv":
        for number, row in enumerate(dataset):
            dataset[number] = [
                str(v).replace(".", ",") if isinstance(v, (Decimal, float)) else v for v in row
            ]
        return dataset.export("csv", delimiter=";").encode("utf-8-sig")
    for number, row in enumerate(dataset):
        dataset[number] = [UNWRITABLE.sub("", v) if isinstance(v, str) else v for v in row]
    return as_xlsx(dataset) if form == "xlsx" else dataset.export("ods")


def as_xlsx(dataset) -> bytes:
    """Write a workbook with a heading row that stays, real dates, and no formula anywhere."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    page = book.create_sheet(dataset.title or "Ark")
    page.freeze_panes = "A2"
    for number, heading in enumerate(dataset.headers):
        longest = max([len(str(heading)), *(len(str(row[number])) for row in dataset[:200] if row)])
        page.column_dimensions[get_column_letter(number + 1)].width = min(max(longest + 2, 10), 60)
    page.append([_cell(page, WriteOnlyCell, heading, Font(bold=True)) for heading in dataset.headers])
    for row in dataset:
        page.append([_cell(page, WriteOnlyCell, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(page, kind, value, font=None):
    cell = kind(page, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # text, whatever it looks like
    elif hasattr(value, "isoformat"):
        cell.number_format = "dd.mm.yyyy"
    if font:
        cell.font = font
    return cell
