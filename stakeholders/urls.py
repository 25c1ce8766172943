"""Addresses of the stakeholder register. Paths are interface (bokmål); names are code."""

from django.urls import path

from roadmap.views.imports import import_paths
from stakeholders import views
from stakeholders.importing import StakeholderImporter

app_name = "stakeholders"

urlpatterns = [
    path("prosjekter/<slug:slug>/interessenter/", views.stakeholders, name="stakeholders"),
    path("prosjekter/<slug:slug>/interessenter/regneark.<str:form>", views.sheet, name="sheet"),
    path("prosjekter/<slug:slug>/interessenter/ny/", views.new, name="new"),
    path("prosjekter/<slug:slug>/interessenter/gjennomgang/", views.review, name="review"),
    path("prosjekter/<slug:slug>/interessenter/plan/", views.plan, name="plan"),
    path(
        "prosjekter/<slug:slug>/interessenter/plan/regneark.<str:form>", views.plan_sheet, name="plan_sheet"
    ),
    path("prosjekter/<slug:slug>/interessenter/plan/kalender.ics", views.calendar_file, name="calendar_file"),
    path("prosjekter/<slug:slug>/interessenter/plan/abonnement/", views.subscription, name="subscription"),
    path("kalender/<str:secret>.ics", views.subscribed_calendar, name="subscribed_calendar"),
    path("prosjekter/<slug:slug>/interessenter/radgivning/", views.advisory_group, name="advisory_group"),
    path("prosjekter/<slug:slug>/interessenter/radgivning/<int:pk>/", views.new_input, name="new_input"),
    path(
        "prosjekter/<slug:slug>/interessenter/innspill/<int:pk>/", views.advisory_input, name="advisory_input"
    ),
    path("prosjekter/<slug:slug>/interessenter/ansvar/", views.responsibility, name="responsibility"),
    path("prosjekter/<slug:slug>/interessenter/ansvar/<int:pk>/", views.edit_task, name="edit_task"),
    path(
        "prosjekter/<slug:slug>/interessenter/ansvar/<int:pk>/slett/", views.delete_task, name="delete_task"
    ),
    path("prosjekter/<slug:slug>/interessenter/plan/nytt/", views.new_measure, name="new_measure"),
    path("prosjekter/<slug:slug>/interessenter/plan/<int:pk>/", views.measure, name="measure"),
    path(
        "prosjekter/<slug:slug>/interessenter/plan/<int:pk>/slett/",
        views.delete_measure,
        name="delete_measure",
    ),
    path("prosjekter/<slug:slug>/interessenter/<int:pk>/", views.stakeholder, name="stakeholder"),
    path("prosjekter/<slug:slug>/interessenter/<int:pk>/rediger/", views.edit, name="edit"),
    path("prosjekter/<slug:slug>/interessenter/<int:pk>/samtale/", views.conversation, name="conversation"),
    path("prosjekter/<slug:slug>/interessenter/<int:pk>/slett/", views.delete, name="delete"),
    *import_paths(StakeholderImporter(), "prosjekter/<slug:slug>/interessenter/"),
]
