"""Forms of an import: the file, which column is which, and corrections of cells."""

import re

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from innovasjon.forms import DateField, form_helper, read_id
from innovasjon.spreadsheets import Day, Sheet
from innovasjon.spreadsheets.reading import MOST_BYTES

SAMPLE_LETTERS = 40
SAME_DAY = "_same_day"  # ends the name of a field


class SheetFileForm(forms.Form):
    """A spreadsheet to bring in."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        help_text=gettext_lazy("An .xlsx, .ods or .csv file of at most 10 MB."),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = form_helper()

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB."))
        return file


class ColumnsForm(forms.Form):
    """For each of our fields: one of their columns, one answer for all rows, or nothing.

    A day may be written for all rows instead, where their sheet has none; a column goes before it.
    """

    def __init__(self, *args, sheet: Sheet, sheet_import, **kwargs):
        super().__init__(*args, auto_id="column_%s", **kwargs)
        self.columns = sheet.read_columns
        self.names = [column.name for column in self.columns]
        theirs = [
            (str(index), self.named(index, heading, sheet_import.samples))
            for index, heading in enumerate(sheet_import.headings)
            if heading
        ]
        for column in self.columns:
            choices = [("", _("Not in the file")), (_("Columns in the file"), theirs)]
            if column.is_choice:
                same = [(f"={answer}", label) for answer, label in column.choices]
                choices.append((_("The same answer for all rows"), same))
            chosen = sheet_import.mapping.get(column.name)
            if isinstance(column.widget, Day):
                told = chosen["value"] if isinstance(chosen, dict) else ""
                self.fields[f"{column.name}{SAME_DAY}"] = DateField(
                    label=_("The same day for all rows"), required=False, initial=told
                )
                chosen = "" if told else chosen
            self.fields[column.name] = forms.ChoiceField(
                label=column.heading,
                choices=choices,
                required=column.required,
                initial=f"={chosen['value']}" if isinstance(chosen, dict) else chosen,
                error_messages={
                    "required": _("Choose a column, or one answer for all rows.")
                    if column.is_choice
                    else _("Choose the column it stands in.")
                },
            )

    @staticmethod
    def named(index, heading, samples) -> str:
        shown = next((row[index] for row in samples if index < len(row) and row[index]), "")
        short = shown[:SAMPLE_LETTERS] + ("…" if len(shown) > SAMPLE_LETTERS else "")
        return f"{heading} («{short}»)" if short else heading

    def clean(self):
        cleaned = super().clean()
        taken = {}
        for name, index in [(name, cleaned.get(name, "")) for name in self.names]:
            if read_id(index) is not None and index in taken:
                self.add_error(
                    name,
                    _("The column is used for «%(field)s» already.")
                    % {"field": self.fields[taken[index]].label},
                )
            taken.setdefault(index, name)
        return cleaned

    def mapping(self) -> dict:
        """Return field → number of their column, or {"value": the same for all}."""
        cleaned = self.cleaned_data
        answers = {name: cleaned[name] for name in self.names if cleaned[name]}
        found = {n: {"value": a[1:]} if a.startswith("=") else int(a) for n, a in answers.items()}
        days = {name: day for name in self.names if (day := cleaned.get(f"{name}{SAME_DAY}"))}
        return {name: {"value": f"{day:%d.%m.%Y}"} for name, day in days.items()} | found


def corrections(posted) -> tuple[dict[int, dict], dict[int, str]]:
    """Return what a person wrote on the page: row → field → text, and row → choice for a twin."""
    texts: dict[int, dict] = {}
    choices: dict[int, str] = {}
    for name, value in posted.items():
        if match := re.fullmatch(r"cell-(\d{1,7})-(\w+)", name):
            texts.setdefault(int(match[1]), {})[match[2]] = value.strip()
        elif match := re.fullmatch(r"twin-(\d{1,7})", name):
            choices[int(match[1])] = value
    return texts, choices
