"""«Min side», where each role lands, and what reminds a person outside the program: mail and calendar."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from innovasjon import tokens
from innovasjon.context import current_membership
from innovasjon.models import Token
from reports import mailings
from reports import my_page as waiting
from reports.forms.profile import ProfileForm
from reports.portfolio.wording import condition_mark, phase_names, road_drawing
from reports.profile import change_profile, landing_of
from reports.task_calendar import tasks_calendar
from roadmap.contributions import CONTRIBUTIONS


@require_safe
def landing(request):
    """Where a person comes to after log-in: what the profile says, else what fits the role."""
    membership = current_membership(request)
    return redirect(landing_of(request.user, membership.role if membership else ""))


def my_municipality(request):
    """Return the municipality whose list is shown.

    Raises PermissionDenied for a person without a role in any.
    """
    membership = current_membership(request)
    if membership is None:
        request.no_role = True
        raise PermissionDenied("no role in any municipality")
    return membership.municipality


@require_safe
def my_page(request):
    municipality = my_municipality(request)
    now = timezone.now()
    today = timezone.localdate(now)
    tasks = CONTRIBUTIONS.tasks(request.user, municipality, today)
    projects = waiting.projects_of(request.user, municipality)
    names = phase_names()
    return render(
        request,
        "reports/my_page.html",
        {
            "section": "my_page",
            "municipality": municipality,
            "greeting": waiting.greeting(now, request.user.first_name),
            "sentence": waiting.sentence(tasks, today),
            "groups": waiting.groups_of(tasks, today),
            "projects": [
                {
                    "project": project,
                    "road": road_drawing(project.phase, False, False),
                    "phase_name": names[project.phase],
                    "condition": condition_mark(project.condition),
                }
                for project in projects[: waiting.MOST_PROJECTS]
            ],
            "project_count": len(projects),
            "news": waiting.news_of(request.user, projects),
            "done": waiting.done_by(request.user, projects, today) if "gjort" in request.GET else None,
            "now": now,
            "today": today,
            "week": today.isocalendar().week,
        },
    )


# ------------------------------------------------------------------ the profile


@require_safe
def reminders(request):
    """The profile's address in version 0.2."""
    return redirect("reports:profile", permanent=True)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    """The person's name and first page, the weekly e-mail on or off, and a private calendar address."""
    municipality = my_municipality(request)
    now = timezone.now()
    mine = {"purpose": Token.Purpose.TASKS, "user": request.user, "project_id": None}
    form = ProfileForm(
        request.POST if "name" in request.POST else None,
        user=request.user,
        role=current_membership(request).role,
        projects=waiting.projects_of(request.user, municipality),
    )
    address = ""
    if form.is_bound and form.is_valid():
        change_profile(**form.cleaned_data, by=request.user)
        messages.success(request, _("Your profile is saved."))
        return redirect("reports:profile")
    if "mail" in request.POST or "close" in request.POST:
        messages.success(request, mail_or_calendar(request, mine, now))
        return redirect("reports:profile")
    if "make" in request.POST:
        tokens.revoke(**mine, now=now)
        secret = tokens.make(**mine)
        address = f"{settings.BASE_URL}{reverse('reports:tasks_calendar', args=[secret])}"
    return render(
        request,
        "reports/profile.html",
        {
            "section": "my_page",
            "form": form,
            "page_has_errors": bool(form.errors),
            "address": address,
            "token": tokens.current(**mine, now=now),
        },
        status=422 if form.errors else 200,
    )


def mail_or_calendar(request, mine, now) -> str:
    """Turn the weekly e-mail on or off, or close the calendar address; return what was done."""
    if "close" in request.POST:
        tokens.revoke(**mine, now=now)
        return _("The address is closed. Calendars that use it get nothing more.")
    wants = request.POST["mail"] == "on"
    mailings.choose_weekly_mail(wants=wants, by=request.user)
    return _("You get the weekly e-mail.") if wants else _("You get no weekly e-mail any more.")


@login_not_required
@require_safe
def subscribed_tasks(request, secret):
    """What waits for a person, through a private address. Wrong, closed and without access look alike."""
    token = token_of(request, secret, Token.Purpose.TASKS)
    user, now = token.user, timezone.now()
    today = timezone.localdate(now)
    municipalities = [m.municipality for m in user.memberships.select_related("municipality")]
    if not municipalities:
        raise Http404
    tasks = [task for place in municipalities for task in waiting.tasks_of(user, place, today)]
    return HttpResponse(tasks_calendar(tasks, now=now), content_type="text/calendar; charset=utf-8")


def token_of(request, secret, purpose) -> Token:
    token = tokens.find(secret, purpose=purpose, now=timezone.now(), address=tokens.address_of(request))
    if token is None:
        raise Http404
    return token


@csrf_exempt  # the secret itself says who asks, and a mail program that leaves by one press has no cookie
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop_weekly_mail(request, secret):
    """Leave the weekly e-mail from a link in it. Looking at the page changes nothing; pressing does."""
    token = token_of(request, secret, Token.Purpose.MAIL)
    if request.method == "POST":
        mailings.choose_weekly_mail(wants=False, by=token.user)
    return render(
        request,
        "reports/stop_weekly_mail.html",
        {"stopped": request.method == "POST" or not token.user.wants_weekly_mail},
    )
