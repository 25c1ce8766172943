"""How far a project has come: its copy of the phases and steps, rounds, checkpoints and evidence."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from roadmap.models.project import FIRST_PHASE, LAST_PHASE, Project


class ProjectPhase(models.Model):
    """One project's copy of a phase; the text was copied from the roadmap's content at the start."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="phases")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    purpose = models.TextField()
    gate_question = models.TextField()
    tools = models.JSONField(default=list)  # names
    deliverables = models.JSONField(default=list)  # names
    planned_from = models.DateField(_("planned from"), null=True, blank=True)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="project_phase_once"),
            models.CheckConstraint(
                name="phase_number_1_to_6", condition=Q(number__gte=FIRST_PHASE, number__lte=LAST_PHASE)
            ),
        ]

    def __str__(self):
        return self.name


class Step(models.Model):
    """One step of a phase in one project, such as 4.2; copied like the phase."""

    phase = models.ForeignKey(ProjectPhase, models.CASCADE, related_name="steps")
    key = models.CharField(max_length=5)
    name = models.CharField(max_length=120)
    tools = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [models.UniqueConstraint(fields=["phase", "key"], name="step_once")]

    def __str__(self):
        return f"{self.key} {self.name}"


class PhaseRoundQuerySet(models.QuerySet):
    def current(self):
        """The latest round of each phase of each project."""
        later = PhaseRound.objects.filter(
            project=models.OuterRef("project"),
            phase=models.OuterRef("phase"),
            number__gt=models.OuterRef("number"),
        )
        return self.filter(~models.Exists(later))


class PhaseRound(models.Model):
    """One pass through a phase. Stepping back ends a round and opens the next one of the target phase.

    Round 1 of every phase is there from the start with its checkpoints; `started_on` is empty until
    the project gets there.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="rounds")
    phase = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(default=1)
    purpose = models.TextField(_("what to find out now"), blank=True)  # why a later round was opened
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    objects = PhaseRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.UniqueConstraint(fields=["project", "phase", "number"], name="phase_round_once"),
            models.CheckConstraint(
                name="phase_round_ends_after_start",
                condition=Q(ended_on=None)
                | Q(started_on__isnull=False, ended_on__gte=models.F("started_on")),
            ),
        ]

    def __str__(self):
        return f"{self.phase}/{self.number}"


class ItemQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status=ChecklistItem.Status.OPEN)

    def settled(self):
        """Done or not relevant."""
        return self.exclude(status=ChecklistItem.Status.OPEN)

    def in_order(self):
        return self.order_by("step__position", "position", "id")

    def of_project(self, project):
        return self.filter(round__project=project)

    def with_step_count(self):
        """Annotate `step_total` and `step_settled`: of the same step in the same round."""
        same = (
            ChecklistItem.objects.filter(round=models.OuterRef("round"), step=models.OuterRef("step"))
            .order_by()
            .values("step")
        )
        settled = same.exclude(status=ChecklistItem.Status.OPEN)
        count = models.Count("pk")
        return self.annotate(
            step_total=models.Subquery(same.annotate(n=count).values("n")),
            step_settled=Coalesce(models.Subquery(settled.annotate(n=count).values("n")), 0),
        )

    def counted_by_project(self, projects) -> dict[int, tuple[int, int, int]]:
        """Project id → (all, done, not relevant) in the current round of its phase. One query."""
        status = ChecklistItem.Status
        found = (
            self.filter(
                round__project__in=projects,
                round__phase=models.F("round__project__phase"),
                round__ended_on=None,
            )
            .values("round__project")
            .annotate(
                total=models.Count("pk"),
                done=models.Count("pk", filter=Q(status=status.DONE)),
                not_relevant=models.Count("pk", filter=Q(status=status.NOT_RELEVANT)),
            )
            .order_by()
        )
        return {row["round__project"]: (row["total"], row["done"], row["not_relevant"]) for row in found}


class ChecklistItem(models.Model):
    """One checkpoint of one round; its text was copied from the roadmap's content, or is the team's own."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        NOT_RELEVANT = "not_relevant", _("Not relevant")

    class Origin(models.TextChoices):
        ROADMAP = "roadmap", _("From the roadmap")
        PUBLIC = "public", _("From another public source")
        PROPOSAL = "proposal", _("Our proposal")
        OWN = "own", _("The project's own")

    round = models.ForeignKey(PhaseRound, models.CASCADE, related_name="items")
    step = models.ForeignKey(Step, models.RESTRICT, related_name="items")
    key = models.CharField(max_length=8)
    text = models.CharField(_("checkpoint"), max_length=300)
    good_enough = models.CharField(max_length=300, blank=True)
    tip = models.CharField(max_length=400, blank=True)
    origin = models.CharField(max_length=8, choices=Origin)
    sources = models.JSONField(default=list)  # codes, see roadmap.content.sources()
    position = models.PositiveSmallIntegerField()
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.OPEN)
    reason = models.TextField(_("why it is not relevant"), blank=True)
    note = models.TextField(_("note"), blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_on = models.DateField(null=True)
    predecessor = models.ForeignKey("self", models.RESTRICT, null=True, related_name="successors")

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        constraints = [
            models.CheckConstraint(
                name="item_not_relevant_has_reason",
                condition=~Q(status="not_relevant") | ~Q(reason=""),
                violation_error_message=_("Say why the checkpoint is not relevant."),
            ),
            models.CheckConstraint(
                name="item_status_known", condition=Q(status__in=["open", "done", "not_relevant"])
            ),
            models.CheckConstraint(
                name="item_settled_by_and_on",
                condition=Q(settled_on=None, settled_by=None)
                | Q(settled_on__isnull=False, settled_by__isnull=False),
            ),
            models.UniqueConstraint(fields=["round", "key"], name="item_once_a_round"),
        ]
        indexes = [models.Index(fields=["round", "status"], name="item_round_status")]

    def __str__(self):
        return f"{self.key} {self.text}"

    def get_absolute_url(self):
        """The page of the step with this checkpoint open."""
        round = self.round
        return reverse("roadmap:item", args=[round.project.slug, round.phase, self.step.key, self.key])

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class Evidence(models.Model):
    """A link that shows what a checkpoint's answer rests on."""

    item = models.ForeignKey(ChecklistItem, models.CASCADE, related_name="evidence")
    title = models.CharField(_("what it is"), max_length=200)
    url = models.URLField(_("address"), max_length=1000)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                name="evidence_is_a_web_address",
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
            )
        ]

    def __str__(self):
        return self.title
