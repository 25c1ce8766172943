"""The documents the program makes. One print design, one base template, data in and bytes out."""

import base64
import hashlib
import json
from datetime import date, datetime
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils import timezone, translation

from benefits import wording as benefit_wording
from innovasjon import shields
from innovasjon.theme import palette
from reports.calendar import Month
from reports.pdf import FOR_PEOPLE, render, render_both
from reports.status_reports.data import revive
from roadmap.models import ChecklistItem, Condition, GateDecision, Outcome
from stakeholders import wording
from stakeholders.drawings import Point
from stakeholders.models import Attitude, Degree

DEFAULT_COLOUR = "#00558C"


def status_report(data: dict, *, variant: str = FOR_PEOPLE) -> bytes:
    """Return a status report as PDF from its data (`status_reports.data.as_data`); no row is read."""
    return render(status_report_html(data), variant=variant)


def status_report_editions(data: dict) -> tuple[bytes, bytes]:
    """Return a status report as PDF for people and as PDF for the archive."""
    return render_both(status_report_html(data))


def status_report_html(data: dict) -> str:
    with translation.override(data["language"]):
        return render_to_string("reports/pdf/status_report.html", status_report_context(data))


def status_report_context(data: dict) -> dict:
    municipality = data["municipality"]
    period = Month.read(data["period"])
    register = data["register"]
    return {
        **design(municipality["name"], municipality["colour"], data["language"]),
        "shield": shield(municipality["shield"]),
        "report": {
            **revive(data),
            "stations": [{**s, "planned_from": s["planned_on"]} for s in revive(data["stations"])],
            "decisions": [{**d, "outcome": Outcome(d["outcome"]).label} for d in revive(data["decisions"])],
        },
        "month": (period.first if period else moment(data["made_at"])),
        "condition": Condition(data["condition"]).label if data["condition"] else "",
        "checksum": checksum(data),
        "is_draft": bool(period) and not data["version"],
        "matrix": wording.draw([Point(*point) for point in register["points"]]) if register else "",
    }


def checksum(data: dict) -> str:
    """Return twelve digits of the SHA-256 of a report's data, in groups of four."""
    digits = hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return " ".join(digits[i : i + 4] for i in (0, 4, 8))


def involvement_plan(data: dict, *, variant: str = FOR_PEOPLE) -> bytes:
    """Return the plan for involvement as PDF: groups alone; no row is read."""
    municipality = data["municipality"]
    with translation.override(data["language"]):
        context = {
            **design(municipality["name"], municipality["colour"], data["language"]),
            "shield": shield(municipality["shield"]),
            "plan": revive(data),
            "made_on": moment(data["made_on"]),
        }
        return render(render_to_string("reports/pdf/involvement_plan.html", context), variant=variant)


def gate_basis(data: dict, *, variant: str = FOR_PEOPLE) -> bytes:
    """Return the basis of a gate with its decision as PDF; without one it is marked as a draft.

    `data` is {"basis": …, "decision": … or None} as `roadmap.gates.basis` and `decide_gate` make it, of a
    draft with the day it was asked for as "made_on"; no row is read.
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
            "benefits": [with_numbers(row) for row in of_room(basis, "benefits")],
            "stakeholders": [labelled(row) for row in of_room(basis, "stakeholders")],
            "condition": Condition(basis["project"]["condition"]).label,
            "decision": decision and decided(decision),
            "made_on": moment(decision["decided_at"] if decision else data["made_on"]),
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


def of_room(basis: dict, room: str) -> list[dict]:
    """Return the rows a room had frozen in a basis; a basis from before the room existed has none."""
    return basis.get("rooms", {}).get(room, {}).get(room, [])


def with_numbers(row: dict) -> dict:
    """Return a benefit of a basis with its numbers as people write them, none more exact than measured."""
    known = {name: Decimal(row[name]) for name in ("baseline", "target", "latest", "expected") if row[name]}
    exact = max(
        (-n.normalize().as_tuple().exponent for name, n in known.items() if name != "expected"), default=0
    )
    numbers = {name: benefit_wording.number(n, max(exact, 0)) for name, n in known.items()}
    return {**dated(row, "latest_on"), **numbers}


def labelled(row: dict) -> dict:
    """Return a stakeholder of a basis with its levels and attitude in words."""
    return {
        **dated(row, "next_on"),
        "influence_label": Degree(row["influence"]).label,
        "interest_label": Degree(row["interest"]).label,
        "attitude_label": Attitude(row["attitude"]).label,
    }


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
