"""Addresses of projects, phases and gates. Paths are interface (bokmål); names are code."""

from django.urls import include, path

from roadmap.plan_importing import ActivityImporter
from roadmap.tool_importing import DeliverableImporter, LogImporter, RelatedImporter, RiskImporter
from roadmap.views import gates, plan, progress, project, related, risks, story, tools
from roadmap.views.imports import import_paths

app_name = "roadmap"

PLAN = "prosjekter/<slug:slug>/plan/"

urlpatterns = [
    path("prosjekter/nytt/", project.new_project, name="new_project"),
    path("prosjekter/<slug:slug>/", project.overview, name="project"),
    path("prosjekter/<slug:slug>/rediger/", project.edit, name="edit_project"),
    path("prosjekter/<slug:slug>/folk/", project.people, name="people"),
    path("prosjekter/<slug:slug>/folk/<int:pk>/fjern/", project.remove_person, name="remove_person"),
    path("prosjekter/<slug:slug>/eier/", project.new_owner, name="new_owner"),
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
    path("prosjekter/<slug:slug>/beslutninger/<int:pk>/", gates.decision, name="decision"),
    path("prosjekter/<slug:slug>/beslutninger/<int:pk>/grunnlag.pdf", gates.frozen_pdf, name="frozen_pdf"),
    path("prosjekter/<slug:slug>/vilkar/<int:pk>/", gates.condition, name="condition"),
    path("prosjekter/<slug:slug>/fortelling/", story.story, name="story"),
    path("prosjekter/<slug:slug>/fortelling/rediger/", story.edit_story, name="edit_story"),
    path("prosjekter/<slug:slug>/fortelling/bilder/<int:pk>/bilde.jpg", story.picture, name="picture"),
    path("prosjekter/<slug:slug>/fortelling/<str:kind>/nytt/", story.new_part, name="new_story_part"),
    path("prosjekter/<slug:slug>/fortelling/<str:kind>/<int:pk>/", story.edit_part, name="edit_story_part"),
    path(
        "prosjekter/<slug:slug>/fortelling/<str:kind>/<int:pk>/slett/",
        story.delete_part,
        name="delete_story_part",
    ),
    path("prosjekter/<slug:slug>/plan/", plan.plan, name="plan"),
    path("prosjekter/<slug:slug>/plan/regneark.<str:form>", plan.plan_sheet, name="plan_sheet"),
    path("prosjekter/<slug:slug>/plan/aktiviteter/ny/", plan.new_activity, name="new_activity"),
    path("prosjekter/<slug:slug>/plan/aktiviteter/<int:pk>/", plan.activity, name="activity"),
    path("prosjekter/<slug:slug>/plan/aktiviteter/<int:pk>/flytt/", plan.move_activity, name="move_activity"),
    path(
        "prosjekter/<slug:slug>/plan/aktiviteter/<int:pk>/slett/",
        plan.delete_activity,
        name="delete_activity",
    ),
    path("prosjekter/<slug:slug>/plan/leveranser/ny/", plan.new_deliverable, name="new_deliverable"),
    path("prosjekter/<slug:slug>/plan/leveranser/<int:pk>/", plan.deliverable, name="deliverable"),
    path(
        "prosjekter/<slug:slug>/plan/leveranser/<int:pk>/slett/",
        plan.delete_deliverable,
        name="delete_deliverable",
    ),
    path("prosjekter/<slug:slug>/plan/avtal/", plan.agree, name="agree_plan"),
    path("prosjekter/<slug:slug>/plan/toleranser/", plan.tolerances, name="tolerances"),
    path("prosjekter/<slug:slug>/plan/team/ny/", plan.new_share, name="new_share"),
    path("prosjekter/<slug:slug>/plan/team/<int:pk>/", plan.share, name="share"),
    path("prosjekter/<slug:slug>/plan/team/<int:pk>/slett/", plan.delete_share, name="delete_share"),
    path("prosjekter/<slug:slug>/plan/risiko/", risks.risks, name="risks"),
    path("prosjekter/<slug:slug>/plan/risiko/ny/", risks.new_risk, name="new_risk"),
    path("prosjekter/<slug:slug>/plan/risiko/<int:pk>/", risks.risk, name="risk"),
    path("prosjekter/<slug:slug>/plan/risiko/<int:pk>/slett/", risks.delete_risk, name="delete_risk"),
    path("prosjekter/<slug:slug>/plan/logg/", risks.project_log, name="project_log"),
    path("prosjekter/<slug:slug>/plan/logg/ny/", risks.new_entry, name="new_entry"),
    path("prosjekter/<slug:slug>/plan/logg/<int:pk>/", risks.entry, name="entry"),
    path("prosjekter/<slug:slug>/plan/logg/<int:pk>/slett/", risks.delete_entry, name="delete_entry"),
    path("prosjekter/<slug:slug>/plan/lignende/", related.related, name="related"),
    path("prosjekter/<slug:slug>/plan/lignende/ny/", related.new_related, name="new_related"),
    path("prosjekter/<slug:slug>/plan/lignende/<int:pk>/", related.related_project, name="related_project"),
    path(
        "prosjekter/<slug:slug>/plan/lignende/<int:pk>/slett/", related.delete_related, name="delete_related"
    ),
    path("prosjekter/<slug:slug>/plan/<str:what>/regneark.<str:form>", tools.tool_sheet, name="tool_sheet"),
    path("", include((import_paths(ActivityImporter(), PLAN), "plan"))),
    path("", include((import_paths(DeliverableImporter(), f"{PLAN}leveranser/"), "deliverables"))),
    path("", include((import_paths(RiskImporter(), f"{PLAN}risiko/"), "risks_in"))),
    path("", include((import_paths(LogImporter(), f"{PLAN}logg/"), "log_in"))),
    path("", include((import_paths(RelatedImporter(), f"{PLAN}lignende/"), "related_in"))),
    path("endringer/", related.units, name="change_load"),
    path("erfaringer/", related.experience, name="experience"),
]
