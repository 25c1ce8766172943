"""The one door to a project: what a person may see and do is asked here and nowhere else."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.http import Http404
from django.urls import reverse

from innovasjon.access import Can, Permission, permissions_of, require
from innovasjon.models import Membership
from roadmap.models import Project, ProjectMembership

CHANGES = {Permission.EDIT, Permission.MANAGE, Permission.ASK, Permission.APPOINT}


def project_for(request, slug: str, permission: Permission) -> Project:
    """Return the project when the person may do what `permission` says; sets `project.can`.

    A stranger to the municipality gets 404. A colleague without the right gets 403 with the way to
    ask for it. In a closed project nobody has the permissions that change it. One query.

    Raises Http404, PermissionDenied.
    """
    user = request.user
    here = Membership.objects.filter(municipality=OuterRef("municipality"), user=user)
    part = ProjectMembership.objects.filter(project=OuterRef("pk"), user=user)
    project = (
        Project.objects.known_to(user)
        .with_owner()
        .select_related("municipality")
        .annotate(
            my_municipality_role=Subquery(here.values("role")[:1]),
            my_role=Subquery(part.values("role")[:1]),
            my_municipalities=Subquery(
                Membership.objects.filter(user=user)
                .order_by()
                .values("user")
                .annotate(n=Count("pk"))
                .values("n")
            ),
        )
        .filter(slug=slug)
        .first()
    )
    if project is None:
        raise Http404
    request.municipality = project.municipality
    request.has_one_municipality = project.my_municipalities == 1
    can = permissions_of(project.my_municipality_role, project.my_role)
    if project.restricted and Permission.VIEW_RESTRICTED not in can:
        request.access_request_url = reverse("roadmap:ask_for_access", args=[slug])
        raise PermissionDenied("restricted project")
    if project.is_closed:
        can = Can(can.permissions - CHANGES)
    require(can, permission)
    project.can = can
    return project


def as_colleague(request, slug: str) -> Project:
    """Return a project of the person's municipality, seen or not, for asking access to it.

    Raises Http404 to a stranger.
    """
    project = Project.objects.known_to(request.user).filter(slug=slug).first()
    if project is None:
        raise Http404
    return project
