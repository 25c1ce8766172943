"""A project with something to report, and the way to publish it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reports import actions
from reports.calendar import Month
from reports.status_reports.drafts import draft_of
from roadmap.models import ChecklistItem
from stakeholders import actions as stakeholders
from stakeholders.models import Stakeholder
from tests.conftest import TODAY

NOW = datetime(2026, 11, 19, 9, 58, tzinfo=UTC)
NOVEMBER, OCTOBER = Month(2026, 11), Month(2026, 10)


@pytest.fixture
def busy(project, leader):
    """A project where checkpoints are settled, a group has turned, and something is overdue."""
    ChecklistItem.objects.filter(round__project=project, key__in=["1.1a", "1.1b", "1.2a"]).update(
        status="done", settled_by=leader, settled_on=TODAY
    )
    ChecklistItem.objects.filter(round__project=project, key="1.3a").update(due_on=TODAY - timedelta(days=3))
    union = stakeholders.save_stakeholder(
        project=project,
        stakeholder=Stakeholder(
            name="Tillitsvalgte", main_group="employee", influence=3, how_affected="Ny turnus."
        ),
        attitude="neutral",
        source="assumed",
        wanted="",
        today=TODAY,
        by=leader,
    )
    person = stakeholders.save_stakeholder(
        project=project,
        stakeholder=Stakeholder(name="Fastlegene", person_name="Peder Legesen", main_group="other"),
        attitude="sceptical",
        source="assumed",
        wanted="",
        today=TODAY,
        by=leader,
    )
    for stakeholder in (union, person):
        stakeholders.note_conversation(
            stakeholder=stakeholder,
            on=TODAY,
            channel="meeting",
            said="Vi er med.",
            quote_cleared=True,
            attitude="positive",
            source="said",
            next_step="",
            by=leader,
        )
    return project


def write(project, by, month=NOVEMBER, **words):
    report = actions.start_report(project=project, month=month, by=by)
    report.project = project
    values = {
        "condition": "watch",
        "condition_reason": "Turnusen er ikke klar.",
        "headline": "Vi er i gang.",
        "happened": "Vi har møtt alle.",
        "ask": "En vikar.",
        **words,
    }
    for name, value in values.items():
        setattr(report, name, value)
    report.save()
    return report


def publish(report, by, now=NOW, today=date(2026, 11, 19)):
    report.project.refresh_from_db(fields=["condition", "condition_reason"])
    draft = draft_of(report, today)
    return actions.publish(draft=draft, seen=actions.mark(report), now=now, by=by)
