"""The pages behind the e-mail link: one number from a phone, without log-in. Source: ux 4.14.

The secret in the address is all the right there is: no cookie is read, so nothing can be forged with one
(and without a referrer the browser sends no origin to compare either). Wrong, revoked and withdrawn
addresses get the same page; an expired one may ask for a new.
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from benefits import arithmetic, asking, links, notices, reminders
from benefits.actions import links as actions
from benefits.actions.measuring import AlreadyCorrected, AlreadyMeasured, AlreadyMoved
from benefits.due import first_due, new_days
from benefits.figures import direction
from benefits.forms.links import LaterForm, LinkForm
from innovasjon.tokens import address_of

GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


def private(view):
    """Open to whoever has the address: no log-in, no index, no referrer, nothing kept by a browser."""

    @wraps(view)
    def answer(request, secret):
        response = view(request, secret)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Cache-Control"] = "no-store"
        return response

    return csrf_exempt(login_not_required(answer))


def through(view):
    """Give the view the link of the address; the closed page when there is none."""

    @wraps(view)
    def answer(request, secret):
        now = timezone.now()
        link = links.find(secret, now=now, address=address_of(request))
        if link is None:
            page = "expired" if links.worn_out(secret, now) else "closed"
            return render(request, f"benefits/link/{page}.html", {"secret": secret}, status=404)
        request.municipality = link.project.municipality
        return view(request, secret, link)

    return private(answer)


def context(secret, link, **more) -> dict:
    return {
        "secret": secret,
        "link": link,
        "indicator": link.indicator,
        "project": link.project,
        "municipality": link.project.municipality,
        "person": None,
        "question": asking.question(link.indicator, link.due_on),
        "who": asking.who(link.person),
        "unit": asking.unit(link.indicator),
        "period": asking.period_in_words(link.indicator.frequency, link.due_on),
        **more,
    }


def reading_of(link, today) -> dict:
    """Return what a new number is held against: the last value, the expected one, the tolerance."""
    indicator = link.indicator
    path = indicator.path(list(indicator.path_points.all()))
    last = last_before(link)
    return {
        "indicator": indicator,
        "last": last.value if last else indicator.baseline,
        "expected": arithmetic.expected_at(path, link.measured_on(today))
        if direction(indicator, path) is not None
        else None,
        "tolerance": indicator.tolerance,
    }


def last_before(link):
    measurements = link.indicator.measurements.current().numeric().exclude(period=link.period)
    return measurements.newest_first().first()


def form_of(link, data=None, known=None) -> LinkForm:
    initial = {"value": known.value, "said": known.said, "comment": known.comment} if known else None
    return LinkForm(data, link=link, reading=reading_of(link, timezone.localdate()), initial=initial)


@GET_AND_POST
@through
def link(request, secret, link):
    """One number. What is answered already is shown, and can be corrected as long as the link works.

    The page tells which measurement it was made from, so that nobody writes over what another has answered.
    """
    known = link.measurement
    seen = request.POST.get("seen")  # "" when the period had none
    if known and "rett" not in request.GET and seen is None:
        return answered(request, secret, link, known)
    form = form_of(link, request.POST or None, known)
    if request.method == "POST" and form.is_valid():
        if seen in (None, mark(known)):
            try:
                actions.answer(link=link, known=known, form=form, now=timezone.now())
            except (AlreadyMeasured, AlreadyCorrected):  # in this instant
                known = link.measurement
            else:
                response = redirect("benefits:link", secret)
                response["Location"] += "?takk=1"
                return response
        if known:
            told = {
                "name": known.by.name,
                "value": known.said if known.value is None else asking.figure(known.value),
            }
            form.add_error(None, _("%(name)s answered %(value)s while you wrote. Save to correct it.") % told)
        else:
            form.add_error(None, _("Somebody took the answer away while you wrote. Save to give yours."))
    return render(
        request,
        "benefits/link/measure.html",
        context(
            secret,
            link,
            form=form,
            known=known,
            seen=mark(known),
            hint=asking.hint(link.indicator, last_before(link)),
            page_has_errors=bool(form.errors),
        ),
        status=422 if form.errors else 200,
    )


def mark(known) -> str:
    return str(known.pk) if known else ""


def answered(request, secret, link, measurement):
    value = asking.figure(measurement.value) if measurement.value is not None else ""
    return render(
        request,
        "benefits/link/answered.html",
        context(
            secret,
            link,
            measurement=measurement,
            value=value,
            thanks="takk" in request.GET,
            told=notices.told_of(measurement),
        ),
    )


@require_safe
@through
def check(request, secret, link):
    """What is asked back about a number while it is typed."""
    form = form_of(link, request.GET)
    form.look()
    return render(request, "benefits/_doubt.html", {"form": form})


@GET_AND_POST
@through
def later(request, secret, link):
    """«Jeg kan ikke måle dette nå»: why, and when."""
    indicator, today = link.indicator, timezone.localdate()
    if link.measurement or indicator.next_due_on is None or first_due(indicator) != link.due_on:
        return redirect("benefits:link", secret)
    first, last = new_days(indicator, today)
    form = LaterForm(request.POST or None, first=first, last=last)
    if request.method == "POST" and form.is_valid():
        try:
            actions.postpone(link=link, now=timezone.now(), **form.cleaned_data)
        except AlreadyMoved:
            form.add_error(None, _("Somebody measured or moved it while you wrote."))
        else:
            done = context(secret, link, new_on=form.cleaned_data["new_on"])
            return render(request, "benefits/link/postponed.html", done)
    return render(
        request,
        "benefits/link/later.html",
        context(secret, link, form=form, page_has_errors=bool(form.errors)),
        status=422 if form.errors else 200,
    )


@GET_AND_POST
@through
def not_me(request, secret, link):
    """«Det er ikke meg»: the address is closed, and the project leader is told."""
    if request.method == "POST":
        actions.disown(link=link, now=timezone.now())
        return render(request, "benefits/link/disowned.html", context(secret, link))
    return render(request, "benefits/link/not_me.html", context(secret, link))


@require_POST
@private
def renew(request, secret):
    """Ask for a new address: it goes to the person's own e-mail. The answer tells nobody anything."""
    if worn := links.to_renew(secret, timezone.now()):
        reminders.send_again.enqueue(worn.token.pk)
    return render(request, "benefits/link/renewed.html")
