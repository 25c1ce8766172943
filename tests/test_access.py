"""The access matrix: every address × method × person. A new view fails here until its row stands."""

import io
import re
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path

import openpyxl
import pypdf
import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from innovasjon.access import ALLOWS, Permission
from innovasjon.models import User
from reports import pdf
from roadmap.models import Project
from tests.benefits import access_rows
from tests.conftest import (
    PEOPLE,
    TODAY,
    WHO,
    client_of,
    make_municipality,
    make_other_municipality,
    make_other_project,
    make_person,
    make_project,
    make_restricted_project,
)
from tests.furnish import PLAN_IMPORTS, furnish, furnish_without_member
from tests.test_queries import MOST

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
VIEW, EDIT, MANAGE, ASK, DECIDE, APPOINT, CONFIDE = (
    Permission.VIEW,
    Permission.EDIT,
    Permission.MANAGE,
    Permission.ASK,
    Permission.DECIDE,
    Permission.APPOINT,
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
    "roadmap:new_owner": (["slug"], APPOINT, APPOINT),
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
    "roadmap:agree_plan": (["slug"], MANAGE, MANAGE),
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
    "roadmap:tool_sheet": (["slug", "risiko", "csv"], VIEW, NEVER),
    **{
        f"roadmap:{namespace}:import_{name}": (
            ["slug"] if name in ("file", "template") else ["slug", f"{kind}_import"],
            EDIT,
            EDIT if name in ("file", "columns", "review", "undo") else NEVER,
        )
        for namespace, kind in PLAN_IMPORTS.items()
        for name in ("file", "template", "columns", "review", "faults", "done", "undo", "progress")
    },
    "roadmap:change_load": ([], LOGGED_IN, NEVER),
    "roadmap:experience": ([], LOGGED_IN, NEVER),
    "stakeholders:stakeholders": (["slug"], VIEW, NEVER),
    "stakeholders:sheet": (["slug", "csv"], VIEW, NEVER),
    "stakeholders:new": (["slug"], EDIT, EDIT),
    "stakeholders:review": (["slug"], NEVER, EDIT),
    "stakeholders:plan": (["slug"], VIEW, NEVER),
    "stakeholders:plan_sheet": (["slug", "csv"], VIEW, NEVER),
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
    "benefits:check_measurement": (["slug", "benefit", "indicator"], MEASURE, NEVER),
    "benefits:postpone": (["slug", "benefit", "indicator"], MEASURE, MEASURE),
    "roadmap:story": (["slug"], VIEW, NEVER),
    "roadmap:edit_story": (["slug"], EDIT, EDIT),
    "roadmap:picture": (["slug", "picture"], VIEW, NEVER),
    "roadmap:new_story_part": (["slug", "tall"], EDIT, EDIT),
    "roadmap:edit_story_part": (["slug", "tall", "number"], EDIT, EDIT),
    "roadmap:delete_story_part": (["slug", "tall", "number"], EDIT, EDIT),
    "reports:presentations": (["slug"], VIEW, NEVER),
    "reports:new_presentation": (["slug"], EDIT, EDIT),
    "reports:presentation": (["slug", "presentation"], VIEW, NEVER),
    "reports:edit_presentation": (["slug", "presentation"], EDIT, EDIT),
    "reports:delete_presentation": (["slug", "presentation"], EDIT, EDIT),
    "reports:show_presentation": (["slug", "presentation"], VIEW, NEVER),
    "reports:presentation_downloads": (["slug", "presentation"], VIEW, NEVER),
    "reports:presentation_pdf": (["slug", "presentation"], VIEW, NEVER),
    "reports:presentation_pptx": (["slug", "presentation"], VIEW, NEVER),
    "reports:add_slide": (["slug", "presentation"], NEVER, EDIT),
    "reports:slide": (["slug", "presentation", "slide"], VIEW, EDIT),
    "reports:move_slide": (["slug", "presentation", "slide"], NEVER, EDIT),
    "reports:take_out_slide": (["slug", "presentation", "slide"], NEVER, EDIT),
    "reports:settle_stale": (["slug", "presentation", "slide"], NEVER, EDIT),
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
    "reports:profile": ([], LOGGED_IN, LOGGED_IN),
    "reports:reminders": ([], LOGGED_IN, NEVER),
    "reports:tasks_calendar": (["a-wrong-secret"], NEVER, NEVER),  # see tests/reports/test_my_page
    "reports:stop_weekly_mail": (["a-wrong-secret"], NEVER, NEVER),  # see tests/reports/test_weekly_mail
    "reports:portfolio": ([], LOGGED_IN, NEVER),
    "reports:portfolio_sheet": ([], LOGGED_IN, NEVER),
    "reports:portfolio_pdf": ([], LOGGED_IN, NEVER),
    "reports:save_view": ([], NEVER, LOGGED_IN),
    "reports:delete_view": (["view"], OWN, OWN),
    "api:api-root": ([], NEVER, NEVER),
    "api:openapi-json": ([], LOGGED_IN, LOGGED_IN),
    "api:projects": ([], LOGGED_IN, NEVER),
    "api:benefits": (["slug"], VIEW, NEVER),
    "reports:plan_pdf": (["slug"], VIEW, NEVER),
    "reports:archive": ([], LOGGED_IN, NEVER),
    "reports:status_reports": (["slug"], VIEW, NEVER),
    "reports:start": (["slug"], NEVER, MANAGE),
    "reports:today_pdf": (["slug"], VIEW, NEVER),
    "reports:report": (["slug", "2026-12"], VIEW, MANAGE),
    "reports:publish": (["slug", "2026-11"], MANAGE, MANAGE),
    "reports:correct": (["slug", "2026-11"], NEVER, MANAGE),
    "reports:read": (["slug", "2026-11"], NEVER, DECIDE),
    "reports:preview_pdf": (["slug", "2026-12"], EDIT, NEVER),
    "reports:edition_pdf": (["slug", "2026-11", 1], VIEW, NEVER),
    "reports:case_of_report_docx": (["slug", "2026-11"], EDIT, NEVER),
    "reports:case_of_gate_docx": (["slug", 1], EDIT, NEVER),
    "reports:involvement_plan_pdf": (["slug"], VIEW, NEVER),
    "reports:documents": (["slug"], VIEW, NEVER),
    "reports:archive_package": (["slug"], MANAGE, MANAGE),
    "reports:basis_pdf": (["slug", 1], VIEW, NEVER),
    "reports:job": (["slug", "job"], VIEW, NEVER),
    "reports:job_file": (["slug", "job"], VIEW, NEVER),
    "reports:own_job": (["own_job"], OWN, NEVER),
    "reports:own_job_file": (["own_job"], OWN, NEVER),
    "reports:revoke_link": (["slug", "link"], MANAGE, MANAGE),
    "reports:document": (["slug", "document"], MANAGE, MANAGE),
    "reports:document_pdf": (["slug", "document"], VIEW, NEVER),
    "reports:openness": (["slug", "document"], NEVER, MANAGE),
    "reports:shared": (["a-wrong-secret"], NEVER, NEVER),  # see tests/reports/test_read_links
    "reports:shared_pdf": (["a-wrong-secret"], NEVER, NEVER),
}
MATRIX |= access_rows.ROWS
POSTED = {"roadmap:save_item": {"note": "x"}, "roadmap:keep_stored": {"field": "note", "note": "x"}}
ANSWERED = {200, 301, 302, 422}


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


