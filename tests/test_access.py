"""The access matrix: every address × method × person. A new view fails here until its row stands."""

import io
from decimal import Decimal

import openpyxl
import pypdf
import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from benefits.actions import deviations, measuring
from innovasjon.access import ALLOWS, Permission, ProjectRole
from innovasjon.models import FrozenDocument
from reports.models import SavedView
from roadmap import actions
from roadmap.models import (
    Activity,
    Deliverable,
    GateCondition,
    GateDecision,
    ImportRow,
    LogEntry,
    Project,
    RelatedProject,
    Risk,
    SheetImport,
    TeamShare,
)
from stakeholders.models import AdvisoryInput, AdvisoryMeeting, Measure, ResponsibilityTask, Stakeholder
from tests.benefits.conftest import make_indicator
from tests.conftest import PEOPLE, TODAY, client_of

OPEN = "open"  # to anybody, logged in or not
LOGGED_IN = "logged in"
COLLEAGUE = "colleague"  # a role in the project's municipality
NEVER = "never"  # the method is not answered
OPERATOR = "operator"  # the site's operator alone
ASKED = "asked"  # the person who is asked to own a benefit: the fixture «owner»
MEASURE = "measure"  # as EDIT, and in a closed project too; the benefit's owner: see tests/benefits
RATES = "rates"  # those who set the municipality's rates
OWN = "own"  # only the person it belongs to: the owner of the project in these tests
CREATE = Permission.CREATE
VIEW, EDIT, MANAGE, ASK, DECIDE, CONFIDE = (
    Permission.VIEW,
    Permission.EDIT,
    Permission.MANAGE,
    Permission.ASK,
    Permission.DECIDE,
    Permission.CONFIDE,
)

