"""Sums of benefits: each kind by itself, what is claimed twice counted once, and one project's benefits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.functional import cached_property

from benefits import arithmetic
from benefits.brief import Brief
from benefits.figures import BenefitFigure, IndicatorFigure
from benefits.models import BenefitType

Figure = BenefitFigure | Brief  # the latter of its own year alone
ZERO = Decimal(0)
NEARLY = Decimal("0.8")  # of the plan to date: «a little behind»; less is «behind». Threshold our own


@dataclass(frozen=True)
class Sum:
    """The sum of one kind in one year. Kinds are never added to each other.

    Of quality: how many goals are due in the year, how many of them by today, how many are reached.
    """

    type: str
    is_cash: bool | None  # None: the kind has no money
    year: int
    count: int
    planned: Decimal
    planned_to_date: Decimal
    realised: Decimal
    overlap: Decimal = ZERO  # of planned, claimed by another benefit too
    realised_overlap: Decimal = ZERO
    unmeasured: int = 0  # benefits of which nothing is known yet
    benefits: tuple[Figure, ...] = field(default=(), repr=False)

    @property
    def net_planned(self) -> Decimal:
        return self.planned - self.overlap

    @property
    def net_realised(self) -> Decimal:
        return self.realised - self.realised_overlap

    @property
    def standing(self) -> str:
        """on_plan, nearly, behind; none when nothing is planned by today."""
        if not self.planned_to_date:
            return "none"
        if self.net_realised >= self.planned_to_date:
            return "on_plan"
        return "nearly" if self.net_realised >= self.planned_to_date * NEARLY else "behind"


def sums(found: Iterable[Figure], year: int, today: date) -> list[Sum]:
    """Return the sums of a year: each type by itself, kroner that are cash apart from those that are not."""
    groups: dict[tuple[str, bool | None], list[Figure]] = {}
    for figure in found:
        groups.setdefault(figure.kind, []).append(figure)
    order = [(BenefitType.AVOIDED_COST, True), (BenefitType.AVOIDED_COST, False)]
    order += [(BenefitType.TIME_SAVED, None), (BenefitType.QUALITY, None)]
    return [
        goals(groups[key], year, today) if key[0] == BenefitType.QUALITY else amounts(key, groups[key], year)
        for key in order
        if key in groups
    ]


def amounts(key, found: list[Figure], year: int) -> Sum:
    """Return the sum of kroner or of hours, with what is claimed twice apart."""
    kind, cash = key
    years = [(figure.claim, figure.in_year(year)) for figure in found]
    planned = arithmetic.without_double_count((claim, y.planned or ZERO) for claim, y in years)
    to_date = arithmetic.without_double_count((claim, y.planned_to_date or ZERO) for claim, y in years)
    realised = arithmetic.without_double_count((claim, y.realised or ZERO) for claim, y in years)
    return Sum(
        kind,
        cash,
        year,
        len(found),
        planned.gross,
        to_date.net,
        realised.gross,
        planned.overlap,
        realised.overlap,
        sum(1 for _claim, y in years if y.realised is None),
        tuple(found),
    )


def goals(found: list[Figure], year: int, today: date) -> Sum:
    """Return how many quality goals are due in a year and reached. They are counted, never summed."""
    due = [f for f in found if f.goal_on and f.goal_on.year == year]
    reached = sum(1 for f in due if f.is_reached)
    by_today = sum(1 for f in due if f.goal_on <= today)
    return Sum(
        BenefitType.QUALITY,
        None,
        year,
        len(found),
        Decimal(len(due)),
        Decimal(by_today),
        Decimal(reached),
        unmeasured=sum(1 for f in found if not f.is_measured),
        benefits=tuple(found),
    )


@dataclass(frozen=True)
class ProjectBenefits:
    """All benefits of one project, read once."""

    benefits: tuple[BenefitFigure, ...]
    today: date
    plan_accepted_on: date | None = None

    @cached_property
    def groups(self) -> list[tuple[str, tuple[BenefitFigure, ...]]]:
        """The three types in their order, with their benefits; types without any are left out."""
        return [
            (kind, found)
            for kind in BenefitType.values
            if (found := tuple(f for f in self.benefits if f.benefit.type == kind))
        ]

    @cached_property
    def sums(self) -> list[Sum]:
        return sums(self.benefits, self.today.year, self.today)

    @cached_property
    def deviations(self) -> list[IndicatorFigure]:
        return [figure for found in self.benefits for figure in found.deviations]

    @property
    def active_indicators(self) -> int:
        return sum(len(found.active) for found in self.benefits)

    @property
    def on_plan(self) -> tuple[int, int]:
        """How many benefits are on plan, of how many that can be judged."""
        return (
            sum(1 for found in self.benefits if found.is_on_plan),
            sum(1 for found in self.benefits if found.is_measured),
        )

    @cached_property
    def next_due(self) -> list[IndicatorFigure]:
        """Active indicators with a date for the next measurement, the first due first."""
        active = [f for found in self.benefits for f in found.active if f.indicator.next_due_on]
        return sorted(active, key=lambda f: (f.indicator.next_due_on, f.indicator.pk))
