"""What the roof keeps: reports, presentations, documents on their way, key figures, views, mailings."""

from reports.models.jobs import DocumentJob
from reports.models.mailings import WeeklyMail
from reports.models.portfolio import ProjectSnapshot, SavedView
from reports.models.presentations import Audience, Presentation, Role, Slide
from reports.models.records import DocumentRecord, Openness
from reports.models.reports import ReportEdition, ReportReading, StatusReport

__all__ = [
    "Audience",
    "DocumentJob",
    "DocumentRecord",
    "Openness",
    "Presentation",
    "ProjectSnapshot",
    "ReportEdition",
    "ReportReading",
    "Role",
    "SavedView",
    "Slide",
    "StatusReport",
    "WeeklyMail",
]
