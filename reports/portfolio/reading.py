"""Reading the portfolio: the same queries for one project and for a thousand.

A glance of every project gives counters, drawing and filters; the table reads whole rows, of its own page
alone, in the database's order.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    FilteredRelation,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from benefits.brief import Brief, read_projects
from benefits.models import Deviation
from benefits.sums import sums
from innovasjon.access import ProjectRole
from innovasjon.pages import cut
from innovasjon.rows import how_many
from reports.calendar import due_on, expected
from reports.models import ProjectSnapshot, ReportEdition
from reports.portfolio.board import GATE_SOON, NEED, Glance, Month, Portfolio, Row, conditions_of
from reports.portfolio.choice import Choice
from reports.portfolio.order import keys_of, with_keys
from roadmap.models import PhaseRound, Project

MOST = 5000  # projects of one municipality that are read
MONTHS_BACK = 5
LAST_NIGHT = timedelta(days=3)  # so old may a proposal be
A_DAY = timedelta(days=1)
GLANCE = ["pk", "slug", "name", "area", "phase", "condition"]
WHOLE = ["pk", "slug", "name", "area", "restricted", "phase", "condition", "condition_reason"]
WHOLE += ["case_reference", "closed_on", "stopped", "deviation_count"]
OWNER = ("owner__user__position", "owner__user__name")
COLUMNS = [*WHOLE, "next_gate_at", *OWNER, "phase_since", "reported_at", "late"]
COLUMNS += ["condition_before", "proposed", "proposed_because"]


def read_portfolio(
    municipality, user, choice: Choice, *, now: datetime, most: int = MOST, last: int | None = None
) -> Portfolio:
    """Read the portfolio of a municipality as a person may see it. Four queries, five from page two on.

    most: rows of the table. last: the row that the page comes after; None or a row that is gone: the first.
    """
    today = timezone.localdate(now)
    projects = visible(municipality, user, choice, today)
    seen, existing = glances(projects, municipality, choice)
    counted = tuple(glance for glance in seen if glance.fits)
    pks = [glance.pk for glance in counted]
    month_end, months = months_of(pks, municipality, today)
    benefits = read_projects(pks, municipality=municipality, status=status_of(choice), today=today)
    due = due_on(expected(today), municipality.report_working_day)
    rows, following, is_later = page_of(
        whole(projects.filter(narrowed(choice), chosen(choice, today)), today, month_end),
        choice.sort,
        benefit_counts(benefits),
        days_over=(today - due).days,
        most=most,
        last=last,
    )
    if not choice.closed:
        months = (*months, Month(today, conditions_of(counted)))
    return Portfolio(
        choice=choice,
        made_at=now,
        rows=tuple(rows),
        next=following,
        is_later=is_later,
        counted=counted,
        areas=tuple(sorted({glance.area for glance in seen if glance.area})),
        owners=tuple(sorted({(g.owner_id, g.owner) for g in seen if g.owner_id}, key=lambda o: o[1])),
        seen=existing if choice.closed else len(seen),
        existing=existing,
        report_due_on=due,
        year=today.year,
        sums=tuple(sums(benefits, today.year, today)),
        months=months if len(months) > 1 else (),
    )


def narrowed(choice: Choice) -> Q:
    """Projects with the area, phase, owner and words that are chosen."""
    found = Q()
    if choice.area:
        found &= Q(area=choice.area)
    if choice.phase:
        found &= Q(phase=choice.phase)
    if choice.owner:
        found &= Q(owner__user=choice.owner)
    if choice.text:
        found &= Project.objects.words(choice.text)
    return found


def chosen(choice: Choice, today: date) -> Q:
    """Projects with the condition, the late report or the near gate that is chosen."""
    found = Q(condition=choice.condition) if choice.condition else Q()
    if choice.late:
        found &= Q(late=1)
    if choice.soon:
        found &= Q(next_gate_at__gte=midnight(today), next_gate_at__lt=midnight(today + GATE_SOON + A_DAY))
    return found


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def status_of(choice: Choice) -> Project.Status:
    return Project.Status.CLOSED if choice.closed else Project.Status.ACTIVE


def visible(municipality, user, choice: Choice, today: date):
    """The active or the closed projects a person may see, with their owner and whether a report is late."""
    month = expected(today)
    is_due = not choice.closed and today > due_on(month, municipality.report_working_day)
    told = ReportEdition.objects.filter(
        report__project=OuterRef("pk"), report__year=month.year, report__month=month.month
    )
    late = Case(When(~Exists(told), started_on__lt=month.next.first, then=Value(1)), default=Value(0))
    return (
        Project.objects.of(municipality)
        .visible_to(user)
        .filter(status=status_of(choice))
        .annotate(
            owner=FilteredRelation("memberships", condition=Q(memberships__role=ProjectRole.OWNER)),
            late=late if is_due else Value(0, output_field=IntegerField()),
        )
        .order_by()
    )


def in_phase_since():
    rounds = PhaseRound.objects.filter(project=OuterRef("pk"), phase=OuterRef("phase"), ended_on=None)
    return Subquery(rounds.values("started_on")[:1])


def glances(projects, municipality, choice: Choice) -> tuple[list[Glance], int]:
    """Return a glance of every project the person may see, and how many active ones there are."""
    active = Project.objects.of(municipality).filter(status=Project.Status.ACTIVE).order_by()
    fits = narrowed(choice)
    values = projects.annotate(
        phase_since=in_phase_since(),
        fits=ExpressionWrapper(fits, BooleanField()) if fits else Value(True, output_field=BooleanField()),
        existing=Subquery(active.values("municipality").annotate(n=Count("pk")).values("n")),
    ).values_list(*GLANCE, "owner__user", *OWNER, "phase_since", "next_gate_at", "late", "fits", "existing")
    rows = list(values[:MOST])
    found = []
    for *head, owner, position, name, since, gate, late, fit, _existing in rows:
        day = timezone.localdate(gate) if gate else None
        found.append(Glance(*head, owner, position or name or "", since, day, bool(late), bool(fit)))
    return found, rows[0][-1] or 0 if rows else active.count()


def open_deviations():
    """How many deviations of a project's benefits are not settled."""
    project = "indicator__benefit__project"
    return how_many(Deviation.objects.unsettled().filter(**{project: OuterRef("pk")}), project)


