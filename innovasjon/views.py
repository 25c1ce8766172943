"""The frame's own pages: the front door, the theme, the shield, help, and what comes after a lost session."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template import loader
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404
from django.utils.cache import patch_response_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from innovasjon import resume, shields
from innovasjon.access import LacksPermission
from innovasjon.context import SESSION_KEY, memberships
from innovasjon.models import Municipality
from innovasjon.theme import theme_css

ONE_YEAR = 31_536_000


@login_not_required
@require_safe
def theme(request, colour):
    """The stylesheet of one colour. It says nothing about who uses it, so anybody may have it."""
    try:
        content = theme_css(f"#{colour}")
    except ValueError:
        raise Http404 from None
    response = HttpResponse(content, content_type="text/css; charset=utf-8")
    patch_response_headers(response, cache_timeout=60 * 60 * 24)
    response["Cache-Control"] = "public, max-age=86400"
    return response


@require_safe
def shield(request, number, digest):
    municipality = get_object_or_404(
        Municipality.objects.of(request.user).exclude(shield=""), number=number, shield=digest
    )
    response = HttpResponse(shields.read(municipality.shield), content_type="image/png")
    response["Cache-Control"] = f"private, max-age={ONE_YEAR}, immutable"
    return response


@require_POST
def switch_municipality(request):
    """Choose which municipality the lists show. What one may see never depends on it."""
    chosen = request.POST.get("municipality", "")
    membership = next((m for m in memberships(request) if str(m.municipality_id) == chosen), None)
    if membership is None:
        raise Http404
    request.session[SESSION_KEY] = membership.municipality_id
    messages.success(request, _("You now see %(name)s.") % {"name": membership.municipality.name})
    return redirect("reports:my_page")


@login_not_required
@require_safe
def need_access(request):
    return render(request, "innovasjon/need_access.html")


@login_not_required
@require_safe
def help_page(request):
    return render(request, "innovasjon/help.html")


@login_not_required
@require_safe
def privacy(request):
    return render(request, "innovasjon/privacy.html")


@login_not_required
@require_safe
def accessibility(request):
    return render(request, "innovasjon/accessibility.html")


def resume_form(request):
    """Offer what was typed before the session ran out; saving it is the person's own press."""
    kept = resume.kept(request)
    if request.method == "POST":
        resume.forget(request)
        messages.info(request, _("What you had typed is thrown away."))
        return redirect("reports:my_page")
    if not kept or not url_has_allowed_host_and_scheme(kept["path"], allowed_hosts=None):
        if "fane" in request.GET:  # the text stands in the tab the person came from
            messages.info(
                request, _("You are logged in. Go back to the tab you wrote in. It saves your text.")
            )
        return redirect("reports:my_page")
    try:
        resolve(kept["path"].split("?")[0])
    except Resolver404:
        return redirect("reports:my_page")
    return render(
        request,
        "innovasjon/session_expired_resume.html",
        {"action": kept["path"], "fields": kept["fields"], "discard_url": reverse("innovasjon:resume")},
    )


def expired_form(request, reason=""):
    """Answer a form whose token is too old, with everything that was typed still on the page.

    A script is told by 401, as when the session ran out: the page keeps the text and takes the new token.
    """
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    fields = [
        (name, value)
        for name in request.POST
        for value in request.POST.getlist(name)
        if name not in resume.LEFT_OUT and value
    ]
    return render(request, "403_csrf.html", {"fields": fields, "page_has_errors": True}, status=403)


def permission_denied(request, exception=None):
    """403, with the way to ask for access where there is one. The reason stays in the log."""
    context = {
        "access_request_url": getattr(request, "access_request_url", ""),
        "no_role": getattr(request, "no_role", False),
        "is_closed": isinstance(exception, LacksPermission) and getattr(request, "project_is_closed", False),
        "in_project": hasattr(request, "project_is_closed"),
    }
    return render(request, "403.html", context, status=403)


def server_error(request):
    """500, without the database: a static page with the request's id, which stands in the log too."""
    code = getattr(request, "id", "")[:4]
    return HttpResponse(loader.render_to_string("500.html", {"code": code}), status=500)
