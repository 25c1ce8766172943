"""What documents are made from, read from a project into plain data. Rendering reads no row."""

import json
from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from benefits.reading import project_benefits
from innovasjon.access import ProjectRole
from innovasjon.templatetags.innovasjon import in_sentence
from reports.actions import draft_words
from reports.status_reports import data as reports
from reports.summaries import project_summary
from roadmap import gates
from roadmap.contributions import CONTRIBUTIONS
from roadmap.models import ProjectMembership
from stakeholders import wording
from stakeholders.gaps import AHEAD
from stakeholders.models import AdvisoryInput, Measure
from stakeholders.register import register_for_documents

A_MONTH = timedelta(days=30)


def as_json(data: dict) -> dict:
    return json.loads(json.dumps(data, cls=DjangoJSONEncoder))


def report_of_today(project, *, since, now) -> dict:
    """The project as it is now, with the trail since a day."""
    summary = project_summary(project, since=since, now=now)
    return reports.as_data(summary, reports.today_words(summary))


def report_draft(draft, *, now) -> dict:
    """A draft as it would be published now."""
    summary = project_summary(draft.report.project, since=timezone.localdate(draft.since), now=now)
    return reports.as_data(summary, draft_words(draft))


def involvement_plan(project, *, now) -> dict:
    """The plan of groups alone: measures, gaps, and what the advisory group has said."""
    today = timezone.localdate(now)
    register = register_for_documents(project, today)
    measures = [
        row_of(measure, today)
        for measure in Measure.objects.filter(stakeholder__project=project, stakeholder__person_name="")
        .select_related("stakeholder", "responsible")
        .order_by("on", "pk")
    ]
    inputs = (
        AdvisoryInput.objects.filter(meeting__project=project)
        .select_related("meeting")
        .order_by("-meeting__on", "pk")
    )
    owner = project.memberships.filter(role=ProjectRole.OWNER).select_related("user").first()
    return as_json(
        {
            **frame(project),
            "phase": {"number": project.phase, "name": project.phases.get(number=project.phase).name},
            "owner": owner.user.position_or_name if owner else "",
            "stakeholder_count": len(register.rows),
            "measures": measures,
            "ahead": [
                row
                for row in measures
                if row["on"] and today <= row["on"] <= today + AHEAD and not row["is_done"]
            ],
            "gaps": [
                {"text": str(found.text), "detail": str(found.detail)}
                for found in (wording.gap_text(gap, project, today) for gap in register.gaps)
            ],
            "meetings": [
                {"on": i.meeting.on, "topic": i.meeting.topic, "text": i.text, "decision": i.decision}
                for i in inputs
            ],
            "made_on": today,
        }
    )


def row_of(measure, today) -> dict:
    return {
        "on": measure.on,
        "who": measure.stakeholder.name,
        "what": measure.what,
        "goal": measure.goal,
        "message": measure.message,
        "channel": str(measure.get_channel_display()),
        "responsible": measure.responsible.position_or_name if measure.responsible else "",
        "status": wording.measure_status(measure, today),
        "is_overdue": measure.is_overdue(today),
        "is_done": measure.is_done,
    }


def frame(project) -> dict:
    municipality = project.municipality
    return {
        "language": project.language,
        "municipality": {
            "name": municipality.name,
            "colour": municipality.colour,
            "shield": municipality.shield,
        },
        "project": {"slug": project.slug, "name": project.name, "area": project.area},
    }


def finances(sums, year) -> list[str]:
    """«Unngåtte kostnader 2026: 41 575 kr av 50 000 kr. På plan.», a line for each kind."""
    return [f"{row['label']} {year}: {row['sentence']}. {row['standing']}." for row in sums]


def case_of_report(project, edition) -> dict:
    """The saksframlegg of a published report: its frozen data, and nothing newer."""
    data = edition.document.data
    figures = data["figures"]
    return as_json(
        {
            "of": "report",
            "language": data["language"],
            "source": data,
            "phase_number": data["phase"]["number"],
            "phase_name": data["phase"]["name"],
            "finances": finances(data.get("benefits", {}).get("sums", []), data["made_at"][:4])
            or [told(figure) for figure in figures.get("benefits", [])],
            "consequences": [f"{row['name']}: {row['how']}" for row in data["affected"]],
            "proposal": "",
            "names": names(project),
            "made_at": data["made_at"],
        }
    )


def case_of_gate(project, the_gate, *, now) -> dict:
    """The saksframlegg of a gate that is not decided: its basis as it is now."""
    today = timezone.localdate(now)
    basis = gates.basis(the_gate)
    asked = the_gate.round.requests.order_by("-asked_at").first()
    figures = {room.name: room.figures(project, today) for room in CONTRIBUTIONS.contributions}
    return as_json(
        {
            "of": "gate",
            "language": project.language,
            "source": basis,
            "phase_number": the_gate.phase,
            "phase_name": basis["gate"]["phase"],
            "finances": finances(reports.sums_told(project_benefits(project, today)), today.year)
            or [told(reports.figure(found)) for found in figures.get("benefits", [])],
            "hindered": bool(gates.blockers(the_gate, today)),
            "consequences": [
                f"{row.stakeholder.name}: {row.stakeholder.how_affected}"
                for row in register_for_documents(project, today).rows
                if row.stakeholder.how_affected
            ],
            "proposal": asked.proposal if asked else "",
            "names": names(project),
            "made_at": now,
        }
    )


def told(figure: dict) -> str:
    """«Gevinster: 4. Én er bak plan.»"""
    return ". ".join(filter(None, [f"{figure['label']}: {figure['value']}", figure["detail"]]))


def names(project) -> dict[str, str]:
    """Return every name the project knows and the part that stands for it in a document without names."""
    found = {}
    people = ProjectMembership.objects.filter(project=project).select_related("user").in_order()
    for membership in people:
        part = in_sentence(membership.user.position or membership.get_role_display())
        found[membership.user.name] = found[membership.user.short_name] = part
    persons = project.stakeholders.exclude(person_name="").values_list("person_name", "line_role", "name")
    for person, role, group in persons:
        found[person] = role or group
    return found
