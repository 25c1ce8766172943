"""A report as plain data: what is frozen, and all that page, PDF and Word file are made from.

`as_data` reads once; whoever renders gets the same dictionary and reads no row. Who answers for
something stands by position in the municipality, and by name where a person has none; the leader
stands by short name. Stakeholders and attitudes are of groups alone.
"""

import json
from datetime import date, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _

from benefits import charts as benefit_charts
from benefits import wording as benefit_wording
from benefits.drawings import PAPER
from benefits.sums import ProjectBenefits
from reports.status_reports.work import deviations_now, plan_now
from reports.summaries import ProjectSummary
from roadmap.models import Condition
from stakeholders import wording
from stakeholders.models import Attitude

NEXT = 5  # measurements to come

# The parts of a report that may be left out for the public, and which keys hold them.
PARTS = {
    "condition_reason": ("condition_reason",),
    "headline": ("headline",),
    "happened": ("happened",),
    "ask": ("ask",),
    "news": ("news",),
    "open_items": ("open_items",),
    "conditions": ("open_conditions", "decisions"),
    "benefits": ("benefits", "deviations", "figures"),
    "plan": ("plan",),
    "stakeholders": ("register", "planned", "affected", "figures"),
}


def as_data(summary: ProjectSummary, words: dict) -> dict:
    """Return a report as JSON gives it back. `words` is what a person wrote: see `draft_words`."""
    project, today = summary.project, timezone.localdate(summary.made_at)
    municipality = project.municipality
    data = {
        "kind": "status_report",
        "language": project.language,
        "municipality": {
            "name": municipality.name,
            "colour": municipality.colour,
            "shield": municipality.shield,
        },
        "project": {
            "slug": project.slug,
            "name": project.name,
            "area": project.area,
            "problem": project.problem,
            "case_reference": project.case_reference,
            "is_closed": project.is_closed,
            "learning": project.learning,
        },
        "owner": summary.owner,
        "leader": summary.leader,
        "phase": {
            "number": summary.phase_number,
            "name": summary.phase_name,
            "gate_question": summary.gate_question,
        },
        "next_gate_on": summary.next_gate_on,
        "stations": [
            {
                "number": station.number,
                "name": station.name,
                "state": station.state,
                "count": station.count and figures(station.count),
                "passed_on": station.passed_on,
                "planned_on": station.planned_from,
                "round": station.round,
                "returned_from": station.returned_from,
                "returned_over": station.returned_over,
            }
            for station in summary.stations
        ],
        "count": figures(summary.count),
        "steps": [{"name": step.name, "count": figures(step.count)} for step in summary.steps],
        "open_items": [
            {
                "key": item.key,
                "text": item.text,
                "responsible": item.responsible.position_or_name if item.responsible else "",
                "due_on": item.due_on,
            }
            for step in summary.steps
            for item in step.open
        ],
        "decisions": [
            {
                "gate": row.decision.phase,
                "phase": row.phase_name,
                "outcome": row.decision.outcome,
                "decided_at": row.decision.decided_at,
                "conditions": [condition(c) for c in row.conditions],
            }
            for row in summary.decisions
        ],
        "open_conditions": [condition(c) for c in summary.open_conditions],
        "register": register(summary, today),
        "benefits": benefits(summary, today),
        "deviations": deviations_now(project),
        "plan": plan_now(project, today),
        "planned": [
            {
                "on": measure.on,
                "who": measure.stakeholder.name,
                "what": measure.what,
                "responsible": measure.responsible.position_or_name if measure.responsible else "",
            }
            for measure in summary.planned
        ],
        "affected": [
            {"name": row.stakeholder.name, "how": row.stakeholder.how_affected}
            for row in summary.register.rows
            if row.stakeholder.how_affected
        ],
        "figures": {room: [figure(f) for f in found] for room, found in summary.figures},
        "since": summary.since,
        "changes": [],
        "changes_left_out": 0,
        "made_at": summary.made_at,
        **words,
    }
    return json.loads(json.dumps(data, cls=DjangoJSONEncoder))


