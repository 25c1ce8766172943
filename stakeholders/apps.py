from django.apps import AppConfig


class StakeholdersConfig(AppConfig):
    """The third floor: with whom."""

    name = "stakeholders"

    def ready(self):
        from roadmap.contributions import CONTRIBUTIONS
        from stakeholders.contribution import StakeholdersContribution

        CONTRIBUTIONS.add(StakeholdersContribution())
