"""Presentations: who shall see them, and slides that remember what they show and where it is from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roadmap.models import KeyNumber, Picture, Project


class Audience(models.TextChoices):
    LEADERS = "leaders", _("The management group")
    STAFF = "staff", _("Employees")
    POLITICIANS = "politicians", _("Politicians")
    USERS = "users", _("Users and relatives")
    UNIONS = "unions", _("Employee representatives")


class Role(models.TextChoices):
    """What a slide is for. The first five are in every presentation from the start."""

    PROBLEM = "problem", _("The problem")
    VOICES = "voices", _("People tell")
    GOALS = "goals", _("Goals and benefits")
    AFFECTED = "affected", _("Who is affected")
    ASK = "ask", _("What we need")
    SERVICE = "service", _("Today's service")
    PILOT = "pilot", _("Pilot")
    PLAN = "plan", _("Plan")
    ECONOMY = "economy", _("Economy")
    OWN = "own", _("Own text")


FIXED = (Role.PROBLEM, Role.VOICES, Role.GOALS, Role.AFFECTED, Role.ASK)
WITH_PICTURE = (Role.SERVICE, Role.PILOT, Role.OWN)
WITH_POINTS = (Role.ASK, Role.SERVICE, Role.PILOT, Role.OWN)


class Presentation(models.Model):
    """What one audience is told at one meeting, and what is asked of it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="presentations")
    title = models.CharField(_("title"), max_length=120)
    audience = models.CharField(_("who shall see it"), max_length=11, choices=Audience)
    meeting_on = models.DateField(_("meeting"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("presentation")
        verbose_name_plural = _("presentations")
        indexes = [models.Index(fields=["project", "-updated_at"], name="presentation_latest")]
        constraints = [
            models.CheckConstraint(
                name="presentation_audience_known", condition=Q(audience__in=Audience.values)
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reports:presentation", args=[self.project.slug, self.pk])


class SlideQuerySet(models.QuerySet):
    def shown(self):
        return self.filter(is_out=False)

    def in_order(self):
        return self.order_by("position", "pk")


class Slide(models.Model):
    """One slide. `shown` is what it shows of its source, as it was fetched at `shown_at`.

    An empty heading or sentence is told by the source. `kept_digest` names the state of the source
    for which somebody chose to keep the slide as it is. A slide taken out keeps its texts.
    """

    presentation = models.ForeignKey(Presentation, models.CASCADE, related_name="slides")
    role = models.CharField(max_length=8, choices=Role)
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    sentence = models.CharField(_("sentence on the slide"), max_length=220, blank=True)
    points = models.TextField(_("points"), max_length=600, blank=True)  # one a line
    notes = models.TextField(_("what you say"), max_length=4000, blank=True)
    number = models.ForeignKey(KeyNumber, models.SET_NULL, null=True, blank=True, related_name="+")
    picture = models.ForeignKey(Picture, models.SET_NULL, null=True, blank=True, related_name="+")
    shown = models.JSONField(default=dict)
    shown_at = models.DateTimeField()
    kept_digest = models.CharField(max_length=64, blank=True)
    is_out = models.BooleanField(default=False)

    objects = SlideQuerySet.as_manager()

    class Meta:
        verbose_name = _("slide")
        verbose_name_plural = _("slides")
        indexes = [models.Index(fields=["presentation", "position"], name="slide_order")]
        constraints = [
            models.CheckConstraint(name="slide_role_known", condition=Q(role__in=Role.values)),
            models.UniqueConstraint(
                fields=["presentation", "role"], condition=~Q(role="own"), name="slide_role_once"
            ),
        ]

    def __str__(self):
        return self.get_role_display()

    @property
    def lines(self) -> list[str]:
        return [line.strip() for line in self.points.splitlines() if line.strip()]
