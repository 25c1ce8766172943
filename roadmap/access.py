"""The one door to a project: what a person may see and do is asked here and nowhere else."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, FilteredRelation, Q, Subquery
from django.http import Http404
from django.urls import reverse

from innovasjon.access import Can, Permission, ProjectRole, permissions_of, require
from innovasjon.models import Membership
from innovasjon.prepared import Prepared
from roadmap.models import Project

CHANGES = {Permission.EDIT, Permission.MANAGE, Permission.ASK, Permission.APPOINT}


def project_to(user: int, slug: str):
    """Return the query for a project of a person's municipality, with what both roles are there."""
    owner = Q(memberships__role=ProjectRole.OWNER)
    return (
        Project.objects.filter(slug=slug, municipality__memberships__user=user)
        .select_related("municipality")
        .annotate(
            owner=FilteredRelation("memberships", condition=owner),
            me=FilteredRelation("memberships", condition=Q(memberships__user=user)),
            owner_name=F("owner__user__name"),
            owner_position=F("owner__user__position"),
            my_municipality_role=F("municipality__memberships__role"),
            my_role=F("me__role"),
            my_municipalities=Subquery(
                Membership.objects.filter(user=user)
                .order_by()
                .values("user")
                .annotate(n=Count("pk"))
                .values("n")
            ),
        )
        .order_by()
    )


PROJECT = Prepared(project_to)
LOCKED_PROJECT = Prepared(lambda user, slug: project_to(user, slug).select_for_update(of=("self",)))


def project_for(request, slug: str, permission: Permission, *, lock=False) -> Project:
    """Return the project when the person may do what `permission` says; sets `project.can`.

    A stranger to the municipality gets 404. A colleague without the right gets 403 with the way to
    ask for it. In a closed project nobody has the permissions that change it. One query. `lock` holds
    the project's row until the transaction ends, as a gate decision does while it freezes the basis.

    Raises Http404, PermissionDenied.
    """
    found = (LOCKED_PROJECT if lock else PROJECT)(user=request.user.pk, slug=slug)
    if not found:
        raise Http404
    project = found[0]
    request.municipality = project.municipality
    request.has_one_municipality = project.my_municipalities == 1
    can = permissions_of(project.my_municipality_role, project.my_role)
    if project.restricted and Permission.VIEW_RESTRICTED not in can:
        request.access_request_url = reverse("roadmap:ask_for_access", args=[slug])
        raise PermissionDenied("restricted project")
    request.project_is_closed = project.is_closed  # the page of a refusal says so
    if project.is_closed:
        can = Can(can.permissions - CHANGES)
    require(can, permission)
    project.can = can
    return project


def one_writer(view):
    """Run the POST of a project's page as one transaction that holds the project's row.

    Of two who save at once the second sees what the first has saved. A stranger to the municipality holds
    nothing; the view's own door answers.
    """

    @wraps(view)
    def held(request, slug, **kwargs):
        if request.method != "POST":
            return view(request, slug, **kwargs)
        with transaction.atomic():
            known = Project.objects.known_to(request.user).filter(slug=slug)
            known.select_for_update().values_list("pk").first()
            return view(request, slug, **kwargs)

    return held


def as_colleague(request, slug: str) -> Project:
    """Return a project of the person's municipality, seen or not, for asking access to it.

    Raises Http404 to a stranger.
    """
    project = Project.objects.known_to(request.user).filter(slug=slug).first()
    if project is None:
        raise Http404
    return project
