"""The benefit realisation plan: what holds for the whole project, and who has accepted it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from benefits import realisation
from benefits.actions import after as actions
from benefits.forms.after import PlanForm
from benefits.models import BenefitPlan
from innovasjon.access import Permission
from roadmap.access import one_writer, project_for
from roadmap.views.project import page

TAB = "benefits"


@require_safe
def plan(request, slug):
    """Who takes out which benefit, how and when, and who stands behind it?"""
    project = project_for(request, slug, Permission.VIEW)
    today = timezone.localdate()
    found = BenefitPlan.objects.filter(project=project).first()
    return render(
        request,
        "benefits/plan.html",
        {
            **page(project, TAB),
            "plan": found,
            "present_value": realisation.present_value(project, found or BenefitPlan(project=project)),
            "rows": realisation.rows(project, today),
            "lacks": realisation.lacks(project, today),
            "acceptances": list(
                project.plan_acceptances.select_related("by", "document").order_by("-at", "-pk")
            ),
            "today": today,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def edit_plan(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    found = BenefitPlan.objects.filter(project=project).first()
    form = PlanForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.save_plan(project=project, form=form, by=request.user)
        messages.success(request, _("The plan is saved."))
        return redirect("benefits:plan", slug)
    return render(
        request,
        "benefits/plan_form.html",
        {**page(project, TAB), "form": form, "page_has_errors": bool(form.errors)},
        status=422 if form.errors else 200,
    )
