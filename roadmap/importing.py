"""Bring a spreadsheet into a project in four steps, with nothing written before the last.

A room hands in an `Importer` and gets the pages from `roadmap.views.imports.import_paths`:

    class BenefitImporter(Importer):
        kind, namespace, tab = "benefits", "benefits", "benefits"
        list_name, file_title = "benefits:benefits", _("Benefits")
        model = Benefit

        def sheet(self, project):
            return BenefitSheet()

        def counted(self, n):
            return ngettext("%(n)s benefit", "%(n)s benefits", n) % {"n": n}

    urlpatterns += import_paths(BenefitImporter(), "prosjekter/<slug:slug>/gevinster/")

Fields of the sheet are fields of the model then. A room whose rows are more than one model overrides
`add`, `update` and `undo`. Where a cell points at other rows, its field stands in `pointing`: it is checked
by `check_together` when all rows are read, and written by `connect` when all of them have their ids.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from innovasjon.audit import as_stored, record
from innovasjon.models import AuditEvent
from innovasjon.spreadsheets import Sheet
from innovasjon.spreadsheets.reading import form_of, open_table, told_rows
from roadmap.models import ImportRow, Project, SheetImport

BATCH = 200


class Importer:
    """What the pages must know of a room's rows."""

    kind = ""  # stored with each import
    namespace = ""  # of the addresses
    tab = ""  # of the project
    list_name = ""  # the address one comes from and goes back to
    known_workbooks = ""  # said where the file is chosen
    file_title = ""  # of the sheet in the template
    model = None
    key_field = "name"
    adds_twins = True  # whether what is there already may be added once more
    open_fields: tuple[
        str, ...
    ] = ()  # whose changes the trail may tell; it is read by all who see the project
    pointing: tuple[str, ...] = ()  # fields whose cells point at other rows, or must agree with them
    undo_order: tuple[str, ...] = ("-number",)  # of the import's rows, as they are taken back
    batch = BATCH  # rows written at once

    def sheet(self, project) -> Sheet:
        raise NotImplementedError

    def counted(self, n: int) -> str:
        """«38 interessenter»."""
        raise NotImplementedError

    def rows_of(self, project):
        return self.model.objects.filter(project=project)

    def key(self, values) -> str:
        """What makes two rows the same one."""
        return " ".join(str(values.get(self.key_field, "")).casefold().split())

    def twins(self, project) -> dict[str, int]:
        """Return key → id of what is there already."""
        fields = self.rows_of(project).values("pk", self.key_field).order_by("-pk")
        return {self.key(row): row["pk"] for row in fields}

    def told_above(self, above: Sequence[str], today) -> dict[str, str]:
        """Return field → answer of all rows that stands over the headings, or that a row without it gets."""
        return {}

    def rows_of_table(self, rows: Iterable[tuple[int, dict]]) -> Iterator[tuple[int, dict]]:
        """Yield the rows that are one: another workbook may spread one over two, or end with other tables."""
        yield from rows

    def adjust(self, texts: dict[str, str]) -> dict[str, str]:
        """Change a row's texts before they are read, where another workbook keeps two things in one cell."""
        return texts

    def add(self, project, rows: list[dict], *, today, by) -> list[tuple[int, dict]]:
        """Write new rows; return the id of each and what undoing needs."""
        added = self.model.objects.bulk_create(self.model(project=project, **values) for values in rows)
        return [(new.pk, {"after": values}) for new, values in zip(added, rows, strict=True)]

    def update(self, project, rows: list[tuple[int, dict]], *, today, by) -> list[dict | None]:
        """Write over what is there; return what undoing needs of each, None where nothing changed."""
        stored = self.rows_of(project).in_bulk([pk for pk, _values in rows])
        traces = [rewrite(stored[pk], values) for pk, values in rows]
        names = sorted({name for trace in traces if trace for name in trace["after"]})
        if names:
            self.model.objects.bulk_update(stored.values(), names)
        return traces

    def check_together(self, project, rows: list[ImportRow]) -> dict[int, dict[str, str]]:
        """Return number of row → pointing field → what is wrong with it among the others."""
        return {}

    def connect(self, sheet_import, rows: list[ImportRow], *, by) -> tuple[dict[int, dict], int]:
        """Write the pointing fields of rows that are in now, each with its `target_id`.

        Returns number of row → {"before", "after"} of what differed, and how many pointed at nothing,
        because that row was not brought in.
        """
        return {}, 0

    def undo(self, project, rows: list[tuple[int, dict]]) -> int:
        """Take back what the rows became, where nobody has changed it since; return how many stay."""
        stored = self.rows_of(project).select_for_update().in_bulk([pk for pk, _trace in rows])
        doomed, kept = [], 0
        for pk, trace in rows:
            if pk not in stored:
                continue
            row = stored[pk]
            if any(as_stored(getattr(row, name)) != value for name, value in trace["after"].items()):
                kept += 1
            elif "before" in trace:
                for name, value in trace["before"].items():
                    field = row._meta.get_field(name)
                    setattr(row, field.attname, field.to_python(value))
                row.save()
            else:
                doomed.append(pk)
        self.model.objects.filter(pk__in=doomed).delete()
        return kept