def whole(projects, today: date, month_end: date | None):
    """Annotate all that a row of the table tells."""
    mine = {"project": OuterRef("pk")}
    night = ProjectSnapshot.objects.filter(**mine, on__gte=today - LAST_NIGHT).order_by("-on")
    before = ProjectSnapshot.objects.filter(**mine, on=month_end).values("condition")
    editions = ReportEdition.objects.filter(report__project=OuterRef("pk")).order_by()
    return projects.annotate(
        phase_since=in_phase_since(),
        stopped=ExpressionWrapper(~Q(learning=""), BooleanField()),
        deviation_count=open_deviations(),
        reported_at=Subquery(
            editions.values("report__project").annotate(last=Max("published_at")).values("last")
        ),
        proposed=Subquery(night.values("proposed_condition")[:1]),
        proposed_because=Subquery(night.values("proposal_reason")[:1]),
        condition_before=Subquery(before[:1]) if month_end else Value(""),
    )


def page_of(projects, sort: str, counts: dict, *, days_over: int, most: int, last: int | None):
    """Return (rows of a page, the row that the next one comes after or None, whether it is a later one)."""
    shares = {pk: on_plan / judged for pk, (judged, on_plan) in counts.items() if judged}
    keys = keys_of(sort)
    page, following, is_later = cut(with_keys(projects, keys, shares), keys, most, last, COLUMNS)
    found = []
    for *head, gate, position, name, since, reported, late, before, proposed, why in page:
        judged, on_plan = counts.get(head[0], (0, 0))
        found.append(
            Row(
                *head,
                next_gate_on=timezone.localdate(gate) if gate else None,
                owner=position or name or "",
                phase_since=since,
                reported_on=timezone.localdate(reported) if reported else None,
                days_over=days_over if late else 0,
                benefit_count=judged,
                on_plan_count=on_plan,
                condition_before=before or "",
                proposed=proposed if proposed and NEED[proposed] < NEED[head[6]] else "",
                proposed_because=why or "",
            )
        )
    return found, following, is_later


def benefit_counts(benefits: list[Brief]) -> dict[int, tuple[int, int]]:
    """Return project id → (benefits that can be judged, those of them on plan)."""
    counts: dict[int, tuple[int, int]] = {}
    for benefit in benefits:
        judged, on_plan = counts.get(benefit.project_id, (0, 0))
        counts[benefit.project_id] = (judged + benefit.is_measured, on_plan + benefit.is_on_plan)
    return counts


def months_of(projects: list[int], municipality, today: date) -> tuple[date | None, tuple[Month, ...]]:
    """Return the last night of the month before, if it is known, and the counts of the months before this.

    The last night of each month that has any row stands for it; a missed night is no harm.
    """
    first = start = today.replace(day=1)
    nights = Q()
    for _n in range(MONTHS_BACK):
        end, start = start, (start - A_DAY).replace(day=1)
        nights |= Q(on=Subquery(ProjectSnapshot.objects.last_night(municipality, start, end)))
    found = (
        ProjectSnapshot.objects.filter(nights, project__in=projects)
        .values_list("on", "condition")
        .annotate(n=Count("pk"))
        .order_by("on")
    )
    months: dict[date, dict[str, int]] = {}
    for on, condition, n in found:
        months.setdefault(on, {})[condition] = n
    last = max(months, default=None)
    if last and last < (first - A_DAY).replace(day=1):
        last = None  # nothing is known of the month before
    return last, tuple(Month(on, counts) for on, counts in months.items())
