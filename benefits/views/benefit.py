"""One benefit: are we getting it – if not, why, and what do we do?"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from benefits import asking, charts, drawings, explanations, warnings, wording
from benefits.access import handover_to_answer, measurable_by
from benefits.actions import benefits as actions
from benefits.follow_up import hands_over
from benefits.forms.benefits import AnswerForm, CalculationForm, YearForm
from benefits.models import BenefitType, Deviation, HourRate, Measurement
from benefits.reading import project_benefits
from benefits.views.measuring import after
from benefits.views.register import TAB, of_project
from innovasjon.access import Permission
from innovasjon.models import AuditEvent
from roadmap.access import project_for
from roadmap.trail import line
from roadmap.views.project import page

FIRST_ROWS = 4  # of the measurements; the rest stand behind «show all»
HISTORY = 12


@require_safe
def benefit(request, slug, pk, indicator=None):
    """A benefit told by its main indicator, or by the one that is asked for."""
    project = project_for(request, slug, Permission.VIEW)
    today = timezone.localdate()
    found = figure_of(project, pk, today)
    figure = found.main if indicator is None else indicator_of(found, indicator)
    return render(
        request,
        "benefits/benefit.html",
        {
            **page(project, TAB),
            "found": found,
            "benefit": found.benefit,
            "figure": figure,
            "owner_in_sentence": asking.who(found.benefit.owner) if found.benefit.owner else "",
            "owner_is_asked": found.benefit.owner_id and found.benefit.owner_id == found.benefit.asked_id,
            "may_answer": request.user.pk == found.benefit.asked_id,
            "warnings": warnings.of_benefit(found, but_not_indicator=figure is None),
            "can_measure": measurable_by(
                request.user, project, found.benefit, [f.indicator for f in found.active]
            ),
            "can_hand_over": hands_over(project, found.benefit, request.user),
            **(told(request, figure) if figure else {}),
            **worth(found, project, today),
            "history": history(project, found),
            "today": today,
        },
    )


def figure_of(project, pk, today):
    """Return one benefit's figure from the project's, so that the same number stands everywhere.

    Raises Http404 for another project's.
    """
    found = next((f for f in project_benefits(project, today).benefits if f.benefit.pk == pk), None)
    if found is None:
        raise Http404
    return found


def indicator_of(found, pk):
    figure = next((f for f in found.indicators if f.indicator.pk == pk), None)
    if figure is None:
        raise Http404
    return figure


def told(request, figure) -> dict:
    """Return what is told of one indicator: drawing, deviation chain and measurements. Three queries."""
    indicator = figure.indicator
    readings = {reading.on: reading for reading in figure.readings}
    rows = list(
        Measurement.objects.filter(
            indicator=indicator, indicator__benefit__project=indicator.benefit.project_id
        )
        .select_related("by")
        .newest_first()
    )
    for row in rows:
        row.reading = readings.get(row.on) if row.is_current and row.value is not None else None
    everything = "alle" in request.GET
    deviations = list(
        Deviation.objects.of_project(indicator.benefit.project)
        .filter(indicator=indicator)
        .select_related("owner", "cause_by", "opened_by", "closed_by")
        .prefetch_related("actions__responsible")
        .order_by("-opened_on", "-pk")
    )
    return {
        "finding": wording.finding(figure),
        "chart": charts.chart(figure, drawings.PAGE),
        "small_chart": charts.chart(figure, drawings.PHONE),
        "no_measurements": wording.no_measurements(figure),
        "attainment_steps": explanations.attainment_steps(figure),
        "measurements": rows if everything else rows[:FIRST_ROWS],
        "more": 0 if everything else max(len(rows) - FIRST_ROWS, 0),
        "measurement_count": len(rows),
        "chain": chain(deviations[0], indicator, figure.today) if deviations else None,
        "earlier": [chain(deviation, indicator, figure.today) for deviation in deviations[1:]],
    }


def chain(deviation, indicator, today) -> dict:
    """Return a deviation as its chain: deviation, cause, action, did it work."""
    acts = sorted(deviation.actions.all(), key=lambda action: action.pk)
    return {
        "deviation": deviation,
        "size": wording.deviation_size(deviation, indicator),
        "measured": wording.measured_and_expected(deviation, indicator),
        "tolerance": wording.difference(deviation.tolerance, indicator),
        "open_for": wording.open_for((today - deviation.opened_on).days),
        "actions": acts,
        "waits": any(not action.result for action in acts),
    }


def worth(found, project, today) -> dict:
    """Return what the benefit is worth, with how it is calculated. One query more for time saved."""
    year = found.in_year(today.year)
    hours = []
    if found.benefit.type == BenefitType.TIME_SAVED and found.per_year is not None:
        rate = HourRate.objects.filter(municipality=project.municipality_id, year__lte=today.year)
        if newest := rate.order_by("-year").first():
            hours = explanations.hours_steps(found.per_year, newest)
    return {
        "year": year,
        "year_steps": explanations.year_steps(found, year),
        "calculation_steps": explanations.calculation_steps(found),
        "hours_steps": hours,
    }


def history(project, found) -> list:
    """Return the latest lines of the trail about the benefit and its indicators. One query."""
    targets = [("benefits.benefit", found.benefit.pk)]
    targets += [("benefits.indicator", f.indicator.pk) for f in found.indicators]
    events = AuditEvent.objects.filter(
        project_id=project.pk,
        target_type__in={kind for kind, _pk in targets},
        target_id__in={str(pk) for _kind, pk in targets},
    ).order_by("-id")
    known = {(kind, str(pk)) for kind, pk in targets}
    return [line(e) for e in events[: 2 * HISTORY] if (e.target_type, e.target_id) in known][:HISTORY]


@require_http_methods(["GET", "HEAD", "POST"])
def calculate(request, slug, pk):
    """What does the benefit give in a year when its target is reached?"""
    project = project_for(request, slug, Permission.EDIT)
    found = of_project(project, pk)
    newest = found.calculations.newest_first().first()
    form = CalculationForm(request.POST or None, instance=newest, benefit=found)
    if request.method == "POST" and form.is_valid():
        actions.calculate(
            benefit=found, calculation=form.instance, today=timezone.localdate(), by=request.user
        )
        messages.success(request, _("The calculation is saved. The earlier one stays."))
        return redirect(found)
    return form_page(request, project, found, form, "calculation_form")


@require_http_methods(["GET", "HEAD", "POST"])
def years(request, slug, pk):
    """What is planned for each year, and what it costs: the net over ten years."""
    project = project_for(request, slug, Permission.EDIT)
    found = of_project(project, pk)
    form = YearForm(request.POST or None, initial={"year": timezone.localdate().year})
    if request.method == "POST" and form.is_valid():
        actions.set_year(benefit=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("The year %(year)s is saved.") % {"year": form.cleaned_data["year"]})
        return redirect("benefits:years", slug, pk)
    amounts = list(found.year_amounts.order_by("year"))
    return form_page(request, project, found, form, "years", rows=explanations.net_rows(found, amounts))


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, slug, pk):
    """Will you own this benefit? For the one who is asked, whatever else that person sees."""
    waiting = handover_to_answer(request, slug, pk)
    found = waiting.benefit
    form = AnswerForm(request.POST or None)
    if waiting.answered_at:
        messages.info(request, _("You have answered already."))
        return after(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_handover(handover=waiting, by=request.user, **form.cleaned_data)
        except actions.NotWaiting:
            form.add_error(None, _("Somebody else was asked while you wrote."))
        else:
            messages.success(request, _("Your answer is saved."))
            return after(request, found)
    return render(
        request,
        "benefits/answer.html",
        {
            "section": "benefits",
            "benefit": found,
            "handover": waiting,
            "form": form,
            "page_has_errors": bool(form.errors),
        },
        status=422 if form.errors else 200,
    )


def form_page(request, project, found, form, template, **extra):
    return render(
        request,
        f"benefits/{template}.html",
        {
            **page(project, TAB),
            "benefit": found,
            "form": form,
            "page_has_errors": form.is_bound and bool(form.errors),
            **extra,
        },
        status=422 if form.is_bound and form.errors else 200,
    )
