"""Benefits as a report tells them: the numbers, the one drawing that matters most, deviations and actions."""

from benefits import drawings, wording
from reports.summaries import ProjectSummary


def benefits(summary: ProjectSummary) -> dict:
    """Return the benefits as data; empty when the project has none."""
    found = summary.benefits
    if not found.benefits:
        return {}
    figures = [figure.main for figure in found.benefits if figure.main]
    shown = next((f for f in found.deviations), None) or next((f for f in figures if f.readings), None)
    return {
        "headline": f"{shown.indicator.name}: {wording.finding(shown)}" if shown else "",
        "drawing": wording.chart(shown, drawings.PAPER) if shown else "",
        "rows": [row(figure) for figure in found.benefits],
        "deviations": [
            {
                "name": figure.indicator.name,
                "size": wording.measured_and_expected(figure.deviation, figure.indicator),
                "opened_on": figure.deviation.opened_on,
                "cause": figure.deviation.cause,
                "actions": [
                    {
                        "what": action.what,
                        "progress": action.progress,
                        "responsible": action.responsible.position_or_name,
                        "due_on": action.due_on,
                    }
                    for action in summary.corrective
                    if action.deviation_id == figure.deviation.pk
                ],
            }
            for figure in found.deviations
        ],
    }


def row(figure) -> dict:
    main = figure.main
    latest = main.latest if main else None
    standing = wording.standing(figure.state)

    def told(value):
        return wording.value(value, main.indicator) if main and value is not None else ""

    return {
        "name": figure.benefit.name,
        "unit": str(main.indicator.unit_in_words) if main else "",
        "type": str(figure.benefit.get_type_display()),
        "baseline": told(main.baseline if main else None),
        "now": told(latest.value if latest else None),
        "target": told(main.target if main else None),
        "condition": standing.condition,
        "label": str(standing.label),
    }
