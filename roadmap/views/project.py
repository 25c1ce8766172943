"""One project: how it starts, its overview, facts, people and trail."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from innovasjon.access import Permission, ProjectRole, permissions_of, require
from innovasjon.context import current_membership
from innovasjon.pages import page_of
from roadmap import actions, content, gates
from roadmap.access import as_colleague, one_writer, project_for
from roadmap.contributions import CONTRIBUTIONS
from roadmap.forms.project import NewProjectForm, OwnerForm, PersonForm, ProjectForm
from roadmap.models import ProjectMembership
from roadmap.road import project_road
from roadmap.trail import events_of, lines

PAGE = 50  # events of the trail
LATEST = 30  # events that the six lines of the overview are made from


def municipality_role(request):
    """Return (municipality, permissions) of the lists the person looks at.

    Raises PermissionDenied for a person without a role in any municipality.
    """
    membership = current_membership(request)
    if membership is None:
        request.no_role = True
        raise PermissionDenied("no role in any municipality")
    return membership.municipality, permissions_of(membership.role)


@require_http_methods(["GET", "HEAD", "POST"])
def new_project(request):
    municipality, can = municipality_role(request)
    require(can, Permission.CREATE)
    form = NewProjectForm(request.POST or None, municipality=municipality, user=request.user)
    if request.method == "POST" and form.is_valid():
        project = actions.start_project(
            municipality=municipality, today=timezone.localdate(), by=request.user, **form.cleaned_data
        )
        messages.success(request, _("The project is started."))
        return redirect(project)
    return render(
        request,
        "roadmap/new_project.html",
        {"section": "projects", "form": form, "page_has_errors": form.is_bound and bool(form.errors)},
        status=422 if form.errors else 200,
    )


@require_safe
def overview(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    today = timezone.localdate()
    road = project_road(project)
    phase = road.phase
    gate = hinders = first_open = None
    items = []
    if not project.is_closed:
        gate = gates.Gate(project, project.phase, road.round, None)
        items = list(road.items)
        conditions = road.open_conditions
        hinders = gates.blockers(gate, today, items=items, conditions=conditions)
        first_open = next((item for item in items if item.is_open), None)
    else:
        conditions = []
    people = list(project.memberships.select_related("user").in_order())
    return render(
        request,
        "roadmap/overview.html",
        {
            **page(project, "overview", road),
            "phase": phase,
            "blockers": hinders,
            "notices": [] if project.is_closed else CONTRIBUTIONS.notices(project, today),
            "panels": CONTRIBUTIONS.panels(project, today),
            "first_open": first_open,
            "is_new": not project.is_closed
            and project.phase == 1
            and road.round.number == 1
            and not any(not item.is_open for item in items),
            "passed_today": road.passed_on(project.phase - 1) == today,
            "conditions": conditions,
            "people": people,
            "trail": lines(events_of(project)[:LATEST])[:6],
            "today": today,
            "days_to_gate": (timezone.localdate(project.next_gate_at) - today).days
            if project.next_gate_at
            else None,
        },
    )


def page(project, tab: str, road=None) -> dict:
    """Return what every project page needs: the title band with its road and tabs."""
    return {
        "section": "projects",
        "tab": tab,
        "project": project,
        "can": project.can,
        "owner": project.owner_position or project.owner_name,
        "road": road,
        "stations": road.stations if road else None,
        "phase_name": content.load().phases[project.phase - 1].name,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def edit(request, slug):
    project = project_for(request, slug, Permission.MANAGE)
    phases = list(project.phases.order_by("number"))
    gate_at = timezone.localtime(project.next_gate_at) if project.next_gate_at else None
    initial = {"next_gate_on": gate_at and gate_at.date(), "next_gate_time": gate_at and gate_at.time()}
    form = ProjectForm(request.POST or None, instance=project, phases=phases, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.Meta.fields}
        values["next_gate_at"] = gate_moment(
            form.cleaned_data["next_gate_on"], form.cleaned_data["next_gate_time"]
        )
        actions.edit_project(project=project, values=values, phase_dates=form.phase_dates, by=request.user)
        messages.success(request, _("The project is saved."))
        return redirect(project)
    if form.errors:
        project.refresh_from_db(fields=form.Meta.fields)  # the title band shows what is stored
    return render(
        request,
        "roadmap/edit_project.html",
        {**page(project, "overview"), "form": form, "page_has_errors": bool(form.errors)},
        status=422 if form.errors else 200,
    )


def gate_moment(day, time):
    """Return a gate meeting's moment; without a time it is ten o'clock."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day, time or datetime.min.time().replace(hour=10)))


@require_http_methods(["GET", "HEAD", "POST"])
def people(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    form = None
    if project.can.manage:
        form = PersonForm(request.POST or None, project=project)
    if request.method == "POST":
        require(project.can, Permission.MANAGE)
        if form.is_valid():
            try:
                actions.set_role(project=project, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error("role", error)
            else:
                messages.success(
                    request, _("%(person)s is in the project.") % {"person": form.cleaned_data["user"].name}
                )
                return redirect("roadmap:people", slug)
    members = project.memberships.select_related("user").ranked()
    pages = page_of(request, members, members.IN_ORDER, PAGE)
    return render(
        request,
        "roadmap/people.html",
        {
            **page(project, "overview"),
            "form": form,
            "people": pages.rows,
            "pages": pages,
            "page_has_errors": bool(form and form.errors),
        },
        status=422 if form and form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def remove_person(request, slug, pk):
    project = project_for(request, slug, Permission.MANAGE)
    membership = get_object_or_404(ProjectMembership.objects.select_related("user"), project=project, pk=pk)
    if request.method == "POST":
        try:
            actions.remove_person(project=project, membership=membership, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(
                request, _("%(person)s is out of the project.") % {"person": membership.user.name}
            )
        return redirect("roadmap:people", slug)
    return render(
        request, "roadmap/remove_person.html", {**page(project, "overview"), "membership": membership}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_owner(request, slug):
    """Hand the project over. The one who owned it stays as a member."""
    project = project_for(request, slug, Permission.APPOINT)
    form = OwnerForm(request.POST or None, project=project)
    if request.method == "POST" and form.is_valid():
        user = form.cleaned_data["user"]
        actions.set_role(project=project, user=user, role=ProjectRole.OWNER, by=request.user)
        messages.success(request, _("%(person)s owns the project now.") % {"person": user.name})
        return redirect("roadmap:people", slug)
    return render(
        request,
        "roadmap/new_owner.html",
        {**page(project, "overview"), "form": form, "page_has_errors": bool(form.errors)},
        status=422 if form.errors else 200,
    )


@require_safe
def trail(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    pages = page_of(request, events_of(project), ("-pk",), PAGE)
    return render(
        request,
        "roadmap/trail.html",
        {
            **page(project, "overview"),
            "trail": lines(pages.rows),
            "pages": pages,
            "today": timezone.localdate(),
        },
    )


@require_POST
def ask_for_access(request, slug):
    project = as_colleague(request, slug)
    told = actions.ask_for_access(project=project, by=request.user)
    if told:
        messages.success(request, _("The project leader has got an e-mail."))
    else:
        messages.error(request, _("The project has nobody to ask. Talk to a manager in the municipality."))
    return redirect(reverse("reports:portfolio"))
