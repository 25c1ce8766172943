"""What reports keep: key figures over time, saved views, and which weekly mails have gone."""

from reports.models.mailings import WeeklyMail
from reports.models.portfolio import ProjectSnapshot, SavedView

__all__ = ["ProjectSnapshot", "SavedView", "WeeklyMail"]
