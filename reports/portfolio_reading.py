"""Reading the portfolio: the same queries for one project and for a thousand."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Max,
    OuterRef,
    Q,
    Subquery,
)
from django.utils import timezone

from benefits.figures import BenefitFigure
from benefits.models import Benefit
from benefits.reading import read_figures
from benefits.sums import sums
from innovasjon.access import ProjectRole
from reports.calendar import Month as ReportMonth
from reports.calendar import due_on, expected, tells
from reports.models import ProjectSnapshot, ReportEdition
from reports.portfolio import NEED, Choice, Month, Portfolio, Row, conditions_of, in_order, is_soon
from roadmap.models import PhaseRound, Project

MOST = 5000  # projects of one municipality that are read
MONTHS_BACK = 5
LAST_NIGHT = timedelta(days=3)  # so old may a proposal be
A_DAY = timedelta(days=1)


def read_portfolio(municipality, user, choice: Choice, *, now: datetime) -> Portfolio:
    """Read the portfolio of a municipality as a person may see it. Five queries."""
    today = timezone.localdate(now)
    found = read_rows(municipality, user, choice, today)
    rows = [row for row, _matches, _existing in found]
    before, months = trend_of(municipality, {row.pk for row in rows}, today)
    figures = read_figures(Benefit.objects.filter(project__in=visible(municipality, user, choice)), today)
    rows = with_benefits([replace(r, condition_before=before.get(r.pk, "")) for r in rows], figures)
    counted = [row for row, (_row, matches, _n) in zip(rows, found, strict=True) if matches]
    counted = [row for row in counted if fits(row, choice)]
    shown = {row.pk for row in counted}
    existing = found[0][2] if found else active(municipality).count()
    if not choice.closed:
        months = (*months, Month(today, conditions_of(rows)))
    return Portfolio(
        choice=choice,
        made_at=now,
        rows=tuple(in_order([row for row in counted if is_chosen(row, choice, today)], choice.sort)),
        counted=tuple(counted),
        areas=tuple(sorted({row.area for row in rows if row.area})),
        owners=tuple(sorted({(r.owner_id, r.owner) for r in rows if r.owner_id}, key=lambda o: o[1])),
        seen=existing if choice.closed else len(rows),
        existing=existing,
        report_due_on=due_on(expected(today), municipality.report_working_day),
        year=today.year,
        sums=tuple(sums([f for f in figures if f.benefit.project_id in shown], today.year, today)),
        months=months if len(months) > 1 else (),
    )


def fits(row: Row, choice: Choice) -> bool:
    """Whether a project has the area, phase and owner that are chosen."""
    return (
        (not choice.area or row.area == choice.area)
        and (not choice.phase or row.phase == choice.phase)
        and (not choice.owner or row.owner_id == choice.owner)
    )


def is_chosen(row: Row, choice: Choice, today: date) -> bool:
    """Whether a project has the condition, the late report or the near gate that is chosen."""
    return (
        (not choice.condition or row.condition == choice.condition)
        and (not choice.late or row.days_over > 0)
        and (not choice.soon or is_soon(row, today))
    )


def active(municipality):
    return Project.objects.of(municipality).filter(status=Project.Status.ACTIVE).order_by()


def visible(municipality, user, choice: Choice):
    status = Project.Status.CLOSED if choice.closed else Project.Status.ACTIVE
    return Project.objects.of(municipality).visible_to(user).filter(status=status).order_by()


def read_rows(municipality, user, choice: Choice, today: date) -> list[tuple[Row, bool, int]]:
    """Return (row, whether the text is in it, active projects there are) of what the person may see."""
    month = expected(today)
    due = due_on(month, municipality.report_working_day)
    mine = {"project": OuterRef("pk")}
    round_now = PhaseRound.objects.filter(**mine, phase=OuterRef("phase"), ended_on=None)
    editions = ReportEdition.objects.filter(report__project=OuterRef("pk")).order_by()
    told = editions.filter(report__year=month.year, report__month=month.month)
    night = ProjectSnapshot.objects.filter(**mine, on__gte=today - LAST_NIGHT).order_by("-on")
    text = Q(name__icontains=choice.text) | Q(problem__icontains=choice.text) | Q(area__icontains=choice.text)
    values = (
        visible(municipality, user, choice)
        .annotate(
            owner=FilteredRelation("memberships", condition=Q(memberships__role=ProjectRole.OWNER)),
            matches=ExpressionWrapper(text, BooleanField()) if choice.text else F("restricted"),
            phase_since=Subquery(round_now.values("started_on")[:1]),
            stopped=ExpressionWrapper(~Q(learning=""), BooleanField()),
            reported_at=Subquery(
                editions.values("report__project").annotate(last=Max("published_at")).values("last")
            ),
            is_told=Exists(told),
            proposed=Subquery(night.values("proposed_condition")[:1]),
            proposed_because=Subquery(night.values("proposal_reason")[:1]),
            existing=Subquery(
                active(municipality).values("municipality").annotate(n=Count("pk")).values("n")
            ),
        )
        .order_by("name", "pk")
        .values_list(
            "pk",
            "slug",
            "name",
            "area",
            "restricted",
            "phase",
            "condition",
            "condition_reason",
            "case_reference",
            "closed_on",
            "stopped",
            "next_gate_at",
            "owner__user",
            "owner__user__name",
            "owner__user__position",
            "phase_since",
            "started_on",
            "reported_at",
            "is_told",
            "proposed",
            "proposed_because",
            "matches",
            "existing",
        )[:MOST]
    )
    found = []
    for *head, gate, owner, name, position, since, started, reported, told, proposed, why, fit, n in values:
        condition, closed_on = head[6], head[9]
        row = Row(
            *head,
            next_gate_on=timezone.localdate(gate) if gate else None,
            owner_id=owner,
            owner=position or name or "",
            phase_since=since,
            reported_on=timezone.localdate(reported) if reported else None,
            days_over=0 if told else days_over(month, due, started, closed_on, today),
            proposed=proposed if proposed and NEED[proposed] < NEED[condition] else "",
            proposed_because=why or "",
        )
        found.append((row, bool(fit) or not choice.text, n or 0))
    return found


def days_over(month: ReportMonth, due: date, started_on: date, closed_on: date | None, today: date) -> int:
    """Return how many days the report of a month is late, when the project has one to write."""
    if closed_on or not tells(month, started_on=started_on, closed_on=closed_on):
        return 0
    return max((today - due).days, 0)


def with_benefits(rows: list[Row], figures: list[BenefitFigure]) -> list[Row]:
    """Return the rows with how many of their benefits are on plan, and their open deviations."""
    counts = benefit_counts(figures)
    return [
        replace(row, benefit_count=found[0], on_plan_count=found[1], deviation_count=found[2])
        if (found := counts.get(row.pk))
        else row
        for row in rows
    ]


def benefit_counts(figures: list[BenefitFigure]) -> dict[int, tuple[int, int, int]]:
    """Return project id → (benefits that can be judged, on plan, open deviations)."""
    counts: dict[int, tuple[int, int, int]] = {}
    for figure in figures:
        judged, on_plan, deviations = counts.get(figure.benefit.project_id, (0, 0, 0))
        counts[figure.benefit.project_id] = (
            judged + figure.is_measured,
            on_plan + figure.is_on_plan,
            deviations + len(figure.deviations),
        )
    return counts


def trend_of(municipality, seen: set[int], today: date) -> tuple[dict[int, str], tuple[Month, ...]]:
    """Return project → condition at the last month's end, and the counts of the months before."""
    first = date(today.year, today.month, 1)
    start = first
    for _ in range(MONTHS_BACK):
        start = (start - A_DAY).replace(day=1)
    nights = (
        ProjectSnapshot.objects.filter(project__municipality=municipality)
        .month_ends(after=start, before=first)
        .order_by("on")
        .values_list("on", "project_id", "condition")
    )
    months: dict[date, dict[str, int]] = {}
    latest: dict[tuple[date, int], str] = {}
    for on, project, condition in nights:
        if project in seen:
            counts = months.setdefault(on, {})
            counts[condition] = counts.get(condition, 0) + 1
            latest[on, project] = condition
    last = max(months, default=None)
    if last is None or last < (first - A_DAY).replace(day=1):
        last = None  # nothing is known of the month before
    before = {project: condition for (on, project), condition in latest.items() if on == last}
    return before, tuple(Month(on, counts) for on, counts in months.items())
