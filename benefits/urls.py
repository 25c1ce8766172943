"""Addresses of the benefit tool. Paths are interface (bokmål); names are code."""

from django.urls import path

from benefits.urls_after import urlpatterns as after
from benefits.views import across, benefit, indicators, measuring, register

app_name = "benefits"

PROJECT = "prosjekter/<slug:slug>/gevinster/"
ONE = f"{PROJECT}<int:pk>/"

urlpatterns = [
    path("gevinster/", across.across, name="across"),
    path("gevinster/timepris/", across.rates, name="rates"),
    path("gevinster/<int:year>/gevinster.<str:form>", across.budget_sheet, name="budget_sheet"),
    path(PROJECT, register.benefits, name="benefits"),
    path(f"{PROJECT}ny/", register.new, name="new"),
    path(f"{PROJECT}regneark.<str:form>", register.sheet, name="sheet"),
    path(ONE, benefit.benefit, name="benefit"),
    path(f"{ONE}rediger/", register.edit, name="edit"),
    path(f"{ONE}slett/", register.delete, name="delete"),
    path(f"{ONE}utregning/", benefit.calculate, name="calculate"),
    path(f"{ONE}ar/", benefit.years, name="years"),
    path(f"{ONE}svar/", benefit.answer, name="answer"),
    path(f"{ONE}maling/", measuring.measure, name="measure"),
    path(f"{ONE}malinger/<int:measurement>/rett/", measuring.correct, name="correct"),
    path(f"{ONE}avvik/<int:deviation>/arsak/", measuring.cause, name="cause"),
    path(f"{ONE}avvik/<int:deviation>/tiltak/", measuring.new_action, name="new_action"),
    path(f"{ONE}tiltak/<int:action>/", measuring.action, name="action"),
    path(f"{ONE}indikatorer/ny/", indicators.new, name="new_indicator"),
    path(f"{ONE}indikatorer/<int:indicator>/", benefit.benefit, name="indicator"),
    path(f"{ONE}indikatorer/<int:indicator>/rediger/", indicators.edit, name="edit_indicator"),
    path(f"{ONE}indikatorer/<int:indicator>/bane/", indicators.path, name="path"),
    path(f"{ONE}indikatorer/<int:indicator>/slett/", indicators.delete, name="delete_indicator"),
    path(f"{ONE}indikatorer/<int:indicator>/maling/", measuring.measure, name="measure_indicator"),
    path(f"{ONE}indikatorer/<int:indicator>/maling/sjekk/", measuring.check, name="check_measurement"),
    path(f"{ONE}indikatorer/<int:indicator>/utsett/", measuring.postpone, name="postpone"),
    *after,
]
