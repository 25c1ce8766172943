"""Measuring, and what is done about a deviation: for the core team and the benefit's people in the line."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from benefits import asking, due, wording
from benefits.access import benefit_to_measure
from benefits.actions import deviations, measuring
from benefits.forms.measuring import ActionForm, CauseForm, MeasurementForm, PostponeForm
from benefits.models import Benefit, CorrectiveAction, Deviation, Measurement
from benefits.reading import read_figures
from innovasjon.forms import read_id
from innovasjon.meanwhile import digest
from roadmap.access import one_writer
from roadmap.models import Project


def figure_to_measure(request, slug, pk, indicator=None):
    """Return the benefit and the figure of the indicator that is to be measured.

    Raises Http404, PermissionDenied.
    """
    benefit = benefit_to_measure(request, slug, pk)
    project = benefit.project
    found = read_figures(Benefit.objects.filter(project=project, pk=pk), timezone.localdate())[0]
    figure = found.main if indicator is None else None
    if indicator is not None:
        figure = next((f for f in found.active if f.indicator.pk == indicator), None)
    if figure is None:
        raise Http404
    figure.indicator.benefit = benefit
    return benefit, figure


def answer_page(request, template, benefit, form, **context):
    """Render a page of the line owner: it needs no more of the project than its name."""
    return render(
        request,
        f"benefits/{template}.html",
        {
            "section": "benefits",
            "benefit": benefit,
            "project": benefit.project,
            "form": form,
            "page_has_errors": form.is_bound and bool(form.errors),
            **context,
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def after(request, benefit, url=None):
    """Go back to the benefit where the person may see it, else to the benefits across projects."""
    seen = Project.objects.visible_to(request.user).filter(pk=benefit.project_id).exists()
    return redirect(url or benefit) if seen else redirect("benefits:across")


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request, slug, pk, indicator=None):
    """One number, or what people told."""
    benefit, figure = figure_to_measure(request, slug, pk, indicator)
    today = timezone.localdate()
    waiting = due.with_postponements(benefit.indicators).get(pk=figure.indicator.pk)
    waits_on = due.first_due(waiting)
    late = waits_on is not None and waits_on < today
    on = due.measured_on(waiting, waits_on, today) if late else today
    form = MeasurementForm(request.POST or None, figure=figure, today=today, initial={"on": on})
    if request.method == "POST" and form.is_valid():
        values = {k: v for k, v in form.cleaned_data.items() if k != "is_right"}
        try:
            outcome = measuring.record_measurement(indicator=figure.indicator, by=request.user, **values)
        except measuring.AlreadyMeasured as known:
            told = {"period": wording.period(known.measurement, figure.indicator.frequency)}
            form.add_error("on", _("%(period)s is measured already. Correct the number instead.") % told)
            form.known = known.measurement
        else:
            messages.success(request, wording.saved(outcome, figure))
            return after(request, benefit, figure.indicator.get_absolute_url())
    told = {"figure": figure, "others": others(benefit, figure), "check": check_url(figure), "today": today}
    if on != today:
        told["waits_for"] = asking.period_in_words(figure.indicator.frequency, on)
    return answer_page(request, "measure", benefit, form, **told)


def check_url(figure, wrong=None) -> str:
    """Return where the page asks about a number while it is typed."""
    benefit = figure.indicator.benefit
    place = [benefit.project.slug, benefit.pk, figure.indicator.pk]
    return reverse("benefits:check_measurement", args=place) + (f"?rett={wrong.pk}" if wrong else "")


def others(benefit, figure) -> list:
    return [found for found in benefit.own_indicators if found.pk != figure.indicator.pk]


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, slug, pk, measurement):
    """A wrong number is replaced; what was written first stays, with who and when."""
    benefit = benefit_to_measure(request, slug, pk)
    known = Measurement.objects.of_project(benefit.project)
    wrong = get_object_or_404(
        (known if request.method == "POST" else known.current()).select_related("indicator", "by"),
        pk=measurement,
        indicator__benefit=benefit,
    )
    benefit, figure = figure_to_measure(request, slug, pk, wrong.indicator_id)
    today = timezone.localdate()
    initial = {"value": wrong.value, "said": wrong.said, "comment": wrong.comment}
    form = MeasurementForm(
        request.POST or None, figure=figure, today=today, initial=initial, correcting=wrong
    )
    if request.method == "POST" and form.is_valid():
        values = {k: v for k, v in form.cleaned_data.items() if k != "is_right"}
        values.setdefault("value", None)
        try:
            outcome = measuring.correct_measurement(measurement=wrong, by=request.user, **values)
        except measuring.AlreadyCorrected:
            form.add_error(
                None, _("Somebody corrected this number while you wrote. Your text stands here still.")
            )
        else:
            messages.success(request, wording.saved(outcome, figure))
            return after(request, benefit, figure.indicator.get_absolute_url())
    told = {"figure": figure, "wrong": wrong, "check": check_url(figure, wrong), "today": today}
    return answer_page(request, "correct", benefit, form, **told)


@require_safe
def check(request, slug, pk, indicator):
    """What is asked back about a number while it is typed, new or corrected (?rett=)."""
    benefit, figure = figure_to_measure(request, slug, pk, indicator)
    wrong = read_id(request.GET.get("rett", ""))
    known = Measurement.objects.of_project(benefit.project).filter(indicator=figure.indicator)
    corrected = known.filter(pk=wrong).first() if wrong else None
    form = MeasurementForm(request.GET, figure=figure, today=timezone.localdate(), correcting=corrected)
    form.look()
    return render(request, "benefits/_doubt.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def postpone(request, slug, pk, indicator):
    """I cannot measure this now: why, and when instead."""
    benefit, figure = figure_to_measure(request, slug, pk, indicator)
    today = timezone.localdate()
    waiting = due.with_postponements(benefit.indicators.exclude(next_due_on=None))
    found = get_object_or_404(waiting, pk=figure.indicator.pk)
    first, last = due.new_days(found, today)
    form = PostponeForm(request.POST or None, first=first, last=last)
    shown = str(found.next_due_on)
    if request.POST.get("due_on", shown) != shown:
        form.add_error(None, _("Somebody measured or moved it while you wrote."))
    elif request.method == "POST" and form.is_valid():
        try:
            measuring.postpone(indicator=figure.indicator, by=request.user, **form.cleaned_data)
        except measuring.AlreadyMoved:
            form.add_error(None, _("Somebody measured or moved it while you wrote."))
        else:
            messages.success(request, _("The measurement is moved."))
            return after(request, benefit, figure.indicator.get_absolute_url())
    return answer_page(request, "postpone", benefit, form, figure=figure, today=today, due_on=shown)


def deviation_of(request, benefit, pk) -> Deviation:
    """Return a deviation that can be written on; one that was closed meanwhile only to what is posted."""
    known = Deviation.objects.of_project(benefit.project)
    return get_object_or_404(
        (known if request.method == "POST" else known.unsettled()).select_related("indicator", "cause_by"),
        pk=pk,
        indicator__benefit=benefit,
    )


def closed_meanwhile(form) -> None:
    form.add_error(
        None, _("A new measurement closed the deviation while you wrote. Your text stands here still.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def cause(request, slug, pk, deviation):
    """Why is the number outside?"""
    benefit = benefit_to_measure(request, slug, pk)
    found = deviation_of(request, benefit, deviation)
    form = CauseForm(request.POST or None, initial={"cause": found.cause})
    stored = digest(found.cause)
    if request.method == "POST" and form.is_valid() and request.POST.get("seen", stored) != stored:
        told_who = {"who": found.cause_by.name if found.cause_by else "", "cause": found.cause}
        form.add_error(
            None, _("%(who)s wrote this while you wrote: «%(cause)s» Save to replace it.") % told_who
        )
    elif request.method == "POST" and form.is_valid():
        try:
            deviations.write_cause(deviation=found, by=request.user, **form.cleaned_data)
        except deviations.AlreadyClosed:
            closed_meanwhile(form)
        else:
            messages.success(request, _("The cause is saved."))
            return after(request, benefit, deviation_url(benefit, found))
    return answer_page(request, "cause", benefit, form, deviation=found, seen=stored, **told(found))


def told(deviation) -> dict:
    return {
        "size": wording.deviation_size(deviation, deviation.indicator),
        "measured": wording.measured_and_expected(deviation, deviation.indicator),
    }


def deviation_url(benefit, deviation) -> str:
    deviation.indicator.benefit = benefit
    return f"{deviation.indicator.get_absolute_url()}#avvik"


@require_http_methods(["GET", "HEAD", "POST"])
def new_action(request, slug, pk, deviation):
    """What do you do about it, who and by when?"""
    benefit = benefit_to_measure(request, slug, pk)
    found = deviation_of(request, benefit, deviation)
    form = ActionForm(request.POST or None, municipality=benefit.project.municipality)
    if request.method == "POST" and form.is_valid():
        try:
            deviations.add_action(deviation=found, by=request.user, **form.cleaned_data)
        except deviations.AlreadyClosed:
            closed_meanwhile(form)
        else:
            messages.success(request, _("The action is saved. The next measurement tells whether it worked."))
            return after(request, benefit, deviation_url(benefit, found))
    return answer_page(request, "action_form", benefit, form, deviation=found, **told(found))


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def action(request, slug, pk, action):
    """How far has it come?"""
    benefit = benefit_to_measure(request, slug, pk, action=action)
    found = get_object_or_404(
        CorrectiveAction.objects.filter(
            deviation__indicator__benefit__project=benefit.project
        ).select_related("deviation__indicator"),
        pk=action,
        deviation__indicator__benefit=benefit,
    )
    form = ActionForm(request.POST or None, instance=found, municipality=benefit.project.municipality)
    if request.method == "POST" and form.is_valid():
        found.deviation.indicator.benefit = benefit
        deviations.save_action(action=form.instance, by=request.user)
        messages.success(request, _("The action is saved."))
        return after(request, benefit, deviation_url(benefit, found.deviation))
    return answer_page(
        request, "action_form", benefit, form, deviation=found.deviation, **told(found.deviation)
    )
