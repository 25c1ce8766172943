"""A project and its people."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from innovasjon.access import SEES_RESTRICTED, ProjectRole
from innovasjon.models import Municipality

FIRST_PHASE, LAST_PHASE = 1, 6


class Condition(models.TextChoices):
    """How a project is doing. Always shown as shape, word and colour together."""

    ON_TRACK = "on_track", _("On track")
    WATCH = "watch", _("Watch")
    NEEDS_HELP = "needs_help", _("Needs help")
    NOT_ASSESSED = "not_assessed", _("Not assessed")


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the person may see: open projects where the person has a role in the municipality, and
        restricted ones of the person's own or where the municipality role sees them."""
        if not user.is_authenticated:
            return self.none()
        here = user.memberships.filter(municipality=models.OuterRef("municipality"))
        return self.filter(models.Exists(here)).filter(
            Q(restricted=False)
            | models.Exists(here.filter(role__in=SEES_RESTRICTED))
            | models.Exists(ProjectMembership.objects.filter(project=models.OuterRef("pk"), user=user))
        )

    def known_to(self, user):
        """Projects of the municipalities where the person has a role: a colleague may ask for access."""
        return self.filter(municipality__in=Municipality.objects.of(user))

    def of(self, municipality):
        return self.filter(municipality=municipality)

    @staticmethod
    def words(text) -> Q:
        """The name, the problem or the area has the text."""
        return Q(name__icontains=text) | Q(problem__icontains=text) | Q(area__icontains=text)

    def with_owner(self):
        """Annotate `owner_name` and `owner_position`."""
        owner = ProjectMembership.objects.filter(project=models.OuterRef("pk"), role=ProjectRole.OWNER)
        return self.annotate(
            owner_name=models.Subquery(owner.values("user__name")[:1]),
            owner_position=models.Subquery(owner.values("user__position")[:1]),
        )


class Project(models.Model):
    """One innovation project of one municipality, on its way through the six phases."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        CLOSED = "closed", _("Closed")

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="projects")
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=300)
    problem = models.TextField(_("problem"))
    area = models.CharField(_("area"), max_length=100, blank=True)
    case_reference = models.CharField(_("case reference"), max_length=60, blank=True)
    restricted = models.BooleanField(_("only for the people of the project and for managers"), default=False)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.ACTIVE)
    phase = models.PositiveSmallIntegerField(_("phase"), default=FIRST_PHASE)
    condition = models.CharField(
        _("condition"), max_length=12, choices=Condition, default=Condition.NOT_ASSESSED
    )
    condition_reason = models.TextField(_("reason for the condition"), blank=True)
    next_gate_at = models.DateTimeField(_("next gate meeting"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, default="nb")
    content_version = models.CharField(max_length=20)
    started_on = models.DateField(_("started"))
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    learning = models.TextField(_("what others can learn"), blank=True)
    heirs = models.TextField(_("who takes over the benefits"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            models.CheckConstraint(
                name="project_phase_1_to_6", condition=Q(phase__gte=FIRST_PHASE, phase__lte=LAST_PHASE)
            ),
            models.CheckConstraint(
                name="project_condition_has_reason",
                condition=Q(condition__in=[Condition.ON_TRACK, Condition.NOT_ASSESSED])
                | ~Q(condition_reason=""),
                violation_error_message=_("Say why, so that others understand the condition."),
            ),
            models.CheckConstraint(
                name="project_closed_has_date",
                condition=Q(status="active", closed_on=None) | Q(status="closed", closed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="project_condition_known", condition=Q(condition__in=Condition.values)
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "phase"], name="project_phase"),
            models.Index(fields=["municipality", "status", "name"], name="project_name"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("roadmap:project", args=[self.slug])

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED


class ProjectMembershipQuerySet(models.QuerySet):
    IN_ORDER = ("rank", "user__name", "pk")

    def ranked(self):
        """Annotate `rank`: owner, leader, members, observers."""
        ranks = [models.When(role=role, then=n) for n, role in enumerate(ProjectRole)]
        return self.annotate(rank=models.Case(*ranks, default=len(ProjectRole)))

    def in_order(self):
        """By rank, and by name within each."""
        return self.ranked().order_by(*self.IN_ORDER)


class ProjectMembership(models.Model):
    """A person's part in one project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="project_memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=8, choices=ProjectRole)

    objects = ProjectMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("part in the project")
        verbose_name_plural = _("parts in the project")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"],
                name="project_membership_once",
                violation_error_message=_("This person is in the project already."),
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(role="owner"), name="project_has_one_owner"
            ),
            models.CheckConstraint(
                name="project_membership_role_known", condition=Q(role__in=ProjectRole.values)
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.get_role_display()}"
