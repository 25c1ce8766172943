"""Across projects: who works on the same, what hits a unit at once, and what was learned."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from innovasjon.access import Permission
from innovasjon.forms import read_id
from innovasjon.pages import page_of
from roadmap.access import one_writer, project_for
from roadmap.change_load import change_load
from roadmap.forms.risks import RelatedProjectForm
from roadmap.models import LogEntry, Project, RelatedProject
from roadmap.views.plan import TAB, Texts, back_to, delete_page, save_and_go
from roadmap.views.project import municipality_role, page

PAGE = 30


@require_safe
def related(request, slug):
    """Who works on the same problem, and what can we use again?"""
    project = project_for(request, slug, Permission.VIEW)
    pages = page_of(request, project.related_projects, ("title", "pk"), PAGE)
    return render(
        request,
        "roadmap/related.html",
        {
            **page(project, TAB),
            "rows": pages.rows,
            "pages": pages,
            "own": in_same_area(project, request.user) if project.area else [],
            "today": timezone.localdate(),
        },
    )


def in_same_area(project, user):
    """Return the municipality's other running projects in the project's area that the person may see, and
    that are not in the register yet."""
    found = Project.objects.of(project.municipality_id).visible_to(user).exclude(pk=project.pk)
    found = found.exclude(pk__in=project.related_projects.exclude(own_project=None).values("own_project"))
    return list(found.filter(status=Project.Status.ACTIVE, area=project.area).order_by("name")[:20])


@require_http_methods(["GET", "HEAD", "POST"])
def new_related(request, slug):
    """A new row; `?fra=<id>` takes one of the municipality's own projects as its start."""
    project = project_for(request, slug, Permission.EDIT)
    own = None
    if pk := read_id(request.GET.get("fra", "")):
        visible = Project.objects.of(project.municipality_id).visible_to(request.user)
        own = get_object_or_404(visible.exclude(pk=project.pk).with_owner(), pk=pk)
    initial = {}
    if own:
        initial = {
            "title": own.name[:200],
            "who": project.municipality.name,
            "contact": own.owner_position or own.owner_name or "",
            "status": RelatedProject.Status.RUNNING,
        }
    form = RelatedProjectForm(
        request.POST or None, instance=RelatedProject(project=project, own_project=own), initial=initial
    )
    texts = Texts(_("Add a related project"), _("Save the related project"), back_to(project, "related"))
    return save_and_go(request, project, form, texts)


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def related_project(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = get_object_or_404(project.related_projects, pk=pk)
    texts = Texts(
        _("Edit the related project"),
        _("Save the related project"),
        back_to(project, "related"),
        delete=reverse("roadmap:delete_related", args=[slug, pk]),
    )
    return save_and_go(request, project, RelatedProjectForm(request.POST or None, instance=found), texts)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_related(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    texts = Texts(
        _("Delete the related project?"),
        _("Delete the related project"),
        back_to(project, "related"),
        lead=_("What you found goes too. It cannot be undone."),
    )
    return delete_page(request, project, get_object_or_404(project.related_projects, pk=pk), texts)


@require_safe
def units(request):
    """Which unit is hit by how many changes at once?"""
    municipality, can = municipality_role(request)
    months, rows = change_load(municipality, request.user, timezone.localdate())
    return render(
        request,
        "roadmap/change_load.html",
        {
            "section": "projects",
            "municipality": municipality,
            "can": can,
            "months": months,
            "rows": rows,
            "today": timezone.localdate(),
        },
    )


@require_safe
def experience(request):
    """What have the projects of the municipality learned?"""
    municipality, can = municipality_role(request)
    words = request.GET.get("q", "").strip()[:100]
    found = LogEntry.objects.visible_to(request.user).filter(project__municipality=municipality).lessons()
    if words:
        found = found.filter(lesson__icontains=words) | found.filter(text__icontains=words)
    pages = page_of(request, found.select_related("project"), LogEntry.NEWEST_FIRST, PAGE)
    return render(
        request,
        "roadmap/experience.html",
        {
            "section": "projects",
            "municipality": municipality,
            "can": can,
            "entries": pages.rows,
            "pages": pages,
            "words": words,
            "today": timezone.localdate(),
        },
    )
