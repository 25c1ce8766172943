"""What is measured, along which path: for the core team."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from benefits.actions import indicators as actions
from benefits.forms.indicators import IndicatorForm, PathFormSet
from benefits.models import Indicator
from benefits.views.register import TAB, of_project
from innovasjon.access import Permission
from roadmap.access import one_writer, project_for
from roadmap.views.project import page


def of_benefit(benefit, pk) -> Indicator:
    """Return an indicator of the benefit, with the benefit on it.

    Raises Http404 for another benefit's.
    """
    found = get_object_or_404(benefit.indicators.select_related("measurer"), pk=pk)
    found.benefit = benefit
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    benefit = of_project(project, pk)
    form = IndicatorForm(request.POST or None, municipality=project.municipality)
    return indicator_form(request, project, benefit, form)


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def edit(request, slug, pk, indicator):
    project = project_for(request, slug, Permission.EDIT)
    benefit = of_project(project, pk)
    if request.method == "POST":  # who measures waits, and the day that is due is not set back
        benefit.indicators.select_for_update().values_list("pk").filter(pk=indicator).first()
    found = of_benefit(benefit, indicator)
    form = IndicatorForm(request.POST or None, instance=found, municipality=project.municipality)
    return indicator_form(request, project, benefit, form)


def indicator_form(request, project, benefit, form):
    if request.method == "POST" and form.is_valid():
        saved = actions.save_indicator(
            benefit=benefit,
            indicator=form.instance,
            dates=form.cleaned_data["dates"],
            today=timezone.localdate(),
            by=request.user,
        )
        messages.success(request, _("«%(name)s» is saved.") % {"name": saved.name})
        return redirect("benefits:indicator", project.slug, benefit.pk, saved.pk)
    return render(
        request,
        "benefits/indicator_form.html",
        {**page(project, TAB), "benefit": benefit, "form": form, "page_has_errors": bool(form.errors)},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def path(request, slug, pk, indicator):
    """What is expected between the baseline and the target? Empty rows are no points."""
    project = project_for(request, slug, Permission.EDIT)
    found = of_benefit(of_project(project, pk), indicator)
    initial = [{"on": p.on, "value": p.value} for p in found.path_points.order_by("on")]
    forms = PathFormSet(request.POST or None, indicator=found, initial=initial)
    if request.method == "POST" and forms.is_valid():
        if forms.gives_way:
            messages.info(request, _("The stored path stands."))
        else:
            actions.set_path(indicator=found, points=forms.points, by=request.user)
            messages.success(request, _("The path is saved."))
        return redirect(found)
    return render(
        request,
        "benefits/path.html",
        {
            **page(project, TAB),
            "benefit": found.benefit,
            "indicator": found,
            "forms": forms,
            "page_has_errors": forms.is_bound,
        },
        status=422 if forms.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, slug, pk, indicator):
    project = project_for(request, slug, Permission.EDIT)
    found = of_benefit(of_project(project, pk), indicator)
    if request.method == "POST":
        actions.delete_indicator(indicator=found, by=request.user)
        messages.success(request, _("«%(name)s» is deleted.") % {"name": found.name})
        return redirect(found.benefit)
    context = {**page(project, TAB), "benefit": found.benefit, "indicator": found}
    return render(request, "benefits/delete_indicator.html", context)