def rewrite(row, values) -> dict | None:
    """Set what differs on a row, without saving; return {"before", "after"} of it, or None."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return None
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    return {"before": before, "after": changed}


# ------------------------------------------------------------------ step 1 and 2: the file and its columns


def choose(*, project, importer: Importer, file, today, by) -> SheetImport:
    """Keep a file that fits, with the columns its headings tell.

    Raises Unreadable; then nothing is kept.
    """
    table = open_table(file, file.name, importer.sheet(project))
    told = importer.told_above(table.above, today)
    constants = {name: {"value": text} for name, text in told.items()}
    file.seek(0)
    return SheetImport.objects.create(
        project=project,
        kind=importer.kind,
        file=file,
        file_name=file.name[-200:],
        page=table.page[:200],
        heading_row=table.heading_row,
        headings=list(table.headings),
        samples=[list(row) for row in table.samples],
        mapping=constants | table.fields,
        about_rows=table.about_rows,
        by=by,
    )


def read_all(*, sheet_import: SheetImport, importer: Importer, mapping: dict) -> None:
    """Read every row by a mapping and note what is wrong with each. May be done again with another one.

    `rows_read` grows on the way, for the progress bar. Raises Unreadable.
    """
    sheet_import.rows.all().delete()
    SheetImport.objects.filter(pk=sheet_import.pk).update(mapping=mapping, rows_read=0, state="chosen")
    reader = Reader(importer, sheet_import.project)
    constants = {name: column["value"] for name, column in mapping.items() if isinstance(column, dict)}
    with sheet_import.file.open("rb") as file:
        form = form_of(file, sheet_import.file_name)
        batch, read = [], 0
        for number, texts in importer.rows_of_table(cells_of(file, form, sheet_import, mapping)):
            texts = constants | texts
            batch.append(ImportRow(sheet_import=sheet_import, number=number, texts=importer.adjust(texts)))
            if len(batch) == BATCH:
                read += keep(reader, batch, sheet_import)
                SheetImport.objects.filter(pk=sheet_import.pk).update(rows_read=read)
        read += keep(reader, batch, sheet_import)
    look_across(sheet_import, importer)
    sheet_import.rows_read, sheet_import.mapping, sheet_import.state = read, mapping, "checked"
    sheet_import.save(update_fields=["rows_read", "mapping", "state"])


def keep(reader, batch, sheet_import) -> int:
    reader.assess_all(batch)
    for row in batch:
        row.texts = {name: str(text) for name, text in row.texts.items()}
    ImportRow.objects.bulk_create(batch, ignore_conflicts=True)
    read = len(batch)
    batch.clear()
    return read


def cells_of(file, form, sheet_import, mapping) -> Iterator[tuple[int, dict]]:
    """Yield (row number, field → what stands in its cell) below the headings."""
    columns = {name: column for name, column in mapping.items() if not isinstance(column, dict)}
    for number, row in told_rows(file, form, sheet_import.page, sheet_import.heading_row):
        yield number, {n: row[place] if place < len(row) else "" for n, place in columns.items()}


class Reader:
    """Checks rows one after another and knows which have been there before.

    together: number of row → field → error, as far as the rows are checked together.
    """

    def __init__(self, importer: Importer, project, seen=(), together=None):
        self.importer = importer
        self.sheet = importer.sheet(project)
        self.twins = importer.twins(project)
        self.seen: dict[str, int] = dict(seen)  # key → number of the first row with it
        self.together = together or {}

    def assess_all(self, rows: Sequence[ImportRow]) -> None:
        """Assess rows one after another, with few questions to the database."""
        for batch in batches(rows):
            self.sheet.read_ahead(row.texts for row in batch)
            for row in batch:
                self.assess(row)

    def assess(self, row: ImportRow) -> None:
        """Set the row's errors, key, twin and state from its texts."""
        checked = self.sheet.check(row.texts)
        row.errors = self.together.get(row.number, {}) | checked.errors
        row.key, row.twin_id, row.twin_row = "", None, None
        if not row.errors:
            row.key = self.importer.key(checked.values)[:200]
            row.twin_id = self.twins.get(row.key)
            first = self.seen.setdefault(row.key, row.number)
            row.twin_row = first if first != row.number else None
        row.state = state_of(row)


