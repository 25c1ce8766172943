"""What happens around every request."""

import uuid

import structlog
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from innovasjon.resume import keep_for_later


class RequestLogMiddleware:
    """Give each request an id that stands in its log lines and in the answer's header."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.id = uuid.uuid4().hex[:8].upper()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request.id)
        response = self.get_response(request)
        response["X-Request-Id"] = request.id
        return response


class LogInMiddleware(LoginRequiredMiddleware):
    """Close the house to the anonymous, and lose nothing a person had typed when the session ran out.

    A request from a script is told by 401 (the page keeps the text and tries again after log-in). A
    posted form is kept in the session and offered again at `innovasjon:resume` after log-in.
    """

    def handle_no_permission(self, request, view_func):
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        if request.method == "POST" and keep_for_later(request):
            return redirect(f"{reverse('account_login')}?next={reverse('innovasjon:resume')}")
        return super().handle_no_permission(request, view_func)


class PrivatePagesMiddleware:
    """Keep pages made for a person out of shared caches and search engines."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Cache-Control", "private, no-cache")
        response.setdefault("X-Robots-Tag", "noindex")
        return response
