"""The sheet for the line's weekly or monthly meeting: three to five numbers, what is behind, what is done."""

from dataclasses import dataclass
from datetime import date

from benefits import asking, wording
from benefits.figures import IndicatorFigure
from benefits.models import BenefitPlan, CorrectiveAction, Deviation
from benefits.reading import project_benefits
from roadmap.models import Project

MOST = 5


@dataclass(frozen=True)
class Row:
    """One number of the meeting, as it is told on the page and in the PDF."""

    figure: IndicatorFigure
    owner: str
    baseline: str
    target: str
    expected: str
    latest: str
    latest_on: date | None
    deviation: Deviation | None
    actions: tuple[CorrectiveAction, ...]
    unit: str


def candidates(project: Project, today: date) -> list[IndicatorFigure]:
    """Return the indicators in use of a project, those with a deviation first, then by when they are due."""
    found = [f for benefit in project_benefits(project, today).benefits for f in benefit.active]
    return sorted(
        found, key=lambda f: (f.deviation is None, f.indicator.next_due_on or date.max, f.indicator.pk)
    )


def suggested(figures: list[IndicatorFigure]) -> list[IndicatorFigure]:
    return figures[:MOST]


def rows(figures: list[IndicatorFigure], today: date) -> list[Row]:
    """Return what the sheet tells. One query more for all of them: the actions of open deviations."""
    open_ones = [f.deviation.pk for f in figures if f.deviation]
    actions: dict[int, list[CorrectiveAction]] = {}
    for action in (
        CorrectiveAction.objects.filter(deviation__in=open_ones, result="")
        .select_related("responsible")
        .order_by("due_on", "pk")
    ):
        actions.setdefault(action.deviation_id, []).append(action)
    return [row(figure, actions) for figure in figures]


def row(figure: IndicatorFigure, actions) -> Row:
    def told(value):
        return "" if value is None else asking.figure(value)

    latest = figure.latest
    owner = figure.indicator.benefit.owner
    return Row(
        figure=figure,
        owner=owner.position_or_name if owner else "",
        baseline=told(figure.baseline),
        target=told(figure.target),
        expected=expected(figure),
        latest=told(latest.value) if latest else "",
        latest_on=latest.on if latest else figure.last_on,
        deviation=figure.deviation,
        actions=tuple(actions.get(figure.deviation.pk, ())) if figure.deviation else (),
        unit=figure.indicator.unit_in_words,
    )


def expected(figure: IndicatorFigure) -> str:
    """Return what is expected today, with no more decimals than what was measured."""
    value, latest = figure.expected_today, figure.latest
    return "" if value is None else wording.number(value, wording.expected_places(latest) if latest else 0)


def frequency(project: Project) -> str:
    """Return how often the line meets, in words; empty when it is not said."""
    plan = BenefitPlan.objects.filter(project=project).first()
    return plan.get_meeting_frequency_display().lower() if plan and plan.meeting_frequency else ""
