"""With whom: stakeholders, their stance over time, what they said, and what is planned with them."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from innovasjon.access import CORE_TEAM, ProjectRole
from innovasjon.models import User
from innovasjon.rows import Rows, read
from roadmap.models import Project, ProjectMembership


class MainGroup(models.TextChoices):
    """The four groups of the roadmap. Source: S0 step 4."""

    USER = "user", _("User")
    RELATIVE = "relative", _("Relative")
    EMPLOYEE = "employee", _("Employee")
    OTHER = "other", _("Other party")


class DetailedGroup(models.TextChoices):
    """Source: PP, see domain.md 3.2."""

    STAFF = "staff", _("Staff")
    MANAGEMENT = "management", _("Management")
    CITIZENS = "citizens", _("Citizens")
    BUSINESS = "business", _("Business")
    VOLUNTARY = "voluntary", _("Voluntary organisations")
    UNION = "union", _("Trade union")
    PUBLIC = "public", _("Other public bodies")
    ACADEMIA = "academia", _("Academia")
    FUNDING = "funding", _("Funding bodies")
    USERS = "users", _("Users")


class Reach(models.TextChoices):
    """The level the stakeholder acts on. Source: S1."""

    LOCAL = "local", _("Local")
    MUNICIPAL = "municipal", _("Municipal or regional")
    NATIONAL = "national", _("National")


class Degree(models.IntegerChoices):
    """How much. Source: PV2, DG."""

    NONE = 0, _("None")
    SMALL = 1, _("Small")
    MEDIUM = 2, _("Medium")
    LARGE = 3, _("Large")


class Attitude(models.TextChoices):
    """Always shown as shape, word and colour: circle, square, triangle, dashed ring."""

    POSITIVE = "positive", _("Positive")
    NEUTRAL = "neutral", _("Neutral")
    SCEPTICAL = "sceptical", _("Sceptical")
    UNKNOWN = "unknown", _("Unknown")


class Involvement(models.TextChoices):
    """How the stakeholder takes part. Source: S1."""

    ACTIVE = "active", _("Takes active part")
    CONSULTED = "consulted", _("Is consulted")
    INFORMED = "informed", _("Is informed")
    NOT_NOW = "not_now", _("Not now")


class Channel(models.TextChoices):
    MEETING = "meeting", _("Meeting")
    VISIT = "visit", _("Visit")
    PHONE = "phone", _("Telephone")
    MAIL = "mail", _("E-mail")
    SURVEY = "survey", _("Survey")
    OTHER = "other", _("Other")


FACE_TO_FACE = (Channel.MEETING, Channel.VISIT)


def in_core_team(user, project: str):
    """Return the condition that the person is in the core team of the row's project."""
    return Exists(ProjectMembership.objects.filter(project=OuterRef(project), user=user, role__in=CORE_TEAM))


class Stakeholder(models.Model):
    """A group, a unit or an organisation the project touches; a person only where it must be."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="stakeholders")
    name = models.CharField(_("group, unit or organisation"), max_length=150)
    person_name = models.CharField(_("name of a person"), max_length=150, blank=True)
    line_role = models.CharField(_("role in the line"), max_length=150, blank=True)
    main_group = models.CharField(_("main group"), max_length=8, choices=MainGroup)
    detailed_group = models.CharField(_("detailed group"), max_length=10, choices=DetailedGroup, blank=True)
    reach = models.CharField(_("level"), max_length=9, choices=Reach, blank=True)
    how_affected = models.TextField(_("how they are affected"), blank=True)
    strongly_affected = models.BooleanField(_("strongly affected"), default=False)
    interest = models.PositiveSmallIntegerField(_("interest"), choices=Degree, default=Degree.MEDIUM)
    influence = models.PositiveSmallIntegerField(_("influence"), choices=Degree, default=Degree.MEDIUM)
    involvement = models.CharField(_("involvement"), max_length=9, choices=Involvement, blank=True)
    expected_role = models.TextField(_("expected role in the implementation"), blank=True)
    information_need = models.TextField(_("information need"), blank=True)
    in_advisory_group = models.BooleanField(_("member of the advisory group"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("stakeholder")
        verbose_name_plural = _("stakeholders")
        constraints = [
            models.CheckConstraint(
                name="stakeholder_degrees_0_to_3", condition=Q(interest__lte=3, influence__lte=3)
            ),
            models.CheckConstraint(
                name="stakeholder_main_group_known", condition=Q(main_group__in=MainGroup.values)
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("stakeholders:stakeholder", args=[self.project.slug, self.pk])

    @property
    def is_person(self) -> bool:
        return bool(self.person_name)


class StanceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Stances of groups; those of named persons only to the core team of the project."""
        return self.filter(Q(stakeholder__person_name="") | in_core_team(user, "stakeholder__project"))

    def of_groups(self):
        """Never of named persons: for documents and what is frozen."""
        return self.filter(stakeholder__person_name="")

    def newest_last(self):
        return self.order_by("on", "pk")


