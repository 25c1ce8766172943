"""Who hears what from us, when: the plan, its spreadsheet and its calendar."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from innovasjon import tokens
from innovasjon.access import Permission
from innovasjon.models import Token
from innovasjon.pages import part_of
from innovasjon.spreadsheets import MEDIA_TYPES, respond
from roadmap.access import one_writer, project_for
from roadmap.models import Project
from roadmap.views.project import page
from stakeholders import actions
from stakeholders.calendars import plan_calendar
from stakeholders.forms import (
    MeasureForm,
)
from stakeholders.gaps import AHEAD
from stakeholders.models import (
    Channel,
    Measure,
)
from stakeholders.resources import PlanSheet
from stakeholders.views.register import TAB

PAGE = 50  # lines of the whole plan


@require_safe
def plan(request, slug):
    """Who hears what from us, when?"""
    project = project_for(request, slug, Permission.VIEW)
    today = timezone.localdate()
    measures = list(
        Measure.objects.filter(stakeholder__project=project)
        .select_related("stakeholder", "responsible")
        .order_by("on", "pk")
    )
    ahead = [m for m in measures if m.on and today <= m.on <= today + AHEAD and not m.is_done][:PAGE]
    weeks: dict[tuple[int, int], list[Measure]] = {}
    for item in ahead:
        weeks.setdefault(item.on.isocalendar()[:2], []).append(item)
    return render(
        request,
        "stakeholders/plan.html",
        {
            **page(project, TAB),
            "weeks": [(week, found) for (_year, week), found in weeks.items()],
            "measures": measures,
            "pages": part_of(request, measures, PAGE, lambda measure: measure.pk, part="everything"),
            "has_stakeholders": project.stakeholders.exists(),
            "today": today,
        },
    )


@require_safe
def plan_sheet(request, slug, form):
    """The plan as a spreadsheet; what concerns named persons is left out."""
    project = project_for(request, slug, Permission.VIEW)
    if form not in MEDIA_TYPES:
        raise Http404
    measures = plan_of(project).filter(stakeholder__person_name="").select_related("responsible")
    return respond(
        PlanSheet(timezone.localdate()),
        measures,
        name=f"plan-{slug}",
        title=_("Plan for involvement"),
        form=form,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_measure(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    initial = {"stakeholder": request.GET.get("interessent"), "channel": Channel.MEETING}
    return measure_form(request, project, initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def measure(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = measure_of(project, pk)
    return measure_form(request, project, instance=found)


def measure_of(project, pk):
    return get_object_or_404(
        Measure.objects.filter(stakeholder__project=project).select_related("stakeholder"), pk=pk
    )


def measure_form(request, project, **of):
    form = MeasureForm(request.POST or None, project=project, **of)
    if request.method == "POST" and form.is_valid():
        actions.save_measure(project=project, measure=form.save(commit=False), by=request.user)
        messages.success(request, _("The plan is saved."))
        return redirect("stakeholders:plan", project.slug)
    return render(
        request,
        "stakeholders/measure_form.html",
        {
            **page(project, TAB),
            "form": form,
            "has_stakeholders": project.stakeholders.exists(),
            "page_has_errors": bool(form.errors),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delete_measure(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = measure_of(project, pk)
    if request.method == "POST":
        actions.delete_measure(project=project, measure=found, by=request.user)
        messages.success(request, _("It is taken out of the plan."))
        return redirect("stakeholders:plan", slug)
    return render(request, "stakeholders/delete_measure.html", {**page(project, TAB), "measure": found})


# ------------------------------------------------------------------ calendar


def plan_of(project):
    return (
        Measure.objects.filter(stakeholder__project=project)
        .select_related("stakeholder")
        .order_by("on", "pk")
    )


def as_calendar(project) -> HttpResponse:
    content = plan_calendar(project, plan_of(project), now=timezone.now())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{project.slug}.ics"'
    return response


@require_safe
def calendar_file(request, slug):
    return as_calendar(project_for(request, slug, Permission.VIEW))


@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request, slug):
    """A private calendar address: made and shown once, or closed."""
    project = project_for(request, slug, Permission.VIEW)
    mine = {"purpose": Token.Purpose.CALENDAR, "user": request.user, "project_id": project.pk}
    address = ""
    if request.method == "POST":
        closed = tokens.revoke(**mine, now=timezone.now())
        if "close" in request.POST:
            if closed:
                messages.success(request, _("The address is closed. Calendars that use it get nothing more."))
            return redirect("stakeholders:subscription", slug)
        secret = tokens.make(**mine)
        address = f"{settings.BASE_URL}{reverse('stakeholders:subscribed_calendar', args=[secret])}"
    return render(
        request,
        "stakeholders/subscription.html",
        {
            **page(project, TAB),
            "address": address,
            "token": tokens.current(**mine, now=timezone.now()),
            "today": timezone.localdate(),
        },
    )


@login_not_required
@require_safe
def subscribed_calendar(request, secret):
    """The plan through a private address. Wrong, closed and without access any more look alike."""
    token = tokens.find(
        secret,
        purpose=Token.Purpose.CALENDAR,
        now=timezone.now(),
        address=tokens.address_of(request),
    )
    project = token and Project.objects.visible_to(token.user).filter(pk=token.project_id).first()
    if project is None:
        raise Http404
    return as_calendar(project)
