"""What the roof adds to the roadmap: it knows how to draw the basis of a gate."""

from reports.documents import gate_basis
from roadmap.contributions import Contribution


class ReportsContribution(Contribution):
    name = "reports"

    def render_basis(self, data):
        return gate_basis(data)