def state_of(row) -> str:
    if row.errors:
        return ImportRow.State.FAULTY
    return ImportRow.State.TWIN if row.twin_id or row.twin_row else ImportRow.State.READY


def look_across(sheet_import, importer) -> bool:
    """Note at its cell what shows only when all rows are seen together; return whether any row changed."""
    if not importer.pointing:
        return False
    rows = list(sheet_import.rows.order_by("number"))
    together = importer.check_together(sheet_import.project, rows)
    doubtful = [
        row
        for row in rows
        if together.get(row.number, {}) != {n: e for n, e in row.errors.items() if n in importer.pointing}
    ]
    if not doubtful:
        return False
    before = {row.number: row.errors for row in doubtful}
    keys = {row.key: row.number for row in reversed(rows) if row.key and row.number not in before}
    Reader(importer, sheet_import.project, keys, together).assess_all(doubtful)
    changed = [row for row in doubtful if row.errors != before[row.number]]
    save_rows(changed, ["errors", "key", "twin_id", "twin_row", "state"])
    return bool(changed)


# ------------------------------------------------------------------ step 3: look over, and bring in


class Moved(Exception):
    """What is there has changed since the rows were looked over."""


@transaction.atomic
def correct(
    *, sheet_import: SheetImport, importer: Importer, texts: dict[int, dict], choices: dict[int, str]
) -> bool:
    """Take corrected cells (row number → field → text) and choices for twins; return whether they differ."""
    others = sheet_import.rows.exclude(key="").exclude(number__in=texts).order_by("-number")
    reader = Reader(importer, sheet_import.project, others.values_list("key", "number"))
    reader.sheet.read_ahead(texts.values())
    changed = False
    for row in sheet_import.rows.filter(number__in=[*texts, *choices]).order_by("number"):
        before = (row.texts, row.choice, row.state)
        mended = {name: text for name, text in texts.get(row.number, {}).items() if name in row.errors}
        if mended:
            left = {name: error for name, error in row.errors.items() if name not in mended}
            row.texts = row.texts | mended
            reader.assess(row)
            row.errors |= left
            row.state = state_of(row)
        allowed = set(ImportRow.Choice.values) - (set() if importer.adds_twins else {ImportRow.Choice.ADD})
        if row.state == ImportRow.State.TWIN and choices.get(row.number) in allowed:
            row.choice = choices[row.number]
        if mended or (row.texts, row.choice, row.state) != before:
            row.save()
        changed |= (row.texts, row.choice, row.state) != before
    return look_across(sheet_import, importer) or changed


