"""A spreadsheet of a room's rows: its columns, how others' headings match them, and the check of a row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from import_export.widgets import Widget

from innovasjon.national_id import has_national_id
from innovasjon.spreadsheets.cells import Choice, Words, fold, is_formula
from innovasjon.spreadsheets.exporting import as_file, plain

ALIKE = 0.87  # how alike two folded headings of some length must be to be taken for the same
SHORT = 6  # letters; shorter headings must match exactly


@dataclass(frozen=True)
class Column:
    """One column, both ways. See the package's docstring."""

    name: str
    heading: Any  # text, or a lazy translation
    widget: Widget = field(default_factory=Words)
    synonyms: tuple[str, ...] = ()
    required: bool = False
    value: Callable | None = None
    leaves: bool = True  # False: is read, but never written to a file

    @property
    def is_choice(self) -> bool:
        return isinstance(self.widget, Choice)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(str(answer), str(label)) for answer, label in self.widget.pairs] if self.is_choice else []

    def likeness(self, folded: str) -> float:
        """Return 1 for a heading that is known, less for one with slips, 0 for another."""
        known = {fold(self.heading), fold(self.name), *map(fold, self.synonyms)}
        if folded in known:
            return 1.0
        likely = [
            word
            for word in known
            if min(len(word), len(folded)) >= SHORT
            and 2 * min(len(word), len(folded)) >= ALIKE * (len(word) + len(folded))
        ]
        ratios = [SequenceMatcher(None, folded, word, autojunk=False).ratio() for word in likely]
        return max((ratio for ratio in ratios if ratio >= ALIKE), default=0.0)


@dataclass(frozen=True)
class Checked:
    """One row: the value of each cell that is filled in, and the error at each that cannot be taken."""

    values: dict[str, Any]
    errors: dict[str, str]


class ValueField(Field):
    """A field whose value is what a function says of the row."""

    def __init__(self, *, column_name, value, attribute=None, widget=None):
        super().__init__(attribute=attribute, column_name=column_name, widget=widget or Words())
        self.value_of = value

    def get_value(self, instance):
        return self.value_of(instance) if self.value_of else getattr(instance, self.attribute)


class Sheet(resources.Resource):
    """A spreadsheet of rows of any kind. Subclasses list `columns`: Column, or (heading, row → value)."""

    columns: tuple = ()

    def __init__(self, columns=None, **kwargs):
        super().__init__(**kwargs)
        if columns is not None:
            self.columns = columns

    @property
    def read_columns(self) -> list[Column]:
        """The columns that are read again."""
        return [column for column in self.columns if isinstance(column, Column)]

    def get_export_fields(self, selected_fields=None):
        return [
            self._field(column)
            if isinstance(column, Column)
            else ValueField(column_name=str(column[0]), value=column[1])
            for column in self.columns
            if not isinstance(column, Column) or column.leaves
        ]

    @cached_property
    def _import_fields(self) -> list[Field]:
        return [self._field(column) for column in self.read_columns]

    def get_import_fields(self, selected_fields=None):
        return self._import_fields

    @staticmethod
    def _field(column: Column) -> ValueField:
        return ValueField(
            attribute=column.name,
            column_name=str(column.heading),
            value=column.value,
            widget=column.widget,
        )

    def get_export_headers(self, selected_fields=None):
        return [field.column_name for field in self.get_export_fields()]

    def export_resource(self, instance, selected_fields=None, **kwargs):
        return [field.export(instance) for field in self.get_export_fields()]

    def template(self, title: str) -> bytes:
        """Return an empty workbook with the headings that are read."""
        headings = [(column.heading, str) for column in self.read_columns]
        dataset = Sheet(columns=headings).export([])
        dataset.title = title[:31]
        return as_file(dataset, "xlsx")

    def match(self, headings: Sequence[str]) -> dict[str, Any]:
        """Return field → index of the heading that means it; each heading is used once, the surest first.

        A sheet that knows the answer of all rows from the headings gives {"value": answer} instead.
        """
        folded = [fold(heading) if heading else "" for heading in headings]
        sure = sorted(
            (
                (-likeness, index, order, column.name)
                for order, column in enumerate(self.read_columns)
                for index, text in enumerate(folded)
                if text and (likeness := column.likeness(text))
            ),
        )
        found: dict[str, Any] = {}
        for _likeness, index, _order, name in sure:
            if name not in found and index not in found.values():
                found[name] = index
        return found

    def read_ahead(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Look up at once what the cells of many rows need from the database, before each is checked."""
        rows = list(rows)
        for column in self.read_columns:
            if isinstance(column.widget, Words):
                column.widget.read_ahead(plain(row.get(column.name, "").strip()) for row in rows)

    def check(self, texts: Mapping[str, str]) -> Checked:
        """Read one row's texts, by field; fields without a text are left out, unless they are required.

        A formula and a national identity number are errors at their cell.
        """
        values, errors = {}, {}
        for column, read in zip(self.read_columns, self.get_import_fields(), strict=True):
            if column.name not in texts and not column.required:
                continue
            raw = texts.get(column.name, "")
            text = raw.strip()
            try:
                if is_formula(raw):
                    raise ValueError(_("The cell has a formula. Write the value instead."))
                if has_national_id(text):
                    raise ValueError(
                        _("It looks like a national identity number. Remove it before you save.")
                    )
                if column.required and not text:
                    raise ValueError(_("Fill in the cell."))
                if text:
                    values[column.name] = read.clean({read.column_name: plain(text)})
            except ValueError as error:
                errors[column.name] = str(error)
        return Checked(values, errors)
