"""Addresses of reports. Paths are interface (bokmål); names are code."""

from django.urls import path

from reports.views import presentations, reports

app_name = "reports"

PRESENTATIONS = "prosjekter/<slug:slug>/presentasjoner/"

urlpatterns = [
    path("prosjekter/<slug:slug>/statusrapporter/", reports.status_report, name="status_report"),
    path(
        "prosjekter/<slug:slug>/statusrapporter/rapport.pdf",
        reports.status_report_pdf,
        name="status_report_pdf",
    ),
    path(f"{PRESENTATIONS}", presentations.presentations, name="presentations"),
    path(f"{PRESENTATIONS}ny/", presentations.new_presentation, name="new_presentation"),
    path(f"{PRESENTATIONS}<int:pk>/", presentations.presentation, name="presentation"),
    path(f"{PRESENTATIONS}<int:pk>/rediger/", presentations.edit_presentation, name="edit_presentation"),
    path(f"{PRESENTATIONS}<int:pk>/slett/", presentations.delete_presentation, name="delete_presentation"),
    path(f"{PRESENTATIONS}<int:pk>/vis/", presentations.show, name="show_presentation"),
    path(f"{PRESENTATIONS}<int:pk>/last-ned/", presentations.downloads, name="presentation_downloads"),
    path(f"{PRESENTATIONS}<int:pk>/lysbilder.pdf", presentations.presentation_pdf, name="presentation_pdf"),
    path(
        f"{PRESENTATIONS}<int:pk>/lysbilder.pptx", presentations.presentation_pptx, name="presentation_pptx"
    ),
    path(f"{PRESENTATIONS}<int:pk>/lysbilder/nytt/", presentations.add_slide, name="add_slide"),
    path(f"{PRESENTATIONS}<int:pk>/lysbilder/<int:slide_pk>/", presentations.slide, name="slide"),
    path(
        f"{PRESENTATIONS}<int:pk>/lysbilder/<int:slide_pk>/flytt/",
        presentations.move_slide,
        name="move_slide",
    ),
    path(
        f"{PRESENTATIONS}<int:pk>/lysbilder/<int:slide_pk>/ta-ut/",
        presentations.take_out_slide,
        name="take_out_slide",
    ),
    path(
        f"{PRESENTATIONS}<int:pk>/lysbilder/<int:slide_pk>/kilde/",
        presentations.settle_stale,
        name="settle_stale",
    ),
]
