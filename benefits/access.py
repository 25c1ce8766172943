"""Who may measure a benefit: the core team, and its owner and measurer in the line, whatever else they see.

A benefit outlives its project, so measuring goes on when the project is closed.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from benefits.models import Benefit
from innovasjon.access import CORE_TEAM, Permission
from roadmap.access import project_for
from roadmap.models import Project


def measurable_by(user, project: Project, benefit: Benefit, indicators=()) -> bool:
    """Whether a person may record measurements of a benefit.

    `project.my_role` is the person's part in the project; the person has a role in the municipality.
    """
    measurers = {indicator.measurer_id for indicator in indicators}
    return project.my_role in CORE_TEAM or benefit.owner_id == user.pk or user.pk in measurers


def benefit_to_measure(request, slug: str, pk: int) -> Benefit:
    """Return a benefit the person may measure, with its project and municipality; 404 to strangers.

    Raises Http404, PermissionDenied.
    """
    user = request.user
    benefit = (
        Benefit.objects.filter(project__slug=slug, pk=pk, project__in=Project.objects.known_to(user))
        .select_related("project__municipality", "owner")
        .first()
    )
    if benefit is None:
        raise Http404
    project = benefit.project
    part = project.memberships.filter(user=user).first()
    project.my_role = part.role if part else None
    request.municipality = project.municipality
    benefit.own_indicators = list(benefit.indicators.active().in_order())
    if not measurable_by(user, project, benefit, benefit.own_indicators):
        raise PermissionDenied("neither in the core team nor the benefit's owner")
    return benefit


def follows_up(project: Project, user) -> bool:
    """Whether a person follows up a project's benefits: core team, and owners in the line.

    Also when the project is closed: its benefits live on. `project.my_role` is the part in the project.
    """
    return project.my_role in CORE_TEAM or project.benefits.filter(owner=user).exists()


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
    benefit.own_indicators = list(benefit.indicators.active().select_related("measurer").in_order())
    if not measurable_by(request.user, project, benefit, benefit.own_indicators):
        raise PermissionDenied("neither in the core team nor the benefit's owner")
    return benefit