@dataclass
class Town:
    """A furnished municipality with its neighbour, made once for all tests of this module."""

    people: dict
    project: Project
    place: dict  # what stands in the place of an address's arguments
    restricted: Project
    restricted_place: dict
    other: Project
    other_place: dict
    files: Path


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, tmp_path_factory):
    """Everything an address can name; what a test does to it is undone by the test's own transaction."""
    files = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files), transaction.atomic():
        here, there = make_municipality(), make_other_municipality()
        people = {n: make_person(there if n == "stranger" else here, *who) for n, who in WHO.items()}
        parts = {part: people[part] for part in ("owner", "leader", "member", "observer")}
        project = make_project(here, **parts)
        restricted = make_restricted_project(here, **parts)
        other = make_other_project(there, people["stranger"])
        yield Town(
            people=people,
            project=project,
            place=furnish(project, people["owner"]),
            restricted=restricted,
            restricted_place=furnish(restricted, people["owner"]),
            other=other,
            other_place=furnish_without_member(other, people["stranger"]),
            files=files,
        )
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _own_files(settings, town):
    settings.MEDIA_ROOT = town.files


@pytest.fixture(scope="module", autouse=True)
def _each_document_once():
    """The same HTML gives the same bytes (see tests/reports): laid out for the first reader alone."""
    made, lay_out, write = {}, pdf.laid_out, pdf.written

    def written(_document, html, variant):
        key = (html, variant)
        if key not in made:
            made[key] = write(lay_out(html, variant), html, variant)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "laid_out", lambda html, variant: None)
        patch.setattr(pdf, "written", written)
        yield


