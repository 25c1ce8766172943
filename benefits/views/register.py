"""A project's benefits: the list with its sums, adding and changing."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from benefits import warnings
from benefits.actions import benefits as actions
from benefits.forms.benefits import BenefitForm
from benefits.models import Benefit, BenefitType
from benefits.reading import project_benefits
from benefits.resources import BenefitSheet
from innovasjon.access import Permission
from innovasjon.pages import part_of
from innovasjon.spreadsheets import MEDIA_TYPES, respond
from roadmap.access import one_writer, project_for
from roadmap.views.project import page

TAB = "benefits"
PAGE = 50


def of_project(project, pk) -> Benefit:
    """Return a benefit of the project, with the project on it.

    Raises Http404 for another project's.
    """
    found = get_object_or_404(project.benefits.select_related("owner"), pk=pk)
    found.project = project
    return found


@require_safe
def benefits(request, slug):
    """Which benefits are on their way, and which are slipping?"""
    project = project_for(request, slug, Permission.VIEW)
    today = timezone.localdate()
    found = project_benefits(project, today)
    sums = found.sums
    in_order = [figure for _kind, figures in found.groups for figure in figures]
    pages = part_of(request, in_order, PAGE, lambda figure: figure.benefit.pk)
    shown = {figure.benefit.pk for figure in pages.rows}
    return render(
        request,
        "benefits/benefits.html",
        {
            **page(project, TAB),
            "found": found,
            "groups": [
                {
                    "label": BenefitType(kind).label,
                    "kind": kind,
                    "rows": [{"figure": f, "warnings": warnings.of_benefit(f)} for f in rows],
                    "sums": [s for s in sums if s.type == kind],
                }
                for kind, figures in found.groups
                if (rows := [figure for figure in figures if figure.benefit.pk in shown])
            ],
            "pages": pages,
            "warnings": warnings.of_project(found, warnings.claimed_elsewhere(found, request.user)),
            "disbenefits": [f.benefit for f in found.benefits if f.benefit.disbenefits][:PAGE],
            "today": today,
        },
    )


@require_safe
def sheet(request, slug, form):
    """The project's benefits as a spreadsheet."""
    project = project_for(request, slug, Permission.VIEW)
    if form not in MEDIA_TYPES:
        raise Http404
    rows = project_benefits(project, timezone.localdate()).benefits
    return respond(BenefitSheet(), rows, name=f"gevinster-{project.slug}", title=_("Benefits"), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    form = BenefitForm(request.POST or None, municipality=project.municipality)
    return benefit_form(request, project, form)


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def edit(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = of_project(project, pk)
    form = BenefitForm(request.POST or None, instance=found, municipality=project.municipality)
    return benefit_form(request, project, form)


def benefit_form(request, project, form):
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["owner"]
        saved = actions.save_benefit(project=project, benefit=form.instance, by=request.user)
        text = (
            _("«%(name)s» is saved.")
            if saved.owner == chosen
            else _("«%(name)s» is saved. %(asked)s is asked, and %(owner)s owns it until the answer is yes.")
        )
        told = {
            "name": saved.name,
            "asked": chosen and chosen.name,
            "owner": saved.owner and saved.owner.name,
        }
        messages.success(request, text % told)
        return redirect(saved)
    return render(
        request,
        "benefits/benefit_form.html",
        {**page(project, TAB), "form": form, "page_has_errors": bool(form.errors)},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = of_project(project, pk)
    if request.method == "POST":
        actions.delete_benefit(project=project, benefit=found, by=request.user)
        messages.success(request, _("«%(name)s» is deleted.") % {"name": found.name})
        return redirect("benefits:benefits", slug)
    return render(request, "benefits/delete.html", {**page(project, TAB), "benefit": found})
