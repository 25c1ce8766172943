"""What may happen to a project, and what has happened: risks and the log."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from innovasjon.access import Permission
from innovasjon.pages import page_of, part_of
from roadmap import plan_wording
from roadmap.access import one_writer, project_for
from roadmap.forms.risks import LogEntryForm, RiskForm
from roadmap.models import LogEntry
from roadmap.views.plan import TAB, Texts, back_to, delete_page, save_and_go
from roadmap.views.project import page

PAGE = 50


@require_safe
def risks(request, slug):
    """What may hinder us, and what do we do about it?"""
    project = project_for(request, slug, Permission.VIEW)
    found = list(project.risks.select_related("responsible").worst_first())
    current = [risk for risk in found if risk.status != risk.Status.GONE]
    for number, shown in enumerate(current, 1):
        shown.number = number
    return render(
        request,
        "roadmap/risks.html",
        {
            **page(project, TAB),
            "risks": current,
            "pages": part_of(request, current, PAGE, lambda risk: risk.pk, part="list"),
            "gone": [risk for risk in found if risk.status == risk.Status.GONE][:PAGE],
            "headline": plan_wording.red_headline(current),
            "has_gap": any(risk.lacks_action for risk in current),
            "matrix": plan_wording.risk_matrices_svg(current) if current else "",
            "matrix_after": plan_wording.risk_matrices_svg(current, after=True)
            if any(risk.score_after for risk in current)
            else "",
            "zone_words": plan_wording.zone_words(),
            "today": timezone.localdate(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_risk(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    form = RiskForm(request.POST or None, project=project)
    texts = Texts(_("Add a risk or an opportunity"), _("Save the risk"), back_to(project, "risks"))
    return save_and_go(request, project, form, texts)


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def risk(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = get_object_or_404(project.risks.select_related("responsible"), pk=pk)
    texts = Texts(
        _("Edit the risk"),
        _("Save the risk"),
        back_to(project, "risks"),
        delete=reverse("roadmap:delete_risk", args=[slug, pk]),
    )
    form = RiskForm(request.POST or None, project=project, instance=found)
    return save_and_go(request, project, form, texts)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_risk(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    texts = Texts(
        _("Delete the risk?"),
        _("Delete the risk"),
        back_to(project, "risks"),
        lead=_("It cannot be undone. A risk that is over can be set to «No longer relevant» instead."),
    )
    return delete_page(request, project, get_object_or_404(project.risks, pk=pk), texts)


# ------------------------------------------------------------------ the project's log


@require_safe
def project_log(request, slug):
    """What has happened, and what did we learn?"""
    project = project_for(request, slug, Permission.VIEW)
    kind = request.GET.get("type", "")
    found = project.log.select_related("by")
    if kind in LogEntry.Kind.values:
        found = found.filter(kind=kind)
    pages = page_of(request, found, LogEntry.NEWEST_FIRST, PAGE)
    return render(
        request,
        "roadmap/project_log.html",
        {
            **page(project, TAB),
            "entries": pages.rows,
            "pages": pages,
            "kinds": LogEntry.Kind.choices,
            "kind": kind,
            "today": timezone.localdate(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_entry(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    today = timezone.localdate()
    form = LogEntryForm(
        request.POST or None, today=today, instance=LogEntry(by=request.user), initial={"on": today}
    )
    texts = Texts(_("Write in the project log"), _("Save the entry"), back_to(project, "project_log"))
    return save_and_go(request, project, form, texts)


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def entry(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = get_object_or_404(project.log, pk=pk)
    texts = Texts(
        _("Edit the entry"),
        _("Save the entry"),
        back_to(project, "project_log"),
        delete=reverse("roadmap:delete_entry", args=[slug, pk]),
    )
    form = LogEntryForm(request.POST or None, today=timezone.localdate(), instance=found)
    return save_and_go(request, project, form, texts)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_entry(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    texts = Texts(
        _("Delete the entry?"),
        _("Delete the entry"),
        back_to(project, "project_log"),
        lead=_("It disappears from the experience log too. It cannot be undone."),
    )
    return delete_page(request, project, get_object_or_404(project.log, pk=pk), texts)
