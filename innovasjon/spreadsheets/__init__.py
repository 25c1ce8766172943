"""The shared base of every spreadsheet, in and out, on django-import-export.

A room declares its rows once, as columns, and gets export, template and import of them:

    class BenefitSheet(Sheet):
        columns = (
            Column("name", _("Benefit"), Words(200), required=True, synonyms=("Gevinster",)),
            Column("kind", _("Kind of benefit"), Choice(Benefit.Kind, words={"direkte": "cost"})),
            Column("starts_on", _("From when?"), Day(), synonyms=("Når blir gevinsten realisert?",)),
            Column("amount_nok", _("Amount"), Whole(0, 10**9), value=lambda row: row.total),
            (_("Deviation"), lambda row: row.deviation),  # leaves, but is never read
        )

- `name` is our field; `heading` stands in the export and in the template. `synonyms` are headings in
  other people's workbooks, in any case, with any spaces, hyphens, brackets and line breaks: they are
  folded before they are compared, and a slip of a letter or two is forgiven.
- The widget reads a cell (`clean`, raises ValueError in plain language) and writes it (`render`). Own
  kinds subclass `Words` or `import_export.widgets.Widget`.
- `value` says what leaves; without it the attribute of the same name. What leaves must be what is read
  again: a room tests that export → import changes nothing.

`reading.open_table(file, name, sheet)` opens XLSX, ODS and CSV safely and streams the rows;
`sheet.check(texts)` gives the values of one row and the errors at its cells. The four pages of an import,
with duplicates, corrections and undo, are in `roadmap/importing.py`: a room hands in an `Importer`.
"""

from innovasjon.spreadsheets.cells import Amount, Choice, Day, Whole, Words, YesNo
from innovasjon.spreadsheets.columns import Checked, Column, Sheet
from innovasjon.spreadsheets.exporting import FORMULA_SIGNS, MEDIA_TYPES, neutralised, plain, respond

__all__ = [
    "FORMULA_SIGNS",
    "MEDIA_TYPES",
    "Amount",
    "Checked",
    "Choice",
    "Column",
    "Day",
    "Sheet",
    "Whole",
    "Words",
    "YesNo",
    "neutralised",
    "plain",
    "respond",
]
