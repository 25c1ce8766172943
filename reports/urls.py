"""Addresses of reports. Paths are interface (bokmål); names are code."""

from django.urls import path

from reports.urls_benefits import urlpatterns as benefits
from reports.views import reports

app_name = "reports"

urlpatterns = [
    path("prosjekter/<slug:slug>/statusrapporter/", reports.status_report, name="status_report"),
    path(
        "prosjekter/<slug:slug>/statusrapporter/rapport.pdf",
        reports.status_report_pdf,
        name="status_report_pdf",
    ),
    *benefits,
]
