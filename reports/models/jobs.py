"""Documents on their way: one row for each content, whoever asks and however often."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from innovasjon.models import Membership
from roadmap.models import Project


class DocumentJobQuerySet(models.QuerySet):
    def of(self, person, now):
        """The person's own, asked for within the hour and for the role they still have."""
        return self.filter(
            membership__user=person,
            membership__role=models.F("permission"),
            asked_at__gt=now - DocumentJob.OWN_OPEN,
        )

    def outdated(self, before):
        """Neither made nor asked for since a moment."""
        return self.filter(Q(made_at__lt=before) | Q(made_at=None), asked_at__lt=before)

    def free(self, now):
        """Waiting, or left behind by a worker that did not finish in time."""
        states = DocumentJob.State
        return self.filter(
            Q(state=states.WAITING) | Q(state=states.WORKING, lease_until__lt=now),
            attempts__lt=DocumentJob.MOST_ATTEMPTS,
        )


class DocumentJob(models.Model):
    """One document to be made from data that is fixed already; the digest is of all it is made from.

    It belongs to a project, or to one person in one municipality: what a list shows depends on who looks.
    """

    MOST_ATTEMPTS = 3
    OWN_OPEN = timedelta(hours=1)  # what a list shows was open to the person when it was asked for

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WORKING = "working", _("In work")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    project = models.ForeignKey(Project, models.CASCADE, related_name="document_jobs", null=True)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="document_jobs", null=True)
    kind = models.CharField(max_length=20)
    variant = models.CharField(max_length=10, blank=True)
    data = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    permission = models.CharField(max_length=20, default="view")  # what one must hold to get it, or the role
    name = models.CharField(max_length=200)  # of the file, for the one who downloads it
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    objects = DocumentJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("document on its way")
        verbose_name_plural = _("documents on their way")
        constraints = [
            models.CheckConstraint(
                name="document_job_belongs_to_one",
                condition=Q(project__isnull=False, membership__isnull=True)
                | Q(project__isnull=True, membership__isnull=False),
            ),
            models.CheckConstraint(
                name="document_job_done_has_bytes", condition=~Q(state="done") | ~Q(sha256="")
            ),
            models.CheckConstraint(
                name="document_job_work_has_lease",
                condition=~Q(state="working") | Q(lease_until__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["made_at"], name="document_job_age")]

    def __str__(self):
        return self.name
