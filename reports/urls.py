"""Addresses of reports. Paths are interface (bokmål); names are code."""

from django.urls import path

from reports.views import plan, reports

app_name = "reports"

urlpatterns = [
    path("prosjekter/<slug:slug>/statusrapporter/", reports.status_report, name="status_report"),
    path(
        "prosjekter/<slug:slug>/statusrapporter/rapport.pdf",
        reports.status_report_pdf,
        name="status_report_pdf",
    ),
    path("prosjekter/<slug:slug>/plan/plan.pdf", plan.plan_pdf, name="plan_pdf"),
]
