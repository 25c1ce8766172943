"""Who may measure a benefit: the core team, and its owner and measurer in the line, whatever else they see.

A benefit outlives its project, so measuring goes on when the project is closed.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from benefits.models import Benefit, CorrectiveAction, Handover
from innovasjon.access import CORE_TEAM
from roadmap.models import Project


def measurable_by(user, project: Project, benefit: Benefit, indicators=()) -> bool:
    """Whether a person may record measurements of a benefit.

    `project.my_role` is the person's part in the project; the person has a role in the municipality.
    """
    measurers = {indicator.measurer_id for indicator in indicators}
    return project.my_role in CORE_TEAM or benefit.owner_id == user.pk or user.pk in measurers


def benefit_to_measure(request, slug: str, pk: int, *, action: int | None = None) -> Benefit:
    """Return a benefit the person may measure, with its project and municipality; 404 to strangers.

    `action`: of a corrective action; whoever is responsible for it may tell how far it has come.

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
    request.municipality, request.project_is_closed = project.municipality, project.is_closed
    benefit.own_indicators = list(benefit.indicators.active().in_order())
    mine = CorrectiveAction.objects.filter(
        pk=action, responsible=user, deviation__indicator__benefit=benefit, done_on=None
    )
    if not measurable_by(user, project, benefit, benefit.own_indicators) and not mine.exists():
        raise PermissionDenied("neither in the core team nor the benefit's owner")
    return benefit


def handover_to_answer(request, slug: str, pk: int) -> Handover:
    """Return what waits for the person's own answer, else what was answered; 404 to strangers, 403 to others.

    Raises Http404, PermissionDenied.
    """
    benefit = (
        Benefit.objects.filter(project__slug=slug, pk=pk, project__in=Project.objects.known_to(request.user))
        .select_related("project__municipality")
        .first()
    )
    if benefit is None:
        raise Http404
    asked = benefit.handovers.filter(to=request.user).select_related("asked_by")
    waiting = asked.waiting().first() or asked.order_by("-asked_at", "-pk").first()
    if waiting is None:
        raise PermissionDenied("not asked to own the benefit")
    request.municipality = benefit.project.municipality
    waiting.benefit = benefit
    return waiting