# address name → (arguments, who may GET, who may POST)
MATRIX = {
    "innovasjon:theme": (["00558c"], OPEN, NEVER),
    "innovasjon:shield": (["0901", "0" * 64], NEVER, NEVER),  # none is uploaded: 404; see test_shields
    "innovasjon:switch_municipality": ([], NEVER, LOGGED_IN),
    "innovasjon:resume": ([], LOGGED_IN, LOGGED_IN),
    "innovasjon:help": ([], OPEN, NEVER),
    "innovasjon:privacy": ([], OPEN, NEVER),
    "innovasjon:accessibility": ([], OPEN, NEVER),
    "innovasjon:need_access": ([], OPEN, NEVER),
    "account_login": ([], OPEN, OPEN),
    "account_logout": ([], LOGGED_IN, LOGGED_IN),
    "account_signup": ([], OPEN, NEVER),
    "account_inactive": ([], OPEN, NEVER),
    "account_change_password": ([], LOGGED_IN, LOGGED_IN),
    "account_reset_password": ([], OPEN, OPEN),
    "account_reset_password_done": ([], OPEN, NEVER),
    "account_reset_password_from_key": (["1", "wrong-key"], OPEN, OPEN),
    "account_reset_password_from_key_done": ([], OPEN, NEVER),
    "roadmap:new_project": ([], CREATE, CREATE),
    "roadmap:project": (["slug"], VIEW, NEVER),
    "roadmap:edit_project": (["slug"], MANAGE, MANAGE),
    "roadmap:people": (["slug"], VIEW, MANAGE),
    "roadmap:remove_person": (["slug", "membership"], MANAGE, MANAGE),
    "roadmap:trail": (["slug"], VIEW, NEVER),
    "roadmap:ask_for_access": (["slug"], NEVER, COLLEAGUE),
    "roadmap:phases": (["slug"], VIEW, NEVER),
    "roadmap:phase": (["slug", 1], VIEW, NEVER),
    "roadmap:step": (["slug", 1, "1.1"], VIEW, NEVER),
    "roadmap:own_item": (["slug", 1, "1.1"], NEVER, EDIT),
    "roadmap:item": (["slug", 1, "1.1", "1.1a"], VIEW, NEVER),
    "roadmap:save_item": (["slug", "item"], NEVER, EDIT),
    "roadmap:keep_stored": (["slug", "item"], NEVER, EDIT),
    "roadmap:add_evidence": (["slug", "item"], NEVER, EDIT),
    "roadmap:remove_evidence": (["slug", "evidence"], EDIT, EDIT),
    "roadmap:gate": (["slug", 1], VIEW, DECIDE),
    "roadmap:ask_for_decision": (["slug", 1], NEVER, ASK),
    "roadmap:basis_pdf": (["slug", 1], VIEW, NEVER),
    "roadmap:decision": (["slug", "decision"], VIEW, NEVER),
    "roadmap:frozen_pdf": (["slug", "decision"], VIEW, NEVER),
    "roadmap:condition": (["slug", "condition"], VIEW, EDIT),
    "roadmap:plan": (["slug"], VIEW, NEVER),
    "roadmap:plan_sheet": (["slug", "csv"], VIEW, NEVER),
    "roadmap:new_activity": (["slug"], EDIT, EDIT),
    "roadmap:activity": (["slug", "activity"], EDIT, EDIT),
    "roadmap:move_activity": (["slug", "activity"], NEVER, EDIT),
    "roadmap:delete_activity": (["slug", "activity"], EDIT, EDIT),
    "roadmap:new_deliverable": (["slug"], EDIT, EDIT),
    "roadmap:deliverable": (["slug", "deliverable"], EDIT, EDIT),
    "roadmap:delete_deliverable": (["slug", "deliverable"], EDIT, EDIT),
    "roadmap:tolerances": (["slug"], MANAGE, MANAGE),
    "roadmap:new_share": (["slug"], EDIT, EDIT),
    "roadmap:share": (["slug", "share"], EDIT, EDIT),
    "roadmap:delete_share": (["slug", "share"], EDIT, EDIT),
    "roadmap:risks": (["slug"], VIEW, NEVER),
    "roadmap:new_risk": (["slug"], EDIT, EDIT),
    "roadmap:risk": (["slug", "risk"], EDIT, EDIT),
    "roadmap:delete_risk": (["slug", "risk"], EDIT, EDIT),
    "roadmap:project_log": (["slug"], VIEW, NEVER),
    "roadmap:new_entry": (["slug"], EDIT, EDIT),
    "roadmap:entry": (["slug", "entry"], EDIT, EDIT),
    "roadmap:delete_entry": (["slug", "entry"], EDIT, EDIT),
    "roadmap:related": (["slug"], VIEW, NEVER),
    "roadmap:new_related": (["slug"], EDIT, EDIT),
    "roadmap:related_project": (["slug", "related"], EDIT, EDIT),
    "roadmap:delete_related": (["slug", "related"], EDIT, EDIT),
    "roadmap:change_load": ([], LOGGED_IN, NEVER),
    "roadmap:experience": ([], LOGGED_IN, NEVER),
    "stakeholders:stakeholders": (["slug"], VIEW, NEVER),
    "stakeholders:sheet": (["slug", "csv"], VIEW, NEVER),
    "stakeholders:new": (["slug"], EDIT, EDIT),
    "stakeholders:review": (["slug"], NEVER, EDIT),
    "stakeholders:plan": (["slug"], VIEW, NEVER),
    "stakeholders:calendar_file": (["slug"], VIEW, NEVER),
    "stakeholders:subscription": (["slug"], VIEW, VIEW),
    "stakeholders:subscribed_calendar": (
        ["a-wrong-secret"],
        NEVER,
        NEVER,
    ),  # see tests/stakeholders/test_plan
    "stakeholders:advisory_group": (["slug"], VIEW, EDIT),
    "stakeholders:new_input": (["slug", "meeting"], EDIT, EDIT),
    "stakeholders:advisory_input": (["slug", "input"], EDIT, EDIT),
    "stakeholders:responsibility": (["slug"], VIEW, EDIT),
    "stakeholders:edit_task": (["slug", "task"], EDIT, EDIT),
    "stakeholders:delete_task": (["slug", "task"], EDIT, EDIT),
    "stakeholders:new_measure": (["slug"], EDIT, EDIT),
    "stakeholders:measure": (["slug", "measure"], EDIT, EDIT),
    "stakeholders:delete_measure": (["slug", "measure"], EDIT, EDIT),
    "stakeholders:stakeholder": (["slug", "stakeholder"], CONFIDE, NEVER),
    "stakeholders:edit": (["slug", "stakeholder"], EDIT, EDIT),
    "stakeholders:conversation": (["slug", "stakeholder"], EDIT, EDIT),
    "stakeholders:delete": (["slug", "stakeholder"], EDIT, EDIT),
    "benefits:across": ([], LOGGED_IN, NEVER),
    "benefits:rates": ([], LOGGED_IN, RATES),
    "benefits:budget_sheet": ([2026, "csv"], LOGGED_IN, NEVER),
    "benefits:benefits": (["slug"], VIEW, NEVER),
    "benefits:new": (["slug"], EDIT, EDIT),
    "benefits:sheet": (["slug", "csv"], VIEW, NEVER),
    "benefits:acceptance": (["slug"], VIEW, DECIDE),
    "benefits:benefit": (["slug", "benefit"], VIEW, NEVER),
    "benefits:edit": (["slug", "benefit"], EDIT, EDIT),
    "benefits:delete": (["slug", "benefit"], EDIT, EDIT),
    "benefits:calculate": (["slug", "benefit"], EDIT, EDIT),
    "benefits:years": (["slug", "benefit"], EDIT, EDIT),
    "benefits:answer": (["slug", "benefit"], ASKED, ASKED),
    "benefits:measure": (["slug", "benefit"], MEASURE, MEASURE),
    "benefits:correct": (["slug", "benefit", "measurement"], MEASURE, MEASURE),
    "benefits:cause": (["slug", "benefit", "deviation"], MEASURE, MEASURE),
    "benefits:new_action": (["slug", "benefit", "deviation"], MEASURE, MEASURE),
    "benefits:action": (["slug", "benefit", "action"], MEASURE, MEASURE),
    "benefits:new_indicator": (["slug", "benefit"], EDIT, EDIT),
    "benefits:indicator": (["slug", "benefit", "indicator"], VIEW, NEVER),
    "benefits:edit_indicator": (["slug", "benefit", "indicator"], EDIT, EDIT),
    "benefits:path": (["slug", "benefit", "indicator"], EDIT, EDIT),
    "benefits:delete_indicator": (["slug", "benefit", "indicator"], EDIT, EDIT),
    "benefits:measure_indicator": (["slug", "benefit", "indicator"], MEASURE, MEASURE),
    "benefits:postpone": (["slug", "benefit", "indicator"], MEASURE, MEASURE),
    "stakeholders:import_file": (["slug"], EDIT, EDIT),
    "stakeholders:import_template": (["slug"], EDIT, NEVER),
    "stakeholders:import_columns": (["slug", "import"], EDIT, EDIT),
    "stakeholders:import_review": (["slug", "import"], EDIT, EDIT),
    "stakeholders:import_faults": (["slug", "import"], EDIT, NEVER),
    "stakeholders:import_done": (["slug", "import"], EDIT, NEVER),
    "stakeholders:import_undo": (["slug", "import"], EDIT, EDIT),
    "stakeholders:import_progress": (["slug", "import"], EDIT, NEVER),
    "reports:my_page": ([], LOGGED_IN, NEVER),
    "reports:landing": ([], LOGGED_IN, NEVER),
    "reports:reminders": ([], LOGGED_IN, LOGGED_IN),
    "reports:tasks_calendar": (["a-wrong-secret"], NEVER, NEVER),  # see tests/reports/test_my_page
    "reports:stop_weekly_mail": (["a-wrong-secret"], NEVER, NEVER),  # see tests/reports/test_weekly_mail
    "reports:portfolio": ([], LOGGED_IN, NEVER),
    "reports:portfolio_sheet": ([], LOGGED_IN, NEVER),
    "reports:portfolio_pdf": ([], LOGGED_IN, NEVER),
    "reports:save_view": ([], NEVER, LOGGED_IN),
    "reports:delete_view": (["view"], OWN, OWN),
    "reports:status_report": (["slug"], VIEW, NEVER),
    "reports:status_report_pdf": (["slug"], VIEW, NEVER),
    "reports:plan_pdf": (["slug"], VIEW, NEVER),
}
POSTED = {"roadmap:save_item": {"note": "x"}, "roadmap:keep_stored": {"field": "note", "note": "x"}}
ANSWERED = {200, 302, 422}


