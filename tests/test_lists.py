"""Every list asks the database at most six times, however long it is, and shows one page of it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benefits.models import Benefit, Indicator, Measurement, SupplierAgreement
from innovasjon.models import AuditEvent, Membership, User
from reports.models import Presentation, ProjectSnapshot
from roadmap.models import Activity, LogEntry, PhaseRound, Project, ProjectMembership, RelatedProject, Risk
from stakeholders.models import AdvisoryMeeting, Measure, ResponsibilityTask, Stakeholder
from tests.conftest import TODAY

MOST = 6
# What is several lists, or one thing with all that belongs to it, keeps the limit of test_queries: the
# project's overview, a phase, the plan (activities, deliverables, team, tolerances), the story, one
# stakeholder, one benefit, the benefit plan (a document), an import's review (faults and twins).
LISTS = {  # the portfolio has a limit of its own
    "reports:portfolio": 10,
    "reports:archive": MOST,
    "roadmap:change_load": MOST,
    "roadmap:experience": MOST,
    "benefits:across": MOST,
    "roadmap:people": MOST,
    "roadmap:trail": MOST,
    "roadmap:risks": MOST,
    "roadmap:project_log": MOST,
    "roadmap:related": MOST,
    "stakeholders:stakeholders": MOST,
    "stakeholders:plan": MOST,
    "stakeholders:advisory_group": MOST,
    "stakeholders:responsibility": MOST,
    "benefits:benefits": MOST,
    "benefits:meeting_sheet": MOST,
    "benefits:sheets": MOST,
    "benefits:suppliers": MOST,
    "benefits:map": MOST,
    "reports:presentations": MOST,
    "reports:status_reports": MOST,
    "reports:documents": MOST,
}
ACROSS = {
    "reports:portfolio",
    "reports:archive",
    "roadmap:change_load",
    "roadmap:experience",
    "benefits:across",
}


def grow(project, person, start: int, end: int) -> None:
    """Give a project, and its municipality, rows of everything that is listed, at once."""
    numbers, today, now = range(start, end), timezone.localdate(), timezone.now()
    municipality = project.municipality

    def many(model, of=project, **fields):
        return model.objects.bulk_create(
            model(
                project=of, **{name: value(n) if callable(value) else value for name, value in fields.items()}
            )
            for n in numbers
        )

    groups = many(Stakeholder, name="Gruppe {:04}".format, main_group="employee", involvement="consulted")
    Stakeholder.objects.filter(pk__in=[group.pk for group in groups[:1]]).update(in_advisory_group=True)
    Measure.objects.bulk_create(
        Measure(stakeholder=g, what="Møte", channel="meeting", phase=1, on=today, responsible=person)
        for g in groups
    )
    many(AdvisoryMeeting, on=TODAY, topic="Opplæring")
    tasks = many(ResponsibilityTask, name="Oppgave {:04}".format, accountable=person)
    doing = ResponsibilityTask.performers.through
    doing.objects.bulk_create(doing(responsibilitytask=task, user=person) for task in tasks)
    many(Risk, event="Ingen vil", likelihood=5, consequence=5, responsible=person)
    many(LogEntry, on=TODAY, text="Det gikk", by=person, for_experience_log=True, lesson="Spør først")
    many(RelatedProject, title="Det samme", who="Et annet sted")
    many(
        Activity,
        phase=1,
        name="Prøv",
        kind="pilot",
        unit="Nord",
        unit_key="nord",
        starts_on=today,
        ends_on=today,
    )
    many(Presentation, title="Til ledergruppen", audience="leaders", created_by=person)
    many(SupplierAgreement, supplier="Leverandør", subject="Dispensere", responsible=person)
    benefits = many(
        Benefit, number=lambda n: n + 1, name="Tid", type="time_saved", recipient="user", created_by=person
    )
    indicators = Indicator.objects.bulk_create(
        Indicator(
            benefit=b,
            name="Turer",
            key="turer",
            baseline=9,
            baseline_on=TODAY,
            target=1,
            target_on=today + timedelta(days=90),
            next_due_on=today,
            measurer=person,
        )
        for b in benefits
    )
    Measurement.objects.bulk_create(
        Measurement(indicator=i, value=8, on=today, period="2026-11", by=person, at=now) for i in indicators
    )
    AuditEvent.objects.bulk_create(
        AuditEvent(
            municipality_id=municipality.pk,
            sequence=10_000 + n,
            at=now,
            verb="project.edited",
            project_id=project.pk,
            target_type="roadmap.project",
            target_id=str(project.pk),
            previous_hash=f"a{n}",
            hash=f"b{n}",
        )
        for n in numbers
    )
    people = User.objects.bulk_create(User(email=f"n{n}@x.example", name=f"Nora {n:04}") for n in numbers)
    Membership.objects.bulk_create(
        Membership(municipality=municipality, user=u, role="reader") for u in people
    )
    ProjectMembership.objects.bulk_create(
        ProjectMembership(project=project, user=u, role="member") for u in people
    )
    others = Project.objects.bulk_create(
        Project(
            municipality=municipality,
            slug=f"nr-{n}",
            name=f"Nr {n:04}",
            problem="Sent",
            phase=2,
            area=project.area,
            started_on=TODAY,
            content_version="1",
        )
        for n in numbers
    )
    PhaseRound.objects.bulk_create(PhaseRound(project=p, phase=2, started_on=TODAY) for p in others)
    ProjectSnapshot.objects.bulk_create(
        ProjectSnapshot(project=p, on=today - timedelta(days=40), phase=2, condition="watch") for p in others
    )


def asked(client, name, project) -> list[str]:
    url = reverse(name, args=[] if name in ACROSS else [project.slug])
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [re.sub(r"SELECT .*? FROM", "SELECT … FROM", q["sql"], count=1)[:160] for q in captured]


@pytest.mark.parametrize("person", ["leader", "manager"])
def test_lists_ask_as_often_for_a_thousand_rows_as_for_one(person, project, owner, request):
    client = request.getfixturevalue(f"{person}_client")
    Project.objects.filter(pk=project.pk).update(area="Helse")
    project.refresh_from_db()
    wrong, before = {}, {}
    for start, end in ((0, 1), (1, 100), (100, 1000))[: 3 if person == "leader" else 2]:
        grow(project, owner, start, end)
        for name, most in LISTS.items():
            queries = asked(client, name, project)
            if len(queries) > before.setdefault(name, len(queries)) or len(queries) > most:
                wrong[name, end] = queries
    assert not wrong


def test_long_lists_are_read_page_by_page_and_none_is_lost(project, owner, leader_client):
    grow(project, owner, 0, 120)
    for name in ("trail", "risks", "project_log", "related"):
        url, seen, pages = reverse(f"roadmap:{name}", args=[project.slug]), [], 0
        following = "?"
        while following:
            found = leader_client.get(url + following).context["pages"]
            assert len(found.rows) <= 50, name
            seen += [row.pk for row in found.rows]
            following, pages = found.next, pages + 1
        assert len(seen) == len(set(seen)) >= 120, name
        assert pages >= 3, name