@pytest.fixture
def people(town, db):
    """Everybody read anew: what one test changes in a person is gone for the next."""
    return {name: User.objects.get(pk=user.pk) for name, user in town.people.items()}


@pytest.fixture
def project(town, db):
    return Project.objects.select_related("municipality").get(pk=town.project.pk)


def client_for(person, people):
    return Client() if person == "anonymous" else client_of(people[person])


@pytest.fixture
def clients(people):
    return {name: client_for(name, people) for name in [*PEOPLE, "anonymous"]}


def address(name, place):
    return reverse(name, args=[place.get(part, part) for part in MATRIX[name][0]])


@contextmanager
def undone(client):
    """Undo whatever is asked, to the database and to the client's cookies."""
    before = {name: cookie.value for name, cookie in client.cookies.items()}
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(before)


def asked(client, method, url, data=None):
    with undone(client):
        return client.post(url, data or {}) if method == "POST" else client.get(url)


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


DOCUMENTS = ("_pdf", "_docx")
EVERYBODY = pytest.mark.parametrize("person", [*PEOPLE, "anonymous"])
FOREIGN = {name: ["Naboens prosjekt", "Annenvik"] for name in PEOPLE}  # words a person must not read
FOREIGN["reader"] += ["Hemmelig omstilling"]
FOREIGN["stranger"] = FOREIGN["anonymous"] = ["Trygg hjemme", "Hemmelig omstilling", "Prøvevik"]


def questions(client, url):
    """Return the answer, and how many times the page asked the database."""
    count = 0

    def counted(execute, *args):
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counted):
        response = client.get(url)
    return response, count


@EVERYBODY
def test_person_sees_only_what_the_matrix_says(person, town, project, people):
    """One walk over all addresses: who is answered, what stands there, and how often it asks the database.

    Making a page costs more than looking at it, so it is looked at from all three sides.
    """
    client = client_for(person, people)
    wrong, foreign, dear = {}, {}, {}
    for name, (_arguments, rule, _post) in MATRIX.items():
        url = address(name, town.place)
        with undone(client):
            response, count = questions(client, url)
            if count > MOST:  # the first visitor may pay for what is kept; the second may not
                count = questions(client, url)[1]
            shown = client.get(response["Location"], follow=True) if "Location" in response else response
        allowed = expected(rule, name, person, project, people.get(person))
        if response.status_code not in allowed:
            wrong[name] = (response.status_code, allowed)
        if person == "anonymous" and rule not in (OPEN, NEVER):
            assert reverse("account_login") in response["Location"], name
        if found := [word for word in FOREIGN[person] if word in text_of(shown)]:
            foreign[name] = found
        if rule not in (NEVER, OPEN) and not name.endswith(DOCUMENTS) and count > MOST:
            dear[name] = count
    assert not wrong
    assert not foreign
    assert not dear


@EVERYBODY
def test_person_changes_only_what_the_matrix_says(person, town, project, people):
    client = client_for(person, people)
    wrong = {}
    for name, (_arguments, _get, rule) in MATRIX.items():
        response = asked(client, "POST", address(name, town.place), POSTED.get(name))
        allowed = expected(rule, name, person, project, people.get(person))
        if response.status_code not in allowed:
            wrong[name] = (response.status_code, allowed)
        if person == "anonymous" and rule not in (OPEN, NEVER):
            assert reverse("account_login") in response["Location"], name
    assert not wrong


PROJECT_PAGES = [name for name, row in MATRIX.items() if "slug" in row[0]]


