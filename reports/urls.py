"""Addresses of reports. Paths are interface (bokmål); names are code."""

from django.urls import path, register_converter

from reports.calendar import Month
from reports.urls_benefits import urlpatterns as benefits
from reports.views import archive, documents, my_page, plan, portfolio, presentations, reports, slides


class MonthInAddress:
    """«2026-10» in an address."""

    regex = r"20\d\d-(?:0[1-9]|1[0-2])"

    def to_python(self, value):
        return Month.read(value)

    def to_url(self, value):
        return str(value)


register_converter(MonthInAddress, "month")

app_name = "reports"

PROJECT = "prosjekter/<slug:slug>/"
LIST = f"{PROJECT}statusrapporter/"
REPORT = f"{LIST}<month:month>/"
DOCUMENTS = f"{PROJECT}dokumenter/"
PRESENTATIONS = f"{PROJECT}presentasjoner/"

urlpatterns = [
    path("", my_page.my_page, name="my_page"),
    path("start/", my_page.landing, name="landing"),
    path("profil/", my_page.profile, name="profile"),
    path("paminnelser/", my_page.reminders, name="reminders"),
    path("oppgaver/<str:secret>.ics", my_page.subscribed_tasks, name="tasks_calendar"),
    path("ukesmail/<str:secret>/", my_page.stop_weekly_mail, name="stop_weekly_mail"),
    path("prosjekter/", portfolio.portfolio, name="portfolio"),
    path("prosjekter/regneark.xlsx", portfolio.portfolio_sheet, name="portfolio_sheet"),
    path("prosjekter/mote.pdf", portfolio.portfolio_pdf, name="portfolio_pdf"),
    path("visninger/", portfolio.save_view, name="save_view"),
    path("visninger/<int:pk>/slett/", portfolio.delete_view, name="delete_view"),
    path("rapporter/", archive.archive, name="archive"),
    path(LIST, reports.status_reports, name="status_reports"),
    path(f"{LIST}ny/", reports.start, name="start"),
    path(f"{LIST}i-dag.pdf", reports.today_pdf, name="today_pdf"),
    path(REPORT, reports.report, name="report"),
    path(f"{REPORT}publiser/", reports.publish, name="publish"),
    path(f"{REPORT}rett/", reports.correct, name="correct"),
    path(f"{REPORT}lest/", reports.read, name="read"),
    path(f"{REPORT}utkast.pdf", reports.preview_pdf, name="preview_pdf"),
    path(f"{REPORT}utgave-<int:version>.pdf", reports.edition_pdf, name="edition_pdf"),
    path(f"{REPORT}saksframlegg/", documents.case_of_report, name="case_of_report_docx"),
    path(f"{PROJECT}porter/<int:number>/saksframlegg/", documents.case_of_gate, name="case_of_gate_docx"),
    path(f"{PROJECT}porter/<int:number>/grunnlag.pdf", documents.basis_pdf, name="basis_pdf"),
    path(f"{PROJECT}interessenter/plan.pdf", documents.involvement_plan_pdf, name="involvement_plan_pdf"),
    path(DOCUMENTS, documents.documents, name="documents"),
    path(f"{DOCUMENTS}arkivpakke/", documents.archive_package, name="archive_package"),
    path(f"{DOCUMENTS}lages/<int:pk>/", documents.job, name="job"),
    path(f"{DOCUMENTS}lages/<int:pk>/fil/", documents.job_file, name="job_file"),
    path(f"{DOCUMENTS}lenker/<int:pk>/steng/", documents.revoke_link, name="revoke_link"),
    path(f"{DOCUMENTS}<int:pk>/", documents.document, name="document"),
    path(f"{DOCUMENTS}<int:pk>/fil.pdf", documents.document_pdf, name="document_pdf"),
    path(f"{DOCUMENTS}<int:pk>/offentlighet/", documents.openness, name="openness"),
    path("dokumenter/lages/<int:pk>/", documents.own_job, name="own_job"),
    path("dokumenter/lages/<int:pk>/fil/", documents.own_job_file, name="own_job_file"),
    path("les/<str:secret>/", documents.shared, name="shared"),
    path("les/<str:secret>/dokument.pdf", documents.shared_pdf, name="shared_pdf"),
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
    path(f"{PRESENTATIONS}<int:pk>/lysbilder/<int:slide_pk>/", slides.slide, name="slide"),
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
    path(f"{PROJECT}plan/plan.pdf", plan.plan_pdf, name="plan_pdf"),
    *benefits,
]
