"""The four pages that bring a spreadsheet into a project. A room hands in its importer."""

from collections import Counter

from django.contrib import messages
from django.db.models import Count, Q
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from innovasjon.access import Permission
from innovasjon.forms import read_id
from innovasjon.spreadsheets import Sheet
from innovasjon.spreadsheets.exporting import attachment, respond
from innovasjon.spreadsheets.reading import Unreadable
from roadmap import importing
from roadmap.access import project_for
from roadmap.forms.imports import SAME_DAY, ColumnsForm, SheetFileForm, corrections
from roadmap.models import ImportRow, SheetImport
from roadmap.views.project import page

SHOWN = 50  # rows that need something, on one page


def import_paths(importer, prefix: str) -> list:
    """Return the addresses of a room's import, below a prefix with the project's slug."""
    place = f"{prefix}importer/"
    one = f"{place}<int:pk>/"
    handed = {"importer": importer}
    return [
        path(place, choose_file, handed, name="import_file"),
        path(f"{place}mal.xlsx", template, handed, name="import_template"),
        path(f"{one}kolonner/", columns, handed, name="import_columns"),
        path(f"{one}se-over/", review, handed, name="import_review"),
        path(f"{one}rader-med-feil.xlsx", faults, handed, name="import_faults"),
        path(f"{one}ferdig/", done, handed, name="import_done"),
        path(f"{one}angre/", undo, handed, name="import_undo"),
        path(f"{one}fremdrift/", progress, handed, name="import_progress"),
    ]


def import_of(request, slug, pk, importer, *, tally=False):
    """Return an import of the project that the person may go on with, if wanted with its rows counted."""
    project = project_for(request, slug, Permission.EDIT)
    imports = project.imports.filter(kind=importer.kind)
    found = get_object_or_404(imports.with_tally() if tally else imports, pk=pk)
    found.project = project
    return project, found


