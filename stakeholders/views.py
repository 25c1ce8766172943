"""Pages of the stakeholder register."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from innovasjon import tokens
from innovasjon.access import Permission
from innovasjon.models import Token
from innovasjon.spreadsheets import MEDIA_TYPES, respond
from roadmap.access import project_for
from roadmap.models import PhaseRound, Project
from roadmap.views.project import page
from stakeholders import actions, wording
from stakeholders.calendars import plan_calendar
from stakeholders.forms import (
    AdvisoryInputForm,
    AdvisoryMeetingForm,
    ConversationForm,
    MeasureForm,
    ResponsibilityTaskForm,
    ReviewForm,
    StakeholderForm,
)
from stakeholders.gaps import AHEAD
from stakeholders.models import (
    AdvisoryInput,
    Attitude,
    Channel,
    Conversation,
    Involvement,
    MainGroup,
    Measure,
)
from stakeholders.register import register_for, register_for_documents
from stakeholders.resources import PlanSheet, RegisterSheet

TAB = "stakeholders"
ROWS_SHOWN = 50  # of the table on one page; the matrix tells of all
GAPS_SHOWN = 5  # the rest is folded


def of_project(project, pk):
    """Return a stakeholder of the project, with the project on it.

    Raises Http404 for another project's.
    """
    found = get_object_or_404(project.stakeholders, pk=pk)
    found.project = project
    return found


@require_safe
def stakeholders(request, slug):
    """Whom are we about to lose?"""
    project = project_for(request, slug, Permission.VIEW)
    today = timezone.localdate()
    register = register_for(project, request.user, today)
    phases = range(1, project.phase + 1)
    rows, more = rows_after(register.rows, request.GET.get("etter", ""))
    gap_texts = [wording.gap_text(gap, project, today) for gap in register.gaps]
    return render(
        request,
        "stakeholders/stakeholders.html",
        {
            **page(project, TAB),
            "register": register,
            "rows": [
                {
                    "row": row,
                    "needs_contact": any(g.row is row and g.kind == "contact" for g in register.gaps),
                    "phases": [(n, row.attitude_in(n)) for n in phases],
                }
                for row in rows
            ],
            "next_page": f"?etter={rows[-1].stakeholder.pk}#all" if more else "",
            "is_first_page": rows[:1] == register.rows[:1],
            "gaps": gap_texts[:GAPS_SHOWN],
            "more_gaps": gap_texts[GAPS_SHOWN:],
            "gaps_headline": wording.gaps_headline(len(register.gaps)),
            "matrix": wording.matrix_svg(register) if register.rows else "",
            "review_form": ReviewForm(initial={"next_on": today + timedelta(days=60)}),
            "today": today,
        },
    )


def rows_after(rows, mark: str):
    """Return the page of rows after a stakeholder's id, and whether there are more."""
    places = [n for n, row in enumerate(rows, 1) if str(row.stakeholder.pk) == mark]
    start = places[0] if places else 0
    return rows[start : start + ROWS_SHOWN], len(rows) > start + ROWS_SHOWN


