"""Addresses of reports. Paths are interface (bokmål); names are code."""

from django.urls import path

from reports.views import my_page, portfolio, reports

app_name = "reports"

urlpatterns = [
    path("", my_page.my_page, name="my_page"),
    path("start/", my_page.landing, name="landing"),
    path("paminnelser/", my_page.reminders, name="reminders"),
    path("oppgaver/<str:secret>.ics", my_page.subscribed_tasks, name="tasks_calendar"),
    path("ukesmail/<str:secret>/", my_page.stop_weekly_mail, name="stop_weekly_mail"),
    path("prosjekter/", portfolio.portfolio, name="portfolio"),
    path("prosjekter/regneark.xlsx", portfolio.portfolio_sheet, name="portfolio_sheet"),
    path("prosjekter/mote.pdf", portfolio.portfolio_pdf, name="portfolio_pdf"),
    path("visninger/", portfolio.save_view, name="save_view"),
    path("visninger/<int:pk>/slett/", portfolio.delete_view, name="delete_view"),
    path("prosjekter/<slug:slug>/statusrapporter/", reports.status_report, name="status_report"),
    path(
        "prosjekter/<slug:slug>/statusrapporter/rapport.pdf",
        reports.status_report_pdf,
        name="status_report_pdf",
    ),
]
