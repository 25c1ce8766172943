"""The tools of the plan as spreadsheets."""

from django.http import Http404
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from innovasjon.access import Permission
from innovasjon.spreadsheets import MEDIA_TYPES, respond
from roadmap.access import project_for
from roadmap.tool_sheets import DeliverableSheet, LogSheet, RelatedSheet, RiskSheet

# what stands in the address → (sheet, its title, project → rows)
SHEETS = {
    "leveranser": (
        DeliverableSheet,
        gettext_lazy("Deliverables"),
        lambda project: project.deliverables.order_by("phase", "due_on", "pk"),
    ),
    "risiko": (
        RiskSheet,
        gettext_lazy("Risks and opportunities"),
        lambda project: project.risks.worst_first(),
    ),
    "logg": (
        LogSheet,
        gettext_lazy("Project log"),
        lambda project: project.log.select_related("by").newest_first(),
    ),
    "lignende": (
        RelatedSheet,
        gettext_lazy("Related projects"),
        lambda project: project.related_projects.order_by("title", "pk"),
    ),
}


@require_safe
def tool_sheet(request, slug, what, form):
    project = project_for(request, slug, Permission.VIEW)
    if what not in SHEETS or form not in MEDIA_TYPES:
        raise Http404
    sheet, title, rows = SHEETS[what]
    return respond(sheet(project), rows(project), name=f"{what}-{project.slug}", title=str(title), form=form)
