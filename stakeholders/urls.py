"""Addresses of the stakeholder register. Paths are interface (bokmål); names are code."""

from django.urls import path

from roadmap.views.imports import import_paths
from stakeholders.importing import StakeholderImporter
from stakeholders.views import advisory, plan, register

app_name = "stakeholders"

HERE = "prosjekter/<slug:slug>/interessenter/"

urlpatterns = [
    path(HERE, register.stakeholders, name="stakeholders"),
    path(f"{HERE}regneark.<str:form>", register.sheet, name="sheet"),
    path(f"{HERE}ny/", register.new, name="new"),
    path(f"{HERE}gjennomgang/", register.review, name="review"),
    path(f"{HERE}plan/", plan.plan, name="plan"),
    path(f"{HERE}plan/regneark.<str:form>", plan.plan_sheet, name="plan_sheet"),
    path(f"{HERE}plan/kalender.ics", plan.calendar_file, name="calendar_file"),
    path(f"{HERE}plan/abonnement/", plan.subscription, name="subscription"),
    path("kalender/<str:secret>.ics", plan.subscribed_calendar, name="subscribed_calendar"),
    path(f"{HERE}radgivning/", advisory.advisory_group, name="advisory_group"),
    path(f"{HERE}radgivning/<int:pk>/", advisory.new_input, name="new_input"),
    path(
        f"{HERE}innspill/<int:pk>/",
        advisory.advisory_input,
        name="advisory_input",
    ),
    path(f"{HERE}ansvar/", advisory.responsibility, name="responsibility"),
    path(f"{HERE}ansvar/<int:pk>/", advisory.edit_task, name="edit_task"),
    path(
        f"{HERE}ansvar/<int:pk>/slett/",
        advisory.delete_task,
        name="delete_task",
    ),
    path(f"{HERE}plan/nytt/", plan.new_measure, name="new_measure"),
    path(f"{HERE}plan/<int:pk>/", plan.measure, name="measure"),
    path(
        f"{HERE}plan/<int:pk>/slett/",
        plan.delete_measure,
        name="delete_measure",
    ),
    path(f"{HERE}<int:pk>/", register.stakeholder, name="stakeholder"),
    path(f"{HERE}<int:pk>/rediger/", register.edit, name="edit"),
    path(f"{HERE}<int:pk>/samtale/", register.conversation, name="conversation"),
    path(f"{HERE}<int:pk>/slett/", register.delete, name="delete"),
    *import_paths(StakeholderImporter(), HERE),
]
