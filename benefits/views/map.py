"""The benefit map: drawing and list, edited by forms."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from benefits import benefit_map
from benefits.actions import after as actions
from benefits.forms.map import NodeForm
from benefits.models import MapNode
from innovasjon.access import Permission
from roadmap.access import one_writer, project_for
from roadmap.views.project import page

TAB = "benefits"
GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def the_map(request, slug):
    """What leads to what, from what must be there to the municipality's goals?"""
    project = project_for(request, slug, Permission.VIEW)
    found = benefit_map.read_map(project)
    return render(
        request,
        "benefits/map.html",
        {
            **page(project, TAB),
            "map": found,
            "drawing": benefit_map.drawing(found) if found.boxes else "",
        },
    )


@GET_AND_POST
def new_node(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    column = request.GET.get("kolonne", "")
    initial = {"column": int(column)} if column in map(str, MapNode.Column.values) else {}
    return node_form(request, project, NodeForm(request.POST or None, project=project, initial=initial))


@GET_AND_POST
@one_writer
def node(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = get_object_or_404(project.map_nodes, pk=pk)
    return node_form(request, project, NodeForm(request.POST or None, project=project, instance=found))


def node_form(request, project, form):
    if request.method == "POST" and form.is_valid():
        actions.save_node(
            project=project,
            node=form.save(commit=False),
            leads_to=form.cleaned_data.get("leads_to", ()),
            by=request.user,
        )
        messages.success(request, _("The map is saved."))
        return redirect("benefits:map", project.slug)
    return render(
        request,
        "benefits/node_form.html",
        {**page(project, TAB), "form": form, "page_has_errors": bool(form.errors)},
        status=422 if form.errors else 200,
    )


@require_POST
def move_node(request, slug, pk):
    """One place up or down in the column."""
    project = project_for(request, slug, Permission.EDIT)
    found = get_object_or_404(project.map_nodes, pk=pk)
    actions.move_node(project=project, node=found, up="up" in request.POST, by=request.user)
    return redirect("benefits:map", slug)


@GET_AND_POST
def delete_node(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = get_object_or_404(project.map_nodes, pk=pk)
    if request.method == "POST":
        actions.delete_node(project=project, node=found, by=request.user)
        messages.success(request, _("The box is deleted."))
        return redirect("benefits:map", slug)
    return render(request, "benefits/delete_node.html", {**page(project, TAB), "node": found})
