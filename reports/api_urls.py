"""Where the API stands; its own namespace, so that it can describe itself."""

from django.urls import path

from reports.api import api

urlpatterns = [path("api/v1/", api.urls)]
