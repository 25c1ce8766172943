"""The advisory group, and who is responsible for what."""

from collections.abc import Iterable

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from innovasjon.access import Permission
from innovasjon.pages import page_of
from roadmap.access import one_writer, project_for
from roadmap.views.project import page
from stakeholders import actions
from stakeholders.forms import (
    AdvisoryInputForm,
    AdvisoryMeetingForm,
    ResponsibilityTaskForm,
)
from stakeholders.models import (
    AdvisoryInput,
    Involvement,
)
from stakeholders.views.register import TAB

MEETINGS, TASKS = 20, 50  # on a page
NAMES = 8  # of those who are consulted or informed


@require_http_methods(["GET", "HEAD", "POST"])
def advisory_group(request, slug):
    """Members, meetings, and what came of their input."""
    writing = request.method == "POST"
    project = project_for(request, slug, Permission.EDIT if writing else Permission.VIEW)
    form = AdvisoryMeetingForm(request.POST or None)
    if writing and form.is_valid():
        actions.hold_advisory_meeting(project=project, by=request.user, **form.cleaned_data)
        messages.success(request, _("The meeting is saved."))
        return redirect("stakeholders:advisory_group", slug)
    return render(
        request,
        "stakeholders/advisory_group.html",
        {
            **page(project, TAB),
            "members": list(project.stakeholders.filter(in_advisory_group=True).order_by("name")),
            "pages": page_of(
                request,
                project.advisory_meetings.prefetch_related("inputs"),
                ("-on", "-pk"),
                MEETINGS,
                part="meetings",
            ),
            "form": form,
            "today": timezone.localdate(),
            "page_has_errors": bool(form.errors),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_input(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    meeting = get_object_or_404(project.advisory_meetings, pk=pk)
    form = AdvisoryInputForm(request.POST or None, instance=AdvisoryInput(meeting=meeting))
    return input_form(request, project, form)


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def advisory_input(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = get_object_or_404(
        AdvisoryInput.objects.filter(meeting__project=project).select_related("meeting"), pk=pk
    )
    return input_form(request, project, AdvisoryInputForm(request.POST or None, instance=found))


def input_form(request, project, form):
    if request.method == "POST" and form.is_valid():
        actions.save_advisory_input(project=project, entry=form.save(commit=False), by=request.user)
        messages.success(request, _("The input is saved."))
        return redirect("stakeholders:advisory_group", project.slug)
    return render(
        request,
        "stakeholders/input_form.html",
        {**page(project, TAB), "form": form, "page_has_errors": bool(form.errors)},
        status=422 if form.errors else 200,
    )


# ------------------------------------------------------------------ the responsibility matrix


@require_http_methods(["GET", "HEAD", "POST"])
def responsibility(request, slug):
    """Who does it, who is accountable, who is consulted and who is informed."""
    writing = request.method == "POST"
    project = project_for(request, slug, Permission.EDIT if writing else Permission.VIEW)
    form = ResponsibilityTaskForm(request.POST or None, project=project) if project.can.edit else None
    if writing and form.is_valid():
        actions.save_task(project=project, form=form, by=request.user)
        messages.success(request, _("The task is saved."))
        return redirect("stakeholders:responsibility", slug)
    tasks = project.responsibility_tasks.select_related("accountable").with_performers()
    pages = page_of(request, tasks, ("name", "pk"), TASKS)
    groups = list(
        project.stakeholders.filter(involvement__in=[Involvement.CONSULTED, Involvement.INFORMED]).order_by(
            "name"
        )
    )
    return render(
        request,
        "stakeholders/responsibility.html",
        {
            **page(project, TAB),
            "tasks": pages.rows,
            "pages": pages,
            "consulted": some_of(g.name for g in groups if g.involvement == Involvement.CONSULTED),
            "informed": some_of(g.name for g in groups if g.involvement == Involvement.INFORMED),
            "form": form,
            "page_has_errors": bool(form and form.errors),
        },
        status=422 if form and form.errors else 200,
    )


def some_of(names: Iterable[str]) -> str:
    """«Tillitsvalgte, Eldrerådet og 3 til»: the same names stand in every line, so they are kept few."""
    found = list(names)
    told = ", ".join(found[:NAMES]) or "–"
    if len(found) <= NAMES:
        return told
    return _("%(names)s and %(more)s more") % {"names": told, "more": len(found) - NAMES}


def task_of(project, pk):
    return get_object_or_404(project.responsibility_tasks.select_related("accountable"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def edit_task(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    form = ResponsibilityTaskForm(request.POST or None, project=project, instance=task_of(project, pk))
    if request.method == "POST" and form.is_valid():
        actions.save_task(project=project, form=form, by=request.user)
        messages.success(request, _("The task is saved."))
        return redirect("stakeholders:responsibility", slug)
    return render(
        request,
        "stakeholders/task_form.html",
        {**page(project, TAB), "form": form, "page_has_errors": bool(form.errors)},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delete_task(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = task_of(project, pk)
    if request.method == "POST":
        actions.delete_task(project=project, task=found, by=request.user)
        messages.success(request, _("The task is removed."))
        return redirect("stakeholders:responsibility", slug)
    return render(request, "stakeholders/delete_task.html", {**page(project, TAB), "task": found})