@pytest.mark.parametrize("person", PEOPLE)
def test_restricted_project_is_closed_to_colleagues_outside_it(person, town, people):
    user, client, project = people[person], client_for(person, people), town.restricted
    may_see = permitted(Permission.VIEW_RESTRICTED, project, user)
    wrong = {}
    for name in PROJECT_PAGES:
        _arguments, get, post = MATRIX[name]
        method, rule = ("GET", get) if get != NEVER else ("POST", post)
        response = asked(client, method, address(name, town.restricted_place), POSTED.get(name))
        sees = may_see and permitted(rule, project, user)
        if rule == ASKED:
            sees = person == "owner"
        if rule == COLLEAGUE:
            allowed = {404} if person == "stranger" else {302}
        elif person == "stranger":
            allowed = {404}
        else:
            allowed = ANSWERED if sees else {403}
        if response.status_code not in allowed:
            wrong[name] = (response.status_code, allowed)
        if person == "reader" and rule != COLLEAGUE and project.name in response.content.decode():
            wrong[name] = project.name
    assert not wrong


@pytest.mark.parametrize("person", [p for p in PEOPLE if p != "stranger"])
def test_closed_project_is_changed_by_nobody(person, town, people):
    client = client_for(person, people)
    Project.objects.filter(pk=town.project.pk).update(status="closed", closed_on=TODAY)
    answers = {
        name: asked(client, "POST", address(name, town.place), POSTED.get(name)).status_code
        for name in PROJECT_PAGES
        if MATRIX[name][2] in (EDIT, MANAGE, ASK, APPOINT)
    }
    assert set(answers.values()) == {403}, answers


NOT_A_ROW = {"slug", "csv", "tall", "1.1", "1.1a"}  # the rest of the words name something of a project
CHILDREN = [
    n
    for n in PROJECT_PAGES
    if isinstance(MATRIX[n][0][-1], str) and MATRIX[n][0][-1].isalpha() and MATRIX[n][0][-1] not in NOT_A_ROW
]


@pytest.mark.parametrize("person", ["owner", "leader"])
def test_row_is_not_reached_through_another_project(person, town, people):
    """The door of one's own project does not open to what stands in another."""
    client, place = client_for(person, people), {**town.other_place, "slug": town.project.slug}
    answers = {
        (name, method): asked(client, method, address(name, place), POSTED.get(name)).status_code
        for name in CHILDREN
        for method, rule in zip(("GET", "POST"), MATRIX[name][1:], strict=True)
        if rule != NEVER
    }
    assert set(answers.values()) <= {403, 404}, answers


def text_of(response) -> str:
    """What a person can read in an answer, page or PDF."""
    if "spreadsheetml" in response["Content-Type"]:
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        return " ".join(str(c) for page in book for row in page.iter_rows(values_only=True) for c in row)
    if response.content.startswith(b"PK"):  # a presentation, a document, an OpenDocument sheet
        archive = zipfile.ZipFile(io.BytesIO(response.content))
        names = [
            n for n in archive.namelist() if n.endswith(".xml") and not n.startswith(("docProps", "meta"))
        ]
        return " ".join(re.sub("<[^>]+>", " ", archive.read(name).decode()) for name in names)
    if response["Content-Type"] != "application/pdf" or not response.content.rstrip().endswith(b"%%EOF"):
        return response.content.decode(errors="ignore")
    return text_of_pdf(response.content)


@cache
def text_of_pdf(content: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(content))
    return str(reader.metadata) + " ".join(page.extract_text() for page in reader.pages)


def test_search_does_not_find_another_municipality(town, clients):
    for person, client in clients.items():
        if person not in ("stranger", "anonymous"):
            found = client.get(reverse("reports:portfolio"), {"q": "Naboens"}).content.decode()
            assert town.other.slug not in found, person


def test_stranger_sees_the_neighbours_own(clients):
    """There is something to leak: to its own people the project is on the list."""
    assert "Naboens prosjekt" in clients["stranger"].get(reverse("reports:portfolio")).content.decode()


def test_list_leaves_out_what_the_person_may_not_see(clients):
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


def test_person_who_lost_the_role_sees_nothing(project, people, clients):
    people["leader"].memberships.all().delete()
    assert clients["leader"].get(project.get_absolute_url()).status_code == 404
    assert project.slug not in clients["leader"].get(reverse("reports:portfolio")).content.decode()