class Stance(models.Model):
    """What a stakeholder thought at one time, and how we know. A change is a new row."""

    class Kind(models.TextChoices):
        NOW = "now", _("Attitude now")
        WANTED = "wanted", _("Wanted attitude")

    class Source(models.TextChoices):
        ASSUMED = "assumed", _("We assume it")
        SAID = "said", _("They said so themselves")

    stakeholder = models.ForeignKey(Stakeholder, models.CASCADE, related_name="stances")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.NOW)
    attitude = models.CharField(_("attitude"), max_length=9, choices=Attitude)
    source = models.CharField(_("how we know"), max_length=7, choices=Source)
    on = models.DateField(_("when"))
    phase = models.PositiveSmallIntegerField(_("phase"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = StanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("stance")
        verbose_name_plural = _("stances")
        indexes = [models.Index(fields=["stakeholder", "kind", "on"], name="stance_history")]
        constraints = [
            models.CheckConstraint(name="stance_attitude_known", condition=Q(attitude__in=Attitude.values)),
            models.CheckConstraint(name="stance_source_known", condition=Q(source__in=["assumed", "said"])),
        ]

    def __str__(self):
        return f"{self.get_attitude_display()} ({self.get_source_display()})"


class ConversationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Only to the core team of the project."""
        return self.filter(in_core_team(user, "stakeholder__project"))


class Conversation(models.Model):
    """What was said when we talked, and what we do now."""

    stakeholder = models.ForeignKey(Stakeholder, models.CASCADE, related_name="conversations")
    on = models.DateField(_("when"))
    channel = models.CharField(_("how"), max_length=8, choices=Channel)
    said = models.TextField(_("what they said"))
    quote_cleared = models.BooleanField(_("cleared for sharing without names"), default=False)
    next_step = models.TextField(_("what we do now"), blank=True)
    stance = models.OneToOneField(Stance, models.SET_NULL, null=True, related_name="conversation")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes = [models.Index(fields=["stakeholder", "on"], name="conversation_on")]

    def __str__(self):
        return f"{self.stakeholder}, {self.on}"


class MeasureQuerySet(models.QuerySet):
    def pending(self):
        return self.exclude(status=Measure.Status.DONE)

    def overdue(self, today):
        """The measures that `Measure.is_overdue` is true of."""
        return self.pending().filter(on__lt=today)

    def between(self, first, last):
        return self.filter(on__gte=first, on__lte=last)

    def waiting_for(self, user, municipality, last):
        """What a person shall do until a day, overdue included, in open projects the person may change.

        What nobody is responsible for, or somebody who has left the team, waits for those who lead it.
        """
        led = ProjectMembership.objects.filter(user=user, role=ProjectRole.LEADER).values("project")
        unheld = ~in_core_team(OuterRef("responsible"), "stakeholder__project")
        mine = Q(responsible=user) | Q(unheld, stakeholder__project__in=led)
        return (
            self.pending()
            .filter(mine, on__lte=last)
            .filter(in_core_team(user, "stakeholder__project"))
            .filter(
                stakeholder__project__municipality=municipality,
                stakeholder__project__status=Project.Status.ACTIVE,
            )
            .select_related("stakeholder__project")
            .order_by("on", "pk")
        )


class Measure(models.Model):
    """One thing planned with a stakeholder: who hears what from us, how and when."""

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", _("Not started")
        STARTED = "started", _("Started")
        DONE = "done", _("Completed")
        POSTPONED = "postponed", _("Postponed")

    stakeholder = models.ForeignKey(Stakeholder, models.CASCADE, related_name="measures")
    what = models.CharField(_("what we do"), max_length=200)
    goal = models.TextField(_("goal"), blank=True)
    message = models.TextField(_("message"), blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    on = models.DateField(_("when"), null=True, blank=True)
    phase = models.PositiveSmallIntegerField(_("phase"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
    )
    status = models.CharField(_("status"), max_length=11, choices=Status, default=Status.NOT_STARTED)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        indexes = [models.Index(fields=["stakeholder", "status", "on"], name="measure_next")]

    def __str__(self):
        return self.what

    @property
    def is_done(self) -> bool:
        return self.status == self.Status.DONE

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed and it is not done."""
        return not self.is_done and self.on is not None and self.on < today


class Review(models.Model):
    """The team went through the register on a day, and set the next one."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="stakeholder_reviews")
    on = models.DateField(_("when"))
    next_on = models.DateField(_("next review"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("review of the register")
        verbose_name_plural = _("reviews of the register")

    def __str__(self):
        return str(self.on)


class AdvisoryMeeting(models.Model):
    """A meeting of the advisory group: what it was about."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="advisory_meetings")
    on = models.DateField(_("when"))
    topic = models.CharField(_("topic"), max_length=200)

    class Meta:
        verbose_name = _("meeting of the advisory group")
        verbose_name_plural = _("meetings of the advisory group")

    def __str__(self):
        return self.topic


class AdvisoryInput(models.Model):
    """What the advisory group said, and what was decided because of it."""

    meeting = models.ForeignKey(AdvisoryMeeting, models.CASCADE, related_name="inputs")
    text = models.TextField(_("input"))
    decision = models.TextField(_("what was decided"), blank=True)

    class Meta:
        verbose_name = _("input of the advisory group")
        verbose_name_plural = _("inputs of the advisory group")

    def __str__(self):
        return self.text[:80]


class ResponsibilityTaskQuerySet(models.QuerySet):
    def with_performers(self):
        """Annotate `performer_names`, read by `doers`: a list of tasks costs one query."""
        doing = ResponsibilityTask.performers.through.objects.filter(responsibilitytask=models.OuterRef("pk"))
        return self.annotate(performer_names=Rows(doing.order_by("user__name"), "user__name"))


class ResponsibilityTask(models.Model):
    """A row of the responsibility matrix. One is accountable: the column allows neither none nor two."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="responsibility_tasks")
    name = models.CharField(_("task"), max_length=200)
    accountable = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("accountable")
    )
    performers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("who does it")
    )

    objects = ResponsibilityTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task in the responsibility matrix")
        verbose_name_plural = _("tasks in the responsibility matrix")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "name"],
                name="responsibility_task_once",
                violation_error_message=_("The task is in the matrix already."),
            )
        ]

    def __str__(self):
        return self.name

    @property
    def doers(self) -> list[str]:
        """The short names of those who do it, of a task read `with_performers`."""
        return [User(name=name).short_name for (name,) in read(self.performer_names)]
