"""Spreadsheets of the benefits: out, and the doors to bringing them in."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from benefits.amount_sheets import AmountSheet
from benefits.models import Indicator, Measurement
from benefits.reading import project_benefits
from benefits.sheets import IndicatorSheet, MeasurementSheet
from innovasjon.access import Permission
from innovasjon.spreadsheets import MEDIA_TYPES, respond
from roadmap.access import project_for
from roadmap.views.project import page

FORMATS = (("xlsx", _("Excel")), ("csv", _("CSV")), ("ods", _("OpenDocument")))
SHEETS = (
    ("benefits:sheet", _("Benefits")),
    ("benefits:amount_sheet", _("Benefits year by year")),
    ("benefits:indicator_sheet", _("Indicators")),
    ("benefits:measurement_sheet", _("Measurements")),
)


@require_safe
def sheets(request, slug):
    """What can leave as a spreadsheet, and what can come in?"""
    project = project_for(request, slug, Permission.VIEW)
    downloads = [
        (name, [(label, reverse(address, args=[slug, form])) for form, label in FORMATS])
        for address, name in SHEETS
    ]
    return render(request, "benefits/sheets.html", {**page(project, "benefits"), "downloads": downloads})


@require_safe
def amount_sheet(request, slug, form):
    project = project_for(request, slug, Permission.VIEW)
    if form not in MEDIA_TYPES:
        raise Http404
    rows = project_benefits(project, timezone.localdate()).benefits
    title = gettext("Benefits year by year")
    return respond(AmountSheet(project), rows, name=f"ar-for-ar-{slug}", title=title, form=form)


@require_safe
def indicator_sheet(request, slug, form):
    project = project_for(request, slug, Permission.VIEW)
    if form not in MEDIA_TYPES:
        raise Http404
    rows = (
        Indicator.objects.filter(benefit__project=project)
        .select_related("benefit", "measurer")
        .order_by("benefit__number", "position", "pk")
    )
    return respond(IndicatorSheet(), rows, name=f"indikatorer-{slug}", title=gettext("Indicators"), form=form)


@require_safe
def measurement_sheet(request, slug, form):
    """The values that count; what a correction has replaced stays on the page."""
    project = project_for(request, slug, Permission.VIEW)
    if form not in MEDIA_TYPES:
        raise Http404
    rows = (
        Measurement.objects.filter(indicator__benefit__project=project)
        .current()
        .select_related("indicator__benefit", "by")
        .order_by("indicator__benefit__number", "indicator__position", "on", "pk")
    )
    return respond(
        MeasurementSheet(), rows, name=f"malinger-{slug}", title=gettext("Measurements"), form=form
    )
