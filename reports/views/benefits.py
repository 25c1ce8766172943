"""Documents of benefits: the plan and its acceptance, the map, the meeting sheet."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from benefits import benefit_map, meeting, realisation
from benefits.forms.after import AcceptForm, MeetingForm
from innovasjon.access import LacksPermission, Permission
from reports import benefit_plan, materials
from reports import plan_acceptance as actions
from reports.views.documents import ask_for
from roadmap.access import project_for
from roadmap.views.project import page

TAB = "benefits"


def pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def benefit_plan_pdf(request, slug):
    """The benefit plan as it stands today, with fields to sign in."""
    project = project_for(request, slug, Permission.VIEW)
    now = timezone.now()
    return ask_for(
        request,
        project,
        kind="benefit_plan",
        data=materials.as_json(actions.plan_document(project, now=now)),
        name=f"gevinstplan-{slug}-{timezone.localdate(now).isoformat()}.pdf",
        back=reverse("benefits:plan", args=[slug]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def accept_plan(request, slug):
    """Does the plan hold? What is accepted is frozen as a document."""
    project = project_for(request, slug, Permission.DECIDE)
    if project.is_closed:
        raise LacksPermission("the project is closed")
    today = timezone.localdate()
    seen = realisation.digest(realisation.document(project, today))
    form = AcceptForm(request.POST or None, initial={"seen": seen})
    lacks = realisation.lacks(project, today)
    if request.method == "POST" and not lacks and form.is_valid():
        try:
            actions.accept_benefit_plan(
                project=project, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except actions.PlanChanged:
            messages.error(request, _("The plan was changed while you read it. Read it again."))
            return redirect("reports:accept_plan", slug)
        messages.success(request, _("The plan is accepted and frozen."))
        return redirect("benefits:plan", slug)
    return render(
        request,
        "reports/accept_plan.html",
        {
            **page(project, TAB),
            "form": form,
            "rows": realisation.rows(project, today),
            "lacks": lacks,
            "unanswered": realisation.unanswered(project, today),
            "acting_as": actions.acting_as(project, request.user),
            "page_has_errors": bool(form.errors),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_safe
def accepted_plan_pdf(request, slug, pk):
    """An accepted plan, byte for byte as it was."""
    project = project_for(request, slug, Permission.VIEW)
    found = get_object_or_404(
        project.plan_acceptances.select_related("document").exclude(document=None), pk=pk
    )
    return pdf(found.document.content(), f"gevinstplan-{slug}-{found.document.sha256[:12]}.pdf")


@require_safe
def benefit_map_pdf(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    found = benefit_map.read_map(project)
    content = benefit_plan.map_document(project, found, now=timezone.now())
    return pdf(content, f"gevinstkart-{slug}.pdf")


@require_safe
def meeting_sheet_pdf(request, slug):
    """The sheet of the indicators that are chosen; of those that matter most when none are."""
    project = project_for(request, slug, Permission.VIEW)
    now = timezone.now()
    today = timezone.localdate(now)
    figures = meeting.candidates(project, today)
    form = MeetingForm(request.GET, indicators=[f.indicator for f in figures])
    chosen = meeting.suggested(figures)
    if "indikator" in request.GET and form.is_valid():
        chosen = [f for f in figures if str(f.indicator.pk) in form.cleaned_data["indikator"]]
    content = benefit_plan.meeting_sheet(
        project, meeting.rows(chosen, today), now=now, frequency=meeting.frequency(project)
    )
    return pdf(content, f"moteark-{slug}-{today.isoformat()}.pdf")