def all_names(resolver=None, prefix=""):
    """Every named address of ours; Django's admin is one row of its own below."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name == "admin":
                continue
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from all_names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


def test_every_address_has_a_row():
    assert set(all_names()) == set(MATRIX)


def furnish(project, owner):
    """Give a project one of everything an address can name. Returns name → argument."""
    item = project.rounds.get(phase=1).items.get(key="1.1a")
    evidence = actions.add_evidence(item=item, title="Referat", url="https://example.no/referat", by=owner)
    document = FrozenDocument.freeze(
        b"%PDF-1.7 basis",
        municipality=project.municipality,
        media_type="application/pdf",
        title="Basis",
        language="nb",
        data={},
        by=owner,
        now=timezone.now(),
    )
    decision = GateDecision.objects.create(
        project=project,
        round=project.rounds.get(phase=1),
        phase=1,
        outcome="proceed_with_conditions",
        rationale="Fordi",
        decided_by=owner,
        decided_by_name=owner.name,
        decided_as="owner",
        decided_at=timezone.now(),
        document=document,
    )
    condition = GateCondition.objects.create(
        decision=decision, text="Lær opp", responsible=owner, due_on=TODAY
    )
    stakeholder = Stakeholder.objects.create(project=project, name="Tillitsvalgte", main_group="employee")
    measure = Measure.objects.create(stakeholder=stakeholder, what="Møte", channel="meeting", phase=1)
    meeting = AdvisoryMeeting.objects.create(project=project, on=TODAY, topic="Opplæring")
    entry = AdvisoryInput.objects.create(meeting=meeting, text="Begynn med kvelden")
    task = ResponsibilityTask.objects.create(project=project, name="Fylle dispensere", accountable=owner)
    indicator = make_indicator(project, by=owner, asked=owner)
    deviation = measuring.record_measurement(
        indicator=indicator, on=TODAY, value=Decimal(348), by=owner
    ).deviation
    corrective = deviations.add_action(
        deviation=deviation, what="Lær opp kveldsvakter", responsible=owner, due_on=TODAY, by=owner
    )
    sheet_import = SheetImport.objects.create(
        project=project,
        kind="stakeholders",
        file_name="register.xlsx",
        heading_row=1,
        headings=["Interessent"],
        mapping={"name": 0},
        state="checked",
        by=owner,
    )
    ImportRow.objects.create(sheet_import=sheet_import, number=2, texts={"name": "Fastlegene"})
    view = SavedView.objects.create(user=owner, municipality=project.municipality, name="Mine")
    return {
        "benefit": indicator.benefit_id,
        "indicator": indicator.pk,
        "measurement": deviation.opened_by_id,
        "deviation": deviation.pk,
        "action": corrective.pk,
        "import": sheet_import.pk,
        "view": view.pk,
        **furnish_plan(project, owner),
        "meeting": meeting.pk,
        "input": entry.pk,
        "task": task.pk,
        "stakeholder": stakeholder.pk,
        "measure": measure.pk,
        "slug": project.slug,
        "item": item.pk,
        "evidence": evidence.pk,
        "membership": project.memberships.get(role=ProjectRole.MEMBER).pk,
        "decision": decision.pk,
        "condition": condition.pk,
    }


def furnish_plan(project, owner):
    activity = Activity.objects.create(
        project=project,
        phase=1,
        name="Snakk med alle",
        starts_on=TODAY,
        ends_on=TODAY,
        kind="pilot",
        unit="Nord",
    )
    deliverable = Deliverable.objects.create(project=project, phase=1, name="Prosjektpresentasjon")
    share = TeamShare.objects.create(project=project, user=owner, share="0.1")
    risk = Risk.objects.create(project=project, event="Ingen vil", likelihood=5, consequence=5)
    entry = LogEntry.objects.create(
        project=project, on=TODAY, text="Det gikk", for_experience_log=True, lesson="Spør først", by=owner
    )
    related = RelatedProject.objects.create(project=project, title="Det samme", who="Et annet sted")
    return {
        "activity": activity.pk,
        "deliverable": deliverable.pk,
        "share": share.pk,
        "risk": risk.pk,
        "entry": entry.pk,
        "related": related.pk,
    }


@pytest.fixture
def people(request):
    return {name: request.getfixturevalue(name) for name in PEOPLE}


@pytest.fixture
def clients(people):
    return {name: client_of(user) for name, user in people.items()} | {"anonymous": Client()}


def address(name, place):
    return reverse(name, args=[place.get(part, part) for part in MATRIX[name][0]])


def asked(client, method, url, data):
    """Ask, and undo whatever the answer did."""
    with transaction.atomic():
        response = client.post(url, data) if method == "POST" else client.get(url)
        transaction.set_rollback(True)
    return response


def roles_of(project, user):
    membership = user.memberships.filter(municipality=project.municipality_id).first()
    part = project.memberships.filter(user=user).first()
    return [membership and membership.role, part and part.role]


def permitted(rule, project, user) -> bool:
    rule = EDIT if rule == MEASURE else rule
    return any(rule in ALLOWS[role] for role in roles_of(project, user) if role)


def expected(rule, name, person, project, user):
    """Return the statuses the matrix allows for an answer."""
    if person == "anonymous":
        return ANSWERED if rule == OPEN else ({405, 302, 404} if rule == NEVER else {302})
    if rule == NEVER:
        return {405, 404}
    if rule in (OPEN, LOGGED_IN):
        return ANSWERED if name != "innovasjon:switch_municipality" else {404}  # no municipality is named
    if rule == OWN:
        return ANSWERED if person == "owner" else {404}
    if rule == CREATE:
        return ANSWERED if any(CREATE in ALLOWS[m.role] for m in user.memberships.all()) else {403}
    if rule == RATES:
        return ANSWERED if person in ("manager", "administrator", "stranger") else {404}  # each in its own
    if person == "stranger":
        return {404}
    if rule == ASKED:
        return ANSWERED if person == "owner" else {403}
    return ANSWERED if rule == COLLEAGUE or permitted(rule, project, user) else {403}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", MATRIX)
def test_address_answers_only_those_who_may(name, method, project, people, clients, owner):
    place = furnish(project, owner)
    rule = MATRIX[name][1 if method == "GET" else 2]
    url = address(name, place)
    wrong = {}
    for person, client in clients.items():
        response = asked(client, method, url, POSTED.get(name, {}))
        allowed = expected(rule, name, person, project, people.get(person))
        if response.status_code not in allowed:
            wrong[person] = (response.status_code, allowed)
        if person == "anonymous" and rule not in (OPEN, NEVER):
            assert reverse("account_login") in response["Location"]
    assert not wrong


PROJECT_PAGES = [name for name, row in MATRIX.items() if "slug" in row[0]]


@pytest.mark.parametrize("name", PROJECT_PAGES)
def test_restricted_project_is_closed_to_colleagues_outside_it(
    name, restricted_project, people, clients, owner
):
    place = furnish(restricted_project, owner)
    url = address(name, place)
    _arguments, get, post = MATRIX[name]
    method, rule = ("GET", get) if get != NEVER else ("POST", post)
    for person, user in people.items():
        response = asked(clients[person], method, url, POSTED.get(name, {}))
        sees = permitted(Permission.VIEW_RESTRICTED, restricted_project, user) and permitted(
            rule, restricted_project, user
        )
        if rule == ASKED:
            sees = person == "owner"
        if rule == COLLEAGUE:
            assert response.status_code == (404 if person == "stranger" else 302)
        elif person == "stranger":
            assert response.status_code == 404
        else:
            assert response.status_code in (ANSWERED if sees else {403}), person
        if person == "reader" and rule != COLLEAGUE:
            assert "Hemmelig omstilling" not in response.content.decode()


@pytest.mark.parametrize("name", [n for n in PROJECT_PAGES if MATRIX[n][2] in (EDIT, MANAGE, ASK)])
def test_closed_project_is_changed_by_nobody(name, project, people, clients, owner):
    place = furnish(project, owner)
    Project.objects.filter(pk=project.pk).update(status="closed", closed_on=TODAY)
    for person in people.keys() - {"stranger"}:
        response = asked(clients[person], "POST", address(name, place), POSTED.get(name, {}))
        assert response.status_code == 403, person


CHILDREN = [
    n
    for n in PROJECT_PAGES
    if len(MATRIX[n][0]) >= 2 and isinstance(MATRIX[n][0][1], str) and MATRIX[n][0][1] != "csv"
]


@pytest.mark.parametrize("name", CHILDREN)
def test_row_is_not_reached_through_another_project(name, project, other_project, owner, leader, stranger):
    """The door of one's own project does not open to what stands in another."""
    theirs = furnish_without_member(other_project, stranger)
    place = {**theirs, "slug": project.slug}
    method = "GET" if MATRIX[name][1] != NEVER else "POST"
    for user in (owner, leader):
        assert asked(client_of(user), method, address(name, place), POSTED.get(name, {})).status_code in {
            403,
            404,
        }
        if MATRIX[name][1] != NEVER and MATRIX[name][2] != NEVER:
            response = asked(client_of(user), "POST", address(name, place), POSTED.get(name, {}))
            assert response.status_code in {403, 404}


