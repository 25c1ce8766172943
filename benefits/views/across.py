"""Benefits across projects: planned against realised, the measuring calendar, and the budget's export."""

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from benefits import wording
from benefits.actions import benefits as actions
from benefits.figures import BenefitFigure
from benefits.forms.across import AcrossForm, years_offered
from benefits.forms.benefits import HourRateForm
from benefits.models import Benefit, BenefitType, HourRate
from benefits.reading import read_figures
from benefits.resources import BudgetSheet
from benefits.sums import sums
from innovasjon.access import MunicipalityRole
from innovasjon.context import current_membership
from innovasjon.models import Municipality
from innovasjon.pages import part_of
from innovasjon.spreadsheets import MEDIA_TYPES, respond
from roadmap.views.project import municipality_role

SECTION = "benefits"
PAGE = 50
CALENDAR = 10  # measurements in the calendar


@dataclass(frozen=True)
class Chosen:
    """What a person may see, and has chosen of it. A choice that is none filters nothing."""

    municipality: Municipality
    form: AcrossForm
    year: int
    figures: list[BenefitFigure]
    everything: list[BenefitFigure]  # whatever is chosen


def chosen_figures(request) -> Chosen:
    """Read the benefits with the filter of the page. One query."""
    municipality, _can = municipality_role(request)
    today = timezone.localdate()
    found = read_figures(Benefit.objects.of(municipality).visible_to(request.user), today)
    areas = sorted({f.benefit.project.area for f in found if f.benefit.project.area})
    form = AcrossForm({"ar": today.year, **request.GET.dict()}, year=today.year, areas=areas)
    form.full_clean()
    chosen, figures = form.cleaned_data, found
    if area := chosen.get("omrade"):
        figures = [f for f in figures if f.benefit.project.area == area]
    if kind := chosen.get("type"):
        figures = [f for f in figures if f.benefit.type == kind]
    return Chosen(municipality, form, chosen.get("ar") or today.year, figures, found)


@require_safe
def across(request):
    """Do we get what we were promised?"""
    chosen, today = chosen_figures(request), timezone.localdate()
    found, year = chosen.figures, chosen.year
    query = request.GET.copy()
    query.pop("etter", None)
    pages = part_of(request, found, PAGE, lambda figure: figure.benefit.pk, part="all")
    areas = by_area(found, year, today)
    calendar = [f for benefit in found for f in benefit.active if f.indicator.next_due_on]
    calendar.sort(key=lambda f: (f.indicator.next_due_on, f.indicator.pk))
    overdue, coming = [f for f in calendar if f.is_overdue], [f for f in calendar if not f.is_overdue]
    return render(
        request,
        "benefits/across.html",
        {
            "section": SECTION,
            "municipality": chosen.municipality,
            "form": chosen.form,
            "year": year,
            "sums": sums(found, year, today),
            "areas": areas,
            "areas_in_millions": wording.sums_in_millions(sum for area in areas for sum in area["sums"]),
            "rows": pages.rows,
            "pages": pages,
            "query": query.urlencode(),
            "total": len(found),
            "overdue": overdue[:CALENDAR],
            "more_overdue": len(overdue[CALENDAR:]),
            "calendar": coming[:CALENDAR],
            "more_coming": len(coming[CALENDAR:]),
            "is_filtered": any(request.GET.get(name) for name in ("omrade", "type")),
            "sets_rates": sets_rates(request),
            "today": today,
        },
    )


def by_area(found, year, today) -> list[dict]:
    """Return each area's sums, each kind in its own unit. One area says no more than the whole."""
    areas: dict[str, list] = {}
    for figure in found:
        areas.setdefault(figure.benefit.project.area, []).append(figure)
    if len(areas) < 2:
        return []
    return [{"area": area, "sums": sums(areas[area], year, today)} for area in sorted(areas)]


@require_safe
def budget_sheet(request, year, form):
    """The benefits of a budget year for the budget process, with the same filter as the page."""
    if form not in MEDIA_TYPES or year not in years_offered(timezone.localdate().year):
        raise Http404
    chosen = chosen_figures(request)
    if chosen.form.errors:
        raise Http404
    rows = [f for f in chosen.figures if f.benefit.type != BenefitType.QUALITY]
    counts = Counter((f.kind, f.claim) for f in chosen.everything)
    claimed = {claim for claim, count in counts.items() if count > 1}
    name = f"gevinster-{year}"
    return respond(BudgetSheet(year, claimed), rows, name=name, title=f"{_('Benefits')} {year}", form=form)


def sets_rates(request) -> bool:
    """Whether the person sets the municipality's rates: its managers and administrators."""
    membership = current_membership(request)
    return bool(membership) and membership.role in (MunicipalityRole.MANAGER, MunicipalityRole.ADMINISTRATOR)


@require_http_methods(["GET", "HEAD", "POST"])
def rates(request):
    """The municipality's own rates, year by year. A change never rewrites the numbers of another year."""
    municipality, _can = municipality_role(request)
    may = sets_rates(request)
    found = list(HourRate.objects.of(municipality).order_by("-year"))
    if request.method == "POST" and not may:
        raise Http404
    known = next((rate for rate in found if str(rate.year) == request.POST.get("year", "").strip()), None)
    form = HourRateForm(request.POST or None, instance=known, initial={"year": timezone.localdate().year})
    if request.method == "POST" and form.is_valid():
        actions.set_rate(municipality=municipality, rate=form.instance, by=request.user)
        messages.success(request, _("The rate of %(year)s is saved.") % {"year": form.instance.year})
        return redirect("benefits:rates")
    return render(
        request,
        "benefits/rates.html",
        {
            "section": SECTION,
            "rates": found,
            "form": form if may else None,
            "page_has_errors": bool(form.errors),
        },
        status=422 if form.errors else 200,
    )
