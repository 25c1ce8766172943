"""The project's story: what it tells about the problem and the goal, filled once and used everywhere."""

import re

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from roadmap.models.project import Project

FIRST_YEAR, LAST_YEAR = 1900, 2100
MONEY = ("kr", "kroner", "nok")


class Story(models.Model):
    """What stands beside the problem itself: whom it hits, what people disagree on, what kind it is."""

    class Nature(models.TextChoices):
        WILD = "wild", _("A wild problem: the solution is unknown, and several must act together")
        IMPROVEMENT = "improvement", _("An improvement that the line organisation can make itself")

    project = models.OneToOneField(Project, models.CASCADE, related_name="story")
    who = models.TextField(_("whom the problem hits"), blank=True)
    how_often = models.TextField(_("how often"), blank=True)
    how_serious = models.TextField(_("how serious"), blank=True)
    disagreement = models.TextField(_("what people disagree on"), blank=True)
    nature = models.CharField(_("what kind of problem it is"), max_length=11, choices=Nature, blank=True)
    nature_reason = models.TextField(_("why"), blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("project story")
        verbose_name_plural = _("project stories")
        constraints = [
            models.CheckConstraint(
                name="story_nature_has_reason",
                condition=Q(nature="") | ~Q(nature_reason=""),
                violation_error_message=_("Say why you think so."),
            ),
            models.CheckConstraint(
                name="story_nature_known", condition=Q(nature__in=["", "wild", "improvement"])
            ),
        ]

    def __str__(self):
        return str(self.project)


class StoryPart(models.Model):
    """One thing of a project's story, of whatever kind."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class GoalQuerySet(models.QuerySet):
    def in_order(self):
        """The main goal first, then the part goals as they were written."""
        return self.order_by(models.Case(models.When(kind="main", then=0), default=1), "pk")


class Goal(StoryPart):
    """What shall be different, told so that it can be decided whether it is reached.

    Either a number to reach in a unit by a day, or a criterion in words.
    """

    class Kind(models.TextChoices):
        MAIN = "main", _("Main goal")
        PART = "part", _("Part goal")

    project = models.ForeignKey(Project, models.CASCADE, related_name="goals")
    kind = models.CharField(_("kind"), max_length=4, choices=Kind, default=Kind.PART)
    text = models.CharField(_("goal"), max_length=200)
    criterion = models.CharField(_("how you see that it is reached"), max_length=300, blank=True)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    baseline = models.DecimalField(_("before"), max_digits=14, decimal_places=2, null=True, blank=True)
    baseline_on = models.DateField(_("measured"), null=True, blank=True)
    latest = models.DecimalField(_("now"), max_digits=14, decimal_places=2, null=True, blank=True)
    latest_on = models.DateField(_("measured"), null=True, blank=True)
    target = models.DecimalField(_("goal"), max_digits=14, decimal_places=2, null=True, blank=True)
    target_on = models.DateField(_("shall be reached"), null=True, blank=True)

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        constraints = [
            models.CheckConstraint(
                name="goal_can_be_decided",
                condition=~Q(criterion="") | Q(target__isnull=False, target_on__isnull=False) & ~Q(unit=""),
                violation_error_message=_(
                    "Write how you see that the goal is reached, or a number with unit and date."
                ),
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(kind="main"),
                name="project_has_one_main_goal",
                violation_error_message=_("The project has a main goal already. Make this one a part goal."),
            ),
            models.CheckConstraint(name="goal_kind_known", condition=Q(kind__in=["main", "part"])),
        ]

    def __str__(self):
        return self.text

    @property
    def has_number(self) -> bool:
        return self.target is not None


class QuoteQuerySet(models.QuerySet):
    def visible_to(self, user, project):
        """All to the core team; to others only those that may be shared."""
        return self if project.can.confide else self.cleared()

    def cleared(self):
        return self.filter(cleared_on__isnull=False)


class Quote(StoryPart):
    """What somebody said, without a name. It leaves the core team only when it is cleared for sharing."""

    class Speaker(models.TextChoices):
        USER = "user", _("User")
        RELATIVE = "relative", _("Relative")
        EMPLOYEE = "employee", _("Employee")

    project = models.ForeignKey(Project, models.CASCADE, related_name="quotes")
    speaker = models.CharField(_("who said it"), max_length=8, choices=Speaker)
    description = models.CharField(_("who it is, without a name"), max_length=80, blank=True)
    text = models.CharField(_("quote"), max_length=300)
    cleared_on = models.DateField(_("cleared for sharing"), null=True, blank=True)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [
            models.CheckConstraint(
                name="quote_speaker_known", condition=Q(speaker__in=["user", "relative", "employee"])
            )
        ]

    def __str__(self):
        return self.text

    @property
    def who(self) -> str:
        return self.description or self.get_speaker_display()

    @property
    def is_cleared(self) -> bool:
        return self.cleared_on is not None


class KeyNumber(StoryPart):
    """A number that makes people think: value and unit, where it is from, and of which year."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="key_numbers")
    name = models.CharField(_("what the number counts"), max_length=80)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=30)
    sentence = models.CharField(_("sentence"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=150)
    year = models.PositiveSmallIntegerField(_("year"))

    class Meta:
        verbose_name = _("key number")
        verbose_name_plural = _("key numbers")
        constraints = [
            models.CheckConstraint(
                name="key_number_has_source_and_unit", condition=~Q(source="") & ~Q(unit="")
            ),
            models.CheckConstraint(
                name="key_number_year", condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR)
            ),
        ]

    def __str__(self):
        return self.name


def is_money(unit: str) -> bool:
    """Return whether a unit is one of money: kr, kroner, NOK, mill. kr, kr/år."""
    return any(word in MONEY for word in re.findall(r"[a-zæøå]+", unit.lower()))


class Picture(StoryPart):
    """A picture, drawn anew without its hidden data; told in words, and with the consent of those in it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="pictures")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alternative = models.CharField(_("what the picture shows"), max_length=300)
    consent = models.CharField(_("who has agreed, and how"), max_length=300)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.CheckConstraint(
                name="picture_has_words_and_consent", condition=~Q(alternative="") & ~Q(consent="")
            ),
            models.CheckConstraint(name="picture_has_size", condition=Q(width__gt=0, height__gt=0)),
        ]

    def __str__(self):
        return self.alternative


class PlanLink(StoryPart):
    """Which goal of which plan of the municipality the project supports."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="plan_links")
    plan = models.CharField(_("plan"), max_length=150)
    goal = models.CharField(_("goal in the plan"), max_length=300)
    url = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("link to a plan")
        verbose_name_plural = _("links to plans")
        constraints = [
            models.CheckConstraint(name="plan_link_names_plan_and_goal", condition=~Q(plan="") & ~Q(goal=""))
        ]

    def __str__(self):
        return self.plan
