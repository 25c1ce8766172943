"""What the roof keeps: reports with their editions, documents on their way, facts for the archive."""

from reports.models.jobs import DocumentJob
from reports.models.records import DocumentRecord, Openness
from reports.models.reports import ReportEdition, ReportReading, StatusReport

__all__ = ["DocumentJob", "DocumentRecord", "Openness", "ReportEdition", "ReportReading", "StatusReport"]
