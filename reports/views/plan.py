"""The plan as a document."""

from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from innovasjon.access import Permission
from reports.plan_pdf import plan_html, plan_summary
from reports.views.documents import ask_for
from roadmap.access import project_for


@require_safe
def plan_pdf(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    now = timezone.now()
    return ask_for(
        request,
        project,
        kind="plan",
        data={"html": plan_html(plan_summary(project, now=now))},
        name=f"plan-{slug}-{timezone.localdate(now).isoformat()}.pdf",
        back=reverse("roadmap:plan", args=[slug]),
    )
