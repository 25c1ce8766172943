"""Every list asks the database at most six times, however long it is, and shows one page of it."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benefits.models import Benefit, Indicator, Measurement, Postponement, SupplierAgreement
from innovasjon.models import AuditEvent, Membership, Token, User
from reports.models import Presentation, ProjectSnapshot
from roadmap.models import (
    Activity,
    Deliverable,
    Dependency,
    ImportRow,
    LogEntry,
    PhaseRound,
    Project,
    ProjectMembership,
    RelatedProject,
    Risk,
    SheetImport,
    TeamShare,
)
from stakeholders.models import AdvisoryMeeting, Measure, ResponsibilityTask, Stakeholder
from tests.benefits.access_rows import IMPORTED
from tests.conftest import TODAY, checked_sheet
from tests.furnish import PLAN_IMPORTS

MOST = 6
# namespace → kind of what comes in from spreadsheets
IMPORTS = {"stakeholders": "stakeholders"}
IMPORTS |= {f"roadmap:{namespace}": kind for namespace, kind in PLAN_IMPORTS.items()}
IMPORTS |= {namespace: kind for kind, namespace in IMPORTED.items()}
# What is several lists, or one thing with all that belongs to it, keeps the limit of test_queries: the
# project's overview, a phase, the story, one stakeholder, one benefit, one supplier, one report, one
# presentation, the benefit plan (a document).
LISTS = {  # the portfolio has a limit of its own; «Min side» asks each of its sources once
    "reports:portfolio": 10,
    "reports:my_page": 12,
    "reports:archive": MOST,
    "roadmap:change_load": MOST,
    "roadmap:experience": MOST,
    "benefits:across": MOST,
    "roadmap:people": MOST,
    "roadmap:trail": MOST,
    "roadmap:plan": MOST,
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
    "benefits:measuring_links": MOST,
    "api:projects": MOST,
    "api:benefits": MOST,
    "reports:presentations": MOST,
    "reports:status_reports": MOST,
    "reports:documents": MOST,
    **{f"{namespace}:import_review": MOST for namespace in IMPORTS},
}
ACROSS = {
    "api:projects",
    "reports:my_page",
    "reports:portfolio",
    "reports:archive",
    "roadmap:change_load",
    "roadmap:experience",
    "benefits:across",
}
OF_THE_TEAM = {"benefits:measuring_links", *(f"{namespace}:import_review" for namespace in IMPORTS)}


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
    many(Deliverable, phase=1, name="Plan", responsible=person)
    activities = many(
        Activity,
        phase=1,
        name="Prøv",
        kind="pilot",
        unit="Nord",
        unit_key="nord",
        starts_on=today,
        ends_on=today,
    )
    Dependency.objects.bulk_create(Dependency(before=a, after=b) for a, b in pairwise(activities))
    taking_part = Activity.participants.through
    taking_part.objects.bulk_create(taking_part(activity=activity, user=person) for activity in activities)
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
    first = Indicator.objects.filter(benefit__project=project).earliest("pk")
    Postponement.objects.bulk_create(
        Postponement(
            indicator=first,
            due_on=today,
            new_on=today + timedelta(days=n + 1),
            reason="Ferie",
            by=person,
            at=now,
        )
        for n in numbers
    )
    Token.objects.bulk_create(
        Token(
            purpose="measurement",
            digest=f"{n:064}",
            user=person,
            project_id=project.pk,
            target_id=first.pk,
            label=f"{today}",
            expires_at=now + timedelta(days=9),
        )
        for n in numbers
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
    TeamShare.objects.bulk_create(TeamShare(project=project, user=u, share="0.2") for u in people)
    grow_import(project, person, numbers)
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
    if connection.vendor == "postgresql":  # as autovacuum does by and by; else it plans for empty tables
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def grow_import(project, person, numbers) -> None:
    """Give the project an import with rows that are faulty, there already, and ready, by turns."""
    found = SheetImport.objects.first() or checked_sheet(project, "stakeholders", person)
    states = ("faulty", "twin", "ready")
    rows = [
        ImportRow(sheet_import=found, number=n, texts={"name": "Møte"}, state=states[n % 3]) for n in numbers
    ]
    for row in rows:
        if row.state == "faulty":  # the first of all points at people and steps too
            names = ("name", "participants") if row.number else ("name", "responsible_id", "step_id")
            row.errors = dict.fromkeys(names, "Feil")
    ImportRow.objects.bulk_create(rows)


def address(name, project) -> str:
    if name in ACROSS:
        return reverse(name)
    if name == "benefits:measuring_links":
        return reverse(name, args=[project.slug, project.benefits.earliest("pk").pk])
    if name.endswith(":import_review"):  # one import stands for those of all kinds
        SheetImport.objects.update(kind=IMPORTS[name.removesuffix(":import_review")])
        return reverse(name, args=[project.slug, SheetImport.objects.get().pk])
    return reverse(name, args=[project.slug])


def asked(client, name, project) -> list[str]:
    url = address(name, project)
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
            if person == "manager" and name in OF_THE_TEAM:
                continue
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


def test_lists_of_the_plan_are_turned_each_on_its_own(project, owner, leader_client):
    grow(project, owner, 0, 120)
    url, lists = reverse("roadmap:plan", args=[project.slug]), ("pages", "deliverables", "team")
    shown = leader_client.get(url).context
    assert [len(shown[name].rows) for name in lists] == [100, 50, 50]
    for name in lists:
        seen = list(shown[name].rows)
        while shown[name].next:
            shown = leader_client.get(url + shown[name].next).context
            seen += shown[name].rows
        assert len(seen) == 120, name
    assert [len(shown[name].rows) for name in lists] == [20, 20, 20]