def bring_in(*, sheet_import: SheetImport, importer: Importer, today, by, now) -> dict[str, int]:
    """Write what is ready, whole or not at all.

    Returns {"added", "updated", "unchanged", "left_out"}; the last counts cells that pointed at a row which
    was not brought in.

    Raises Moved when somebody has added or removed one of the rows since; the rows are then looked over anew.
    """
    try:
        return written(sheet_import=sheet_import, importer=importer, today=today, by=by, now=now)
    except Moved:
        sheet_import.refresh_from_db()
        if sheet_import.state == SheetImport.State.CHECKED:
            look_again(sheet_import, importer)  # what was written is taken back; what was seen is kept
        raise


@transaction.atomic
def written(*, sheet_import: SheetImport, importer: Importer, today, by, now) -> dict[str, int]:
    """Write what is ready, while no other import writes in the project."""
    Project.objects.select_for_update().get(pk=sheet_import.project_id)
    locked = SheetImport.objects.select_for_update(of=("self",)).get(pk=sheet_import.pk)
    if locked.state != SheetImport.State.CHECKED or look_again(sheet_import, importer):
        raise Moved
    counts, changed = write(locked, importer, today=today, by=by)
    locked.state, locked.done_at = SheetImport.State.DONE, now
    locked.save(update_fields=["state", "done_at"])
    record(
        "sheet.imported",
        locked,
        project=sheet_import.project,
        by=by,
        now=now,
        kind=importer.kind,
        text=_("%(added)s new, %(updated)s updated") % counts,
        changed=changed,
        **counts,
    )
    transaction.on_commit(lambda: locked.file.delete(save=True), robust=True)
    return counts


def look_again(sheet_import, importer) -> bool:
    """Compare with what is there now; return whether any row to bring in has got or lost its twin."""
    twins = importer.twins(sheet_import.project)
    rows = sheet_import.rows.to_bring_in().only("sheet_import", "key", "twin_id", "twin_row", "errors")
    moved = [row for row in rows.iterator(BATCH) if twins.get(row.key) != row.twin_id]
    for row in moved:
        row.twin_id, row.choice = twins.get(row.key), ImportRow.Choice.SKIP
        row.state = state_of(row)
    ImportRow.objects.bulk_update(moved, ["state", "choice", "twin_id"], batch_size=BATCH)
    return look_across(sheet_import, importer) or bool(moved)


def write(sheet_import, importer, *, today, by) -> tuple[dict[str, int], dict]:
    """Write the rows; return how many of each kind, and id → field → [old, new] as far as it may be told."""
    changed = {}
    sheet = importer.sheet(sheet_import.project)
    counts = {"added": 0, "updated": 0, "unchanged": 0, "left_out": 0}
    connected = []
    for batch in batches(sheet_import.rows.to_bring_in().order_by("number").iterator(BATCH), importer.batch):
        values = {row.number: sheet.check(row.texts).values for row in batch}
        over = [r for r in batch if r.twin_id and r.choice == ImportRow.Choice.UPDATE]
        new = [r for r in batch if r not in over]
        added = importer.add(sheet_import.project, [values[r.number] for r in new], today=today, by=by)
        for row, (pk, trace) in zip(new, added, strict=True):
            row.target_id, row.trace = pk, as_stored(trace)
        pairs = [(r.twin_id, values[r.number]) for r in over]
        for row, trace in zip(
            over, importer.update(sheet_import.project, pairs, today=today, by=by), strict=True
        ):
            row.target_id, row.trace = (row.twin_id, as_stored(trace)) if trace else (None, None)
            counts["updated" if trace else "unchanged"] += 1
            if trace and (told := told_changes(trace, importer.open_fields)):
                changed[str(row.twin_id)] = told
        counts["added"] += len(new)
        if importer.pointing:
            connected += batch
        else:
            forget_texts(batch)
    if importer.pointing:
        connect(sheet_import, importer, connected, counts, changed, by=by)
        forget_texts(connected)
    return counts, changed