def furnish_without_member(project, owner):
    membership = project.memberships.get(user=owner)
    membership.role = ProjectRole.MEMBER
    membership.save()
    return furnish(project, owner)


def text_of(response) -> str:
    """What a person can read in an answer, page or PDF."""
    if "spreadsheet" in response["Content-Type"]:
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        return " ".join(str(c) for page in book for row in page.iter_rows(values_only=True) for c in row)
    if response["Content-Type"] != "application/pdf" or not response.content.rstrip().endswith(b"%%EOF"):
        return response.content.decode(errors="ignore")
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    return str(reader.metadata) + " ".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("person", [p for p in PEOPLE if p != "stranger"])
def test_no_page_shows_another_municipality(person, project, other_project, clients, owner):
    """Every page this person may open, searched for the neighbour's project."""
    place = furnish(project, owner)
    for name, (_arguments, get, _post) in MATRIX.items():
        if get in (NEVER, OPEN):
            continue
        text = text_of(clients[person].get(address(name, place), follow=True))
        assert "Naboens prosjekt" not in text, name
        assert "Annenvik" not in text, name
    found = clients[person].get(reverse("reports:portfolio"), {"q": "Naboens"}).content.decode()
    assert other_project.slug not in found


def test_stranger_sees_the_neighbours_own(other_project, clients):
    """There is something to leak: to its own people the project is on the list."""
    assert "Naboens prosjekt" in clients["stranger"].get(reverse("reports:portfolio")).content.decode()


def test_list_leaves_out_what_the_person_may_not_see(project, restricted_project, clients):
    listed = {
        person: "Hemmelig omstilling" in client.get(reverse("reports:portfolio")).content.decode()
        for person, client in clients.items()
        if person not in ("stranger", "anonymous")
    }
    assert listed == {
        "owner": True,
        "leader": True,
        "member": True,
        "observer": True,
        "manager": True,
        "administrator": True,
        "reader": False,
    }


def test_operators_pages_are_closed_to_everybody_else(clients, people):
    for person, client in clients.items():
        assert client.get("/drift/").status_code == 302, person
    people["administrator"].is_staff = people["administrator"].is_superuser = True
    people["administrator"].save()
    assert "drift/innovasjon/user/" in clients["administrator"].get("/drift/").content.decode()


def test_person_who_lost_the_role_sees_nothing(project, leader, leader_client):
    leader.memberships.all().delete()
    assert leader_client.get(project.get_absolute_url()).status_code == 404
    assert project.slug not in leader_client.get(reverse("reports:portfolio")).content.decode()
