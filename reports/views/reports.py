"""Pages where documents are asked for."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from innovasjon.access import Permission
from reports import documents
from reports.forms import StatusReportForm
from reports.pdf import FOR_ARCHIVE, FOR_PEOPLE
from reports.summaries import project_summary
from roadmap.access import project_for
from roadmap.views.project import page

A_MONTH = timedelta(days=30)


@require_safe
def status_report(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    form = StatusReportForm(initial={"siden": timezone.localdate() - A_MONTH})
    return report_page(request, project, form)


def report_page(request, project, form, status=200):
    return render(
        request,
        "reports/status_report.html",
        {**page(project, "reports"), "form": form, "page_has_errors": form.is_bound and bool(form.errors)},
        status=status,
    )


@require_safe
def status_report_pdf(request, slug):
    """The status report of today. A date that cannot be read gives the page back with the error."""
    project = project_for(request, slug, Permission.VIEW)
    today = timezone.localdate()
    form = StatusReportForm(
        request.GET if "siden" in request.GET else {"siden": (today - A_MONTH).isoformat()}
    )
    if not form.is_valid():
        return report_page(request, project, form, status=422)
    summary = project_summary(project, since=form.cleaned_data["siden"], now=timezone.now())
    content = documents.status_report(summary, variant=FOR_ARCHIVE if form.for_archive else FOR_PEOPLE)
    response = HttpResponse(content, content_type="application/pdf")
    kind = "-arkiv" if form.for_archive else ""
    response["Content-Disposition"] = (
        f'attachment; filename="statusrapport-{slug}-{today.isoformat()}{kind}.pdf"'
    )
    return response
