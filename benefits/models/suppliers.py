"""Follow-up of suppliers: what is agreed, what was delivered, and the meetings about it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from benefits.models.indicators import amount
from roadmap.models import Project

PERSON = settings.AUTH_USER_MODEL


class SupplierAgreement(models.Model):
    """An agreement with a supplier that a benefit depends on."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="supplier_agreements")
    supplier = models.CharField(_("supplier"), max_length=150)
    subject = models.CharField(_("what the agreement is about"), max_length=200)
    reference = models.CharField(_("case reference"), max_length=100, blank=True)
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    responsible = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible")
    )

    class Meta:
        verbose_name = _("supplier agreement")
        verbose_name_plural = _("supplier agreements")
        constraints = [
            models.CheckConstraint(
                name="supplier_agreement_ends_after_start",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The agreement cannot end before it starts."),
            )
        ]

    def __str__(self):
        return f"{self.supplier}: {self.subject}"


class Delivery(models.Model):
    """Something the supplier promised, and what was measured."""

    agreement = models.ForeignKey(SupplierAgreement, models.CASCADE, related_name="deliveries")
    what = models.CharField(_("what is promised"), max_length=200)
    unit_label = models.CharField(_("unit in words"), max_length=60, blank=True)
    promised = amount(_("promised"))
    more_is_better = models.BooleanField(_("more is better"), default=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    measured = amount(_("measured"), null=True, blank=True)
    measured_on = models.DateField(_("measured on"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("promised delivery")
        verbose_name_plural = _("promised deliveries")
        constraints = [
            models.CheckConstraint(
                name="delivery_measured_with_date",
                condition=Q(measured=None, measured_on=None)
                | Q(measured__isnull=False, measured_on__isnull=False),
                violation_error_message=_("Write both the number and the day it was measured."),
            )
        ]

    def __str__(self):
        return self.what

    @property
    def is_kept(self) -> bool | None:
        """Whether what was promised is delivered; None until it is measured."""
        if self.measured is None:
            return None
        return self.measured >= self.promised if self.more_is_better else self.measured <= self.promised


class SupplierMeeting(models.Model):
    """A status meeting with the supplier."""

    agreement = models.ForeignKey(SupplierAgreement, models.CASCADE, related_name="meetings")
    on = models.DateField(_("when"))
    notes = models.TextField(_("what was agreed"), blank=True)
    next_on = models.DateField(_("next meeting"), null=True, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("status meeting with a supplier")
        verbose_name_plural = _("status meetings with suppliers")
        constraints = [
            models.CheckConstraint(
                name="supplier_meeting_next_is_later",
                condition=Q(next_on=None) | Q(next_on__gt=F("on")),
                violation_error_message=_("The next meeting must be later than this one."),
            )
        ]

    def __str__(self):
        return f"{self.agreement}, {self.on}"
