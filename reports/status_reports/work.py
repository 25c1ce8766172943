"""What runs now and what is done about deviations: the parts of a report that say what people work with."""

from datetime import date

from benefits import wording as benefit_wording
from benefits.models import Deviation
from roadmap import plan_wording
from roadmap.models import Project
from roadmap.plan import Row, read_rows
from stakeholders.gaps import AHEAD

MOST_RUNNING = 8  # rows: the whole plan is a document of its own


def plan_now(project: Project, today: date) -> dict:
    """Return what runs, is late or begins within thirty days, and the next milestone; {} without any."""
    rows = running(read_rows(project, today), today)
    if not rows:
        return {}
    shown = rows[:MOST_RUNNING]
    return {
        "svg": plan_wording.draw(shown, today, plan_wording.ON_PAPER, alone=True),
        "rows": [
            {
                "name": row.activity.name,
                "kind": str(row.activity.get_kind_display()) if row.activity.is_milestone else "",
                "responsible": row.activity.responsible.position_or_name if row.activity.responsible else "",
                "starts_on": None if row.activity.is_milestone else row.activity.starts_on,
                "ends_on": row.activity.ends_on,
                "status": str(row.activity.get_status_display()),
                "late": plan_wording.late_text(row.days_late),
            }
            for row in shown
        ],
        "left_out": len(rows) - len(shown),
    }


def running(rows: list[Row], today: date) -> list[Row]:
    """Return the rows a meeting asks about, the one that began first at the top."""

    def begins(row: Row) -> date:
        return row.activity.starts_on or row.activity.ends_on

    dated = sorted((row for row in rows if not row.activity.is_done and begins(row)), key=begins)
    next_milestone = next((row for row in dated if row.activity.is_milestone and begins(row) >= today), None)
    return [row for row in dated if begins(row) <= today + AHEAD or row is next_milestone]


def deviations_now(project: Project) -> list[dict]:
    """Return the deviations that are not settled with cause and action, the newest first. Two queries."""
    found = (
        Deviation.objects.of_project(project)
        .unsettled()
        .select_related("indicator")
        .prefetch_related("actions__responsible")
        .order_by("-opened_on", "-pk")
    )
    return [told(deviation) for deviation in found]


def told(deviation: Deviation) -> dict:
    """Return a deviation in words, with the action that is not judged yet, else the last one."""
    actions = sorted(deviation.actions.all(), key=lambda action: (not action.result, action.pk))
    action = actions[-1] if actions else None
    return {
        "what": deviation.indicator.name,
        "size": benefit_wording.deviation_size(deviation, deviation.indicator),
        "opened_on": deviation.opened_on,
        "cause": deviation.cause,
        "action": action.what if action else "",
        "progress": action.progress if action else "",
        "responsible": action.responsible.position_or_name if action else "",
        "due_on": action.due_on if action else None,
    }