@require_safe
def sheet(request, slug, form):
    """The register as a spreadsheet: groups alone, named persons are left out."""
    project = project_for(request, slug, Permission.VIEW)
    if form not in MEDIA_TYPES:
        raise Http404
    register = register_for_documents(project, timezone.localdate())
    name = f"interessenter-{project.slug}"
    return respond(RegisterSheet(), register.rows, name=name, title=_("Stakeholders"), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    group = request.GET.get("gruppe")
    initial = {"main_group": group} if group in MainGroup.values else {}
    return stakeholder_form(request, project, StakeholderForm(request.POST or None, initial=initial))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = of_project(project, pk)
    now, wanted = actions.latest(found, "now"), actions.latest(found, "wanted")
    initial = {
        "attitude": now.attitude if now else Attitude.UNKNOWN,
        "source": now.source if now else "",
        "wanted": wanted.attitude if wanted else "",
    }
    return stakeholder_form(
        request, project, StakeholderForm(request.POST or None, instance=found, initial=initial)
    )


def stakeholder_form(request, project, form):
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        saved = actions.save_stakeholder(
            project=project,
            stakeholder=form.instance,
            attitude=cleaned["attitude"],
            source=cleaned["source"],
            wanted=cleaned["wanted"],
            today=timezone.localdate(),
            by=request.user,
        )
        messages.success(request, _("%(name)s is saved.") % {"name": saved.name})
        return redirect("stakeholders:stakeholders", project.slug)
    return render(
        request,
        "stakeholders/stakeholder_form.html",
        {**page(project, TAB), "form": form, "page_has_errors": bool(form.errors)},
        status=422 if form.errors else 200,
    )


@require_safe
def stakeholder(request, slug, pk):
    """What have they said, and what have we promised them? For the core team alone."""
    project = project_for(request, slug, Permission.CONFIDE)
    of_project(project, pk)
    today = timezone.localdate()
    register = register_for(project, request.user, today)
    row = next(row for row in register.rows if row.stakeholder.pk == pk)
    rounds = PhaseRound.objects.filter(project=project, started_on__isnull=False).order_by("started_on", "pk")
    names = {phase.number: phase.name for phase in project.phases.all()}
    phases = [(names[r.phase], r.started_on, r.ended_on or today) for r in rounds]
    return render(
        request,
        "stakeholders/stakeholder.html",
        {
            **page(project, TAB),
            "row": row,
            "stakeholder": row.stakeholder,
            "gap": next((wording.gap_text(g, project, today) for g in register.gaps if g.row is row), None),
            "measures": list(
                row.stakeholder.measures.select_related("responsible").order_by("status", "on", "pk")
            ),
            "finding": wording.finding(row, today),
            "timeline": wording.timeline_svg(row, phases, today) if row.history and phases else "",
            "conversations": list(
                Conversation.objects.visible_to(request.user)
                .filter(stakeholder=row.stakeholder)
                .select_related("stance", "by")
                .order_by("-on", "-pk")
            ),
            "today": today,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = of_project(project, pk)
    today = timezone.localdate()
    form = ConversationForm(request.POST or None, today=today, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        actions.note_conversation(stakeholder=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The talk with %(name)s is noted.") % {"name": found.name})
        return redirect(found)
    return render(
        request,
        "stakeholders/conversation.html",
        {**page(project, TAB), "stakeholder": found, "form": form, "page_has_errors": bool(form.errors)},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = of_project(project, pk)
    if request.method == "POST":
        actions.delete_stakeholder(stakeholder=found, by=request.user)
        messages.success(request, _("%(name)s is deleted.") % {"name": found.name})
        return redirect("stakeholders:stakeholders", slug)
    return render(request, "stakeholders/delete.html", {**page(project, TAB), "stakeholder": found})


@require_POST
def review(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    form = ReviewForm(request.POST)
    if form.is_valid():
        actions.review_register(
            project=project, on=timezone.localdate(), next_on=form.cleaned_data["next_on"], by=request.user
        )
        messages.success(request, _("The register is reviewed today."))
    else:
        messages.error(request, " ".join(e for errors in form.errors.values() for e in errors))
    return redirect("stakeholders:stakeholders", slug)


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
    ahead = [m for m in measures if m.on and today <= m.on <= today + AHEAD and not m.is_done]
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
    return respond(PlanSheet(), measures, name=f"plan-{slug}", title=_("Plan for involvement"), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def new_measure(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    initial = {"stakeholder": request.GET.get("interessent"), "channel": Channel.MEETING}
    return measure_form(request, project, MeasureForm(request.POST or None, project=project, initial=initial))


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = measure_of(project, pk)
    return measure_form(request, project, MeasureForm(request.POST or None, project=project, instance=found))


def measure_of(project, pk):
    return get_object_or_404(
        Measure.objects.filter(stakeholder__project=project).select_related("stakeholder"), pk=pk
    )


def measure_form(request, project, form):
    if request.method == "POST" and form.is_valid():
        actions.save_measure(project=project, measure=form.save(commit=False), by=request.user)
        messages.success(request, _("The plan is saved."))
        return redirect("stakeholders:plan", project.slug)
    return render(
        request,
        "stakeholders/measure_form.html",
        {**page(project, TAB), "form": form, "page_has_errors": bool(form.errors)},
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


# ------------------------------------------------------------------ the advisory group


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
            "meetings": list(project.advisory_meetings.prefetch_related("inputs").order_by("-on", "-pk")),
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
            "tasks": list(
                project.responsibility_tasks.select_related("accountable")
                .prefetch_related("performers")
                .order_by("name")
            ),
            "consulted": [g.name for g in groups if g.involvement == Involvement.CONSULTED],
            "informed": [g.name for g in groups if g.involvement == Involvement.INFORMED],
            "form": form,
            "page_has_errors": bool(form and form.errors),
        },
        status=422 if form and form.errors else 200,
    )


def task_of(project, pk):
    return get_object_or_404(project.responsibility_tasks.select_related("accountable"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
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
