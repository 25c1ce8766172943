"""Addresses of the documents of benefits."""

from django.urls import path

from reports.views import benefits

BENEFITS = "prosjekter/<slug:slug>/gevinster/"

urlpatterns = [
    path(f"{BENEFITS}plan/gevinstplan.pdf", benefits.benefit_plan_pdf, name="benefit_plan_pdf"),
    path(f"{BENEFITS}plan/godkjenn/", benefits.accept_plan, name="accept_plan"),
    path(f"{BENEFITS}plan/godkjent/<int:pk>.pdf", benefits.accepted_plan_pdf, name="accepted_plan_pdf"),
    path(f"{BENEFITS}kart/gevinstkart.pdf", benefits.benefit_map_pdf, name="benefit_map_pdf"),
    path(f"{BENEFITS}moteark/moteark.pdf", benefits.meeting_sheet_pdf, name="meeting_sheet_pdf"),
]
