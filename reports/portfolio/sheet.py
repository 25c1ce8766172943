"""The portfolio as a spreadsheet."""

from django.utils.translation import gettext_lazy as _

from innovasjon.spreadsheets import Sheet
from reports.portfolio.board import Portfolio
from reports.portfolio.wording import phase_names
from roadmap.models import ChecklistItem, Condition
from roadmap.progress import Count


def sheet_rows(portfolio: Portfolio) -> list[dict]:
    """Return the rows of the portfolio with what is settled in their phase; one query for all of them."""
    names, labels = phase_names(), dict(Condition.choices)
    counts = ChecklistItem.objects.counted_by_project([row.pk for row in portfolio.rows])
    return [
        {
            "row": row,
            "phase_name": names[row.phase],
            "condition": labels[row.condition],
            "proposed": labels.get(row.proposed, ""),
            "count": Count(*counts.get(row.pk, ())),
        }
        for row in portfolio.rows
    ]


class PortfolioSheet(Sheet):
    """The portfolio's rows, with real dates and numbers."""

    columns = (
        (_("Project"), lambda line: line["row"].name),
        (_("Area"), lambda line: line["row"].area),
        (_("Phase"), lambda line: line["phase_name"]),
        (_("Phase no."), lambda line: line["row"].phase),
        (_("In the phase since"), lambda line: line["row"].phase_since),
        (_("Settled"), lambda line: line["count"].settled),
        (_("Checkpoints"), lambda line: line["count"].total),
        (_("Condition"), lambda line: line["condition"]),
        (_("Reason for the condition"), lambda line: line["row"].condition_reason),
        (_("Proposed condition"), lambda line: line["proposed"]),
        (_("Last status report"), lambda line: line["row"].reported_on),
        (_("Days over"), lambda line: line["row"].days_over),
        (_("Benefits on plan"), lambda line: line["row"].on_plan_count),
        (_("Benefits that can be judged"), lambda line: line["row"].benefit_count),
        (_("Open deviations"), lambda line: line["row"].deviation_count),
        (_("Next gate meeting"), lambda line: line["row"].next_gate_on),
        (_("Project owner"), lambda line: line["row"].owner),
        (_("Case reference"), lambda line: line["row"].case_reference),
    )
