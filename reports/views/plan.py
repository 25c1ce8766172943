"""The plan as a document."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from innovasjon.access import Permission
from reports.plan_pdf import plan_document, plan_summary
from roadmap.access import project_for


@require_safe
def plan_pdf(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    now = timezone.now()
    response = HttpResponse(plan_document(plan_summary(project, now=now)), content_type="application/pdf")
    name = f"plan-{slug}-{timezone.localdate(now).isoformat()}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
