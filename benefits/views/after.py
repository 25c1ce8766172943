"""After the project: handing over, the private addresses of a measurement, the meeting sheet."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from benefits import asking, calendars, links, meeting, reminders
from benefits.actions import after as actions
from benefits.actions import links as link_actions
from benefits.follow_up import benefit_to_follow_up, hands_over
from benefits.forms.after import HandoverForm, MeetingForm
from innovasjon.access import Permission
from innovasjon.forms import read_id
from roadmap.access import project_for
from roadmap.views.project import page

TAB = "benefits"
GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_AND_POST
def hand_over(request, slug, pk):
    """Ask a named person in the line to own the benefit."""
    benefit = benefit_to_follow_up(request, slug, pk)
    if not hands_over(benefit.project, benefit, request.user):
        raise PermissionDenied("only measures")
    today = timezone.localdate()
    initial = {"measure_until": benefit.follow_until or calendars.years_ahead(today, 3)}
    form = HandoverForm(request.POST or None, benefit=benefit, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        handover = actions.hand_over(
            benefit=benefit, by=request.user, now=timezone.now(), **form.cleaned_data
        )
        text = _("%(name)s owns the benefit.") if handover.accepted else _("%(name)s has been asked.")
        messages.success(request, text % {"name": handover.to.name})
        return redirect(benefit)
    return render(
        request,
        "benefits/hand_over.html",
        {
            **page(benefit.project, TAB),
            "benefit": benefit,
            "form": form,
            "handovers": list(benefit.handovers.select_related("to", "asked_by").order_by("-asked_at")),
            "today": today,
            "page_has_errors": bool(form.errors),
        },
        status=422 if form.errors else 200,
    )


@GET_AND_POST
def measuring_links(request, slug, pk):
    """Who has an address to measure a benefit with: send one, close one."""
    benefit = benefit_to_follow_up(request, slug, pk)
    now = timezone.now()
    if request.method == "POST":
        chosen = request.POST.get("indicator", "")
        mine = links.indicators().filter(benefit=benefit, pk=read_id(chosen) or 0)
        indicator = mine.first()
        person = indicator and reminders.asked_person(indicator)
        if person is None or not links.is_open(indicator, timezone.localdate(now)):
            messages.error(request, _("Choose who measures. A link is sent when the period has begun."))
        elif reminders.send_now(indicator=indicator, person=person, by=request.user, now=now):
            messages.success(request, _("%(name)s has got a link by e-mail.") % {"name": person.name})
        else:
            messages.error(request, _("The e-mail could not be sent. Try again in a while."))
        return redirect("benefits:measuring_links", slug, pk)
    return render(
        request,
        "benefits/measuring_links.html",
        {
            **page(benefit.project, TAB),
            "benefit": benefit,
            "rows": links.rows(benefit, now),
            "today": timezone.localdate(now),
        },
    )


@require_POST
def revoke_link(request, slug, pk, token):
    """Close one address."""
    benefit = benefit_to_follow_up(request, slug, pk)
    found = get_object_or_404(links.tokens_of(benefit, timezone.now()), pk=token)
    link_actions.revoke(token=found, project=benefit.project, by=request.user, now=timezone.now())
    messages.success(request, _("The link is closed."))
    return redirect("benefits:measuring_links", slug, pk)


@require_safe
def meeting_sheet(request, slug):
    """Three to five numbers for the line's weekly or monthly meeting, on one page."""
    project = project_for(request, slug, Permission.VIEW)
    today = timezone.localdate()
    figures = meeting.candidates(project, today)
    chosen_by_person = "indikator" in request.GET
    form = MeetingForm(request.GET if chosen_by_person else None, indicators=[f.indicator for f in figures])
    suggested = meeting.suggested(figures)
    if chosen_by_person and form.is_valid():
        chosen = [f for f in figures if str(f.indicator.pk) in form.cleaned_data["indikator"]]
    else:
        chosen = suggested
        form.fields["indikator"].initial = [str(f.indicator.pk) for f in suggested]
    return render(
        request,
        "benefits/meeting_sheet.html",
        {
            **page(project, TAB),
            "form": form,
            "rows": meeting.rows(chosen, today),
            "has_indicators": bool(figures),
            "query": "&".join(f"indikator={f.indicator.pk}" for f in chosen),
            "frequency": meeting.frequency(project),
            "today": today,
            "week": asking.period_in_words("weekly", today),
            "page_has_errors": bool(form.errors),
        },
        status=422 if form.errors else 200,
    )
