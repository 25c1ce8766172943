"""What the portfolio keeps: each project's key figures over time, and each person's saved views."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from innovasjon.models import Municipality
from roadmap.models import Condition, Project
from roadmap.models.project import FIRST_PHASE, LAST_PHASE


class ProjectSnapshotQuerySet(models.QuerySet):
    def last_night(self, municipality, start, end):
        """The last night with any row of a municipality's projects, from one day until another."""
        nights = self.filter(project__municipality=municipality, on__gte=start, on__lt=end)
        return nights.order_by("-on").values("on")[:1]


class ProjectSnapshot(models.Model):
    """The key figures of one project as they were one night."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="snapshots")
    on = models.DateField(_("day"))
    phase = models.PositiveSmallIntegerField(_("phase"))
    condition = models.CharField(_("condition"), max_length=12, choices=Condition)
    settled_count = models.PositiveIntegerField(_("settled checkpoints"), default=0)
    item_count = models.PositiveIntegerField(_("checkpoints of the phase"), default=0)
    deviation_count = models.PositiveIntegerField(_("open deviations"), default=0)
    benefit_count = models.PositiveIntegerField(_("benefits"), default=0)
    on_plan_count = models.PositiveIntegerField(_("benefits on plan"), default=0)
    proposed_condition = models.CharField(
        _("proposed condition"), max_length=12, choices=Condition, default=Condition.NOT_ASSESSED
    )
    proposal_reason = models.TextField(_("why it is proposed"), blank=True)

    objects = ProjectSnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("key figures of a night")
        verbose_name_plural = _("key figures of nights")
        constraints = [
            models.UniqueConstraint(fields=["project", "on"], name="snapshot_once_a_night"),
            models.CheckConstraint(
                name="snapshot_phase_1_to_6", condition=Q(phase__gte=FIRST_PHASE, phase__lte=LAST_PHASE)
            ),
            models.CheckConstraint(
                name="snapshot_condition_known",
                condition=Q(condition__in=Condition.values, proposed_condition__in=Condition.values),
            ),
            models.CheckConstraint(
                name="snapshot_settled_of_items", condition=Q(settled_count__lte=F("item_count"))
            ),
            models.CheckConstraint(
                name="snapshot_on_plan_of_benefits", condition=Q(on_plan_count__lte=F("benefit_count"))
            ),
        ]
        indexes = [models.Index(fields=["on", "project"], name="snapshot_night")]

    def __str__(self):
        return f"{self.project_id} {self.on}"


class SavedView(models.Model):
    """A person's own choice of filters in the portfolio of a municipality, under a name."""

    MOST = 12  # of one person in one municipality

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=600, blank=True)  # as it stands in the address

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["user", "municipality", "name"], name="saved_view_once"),
            models.CheckConstraint(name="saved_view_has_name", condition=~Q(name="")),
        ]

    def __str__(self):
        return self.name
