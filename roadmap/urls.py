"""Addresses of projects, phases and gates. Paths are interface (bokmål); names are code."""

from django.urls import path

from roadmap.views import gates, progress, project

app_name = "roadmap"

urlpatterns = [
    path("prosjekter/nytt/", project.new_project, name="new_project"),
    path("prosjekter/<slug:slug>/", project.overview, name="project"),
    path("prosjekter/<slug:slug>/rediger/", project.edit, name="edit_project"),
    path("prosjekter/<slug:slug>/folk/", project.people, name="people"),
    path("prosjekter/<slug:slug>/folk/<int:pk>/fjern/", project.remove_person, name="remove_person"),
    path("prosjekter/<slug:slug>/logg/", project.trail, name="trail"),
    path("prosjekter/<slug:slug>/tilgang/", project.ask_for_access, name="ask_for_access"),
    path("prosjekter/<slug:slug>/faser/", progress.phases, name="phases"),
    path("prosjekter/<slug:slug>/faser/<int:number>/", progress.phase, name="phase"),
    path("prosjekter/<slug:slug>/faser/<int:number>/<str:step>/", progress.step, name="step"),
    path("prosjekter/<slug:slug>/faser/<int:number>/<str:step>/nytt/", progress.own_item, name="own_item"),
    path("prosjekter/<slug:slug>/faser/<int:number>/<str:step>/<str:key>/", progress.step, name="item"),
    path("prosjekter/<slug:slug>/sjekkpunkter/<int:pk>/", progress.save_item, name="save_item"),
    path("prosjekter/<slug:slug>/sjekkpunkter/<int:pk>/behold/", progress.keep_stored, name="keep_stored"),
    path("prosjekter/<slug:slug>/sjekkpunkter/<int:pk>/lenker/", progress.add_evidence, name="add_evidence"),
    path("prosjekter/<slug:slug>/lenker/<int:pk>/fjern/", progress.remove_evidence, name="remove_evidence"),
    path("prosjekter/<slug:slug>/porter/<int:number>/", gates.gate, name="gate"),
    path("prosjekter/<slug:slug>/porter/<int:number>/be/", gates.ask, name="ask_for_decision"),
    path("prosjekter/<slug:slug>/porter/<int:number>/grunnlag.pdf", gates.basis_pdf, name="basis_pdf"),
    path("prosjekter/<slug:slug>/beslutninger/<int:pk>/", gates.decision, name="decision"),
    path("prosjekter/<slug:slug>/beslutninger/<int:pk>/grunnlag.pdf", gates.frozen_pdf, name="frozen_pdf"),
    path("prosjekter/<slug:slug>/vilkar/<int:pk>/", gates.condition, name="condition"),
]
