"""Pages where reports and presentations are made, one module per subject."""

from reports.views.reports import status_report, status_report_pdf

__all__ = ["status_report", "status_report_pdf"]