def shown(request, project, importer, template_name, step, context, *, wrong=False):
    return render(
        request,
        f"roadmap/imports/{template_name}.html",
        {
            **page(project, importer.tab),
            "importer": importer,
            "step": step,
            "steps": [_("Choose a file"), _("Do the columns fit?"), _("Look over"), _("Finished")],
            "page_has_errors": wrong,
            **context,
        },
        status=422 if wrong else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def choose_file(request, slug, importer):
    """Step 1."""
    project = project_for(request, slug, Permission.EDIT)
    form = SheetFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        importing.forget_outlived(timezone.now())
        try:
            made = importing.choose(
                project=project,
                importer=importer,
                file=form.cleaned_data["file"],
                today=timezone.localdate(),
                by=request.user,
            )
        except Unreadable as error:
            form.add_error("file", str(error))
        else:
            return redirect(f"{importer.namespace}:import_columns", slug, made.pk)
    return shown(request, project, importer, "file", 1, {"form": form}, wrong=bool(form.errors))


@require_safe
def template(request, slug, importer):
    """An empty workbook with our headings."""
    project = project_for(request, slug, Permission.EDIT)
    content = importer.sheet(project).template(importer.file_title)
    return attachment(content, name=f"mal-{importer.file_title.lower()}", form="xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request, slug, pk, importer):
    """Step 2."""
    project, found = import_of(request, slug, pk, importer)
    if not found.is_open:
        return redirect(f"{importer.namespace}:import_done", slug, pk)
    sheet = importer.sheet(project)
    form = ColumnsForm(request.POST or None, sheet=sheet, sheet_import=found)
    if request.method == "POST" and form.is_valid():
        try:
            importing.read_all(sheet_import=found, importer=importer, mapping=form.mapping())
        except Unreadable as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{importer.namespace}:import_review", slug, pk)
    context = {"form": form, "found": found, **fitting(form, found)}
    return shown(request, project, importer, "columns", 2, context, wrong=bool(form.errors))


def fitting(form, found) -> dict:
    """Return our fields with the first values of the column each has now, and the columns left over."""
    chosen = {name: str(form[name].value() if form[name].value() is not None else "") for name in form.names}
    return {
        "fields": [
            {
                "field": form[name],
                "same_day": form[f"{name}{SAME_DAY}"] if f"{name}{SAME_DAY}" in form.fields else None,
                "samples": [
                    row[place][:60]
                    for row in found.samples
                    if (place := read_id(index)) is not None and place < len(row) and row[place]
                ],
            }
            for name, index in chosen.items()
        ],
        "left_over": [
            heading
            for index, heading in enumerate(found.headings)
            if heading and str(index) not in chosen.values()
        ],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, slug, pk, importer):
    """Step 3: only the rows that need something; nothing is written before it is confirmed here."""
    project, found = import_of(request, slug, pk, importer, tally=True)
    if found.state != SheetImport.State.CHECKED:
        return redirect(f"{importer.namespace}:import_{'columns' if found.is_open else 'done'}", slug, pk)
    if request.method == "POST":
        return correct_or_bring_in(request, project, found, importer)
    counts = counted(found.tally)
    sheet = importer.sheet(project)
    rows = list(found.rows.first_to_settle(SHOWN))
    faulty = [row for row in rows if row.state == ImportRow.State.FAULTY]
    twins = [row for row in rows if row.state == ImportRow.State.TWIN]
    context = {
        "found": found,
        "counts": counts,
        "counted": importer.counted(counts["bringing"]),
        "summary": summary(counts),
        "fields": [column.heading for column in told_columns(sheet, found)],
        "faulty": [row_for_page(row, sheet, found) for row in faulty],
        "twins": [row_for_page(row, sheet, found) for row in twins],
        "more_faulty": counts["faulty"] - len(faulty),
        "more_twins": counts["twins"] - len(twins),
    }
    return shown(request, project, importer, "review", 3, context)


def counted(tally) -> dict[str, int]:
    """Return how many rows there are of each kind, and how many of them are to be brought in."""
    of = Counter()
    for (state, _choice), n in tally.items():
        of[state] += n
    ready, twins = of[ImportRow.State.READY], of[ImportRow.State.TWIN]
    skipped = tally.get((ImportRow.State.TWIN, ImportRow.Choice.SKIP), 0)
    return {
        "total": of.total(),
        "ready": ready,
        "faulty": of[ImportRow.State.FAULTY],
        "twins": twins,
        "bringing": ready + twins - skipped,
    }


def summary(counts) -> str:
    """«42 rader: 38 klare, 3 må rettes, 1 finnes fra før»."""
    parts = [
        ngettext("%(n)s ready", "%(n)s ready ones", counts["ready"]) % {"n": counts["ready"]},
        _("%(n)s must be corrected") % {"n": counts["faulty"]} if counts["faulty"] else "",
        _("%(n)s there already") % {"n": counts["twins"]} if counts["twins"] else "",
    ]
    rows = ngettext("%(n)s row", "%(n)s rows", counts["total"]) % {"n": counts["total"]}
    return f"{rows}: {', '.join(part for part in parts if part)}"


def told_columns(sheet: Sheet, found) -> list:
    return [column for column in sheet.read_columns if column.name in found.mapping or column.required]


def row_for_page(row, sheet, found) -> dict:
    """Return a row with the cells that must be mended, and the first of the others to know it by."""
    named = told_columns(sheet, found)
    same = {name for name, column in found.mapping.items() if isinstance(column, dict)}
    known = " · ".join(
        text for c in named if c.name not in {*row.errors, *same} and (text := row.texts.get(c.name, "")[:60])
    )
    broken = [column for column in sheet.read_columns if column.name in row.errors]
    cells = [
        {
            "id": f"cell-{row.number}-{column.name}",
            "label": column.heading,
            "text": row.texts.get(column.name, ""),
            "error": row.errors[column.name],
            "choices": [("", _("Not chosen")), *((label, label) for _v, label in column.choices)],
            "is_choice": column.is_choice,
        }
        for column in broken
    ]
    return {"row": row, "known": known[:160], "cells": cells}


def correct_or_bring_in(request, project, found, importer):
    """Keep the corrections; bring in only when there were none, so that the button's number holds."""
    here = redirect(f"{importer.namespace}:import_review", project.slug, found.pk)
    texts, choices = corrections(request.POST)
    if (answer := request.POST.get("all_twins")) in (ImportRow.Choice.UPDATE, ImportRow.Choice.SKIP):
        choices = {}
        found.rows.twins().filter(twin_row=None).update(choice=answer)
    changed = importing.correct(sheet_import=found, importer=importer, texts=texts, choices=choices)
    if "bring_in" not in request.POST:
        return here
    if changed:
        messages.info(request, _("The corrections are saved. See the numbers, and go on."))
        return here
    try:
        counts = importing.bring_in(
            sheet_import=found,
            importer=importer,
            today=timezone.localdate(),
            by=request.user,
            now=timezone.now(),
        )
    except importing.Moved:
        if not found.is_open:  # a second press of the button: it is brought in
            return redirect(f"{importer.namespace}:import_done", project.slug, found.pk)
        messages.warning(request, _("Somebody has changed the list meanwhile. Look over the rows once more."))
        return here
    if left_out := counts["left_out"]:
        messages.warning(request, left_out_text(left_out))
    return redirect(f"{importer.namespace}:import_done", project.slug, found.pk)


def left_out_text(count: int) -> str:
    return ngettext(
        "One link did not come along. The row it points at was not brought in, or waits for it.",
        "%(n)s links did not come along. The rows they point at were not brought in, or wait for them.",
        count,
    ) % {"n": count}


@require_safe
def faults(request, slug, pk, importer):
    """The rows that must be corrected, as a spreadsheet with what is wrong with each."""
    project, found = import_of(request, slug, pk, importer)
    named = told_columns(importer.sheet(project), found)
    sheet = Sheet(
        columns=[
            (_("Row"), lambda row: row.number),
            *[(c.heading, lambda row, name=c.name: row.texts.get(name, "")) for c in named],
            (_("What must be corrected"), lambda row: " ".join(row.errors.values())),
        ]
    )
    rows = found.rows.faulty().order_by("number")
    return respond(sheet, rows, name="rader-med-feil", title=_("Rows with errors"), form="xlsx")


@require_safe
def done(request, slug, pk, importer):
    """Step 4."""
    project, found = import_of(request, slug, pk, importer)
    if found.is_open:
        return redirect(f"{importer.namespace}:import_review", slug, pk)
    unchanged = Q(state=ImportRow.State.TWIN, choice=ImportRow.Choice.UPDATE, target_id=None)
    counts = found.rows.aggregate(
        brought=Count("pk", filter=Q(target_id__isnull=False)),
        faulty=Count("pk", filter=Q(state=ImportRow.State.FAULTY)),
        unchanged=Count("pk", filter=unchanged),
    )
    context = {
        "found": found,
        "counts": counts,
        "counted": importer.counted(counts["brought"]),
        "is_undone": found.state == SheetImport.State.UNDONE,
        "can_be_undone": found.can_be_undone(timezone.now()),
    }
    return shown(request, project, importer, "done", 4, context)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request, slug, pk, importer):
    """Ask, and take back."""
    project, found = import_of(request, slug, pk, importer)
    if not found.can_be_undone(timezone.now()):
        messages.warning(request, _("It can no longer be undone."))
        return redirect(importer.list_name, slug)
    if request.method == "POST":
        kept = importing.undo(sheet_import=found, importer=importer, by=request.user, now=timezone.now())
        messages.success(request, _("What came from «%(file)s» is taken back.") % {"file": found.file_name})
        if kept:
            messages.info(
                request,
                _("%(rows)s stay, because they are changed since.") % {"rows": importer.counted(kept)},
            )
        return redirect(importer.list_name, slug)
    counted = importer.counted(found.rows.exclude(target_id=None).count())
    return shown(request, project, importer, "undo", 4, {"found": found, "counted": counted})


@require_safe
def progress(request, slug, pk, importer):
    """How many rows are read, for the bar."""
    _project, found = import_of(request, slug, pk, importer)
    return JsonResponse({"read": found.rows_read, "about": found.about_rows})
