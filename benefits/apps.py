from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    """To what effect: benefits, indicators, measurements, deviations."""

    name = "benefits"

    def ready(self):
        from benefits.contribution import BenefitsContribution
        from roadmap.contributions import CONTRIBUTIONS

        CONTRIBUTIONS.add(BenefitsContribution())
