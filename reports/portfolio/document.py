"""The portfolio on paper, for the meeting: the same figures in the same order as the page."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from reports.documents import design, shield
from reports.portfolio import wording
from reports.portfolio.board import Portfolio
from roadmap.models import Condition


def portfolio_html(portfolio: Portfolio, municipality) -> str:
    """Return the HTML the portfolio is laid out from: figures on the first page, the table on the next."""
    with translation.override(settings.LANGUAGE_CODE):
        frame = design(municipality.name, municipality.colour, settings.LANGUAGE_CODE)
        mark = wording.printed_mark
        context = {
            **frame,
            "shield": shield(municipality.shield),
            "municipality": municipality,
            "portfolio": portfolio,
            "chips": wording.chips(portfolio),
            "made_at": portfolio.made_at,
            "help_count": portfolio.with_condition(Condition.NEEDS_HELP),
            "watch_count": portfolio.with_condition(Condition.WATCH),
            "late_count": portfolio.late(),
            "late_text": wording.due_text(portfolio),
            "soon_count": len(portfolio.gates_soon()),
            "soon_text": wording.gates_text(portfolio),
            "plot": wording.plot(portfolio, links=False, primary=frame["colours"]["base_default"]),
            "longest": [(row, wording.waiting_text(row, portfolio)) for row in portfolio.longest()],
            "months": wording.months_table(portfolio.months, mark=mark) if portfolio.months else None,
            "months_finding": wording.months_finding(portfolio.months),
            "lines": wording.lines(portfolio.rows, portfolio, mark=mark),
        }
        return render_to_string("reports/pdf/portfolio.html", context)
