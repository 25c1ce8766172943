"""Reports across the municipality: who owes one, and what was published."""

from itertools import groupby

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from innovasjon.pages import page_of
from reports.calendar import due_on, expected
from reports.models import ReportEdition
from reports.status_reports.overview import LATE_FIRST, calendar_lines, in_calendar
from roadmap.models import Project
from roadmap.views.project import municipality_role

PAGE = 50  # projects in the calendar
MOST = 100  # published reports on the page


@require_safe
def archive(request):
    """The reporting calendar, and what has been published."""
    municipality, can = municipality_role(request)
    today = timezone.localdate()
    projects = Project.objects.of(municipality).visible_to(request.user)
    month = expected(today)
    pages = page_of(request, in_calendar(projects, municipality, today), LATE_FIRST, PAGE, part="calendar")
    published = list(
        ReportEdition.objects.filter(report__project__in=projects)
        .select_related("report__project")
        .order_by("-published_at")[:MOST]
    )
    return render(
        request,
        "reports/archive.html",
        {
            "section": "reports",
            "municipality": municipality,
            "can": can,
            "lines": calendar_lines(pages.rows, municipality, today),
            "pages": pages,
            "month": month,
            "due_on": due_on(month, municipality.report_working_day),
            "years": [
                (year, list(found))
                for year, found in groupby(published, key=lambda e: timezone.localdate(e.published_at).year)
            ],
            "today": today,
        },
    )
