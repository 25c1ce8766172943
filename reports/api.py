"""The read-only API: projects and their benefits, with the same figures as the pages."""

from datetime import date
from decimal import Decimal

from django.utils import timezone
from ninja import NinjaAPI, Schema
from ninja.security import django_auth

from benefits import explanations, wording
from benefits.reading import project_benefits
from benefits.resources import plain
from innovasjon.access import Permission
from innovasjon.context import current_membership
from roadmap.access import project_for
from roadmap.models import Project

Number = int | float | None
MOST = 500  # projects or benefits in one answer; `after` asks for the next ones

api = NinjaAPI(
    title="Innovasjon",
    version="1",
    auth=django_auth,
    docs_url=None,
    urls_namespace="api",
)


class ProjectOut(Schema):
    slug: str
    name: str
    area: str
    phase: int
    status: str
    condition: str


class YearOut(Schema):
    """Kroner for avoided costs, hours for time saved; never added together."""

    year: int
    planned: Number
    planned_to_date: Number
    realised: Number


class BenefitOut(Schema):
    number: int
    code: str
    name: str
    type: str
    recipient: str
    owner: str
    is_cash: bool
    indicator: str
    unit: str
    baseline: Number
    baseline_on: date | None
    target: Number
    target_on: date | None
    latest: Number
    latest_on: date | None
    expected: Number
    difference: Number
    tolerance: Number
    attainment: Number
    standing: str
    finding: str
    open_deviations: int
    next_due_on: date | None
    this_year: YearOut
    calculation: list[str]


@api.get("projects/", response=list[ProjectOut], url_name="projects")
def projects(request, after: str = ""):
    """The projects the person may see in the municipality the lists show, by slug."""
    membership = current_membership(request)
    if membership is None:
        return []
    found = Project.objects.of(membership.municipality).visible_to(request.user)
    return found.filter(slug__gt=after).order_by("slug")[:MOST]


@api.get("projects/{slug:slug}/benefits/", response=list[BenefitOut], url_name="benefits")
def benefits(request, slug: str, after: int = 0):
    """One project's benefits by number. 404 to strangers, as on the page."""
    project = project_for(request, slug, Permission.VIEW)
    found = project_benefits(project, timezone.localdate()).benefits
    later = [figure for figure in found if figure.benefit.number > after]
    return [told(figure) for figure in sorted(later, key=lambda figure: figure.benefit.number)[:MOST]]


def told(figure) -> dict:
    """Return a benefit with its figures as JSON gives them."""
    benefit, main = figure.benefit, figure.main
    latest = main.latest if main else None
    year = figure.in_year(figure.today.year)
    return {
        "number": benefit.number,
        "code": benefit.code,
        "name": benefit.name,
        "type": benefit.type,
        "recipient": benefit.recipient,
        "owner": benefit.owner.position_or_name if benefit.owner else "",
        "is_cash": benefit.is_cash,
        "indicator": main.indicator.name if main else "",
        "unit": str(main.indicator.unit_in_words) if main else "",
        "baseline": of(main and main.baseline),
        "baseline_on": main.indicator.baseline_on if main else None,
        "target": of(main and main.target),
        "target_on": main.indicator.target_on if main else None,
        "latest": of(latest and latest.value),
        "latest_on": latest.on if latest else None,
        "expected": of(latest and latest.expected),
        "difference": of(latest and latest.difference),
        "tolerance": of(main and main.tolerance),
        "attainment": of(main and main.attainment),
        "standing": str(figure.state),
        "finding": wording.finding(main) if main else "",
        "open_deviations": len(figure.deviations),
        "next_due_on": figure.next_due_on,
        "this_year": {
            "year": year.year,
            "planned": of(year.planned),
            "planned_to_date": of(year.planned_to_date),
            "realised": of(year.realised),
        },
        "calculation": explanations.attainment_steps(main) if main else [],
    }


def of(value: Decimal | None) -> Number:
    """A number as a spreadsheet keeps it, or nothing."""
    return plain(value)
