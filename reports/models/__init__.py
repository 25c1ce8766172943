"""What the roof keeps: reports with their editions, presentations, documents on their way, the archive."""

from reports.models.jobs import DocumentJob
from reports.models.presentations import Audience, Presentation, Role, Slide
from reports.models.records import DocumentRecord, Openness
from reports.models.reports import ReportEdition, ReportReading, StatusReport

__all__ = [
    "Audience",
    "DocumentJob",
    "DocumentRecord",
    "Openness",
    "Presentation",
    "ReportEdition",
    "ReportReading",
    "Role",
    "Slide",
    "StatusReport",
]
