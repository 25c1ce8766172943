"""The register, one stakeholder, and what is noted of it."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from innovasjon.access import Permission
from innovasjon.pages import part_of
from innovasjon.spreadsheets import MEDIA_TYPES, respond
from roadmap.access import one_writer, project_for
from roadmap.models import PhaseRound
from roadmap.views.project import page
from stakeholders import actions, wording
from stakeholders.forms import (
    ConversationForm,
    ReviewForm,
    StakeholderForm,
)
from stakeholders.models import (
    Attitude,
    Conversation,
    MainGroup,
)
from stakeholders.register import register_for, register_for_documents
from stakeholders.resources import RegisterSheet

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
    pages = part_of(request, register.rows, ROWS_SHOWN, lambda row: row.stakeholder.pk, part="all")
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
                for row in pages.rows
            ],
            "pages": pages,
            "gaps": gap_texts[:GAPS_SHOWN],
            "more_gaps": gap_texts[GAPS_SHOWN:],
            "gaps_headline": wording.gaps_headline(len(register.gaps)),
            "matrix": wording.matrix_svg(register) if register.rows else "",
            "review_form": ReviewForm(initial={"next_on": today + timedelta(days=60)}),
            "today": today,
        },
    )


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
    return stakeholder_form(
        request,
        project,
        StakeholderForm(request.POST or None, initial=initial),
        plans_next=request.GET.get("etter") == "tiltak",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
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


def stakeholder_form(request, project, form, *, plans_next=False):
    """Save a stakeholder. `plans_next`: it was asked for in order to plan something with it."""
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
        if plans_next:
            plan = reverse("stakeholders:new_measure", args=[project.slug])
            return redirect(f"{plan}?interessent={saved.pk}")
        return redirect("stakeholders:stakeholders", project.slug)
    return render(
        request,
        "stakeholders/stakeholder_form.html",
        {
            **page(project, TAB),
            "form": form,
            "plans_next": plans_next,
            "page_has_errors": bool(form.errors),
        },
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
        messages.success(request, _("%(name)s: the talk is noted.") % {"name": found.name})
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
