from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The roof: looks across everything and tells it."""

    name = "reports"

    def ready(self):
        from reports.contribution import ReportsContribution
        from roadmap.contributions import CONTRIBUTIONS

        CONTRIBUTIONS.add(ReportsContribution())
