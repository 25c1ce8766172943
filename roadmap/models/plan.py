"""The plan of a project: what happens when, who has time, what is handed over, and how far it may slip."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from innovasjon.rows import Rows
from roadmap.models.progress import Step
from roadmap.models.project import FIRST_PHASE, LAST_PHASE, Project

# Of one who takes part in an activity.
PERSON = ("user_id", "user__name", "user__position")


class ActivityQuerySet(models.QuerySet):
    def pending(self):
        return self.exclude(status=Activity.Status.DONE)

    def in_order(self):
        return self.order_by("phase", "position", "pk")

    def with_links(self):
        """Annotate `_people` and `_before`, read by `plan.read_activities`: a plan costs one query."""
        taking_part = Activity.participants.through.objects.filter(activity=OuterRef("pk")).order_by("user")
        before = Dependency.objects.filter(after=OuterRef("pk"))
        return self.annotate(_people=Rows(taking_part, *PERSON), _before=Rows(before, "before_id"))

    def hitting_units(self):
        """Pilots and roll-outs with a unit and both dates: what a unit notices."""
        return self.filter(kind__in=Activity.HITS, starts_on__isnull=False, ends_on__isnull=False).exclude(
            unit_key=""
        )


class Activity(models.Model):
    """One thing to do in a phase, or a milestone; a pilot or a roll-out names the unit it hits."""

    class Kind(models.TextChoices):
        ACTIVITY = "activity", _("Activity")
        MILESTONE = "milestone", _("Milestone")
        PILOT = "pilot", _("Pilot")
        ROLL_OUT = "roll_out", _("Roll-out")
        LESSONS = "lessons", _("Summing up of experience")

    class Status(models.TextChoices):
        """Source: KT. «Delayed» is no choice: it follows from the end and the day."""

        NOT_STARTED = "not_started", pgettext_lazy("activity", "Not started")
        STARTED = "started", _("Under way")
        DONE = "done", _("Finished")

    HITS = (Kind.PILOT, Kind.ROLL_OUT)

    project = models.ForeignKey(Project, models.CASCADE, related_name="activities")
    phase = models.PositiveSmallIntegerField(_("phase"))
    step = models.ForeignKey(
        Step, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("step")
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.ACTIVITY)
    name = models.CharField(_("what is to be done"), max_length=200)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
    )
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("participants")
    )
    starts_on = models.DateField(_("start"), null=True, blank=True)
    ends_on = models.DateField(_("end"), null=True, blank=True)
    agreed_on = models.DateField(_("agreed end"), null=True, blank=True, editable=False)  # the baseline
    status = models.CharField(_("status"), max_length=11, choices=Status, default=Status.NOT_STARTED)
    unit = models.CharField(_("unit that is affected"), max_length=120, blank=True)
    unit_key = models.CharField(max_length=120, blank=True, editable=False)  # tells units apart
    predecessors = models.ManyToManyField(
        "self",
        through="Dependency",
        through_fields=("after", "before"),
        symmetrical=False,
        related_name="followers",
    )
    position = models.PositiveIntegerField(default=0, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.CheckConstraint(
                name="activity_phase_1_to_6", condition=Q(phase__gte=FIRST_PHASE, phase__lte=LAST_PHASE)
            ),
            models.CheckConstraint(
                name="activity_ends_after_start",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                name="activity_status_known", condition=Q(status__in=["not_started", "started", "done"])
            ),
            models.CheckConstraint(
                name="activity_kind_known",
                condition=Q(kind__in=["activity", "milestone", "pilot", "roll_out", "lessons"]),
            ),
            models.CheckConstraint(
                name="activity_milestone_is_one_day",
                condition=~Q(kind="milestone")
                | Q(starts_on=None)
                | Q(ends_on__isnull=False, starts_on=F("ends_on")),
                violation_error_message=_("A milestone is one day."),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "phase", "position"], name="activity_order"),
            models.Index(fields=["responsible", "status", "ends_on"], name="activity_mine"),
            models.Index(fields=["unit_key", "kind"], name="activity_unit"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("roadmap:activity", args=[self.project.slug, self.pk])

    @property
    def is_done(self) -> bool:
        return self.status == self.Status.DONE

    @property
    def is_milestone(self) -> bool:
        return self.kind == self.Kind.MILESTONE

    def days_late(self, today: date) -> int:
        """Return how many days ago it should have been finished; 0 when it is done or not due yet."""
        if self.is_done or self.ends_on is None or self.ends_on >= today:
            return 0
        return (today - self.ends_on).days

    @property
    def is_moved(self) -> bool:
        """Whether it is to end on another day than was agreed."""
        return (
            not self.is_done and None not in (self.agreed_on, self.ends_on) and self.agreed_on != self.ends_on
        )

    def days_over(self, today: date) -> int:
        """Return how many days after the agreed end it ends, as far as is known; 0 when it is done.

        What nobody has agreed on is measured against its own end.
        """
        if self.is_done or self.agreed_on is None:
            return self.days_late(today)
        return max(0, (max(self.ends_on or self.agreed_on, today) - self.agreed_on).days)

    def tidy(self) -> None:
        """Give the unit its key, and a milestone its one day."""
        self.unit = " ".join(self.unit.split())
        self.unit_key = self.unit.casefold()
        if self.is_milestone:
            self.starts_on = self.ends_on = self.ends_on or self.starts_on

    def save(self, **kwargs):
        self.tidy()
        super().save(**kwargs)


class Dependency(models.Model):
    """One activity begins when another one has ended. That there is no circle, the actions see to."""

    before = models.ForeignKey(Activity, models.CASCADE, related_name="leads_to")
    after = models.ForeignKey(Activity, models.CASCADE, related_name="waits_for")

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="dependency_once"),
            models.CheckConstraint(name="dependency_between_two", condition=~Q(before=F("after"))),
        ]

    def __str__(self):
        return f"{self.before} → {self.after}"


class Deliverable(models.Model):
    """What a phase hands over, and what must be true for it to be accepted."""

    class Status(models.TextChoices):
        """Source: PP."""

        ON_PLAN = "on_plan", _("According to the plan")
        SMALL_DEVIATION = "small_deviation", _("Small deviations")
        LARGE_DEVIATION = "large_deviation", _("Large deviations")
        APPROVED = "approved", _("Approved")

    project = models.ForeignKey(Project, models.CASCADE, related_name="deliverables")
    phase = models.PositiveSmallIntegerField(_("phase"))
    name = models.CharField(_("deliverable"), max_length=200)
    acceptance = models.TextField(_("acceptance criterion"), blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approver"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=15, choices=Status, default=Status.ON_PLAN)

    class Meta:
        verbose_name = _("deliverable")
        verbose_name_plural = _("deliverables")
        constraints = [
            models.CheckConstraint(
                name="deliverable_phase_1_to_6", condition=Q(phase__gte=FIRST_PHASE, phase__lte=LAST_PHASE)
            ),
            models.CheckConstraint(
                name="deliverable_status_known",
                condition=Q(status__in=["on_plan", "small_deviation", "large_deviation", "approved"]),
            ),
            models.CheckConstraint(
                name="deliverable_approved_by_whom_and_for_what",
                condition=~Q(status="approved") | (Q(approver__isnull=False) & ~Q(acceptance="")),
                violation_error_message=_("Write the acceptance criterion and who approves."),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "phase"], name="deliverable_phase"),
            models.Index(fields=["responsible", "status", "due_on"], name="deliverable_mine"),
        ]

    def __str__(self):
        return self.name


class Tolerance(models.Model):
    """How far the project may deviate before the project owner is asked."""

    class Kind(models.TextChoices):
        """Source: DG. Time in days, the others in per cent."""

        TIME = "time", _("Time, in days")
        COST = "cost", _("Cost, in per cent")
        QUALITY = "quality", _("Quality, in per cent")
        BENEFIT = "benefit", _("Benefit, in per cent")

    project = models.ForeignKey(Project, models.CASCADE, related_name="tolerances")
    kind = models.CharField(max_length=7, choices=Kind)
    allowed = models.PositiveSmallIntegerField(_("allowed deviation, plus or minus"))

    class Meta:
        verbose_name = _("tolerance")
        verbose_name_plural = _("tolerances")
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="tolerance_once"),
            models.CheckConstraint(
                name="tolerance_kind_known", condition=Q(kind__in=["time", "cost", "quality", "benefit"])
            ),
            models.CheckConstraint(
                name="tolerance_at_most_100_percent", condition=Q(kind="time") | Q(allowed__lte=100)
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: ± {self.allowed}"


class TeamShare(models.Model):
    """How much of a person's time the project has asked for, and what the answer is."""

    class Status(models.TextChoices):
        """Source: PP."""

        ASKED = "asked", _("Asked for")
        ALLOCATED = "allocated", _("Allocated")
        REFUSED = "refused", _("Refused")
        OTHER = "other", _("Other")

    project = models.ForeignKey(Project, models.CASCADE, related_name="shares")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person")
    )
    role = models.CharField(_("role in the team"), max_length=120, blank=True)
    share = models.DecimalField(_("share of full time"), max_digits=3, decimal_places=2)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.ASKED)

    class Meta:
        verbose_name = _("share of time")
        verbose_name_plural = _("shares of time")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"],
                name="team_share_once",
                violation_error_message=_("The person has a share of time already."),
            ),
            models.CheckConstraint(name="team_share_0_to_1", condition=Q(share__gt=0, share__lte=1)),
            models.CheckConstraint(
                name="team_share_status_known",
                condition=Q(status__in=["asked", "allocated", "refused", "other"]),
            ),
            models.CheckConstraint(
                name="team_share_ends_after_start",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self):
        return f"{self.user.position_or_name}, {self.percent} %"

    @property
    def percent(self) -> int:
        return round(self.share * 100)
