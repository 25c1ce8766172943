"""The project's log, kept by hand, and the other projects it has looked at."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from roadmap.models.project import Project


class LogEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(project__in=Project.objects.visible_to(user))

    def lessons(self):
        """What was marked for the experience log."""
        return self.filter(for_experience_log=True)

    def newest_first(self):
        return self.order_by(*LogEntry.NEWEST_FIRST)


class LogEntry(models.Model):
    """One line of the project's log. The trail tells what was changed; this tells what was thought."""

    NEWEST_FIRST = ("-on", "-pk")

    class Kind(models.TextChoices):
        """Source: PP."""

        COMMENT = "comment", _("Comment, concern or event")
        CHANGE = "change", _("Change request")
        DEVIATION = "deviation", _("Deviation")
        DECISION = "decision", _("Decision made")

    project = models.ForeignKey(Project, models.CASCADE, related_name="log")
    on = models.DateField(_("when"))
    kind = models.CharField(_("type"), max_length=9, choices=Kind, default=Kind.COMMENT)
    text = models.TextField(_("what happened"))
    for_experience_log = models.BooleanField(_("to the experience log"), default=False)
    lesson = models.TextField(_("what others can learn from it"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = LogEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the project log")
        verbose_name_plural = _("entries of the project log")
        constraints = [
            models.CheckConstraint(
                name="log_entry_kind_known",
                condition=Q(kind__in=["comment", "change", "deviation", "decision"]),
            ),
            models.CheckConstraint(
                name="log_entry_lesson_is_told",
                condition=Q(for_experience_log=False) | ~Q(lesson=""),
                violation_error_message=_("Write what others can learn from it."),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-on"], name="log_entry_newest"),
            models.Index(fields=["for_experience_log", "-on"], name="log_entry_lessons"),
        ]

    def __str__(self):
        return self.text if len(self.text) <= 80 else f"{self.text[:79]}…"


class RelatedProject(models.Model):
    """Somebody else who works on the same problem: whom we asked, what we found, what we use again.

    Source: S0 step 5.
    """

    class Status(models.TextChoices):
        UNKNOWN = "unknown", _("Not known")
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("In progress")
        FINISHED = "finished", _("Finished")
        STOPPED = "stopped", _("Stopped")

    project = models.ForeignKey(Project, models.CASCADE, related_name="related_projects")
    own_project = models.ForeignKey(
        Project, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )  # when it is one of the municipality's own
    title = models.CharField(_("title"), max_length=200)
    who = models.CharField(_("who runs it"), max_length=200)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.UNKNOWN)
    contacted_on = models.DateField(_("contacted"), null=True, blank=True)
    found = models.TextField(_("what we found"), blank=True)
    reuse = models.TextField(_("what can be reused"), blank=True)
    coordination = models.TextField(_("what must be coordinated"), blank=True)

    class Meta:
        verbose_name = _("related project")
        verbose_name_plural = _("related projects")
        constraints = [
            models.CheckConstraint(
                name="related_project_is_another",
                condition=Q(own_project=None) | ~Q(own_project=models.F("project")),
            ),
            models.UniqueConstraint(fields=["project", "own_project"], name="related_project_own_once"),
            models.CheckConstraint(
                name="related_project_web_address",
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
            ),
            models.CheckConstraint(
                name="related_project_status_known",
                condition=Q(status__in=["unknown", "planned", "running", "finished", "stopped"]),
            ),
        ]

    def __str__(self):
        return self.title
