"""The plan as a document: the same drawing, the same tables and the same words as the page."""

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone, translation

from reports.documents import design, shield
from roadmap import plan_wording
from roadmap.models import Project, Risk
from roadmap.plan import Plan, read_plan


@dataclass(frozen=True)
class PlanSummary:
    """A plan with its risks, as it was at one moment."""

    project: Project
    plan: Plan
    risks: tuple[Risk, ...]  # the current ones, the worst first
    made_at: datetime


def plan_summary(project: Project, *, now: datetime) -> PlanSummary:
    """Read a plan for its document: three queries, whatever its size."""
    risks = project.risks.current().select_related("responsible").worst_first()
    return PlanSummary(project, read_plan(project, timezone.localdate(now)), tuple(risks), now)


def plan_html(summary: PlanSummary) -> str:
    """Return the HTML a project's plan is laid out from."""
    project, plan = summary.project, summary.plan
    municipality = project.municipality
    today = timezone.localdate(summary.made_at)
    with translation.override(project.language):
        context = {
            **design(municipality.name, municipality.colour, project.language),
            "shield": shield(municipality.shield),
            "project": project,
            "plan": plan,
            "made_at": summary.made_at,
            "today": today,
            "headline": plan_wording.plan_headline(plan),
            "drawings": plan_wording.gantt_drawings(plan, today, width=plan_wording.ON_PAPER),
            "overloads": [plan_wording.overload_text(o) for o in plan.overloads],
            "tolerance_text": plan_wording.tolerance_text(plan),
            "risks": summary.risks,
            "matrix": plan_wording.risk_matrix_svg(list(summary.risks)) if summary.risks else "",
        }
        return render_to_string("reports/pdf/plan.html", context)