def today_words(summary: ProjectSummary) -> dict:
    """Return what stands for a person's words in a report of today: the project's own, and the trail."""
    project = summary.project
    return {
        "period": "",
        "version": 0,
        "condition": project.condition,
        "condition_reason": project.condition_reason,
        "headline": "",
        "happened": "",
        "ask": "",
        "correction": "",
        "news": [],
        "published_by": "",
        "changes": [
            {
                "at": line.at,
                "text": line.text,
                "who": line.who,
                "differences": [{"label": d.label, "old": d.old, "new": d.new} for d in line.differences],
            }
            for line in summary.changes
        ],
        "changes_left_out": summary.changes_left_out,
    }


def figures(count) -> dict:
    return {
        "total": count.total,
        "done": count.done,
        "not_relevant": count.not_relevant,
        "settled": count.settled,
        "open": count.open,
        "percent": count.percent,
    }


def figure(found) -> dict:
    return {"label": str(found.label), "value": str(found.value), "detail": str(found.detail)}


def condition(row) -> dict:
    return {
        "text": row.text,
        "responsible": row.responsible.position_or_name,
        "due_on": row.due_on,
        "met_on": row.met_on,
        "done": row.done_count,
        "total": row.total_count,
    }


def register(summary: ProjectSummary, today: date) -> dict:
    """The register of groups: the points of the matrix, the gaps in words, and a row a group."""
    found = summary.register
    if not found.rows:
        return {}
    gaps = [wording.gap_text(gap, summary.project, today) for gap in found.gaps]
    return {
        "points": [[p.name, p.interest, p.influence, p.attitude, p.has_gap] for p in wording.points(found)],
        "headline": wording.gaps_headline(len(gaps)) if gaps else _("No gaps in the anchoring right now."),
        "gaps": [{"text": str(gap.text), "detail": str(gap.detail)} for gap in gaps],
        "rows": [
            {
                "name": row.stakeholder.name,
                "influence": str(row.stakeholder.get_influence_display()),
                "attitude": str(Attitude(row.attitude).label),
                "last_contact_on": row.last_contact_on,
                "next_on": row.next_on,
                "next_what": row.next_what,
            }
            for row in found.rows
        ],
    }


def benefits(summary: ProjectSummary, today: date) -> dict:
    """The benefits as they stand: how many are on plan, a row each, the drawings of what is off plan."""
    found = summary.benefits
    if not found.benefits:
        return {}
    deviating = [figure for figure in found.deviations if figure.indicator.measured_by_number]
    return {
        "headline": benefit_wording.on_plan(found),
        "rows": [benefit_wording.told(figure) for figure in found.benefits],
        "sums": sums_told(found),
        "charts": [
            {
                "name": figure.indicator.benefit.name,
                "finding": benefit_wording.finding(figure),
                "svg": benefit_charts.chart(figure, PAPER),
                "blocker": benefit_wording.deviation_blocker(figure),
                "measured": benefit_wording.measured_and_expected(figure.deviation, figure.indicator),
            }
            for figure in deviating
        ],
        "next": [
            {"on": figure.indicator.next_due_on, "what": figure.indicator.name}
            for figure in found.next_due[:NEXT]
        ],
    }


def sums_told(found: ProjectBenefits) -> list[dict]:
    """The sums of the year in words, a row for each kind."""
    return [
        {
            "label": benefit_wording.sum_label(row),
            "sentence": benefit_wording.sum_sentence(row),
            "standing": benefit_wording.sum_standing(row).label if row.net_planned else "",
        }
        for row in found.sums
    ]


def without(data: dict, parts) -> dict:
    """Return the data without the named parts: their keys hold nothing, and nothing derived is left."""
    left_out = {key for part in parts for key in PARTS[part]}
    emptied = {key: type(value)() if key in left_out else value for key, value in data.items()}
    emptied["left_out"] = sorted(parts)
    return emptied


def revive(value, key: str = ""):
    """Return the data with dates and moments made from their text: keys `on`, `since`, `…_on`, `…_at`."""
    if isinstance(value, dict):
        return {name: revive(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [revive(inner) for inner in value]
    if value and isinstance(value, str):
        if key in ("on", "since") or key.endswith("_on"):
            return date.fromisoformat(value[:10])
        if key == "at" or key.endswith("_at"):
            return timezone.localtime(datetime.fromisoformat(value))
    return value


def condition_label(data: dict) -> str:
    return str(Condition(data["condition"]).label) if data["condition"] else ""
