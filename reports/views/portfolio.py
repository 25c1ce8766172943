"""The portfolio: the page, its spreadsheet and its document, and a person's saved views."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from innovasjon.context import current_membership
from innovasjon.pages import last_seen, linked
from innovasjon.spreadsheets import respond
from reports.forms.portfolio import SavedViewForm
from reports.portfolio import wording
from reports.portfolio.board import Portfolio
from reports.portfolio.choice import COLUMNS, Choice
from reports.portfolio.document import portfolio_html
from reports.portfolio.reading import read_portfolio
from reports.portfolio.sheet import PortfolioSheet, sheet_rows
from reports.views.documents import ask_for_own
from roadmap.models import Condition
from roadmap.views.project import municipality_role

PAGE = 50


@require_safe
def portfolio(request):
    municipality, can = municipality_role(request)
    choice = Choice.read(request.GET)
    found = read_portfolio(
        municipality,
        request.user,
        choice,
        now=timezone.now(),
        most=PAGE,
        last=last_seen(request),
    )
    return render(
        request,
        "reports/portfolio.html",
        {
            "section": "projects",
            "municipality": municipality,
            "can": can,
            "portfolio": found,
            "choice": choice,
            "query": choice.address(),
            "lines": wording.lines(found.rows, found),
            "pages": linked(request, found.rows, found.next, found.is_later, part="all"),
            "views": list(request.user.saved_views.filter(municipality=municipality).order_by("name")),
            **told(found),
        },
    )


def told(found: Portfolio) -> dict:
    """Return what the page tells beside its table."""
    choice = found.choice
    return {
        "chips": wording.chips(found),
        "phases": list(wording.phase_names().items()),
        "conditions": Condition.choices,
        "sorts": {name: choice.address(sort=turned(choice.sort, name)) or "?" for name in COLUMNS},
        "sort": choice.sort,
        "counters": {
            "help": choice.address(condition=Condition.NEEDS_HELP, late=False, soon=False),
            "watch": choice.address(condition=Condition.WATCH, late=False, soon=False),
            "late": choice.address(condition="", late=True, soon=False),
            "soon": choice.address(condition="", late=False, soon=True),
        },
        "help_count": found.with_condition(Condition.NEEDS_HELP),
        "watch_count": found.with_condition(Condition.WATCH),
        "late_count": found.late(),
        "late_text": wording.due_text(found),
        "soon_count": len(found.gates_soon()),
        "soon_text": wording.gates_text(found),
        "plot": wording.plot(found) if found.counted and not choice.closed else "",
        "phase_lines": wording.phase_lines(found),
        "plot_sentence": wording.plot_sentence(found),
        "longest": [(row, wording.waiting_text(row, found)) for row in found.longest()],
        "months": wording.months_table(found.months) if found.months else None,
        "months_finding": wording.months_finding(found.months),
    }


def turned(sort: str, name: str) -> str:
    """Return the sort of a heading's link: by its column, and the other way round the second time."""
    return f"-{name}" if sort == name else name


@require_safe
def portfolio_sheet(request):
    """The portfolio as a spreadsheet, with the same filter and order."""
    municipality, _can = municipality_role(request)
    found = read_portfolio(municipality, request.user, Choice.read(request.GET), now=timezone.now())
    rows = sheet_rows(found)
    return respond(PortfolioSheet(), rows, name="prosjekter", title=municipality.short_name, form="xlsx")


@require_safe
def portfolio_pdf(request):
    """The portfolio for the meeting: the same order as the page, with the same filter."""
    municipality, _can = municipality_role(request)
    now = timezone.now()
    choice = Choice.read(request.GET)
    found = read_portfolio(municipality, request.user, choice, now=now)
    return ask_for_own(
        request,
        current_membership(request),
        kind="portfolio",
        data={"html": portfolio_html(found, municipality)},
        name=f"prosjekter-{found.today.isoformat()}.pdf",
        back=reverse("reports:portfolio") + choice.address(),
    )


@require_POST
def save_view(request):
    """Keep the filters under a name; the same name again replaces what it kept."""
    municipality, _can = municipality_role(request)
    form = SavedViewForm(request.POST, user=request.user, municipality=municipality)
    if form.is_valid():
        saved = form.save()
        messages.success(request, _("The view «%(name)s» is saved.") % {"name": saved.name})
        return redirect(reverse("reports:portfolio") + saved.query)
    return render(
        request,
        "reports/save_view.html",
        {"section": "projects", "form": form, "page_has_errors": True},
        status=422,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delete_view(request, pk):
    municipality, _can = municipality_role(request)
    saved = get_object_or_404(request.user.saved_views, municipality=municipality, pk=pk)
    if request.method == "POST":
        saved.delete()
        messages.success(request, _("The view «%(name)s» is deleted.") % {"name": saved.name})
        return redirect("reports:portfolio")
    return render(request, "reports/delete_view.html", {"section": "projects", "saved": saved})
