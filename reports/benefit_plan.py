"""The documents of benefits: the benefit realisation plan, the benefit map, the meeting sheet."""

from django.template.loader import render_to_string
from django.utils import translation

from benefits import benefit_map
from benefits.benefit_map import Box
from reports.documents import dated, design, shield
from reports.pdf import FOR_PEOPLE, render


def benefit_plan(data: dict, *, variant: str = FOR_PEOPLE) -> bytes:
    """Return the benefit plan as PDF, with fields to sign in.

    `data` is {"plan": …, "made_at": …, "acceptances": […]} with the plan as `benefits.realisation.document`
    makes it; no row is read, so a frozen plan can be made again from its data.
    """
    plan = data["plan"]
    with translation.override(plan["language"]):
        found = map_of(plan)
        context = {
            **design(plan["municipality"], plan["colour"], plan["language"]),
            "shield": shield(plan["shield"]),
            "plan": plan,
            "rows": [benefit_of(row) for row in plan["benefits"]],
            "owners": list(dict.fromkeys(row["owner"] for row in plan["benefits"] if row["owner"])),
            "acceptances": [dated(row, "at") for row in data["acceptances"]],
            "map": found,
            "drawing": benefit_map.drawing(found) if found.boxes else "",
            "suppliers": [
                {**agreement, "deliveries": [dated(d, "due_on") for d in agreement["deliveries"]]}
                for agreement in plan["suppliers"]
            ],
            "made_at": dated(data, "made_at")["made_at"],
        }
        return render(render_to_string("reports/pdf/benefit_plan.html", context), variant=variant)


def benefit_of(row: dict) -> dict:
    """Return a benefit of the plan with its dates made from their text."""
    indicators = [
        {**dated(i, "baseline_on", "target_on"), "path": [dated(point, "on") for point in i["path"]]}
        for i in row["indicators"]
    ]
    return {**dated(row, "due_on", "follow_until"), "indicators": indicators}


def map_of(plan: dict):
    return benefit_map.arranged(
        Box(box["pk"], box["column"], box["text"], tuple(box["leads_to"])) for box in plan["map"]
    )


def map_document(project, found, *, now) -> bytes:
    """Return the benefit map on one page across, with its list after it."""
    with translation.override(project.language):
        context = {
            **head(project),
            "made_at": now,
            "map": found,
            "drawing": benefit_map.drawing(found) if found.boxes else "",
        }
        return render(render_to_string("reports/pdf/benefit_map.html", context))


def meeting_sheet(project, rows, *, now, frequency) -> bytes:
    """Return the meeting's three to five numbers on one page, with room to write."""
    with translation.override(project.language):
        context = {**head(project), "made_at": now, "rows": rows, "frequency": frequency}
        return render(render_to_string("reports/pdf/meeting_sheet.html", context))


def head(project) -> dict:
    municipality = project.municipality
    return {
        **design(municipality.name, municipality.colour, project.language),
        "shield": shield(municipality.shield),
        "project": project,
    }
