"""What the roof keeps: reports with their editions, documents on their way, key figures, views, mailings."""

from reports.models.jobs import DocumentJob
from reports.models.mailings import WeeklyMail
from reports.models.portfolio import ProjectSnapshot, SavedView
from reports.models.records import DocumentRecord, Openness
from reports.models.reports import ReportEdition, ReportReading, StatusReport

__all__ = [
    "DocumentJob",
    "DocumentRecord",
    "Openness",
    "ProjectSnapshot",
    "ReportEdition",
    "ReportReading",
    "SavedView",
    "StatusReport",
    "WeeklyMail",
]
