"""Addresses of reports. Paths are interface (bokmål); names are code."""

from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("prosjekter/<slug:slug>/statusrapporter/", views.status_report, name="status_report"),
    path(
        "prosjekter/<slug:slug>/statusrapporter/rapport.pdf",
        views.status_report_pdf,
        name="status_report_pdf",
    ),
]
