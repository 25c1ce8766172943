"""What the archive must know of a frozen document, beside its bytes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from innovasjon.models import FrozenDocument
from roadmap.models import Project


class Openness(models.TextChoices):
    PUBLIC = "public", _("Public")
    EXEMPT = "exempt", _("Exempt from public access")


class DocumentRecord(models.Model):
    """How open a frozen document is, by which law, and which parts are left out for the public.

    A document without a record is public. The document itself is never changed.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="document_records")
    document = models.OneToOneField(FrozenDocument, models.PROTECT, related_name="record")
    openness = models.CharField(_("openness"), max_length=6, choices=Openness, default=Openness.PUBLIC)
    legal_basis = models.CharField(
        _("legal basis"), max_length=200, blank=True, help_text=_("For example «offl. § 14».")
    )
    redacted = models.JSONField(default=list)  # names of the parts, see reports.archive.PARTS

    class Meta:
        verbose_name = _("archive facts of a document")
        verbose_name_plural = _("archive facts of documents")
        constraints = [
            models.CheckConstraint(name="document_openness_known", condition=Q(openness__in=Openness.values)),
            models.CheckConstraint(
                name="document_exempt_has_legal_basis",
                condition=Q(openness="public") | ~Q(legal_basis=""),
                violation_error_message=_("Write the legal basis, for example «offl. § 14»."),
            ),
        ]

    def __str__(self):
        return f"{self.document_id}: {self.openness}"

    @property
    def is_exempt(self) -> bool:
        return self.openness == Openness.EXEMPT
