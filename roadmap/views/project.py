"""The project list, one project's overview, facts, people and trail."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count as CountRows
from django.db.models import F, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from innovasjon.access import Permission, permissions_of, require
from innovasjon.context import current_membership
from innovasjon.spreadsheets import respond
from roadmap import actions, content, gates
from roadmap.access import as_colleague, project_for
from roadmap.contributions import CONTRIBUTIONS
from roadmap.forms.project import FilterForm, NewProjectForm, PersonForm, ProjectForm
from roadmap.models import ChecklistItem, Project, ProjectMembership
from roadmap.progress import Count
from roadmap.resources import ProjectSheet
from roadmap.road import mini_road, project_road
from roadmap.trail import events_of, line

PAGE = 50


def municipality_role(request):
    """Return (municipality, permissions) of the lists the person looks at.

    Raises PermissionDenied for a person without a role in any municipality.
    """
    membership = current_membership(request)
    if membership is None:
        request.no_role = True
        raise PermissionDenied("no role in any municipality")
    return membership.municipality, permissions_of(membership.role)


@require_safe
def projects(request):
    municipality, can = municipality_role(request)
    form = FilterForm(request.GET, phase_names=phase_names())
    visible = Project.objects.of(municipality).visible_to(request.user)
    found = filtered(visible, form).filter(after(request.GET.get("etter", "")))
    rows = list(found[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return render(
        request,
        "roadmap/projects.html",
        {
            "section": "projects",
            "municipality": municipality,
            "can": can,
            "form": form,
            "rows": listed(rows),
            "active_count": visible.filter(status=Project.Status.ACTIVE).count(),
            "is_filtered": any(request.GET.get(name) for name in form.fields),
            "query": request.GET.urlencode(),
            "next_page": next_page(request, rows) if more else "",
            "today": timezone.localdate(),
        },
    )


@require_safe
def projects_sheet(request):
    """The list as a spreadsheet, with the same filter."""
    municipality, _can = municipality_role(request)
    form = FilterForm(request.GET, phase_names=phase_names())
    visible = Project.objects.of(municipality).visible_to(request.user)
    rows = listed(list(filtered(visible, form)))
    return respond(ProjectSheet(), rows, name="prosjekter", title=municipality.short_name, form="xlsx")


def phase_names() -> list[tuple[int, str]]:
    return [(phase.number, phase.name) for phase in content.load().phases]


def filtered(visible, form):
    """Return the projects a filter leaves, in the order of the list."""
    found = visible.with_owner()
    if form.is_valid():
        chosen = form.cleaned_data
        closed = chosen["phase"] == form.CLOSED
        found = found.filter(status=Project.Status.CLOSED if closed else Project.Status.ACTIVE)
        if chosen["phase"] and not closed:
            found = found.filter(phase=int(chosen["phase"]))
        if chosen["q"]:
            found = found.matching(chosen["q"])
    return found.order_by("name", "pk")


def listed(rows) -> list[dict]:
    """Return what the list and the spreadsheet tell of each project; one query more for all of them."""
    counts = settled_counts(rows)
    names = dict(phase_names())
    return [
        {
            "project": row,
            "road": mini_road(row),
            "phase_name": names[row.phase],
            "owner": row.owner_position or row.owner_name or "",
            "count": counts.get(row.pk, Count()),
            "next_gate_on": timezone.localdate(row.next_gate_at) if row.next_gate_at else None,
        }
        for row in rows
    ]


def after(mark: str) -> Q:
    """Return the filter of a keyset page: rows after `<id>~<name>`, in order of name and id."""
    pk, _tilde, name = mark.partition("~")
    return Q(name__gt=name) | Q(name=name, pk__gt=int(pk)) if name and pk.isdigit() else Q()


def next_page(request, rows) -> str:
    query = request.GET.copy()
    query["etter"] = f"{rows[-1].pk}~{rows[-1].name}"
    return f"?{query.urlencode()}"


def settled_counts(projects) -> dict[int, Count]:
    """Return project id → count of the current phase's current round, in one query."""
    found = (
        ChecklistItem.objects.filter(
            round__project__in=[p.pk for p in projects],
            round__phase=F("round__project__phase"),
            round__ended_on=None,
        )
        .values("round__project")
        .annotate(
            total=CountRows("pk"),
            done=CountRows("pk", filter=Q(status=ChecklistItem.Status.DONE)),
            not_relevant=CountRows("pk", filter=Q(status=ChecklistItem.Status.NOT_RELEVANT)),
        )
    )
    return {row["round__project"]: Count(row["total"], row["done"], row["not_relevant"]) for row in found}


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
    road = project_road(project, with_items=not project.is_closed)
    phase = road.phase
    gate = hinders = first_open = None
    items = road.items
    if not project.is_closed:
        gate = gates.Gate(project, project.phase, road.round, None)
        conditions = gates.open_conditions(project)
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
            "trail": [line(event) for event in events_of(project)[:6]],
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
    return render(
        request,
        "roadmap/people.html",
        {
            **page(project, "people"),
            "form": form,
            "people": list(project.memberships.select_related("user").in_order()),
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
        request, "roadmap/remove_person.html", {**page(project, "people"), "membership": membership}
    )


@require_safe
def trail(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    before = request.GET.get("for", "")
    events = list(events_of(project, before=int(before) if before.isdigit() else None)[: PAGE + 1])
    return render(
        request,
        "roadmap/trail.html",
        {
            **page(project, "trail"),
            "trail": [line(event) for event in events[:PAGE]],
            "next_page": f"?for={events[PAGE - 1].pk}" if len(events) > PAGE else "",
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
        messages.error(request, _("The project has nobody to ask. Talk to the administrator."))
    return redirect(reverse("roadmap:projects"))