def forget_texts(rows) -> None:
    """Keep of written rows what undoing needs; it stands in the trace."""
    for row in rows:
        row.texts = {}
    save_rows(rows, ["texts", "target_id", "trace"])


def save_rows(rows: Sequence[ImportRow], fields: list[str]) -> None:
    """Save some fields of rows that are stored, each read as a whole."""
    ImportRow.objects.bulk_create(  # cheaper than bulk_update: no CASE for each row
        rows, update_conflicts=True, unique_fields=["id"], update_fields=fields, batch_size=BATCH
    )


def connect(sheet_import, importer, rows, counts, changed, *, by) -> None:
    """Write the fields that point at other rows, now that all are there."""
    untouched = {row.number for row in rows if row.target_id is None}
    for row in rows:
        row.target_id = row.target_id or row.twin_id
    traces, counts["left_out"] = importer.connect(sheet_import, rows, by=by)
    for row in rows:
        if trace := traces.get(row.number):
            stored = row.trace or {"before": {}, "after": {}}
            row.trace = {part: fields | as_stored(trace[part]) for part, fields in stored.items()}
            if row.number in untouched:
                counts["updated"] += 1
                counts["unchanged"] -= 1
            if "before" in stored and (told := told_changes(trace, importer.open_fields)):
                changed.setdefault(str(row.target_id), {}).update(told)
        elif row.number in untouched:
            row.target_id = None


def told_changes(trace, open_fields) -> dict:
    before = trace.get("before", {})
    return {name: [before[name], trace["after"][name]] for name in open_fields if name in before}


def batches(rows: Iterable, size: int = BATCH):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


# ------------------------------------------------------------------ step 4: undo, and forget


@transaction.atomic
def undo(*, sheet_import: SheetImport, importer: Importer, by, now) -> int:
    """Take back what was brought in; return how many stay because they are changed since.

    Raises Moved when it is too late, or done already.
    """
    locked = SheetImport.objects.select_for_update(of=("self",)).get(pk=sheet_import.pk)
    if not locked.can_be_undone(now):
        raise Moved
    kept, worked_with = 0, worked_with_since(locked, importer)
    for batch in batches(locked.rows.exclude(target_id=None).order_by(*importer.undo_order).iterator(BATCH)):
        rows = [(row.target_id, row.trace) for row in batch]
        free = [(pk, trace) for pk, trace in rows if not (is_new(trace) and str(pk) in worked_with)]
        kept += len(rows) - len(free) + importer.undo(sheet_import.project, free)
    locked.state = SheetImport.State.UNDONE
    locked.save(update_fields=["state"])
    locked.rows.all().delete()
    record("sheet.import_undone", locked, project=sheet_import.project, by=by, now=now, kept=kept)
    return kept


def worked_with_since(sheet_import: SheetImport, importer: Importer) -> set[str]:
    """Return the ids of rows that the trail tells of after the import: they must not go."""
    trail = AuditEvent.objects.filter(project_id=sheet_import.project_id)
    brought_in = trail.filter(
        verb="sheet.imported", target_type=sheet_import._meta.label_lower, target_id=str(sheet_import.pk)
    ).first()
    if brought_in is None:
        return set()
    later = trail.filter(id__gt=brought_in.pk, target_type=importer.model._meta.label_lower)
    return set(later.values_list("target_id", flat=True))


def is_new(trace: dict) -> bool:
    """Whether the row was added by the import, so that undoing deletes it."""
    return trace.get("is_new", "before" not in trace)


def forget_outlived(now) -> int:
    """Delete imports that were never finished, or cannot be undone any more, with their files."""
    old = list(SheetImport.objects.outlived(now))
    for sheet_import in old:
        sheet_import.forget()
    return len(old)
