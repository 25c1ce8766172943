"""A spreadsheet on its way into a project: nothing of it counts until a person has looked it over."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Count, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from innovasjon.rows import Rows, read
from roadmap.models.project import Project

UNDO_WITHIN = timedelta(hours=24)
ANSWERS = ("state", "choice")  # of a row


def hidden_name(_instance, _filename) -> str:
    return f"imports/{secrets.token_hex(16)}"


class SheetImportQuerySet(models.QuerySet):
    def outlived(self, now):
        """Neither going on nor to be undone any more."""
        limit = now - UNDO_WITHIN
        return self.filter(Q(done_at=None, created_at__lt=limit) | Q(done_at__lt=limit))

    def with_tally(self):
        """Annotate `_tally`, read by `tally`: an import with the numbers of its rows costs one query."""
        rows = ImportRow.objects.filter(sheet_import=OuterRef("pk")).order_by()
        return self.annotate(_tally=Rows(rows.values(*ANSWERS).annotate(n=Count("pk")), *ANSWERS, "n"))


class SheetImport(models.Model):
    """One spreadsheet somebody is bringing in: the file, which column is which, and how far it has come."""

    class State(models.TextChoices):
        CHOSEN = "chosen", _("Chosen")
        CHECKED = "checked", _("Looked over")
        DONE = "done", _("Brought in")
        UNDONE = "undone", _("Undone")

    project = models.ForeignKey(Project, models.CASCADE, related_name="imports")
    kind = models.CharField(max_length=20)  # which room's importer reads it
    file = models.FileField(upload_to=hidden_name, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    page = models.CharField(max_length=200, blank=True)
    heading_row = models.PositiveIntegerField()
    headings = models.JSONField(default=list)
    samples = models.JSONField(default=list)  # the first rows, as texts
    mapping = models.JSONField(default=dict)  # field → number of their column, or {"value": same for all}
    about_rows = models.PositiveIntegerField(null=True)
    rows_read = models.PositiveIntegerField(default=0)  # while it is read
    state = models.CharField(max_length=8, choices=State, default=State.CHOSEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    objects = SheetImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a spreadsheet")
        verbose_name_plural = _("imports of spreadsheets")
        indexes = [models.Index(fields=["project", "kind", "-id"], name="import_of_project")]
        constraints = [
            models.CheckConstraint(
                name="import_done_has_time",
                condition=Q(state__in=["chosen", "checked"], done_at=None)
                | Q(state__in=["done", "undone"], done_at__isnull=False),
            )
        ]

    def __str__(self):
        return self.file_name

    @property
    def is_open(self) -> bool:
        return self.done_at is None

    @property
    def tally(self) -> dict[tuple[str, str], int]:
        """Return (state, choice) → how many rows, of an import read `with_tally`."""
        return {(state, choice): n for state, choice, n in read(self._tally)}

    def can_be_undone(self, now) -> bool:
        return self.state == self.State.DONE and now < self.done_at + UNDO_WITHIN

    def forget(self) -> None:
        """Delete it with its file and rows; what it has brought in stays."""
        self.file.delete(save=False)
        self.delete()


class ImportRowQuerySet(models.QuerySet):
    def faulty(self):
        return self.filter(state=ImportRow.State.FAULTY)

    def twins(self):
        return self.filter(state=ImportRow.State.TWIN)

    def first_to_settle(self, most: int):
        """The first faulty ones and the first twins, so many of each, in their order."""

        def first(rows):
            return Q(pk__in=rows.order_by("number").values("pk")[:most])

        return self.filter(first(self.faulty()) | first(self.twins())).order_by("number")

    def to_bring_in(self):
        """Ready ones, and twins that shall be updated or added."""
        wanted = Q(state=ImportRow.State.TWIN) & ~Q(choice=ImportRow.Choice.SKIP)
        return self.filter(Q(state=ImportRow.State.READY) | wanted)


class ImportRow(models.Model):
    """One row of it: the texts, what is wrong with them, and afterwards what it became."""

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        FAULTY = "faulty", _("Must be corrected")
        TWIN = "twin", _("Is there already")

    class Choice(models.TextChoices):
        SKIP = "skip", _("Skip")
        UPDATE = "update", _("Update")
        ADD = "add", _("Add as new")

    sheet_import = models.ForeignKey(SheetImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # in their sheet
    texts = models.JSONField(default=dict)  # field → what stands in the cell
    errors = models.JSONField(default=dict)  # field → what is wrong with it
    state = models.CharField(max_length=6, choices=State, default=State.READY)
    key = models.CharField(max_length=200, blank=True)  # what makes two rows the same one
    twin_id = models.PositiveBigIntegerField(null=True)
    twin_row = models.PositiveIntegerField(null=True)  # the same once more in the file itself
    choice = models.CharField(max_length=6, choices=Choice, default=Choice.SKIP)
    target_id = models.PositiveBigIntegerField(null=True)
    trace = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # what undoing needs

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a spreadsheet")
        verbose_name_plural = _("rows of a spreadsheet")
        constraints = [
            models.UniqueConstraint(fields=["sheet_import", "number"], name="import_row_once"),
            models.CheckConstraint(
                name="import_row_faulty_has_errors", condition=~Q(state="faulty") | ~Q(errors={})
            ),
        ]
        indexes = [models.Index(fields=["sheet_import", "state", "number"], name="import_row_state")]

    def __str__(self):
        return str(self.number)
