"""The shared base of every spreadsheet that leaves: no formulas, real dates and numbers."""

import io
from collections.abc import Callable, Iterable

from django.http import HttpResponse
from import_export import resources
from import_export.fields import Field
from import_export.widgets import Widget

# A cell that begins with one of these is a formula to some spreadsheet; the last row are full-width forms.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NEUTRAL = "'"

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def neutralised(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula: with an apostrophe in front."""
    return f"{NEUTRAL}{text}" if text.startswith(FORMULA_SIGNS) else text


class Cell(Widget):
    """Numbers, dates and yes/no as they are; everything else as text that is no formula."""

    def render(self, value, obj=None, **kwargs):
        if value is None:
            return ""
        if isinstance(value, (bool, int)) or hasattr(value, "isoformat"):
            return value
        return neutralised(str(value))


class Sheet(resources.Resource):
    """A spreadsheet of rows of any kind. Subclasses list their columns: (heading, row → value)."""

    columns: tuple[tuple[str, Callable], ...] = ()

    def get_export_fields(self, selected_fields=None):
        return [ValueField(column_name=str(heading), value=value) for heading, value in self.columns]

    def get_export_headers(self, selected_fields=None):
        return [field.column_name for field in self.get_export_fields()]

    def export_resource(self, instance, selected_fields=None, **kwargs):
        return [field.export(instance) for field in self.get_export_fields()]


class ValueField(Field):
    """A column whose value is what a function says of the row."""

    def __init__(self, *, column_name, value):
        super().__init__(column_name=column_name, widget=Cell())
        self.value_of = value

    def get_value(self, instance):
        return self.value_of(instance)


def respond(sheet: Sheet, rows: Iterable, *, name: str, title: str, form: str) -> HttpResponse:
    """Return the rows as a file: form is xlsx or csv (UTF-8 with a mark, so that Excel reads æøå)."""
    dataset = sheet.export(list(rows))
    dataset.title = title[:31]
    if form == "csv":
        content = dataset.export("csv", delimiter=";").encode("utf-8-sig")
    else:
        content = as_xlsx(dataset)
    response = HttpResponse(content, content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


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
        longest = max([len(str(heading)), *(len(str(row[number])) for row in dataset[:200])])
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
