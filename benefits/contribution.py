"""What the benefit tool adds to a project's pages and to what a gate freezes."""

from roadmap.contributions import Contribution


class BenefitsContribution(Contribution):
    name = "benefits"
