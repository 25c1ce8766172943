"""The documents the program makes. One print design, one base template, data in and bytes out."""

import base64
from datetime import date, datetime

from django.template.loader import render_to_string
from django.utils import timezone, translation

from innovasjon import shields
from innovasjon.theme import palette
from reports.pdf import FOR_PEOPLE, render
from reports.summaries import ProjectSummary
from roadmap.models import ChecklistItem, Condition, GateDecision, Outcome
from stakeholders import wording

DEFAULT_COLOUR = "#00558C"


def status_report(summary: ProjectSummary, *, variant: str = FOR_PEOPLE) -> bytes:
    """Return a project's status report as PDF."""
    municipality = summary.project.municipality
    with translation.override(summary.project.language):
        context = {
            **design(municipality.name, municipality.colour, summary.project.language),
            "shield": shield(municipality.shield),
            "summary": summary,
            "project": summary.project,
            "made_at": summary.made_at,
            "matrix": wording.matrix_svg(summary.register) if summary.register.rows else "",
            "gaps": [
                wording.gap_text(gap, summary.project, summary.made_at.date())
                for gap in summary.register.gaps
            ],
            "gaps_headline": wording.gaps_headline(len(summary.register.gaps)),
        }
        return render(render_to_string("reports/pdf/status_report.html", context), variant=variant)


def gate_basis(data: dict, *, variant: str = FOR_PEOPLE) -> bytes:
    """Return the basis of a gate with its decision as PDF; without one it is marked as a draft.

    `data` is {"basis": …, "decision": … or None} as `roadmap.gates.basis` and `decide_gate` make it;
    no row is read.
    """
    basis, decision = data["basis"], data["decision"]
    with translation.override(basis.get("language", "nb")):
        context = {
            **design(basis["municipality"], basis["colour"], basis.get("language", "nb")),
            "shield": shield(basis.get("shield", "")),
            "basis": basis,
            "steps": [with_labels(step) for step in basis["steps"]],
            "conditions": [dated(c, "due_on", "met_on") for c in basis["conditions"]],
            "earlier": [
                {**dated(d, "decided_on"), "outcome": Outcome(d["outcome"]).label} for d in basis["earlier"]
            ],
            "condition": Condition(basis["project"]["condition"]).label,
            "decision": decision and decided(decision),
        }
        return render(render_to_string("reports/pdf/gate_basis.html", context), variant=variant)


def design(name: str, colour: str, language: str) -> dict:
    """Return what the print design needs: the municipality's colours and name."""
    return {
        "municipality_name": name,
        "colours": {key.replace("-", "_"): value for key, value in palette(colour or DEFAULT_COLOUR).items()},
        "language": language,
    }


def shield(digest: str) -> str:
    """Return an uploaded shield as a data: address, or "" for the drawn one."""
    return f"data:image/png;base64,{base64.b64encode(shields.read(digest)).decode()}" if digest else ""


def with_labels(step: dict) -> dict:
    labels = dict(ChecklistItem.Status.choices)
    items = [
        {**dated(item, "due_on", "settled_on"), "label": labels[item["status"]]} for item in step["items"]
    ]
    return {**step, "rows": items}


def decided(decision: dict) -> dict:
    return {
        **dated(decision, "decided_at", "supersedes"),
        "outcome_label": Outcome(decision["outcome"]).label,
        "as_stand_in": decision["decided_as"] == GateDecision.DecidedAs.STAND_IN,
        "conditions": [dated(c, "due_on") for c in decision["conditions"]],
    }


def dated(row: dict, *names: str) -> dict:
    """Return the row with dates and moments made from their text."""
    return {**row, **{name: moment(row.get(name)) for name in names}}


def moment(text: str | None):
    if not text:
        return None
    if len(text) == len("2026-11-19"):
        return date.fromisoformat(text)
    return timezone.localtime(datetime.fromisoformat(text))
