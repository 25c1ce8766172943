"""Addresses of the stakeholder register. Paths are interface (bokmål); names are code."""

from django.urls import path

from stakeholders import views

app_name = "stakeholders"

urlpatterns = [
    path("prosjekter/<slug:slug>/interessenter/", views.stakeholders, name="stakeholders"),
    path("prosjekter/<slug:slug>/interessenter/ny/", views.new, name="new"),
    path("prosjekter/<slug:slug>/interessenter/gjennomgang/", views.review, name="review"),
    path("prosjekter/<slug:slug>/interessenter/plan/", views.plan, name="plan"),
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
]
