"""Who follows up benefits in the line: as `access`, for pages within a project, also when it is closed."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from benefits.access import measurable_by
from benefits.due import with_postponements
from benefits.models import Benefit
from innovasjon.access import CORE_TEAM, Permission
from roadmap.access import project_for
from roadmap.models import Project


def follows_up(project: Project, user) -> bool:
    """Whether a person follows up a project's benefits: core team, and owners in the line.

    Also when the project is closed: its benefits live on. `project.my_role` is the part in the project.
    """
    return project.my_role in CORE_TEAM or project.benefits.filter(owner=user).exists()


def hands_over(project: Project, benefit: Benefit, user) -> bool:
    """Whether a person asks others to own a benefit: core team and the owner, not those who only measure."""
    return project.my_role in CORE_TEAM or benefit.owner_id == user.pk


def follow_up_for(request, slug: str) -> Project:
    """Return a project whose benefits the person follows up.

    Raises Http404, PermissionDenied.
    """
    project = project_for(request, slug, Permission.VIEW)
    if not follows_up(project, request.user):
        raise PermissionDenied("neither in the core team nor a benefit's owner")
    return project


def benefit_to_follow_up(request, slug: str, pk: int) -> Benefit:
    """Return a benefit the person follows up: core team, its owner, and those who measure it.

    Also when the project is closed. Raises Http404, PermissionDenied.
    """
    project = project_for(request, slug, Permission.VIEW)
    benefit = get_object_or_404(project.benefits.select_related("owner"), pk=pk)
    benefit.project = project
    indicators = benefit.indicators.active().select_related("measurer").in_order()
    benefit.own_indicators = list(with_postponements(indicators))
    if not measurable_by(request.user, project, benefit, benefit.own_indicators):
        raise PermissionDenied("neither in the core team nor the benefit's owner")
    return benefit
