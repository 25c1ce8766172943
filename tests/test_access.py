"""The access matrix: every address × method × person. A new view fails here until its row stands."""

import hashlib
import io
import re
import zipfile
from datetime import timedelta
from decimal import Decimal
from http.cookies import SimpleCookie

import openpyxl
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from PIL import Image

from benefits.actions import deviations, measuring
from innovasjon import tokens
from innovasjon.access import ALLOWS, Permission, ProjectRole
from innovasjon.models import FrozenDocument, Token
from reports import jobs
from reports.models import DocumentJob, ReportEdition, SavedView, StatusReport
from reports.presentations.actions import start_presentation
from reports.status_reports.data import as_data
from reports.summaries import project_summary
from roadmap import actions, gates, pictures
from roadmap.models import (
    Activity,
    Deliverable,
    GateCondition,
    GateDecision,
    ImportRow,
    KeyNumber,
    LogEntry,
    Picture,
    Project,
    RelatedProject,
    Risk,
    SheetImport,
    TeamShare,
)
from stakeholders.models import AdvisoryInput, AdvisoryMeeting, Measure, ResponsibilityTask, Stakeholder
from tests.benefits import access_rows
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
    "roadmap:plan:import_file": (["slug"], EDIT, EDIT),
    "roadmap:plan:import_template": (["slug"], EDIT, NEVER),
    "roadmap:plan:import_columns": (["slug", "plan_import"], EDIT, EDIT),
    "roadmap:plan:import_review": (["slug", "plan_import"], EDIT, EDIT),
    "roadmap:plan:import_faults": (["slug", "plan_import"], EDIT, NEVER),
    "roadmap:plan:import_done": (["slug", "plan_import"], EDIT, NEVER),
    "roadmap:plan:import_undo": (["slug", "plan_import"], EDIT, EDIT),
    "roadmap:plan:import_progress": (["slug", "plan_import"], EDIT, NEVER),
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
    "reports:reminders": ([], LOGGED_IN, LOGGED_IN),
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
    "reports:job": (["slug", "job"], VIEW, NEVER),
    "reports:job_file": (["slug", "job"], VIEW, NEVER),
    "reports:revoke_link": (["slug", "link"], MANAGE, MANAGE),
    "reports:document": (["slug", "document"], MANAGE, MANAGE),
    "reports:document_pdf": (["slug", "document"], VIEW, NEVER),
    "reports:openness": (["slug", "document"], NEVER, MANAGE),
    "reports:shared": (["a-wrong-secret"], NEVER, NEVER),  # see tests/reports/test_read_links
    "reports:shared_pdf": (["a-wrong-secret"], NEVER, NEVER),
}
MATRIX |= access_rows.ROWS
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


def picture_file():
    content = io.BytesIO()
    Image.new("RGB", (16, 9)).save(content, "PNG")
    return SimpleUploadedFile("bilde.png", content.getvalue())


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
        data={"basis": gates.basis(gates.gate(project, 1)), "decision": None},
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
    number = KeyNumber.objects.create(
        project=project, name="Turer", value=1480, unit="turer", source="fagsystemet", year=2026
    )
    drawn = pictures.draw(picture_file())
    pictures.store(drawn)
    picture = Picture.objects.create(
        project=project,
        sha256=drawn.digest,
        width=drawn.width,
        height=drawn.height,
        alternative="Kjøkken",
        consent="Ingen",
        added_by=owner,
    )
    presentation = start_presentation(
        project=project,
        title="Til ledergruppen",
        audience="leaders",
        meeting_on=None,
        by=owner,
        now=timezone.localtime(),
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
    job = furnish_reports(project, document, owner)
    return {
        **access_rows.furnish_after(project, indicator, owner),
        "benefit": indicator.benefit_id,
        "indicator": indicator.pk,
        "measurement": deviation.opened_by_id,
        "deviation": deviation.pk,
        "action": corrective.pk,
        "number": number.pk,
        "picture": picture.pk,
        "presentation": presentation.pk,
        "slide": presentation.slides.first().pk,
        "import": sheet_import.pk,
        "view": view.pk,
        **furnish_plan(project, owner),
        "job": job.pk,
        "document": document.pk,
        "link": Token.objects.get(project_id=project.pk, purpose=Token.Purpose.READ).pk,
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
    plan_import = SheetImport.objects.create(
        project=project,
        kind="activities",
        file_name="register.xlsx",
        heading_row=1,
        headings=["Interessent"],
        mapping={"name": 0},
        state="checked",
        by=owner,
    )
    related = RelatedProject.objects.create(project=project, title="Det samme", who="Et annet sted")
    return {
        "plan_import": plan_import.pk,
        "activity": activity.pk,
        "deliverable": deliverable.pk,
        "share": share.pk,
        "risk": risk.pk,
        "entry": entry.pk,
        "related": related.pk,
    }


def furnish_reports(project, document, owner):
    """A draft of December, a published report of November, a private link, and a document that is made."""
    StatusReport.objects.create(project=project, year=2026, month=12, started_by=owner)
    report = StatusReport.objects.create(
        project=project, year=2026, month=11, open_version=None, started_by=owner
    )
    words = {"period": "2026-11", "version": 1, "condition": "on_track", "condition_reason": ""}
    words |= {"headline": "Det går bra.", "happened": "", "ask": "", "correction": "", "news": []}
    summary = project_summary(project, since=TODAY, now=timezone.now())
    frozen = FrozenDocument.freeze(
        b"%PDF-1.7 report",
        municipality=project.municipality,
        media_type="application/pdf",
        title="Statusrapport",
        language="nb",
        data=as_data(summary, {**words, "published_by": ""}),
        by=owner,
        now=timezone.now(),
    )
    ReportEdition.objects.create(
        report=report,
        version=1,
        condition="on_track",
        headline="Det går bra.",
        published_by=owner,
        published_by_name=owner.name,
        published_at=timezone.now(),
        document=frozen,
        archive_document=frozen,
    )
    tokens.make(
        purpose=Token.Purpose.READ,
        user=owner,
        project_id=project.pk,
        target_id=document.pk,
        label="styringsgruppa",
        expires_at=timezone.now() + timedelta(days=9),
    )
    job = DocumentJob.objects.create(
        project=project,
        kind="status_report",
        variant="folk",
        data={},
        digest=f"{project.pk}",
        name="rapport.pdf",
        state="done",
        asked_at=timezone.now(),
        sha256=hashlib.sha256(b"%PDF-1.7 made").hexdigest(),
    )
    jobs.keep(job, b"%PDF-1.7 made")
    return job


@pytest.fixture
def people(request):
    return {name: request.getfixturevalue(name) for name in PEOPLE}


@pytest.fixture
def clients(people):
    return {name: client_of(user) for name, user in people.items()} | {"anonymous": Client()}


def address(name, place):
    return reverse(name, args=[place.get(part, part) for part in MATRIX[name][0]])


def asked(client, method, url, data):
    """Ask, and undo whatever the answer did, to the database and to the client's cookies."""
    before = {name: cookie.value for name, cookie in client.cookies.items()}
    with transaction.atomic():
        response = client.post(url, data) if method == "POST" else client.get(url)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(before)
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
@pytest.mark.parametrize("person", [*PEOPLE, "anonymous"])
def test_person_is_answered_only_where_the_matrix_says(person, method, project, people, clients, owner):
    """One project for all addresses: making it costs more than asking."""
    place = furnish(project, owner)
    wrong = {}
    for name, (_arguments, get, post) in MATRIX.items():
        rule = get if method == "GET" else post
        response = asked(clients[person], method, address(name, place), POSTED.get(name, {}))
        allowed = expected(rule, name, person, project, people.get(person))
        if response.status_code not in allowed:
            wrong[name] = (response.status_code, allowed)
        if person == "anonymous" and rule not in (OPEN, NEVER):
            assert reverse("account_login") in response["Location"], name
    assert not wrong


PROJECT_PAGES = [name for name, row in MATRIX.items() if "slug" in row[0]]


@pytest.mark.parametrize("person", PEOPLE)
def test_restricted_project_is_closed_to_colleagues_outside_it(
    person, restricted_project, people, clients, owner
):
    place = furnish(restricted_project, owner)
    user = people[person]
    may_see = permitted(Permission.VIEW_RESTRICTED, restricted_project, user)
    for name in PROJECT_PAGES:
        _arguments, get, post = MATRIX[name]
        method, rule = ("GET", get) if get != NEVER else ("POST", post)
        response = asked(clients[person], method, address(name, place), POSTED.get(name, {}))
        sees = may_see and permitted(rule, restricted_project, user)
        if rule == ASKED:
            sees = person == "owner"
        if rule == COLLEAGUE:
            assert response.status_code == (404 if person == "stranger" else 302), name
        elif person == "stranger":
            assert response.status_code == 404, name
        else:
            assert response.status_code in (ANSWERED if sees else {403}), name
        if person == "reader" and rule != COLLEAGUE:
            assert "Hemmelig omstilling" not in response.content.decode(), name


@pytest.mark.parametrize("person", [p for p in PEOPLE if p != "stranger"])
def test_closed_project_is_changed_by_nobody(person, project, clients, owner):
    place = furnish(project, owner)
    Project.objects.filter(pk=project.pk).update(status="closed", closed_on=TODAY)
    for name in PROJECT_PAGES:
        if MATRIX[name][2] in (EDIT, MANAGE, ASK, APPOINT):
            response = asked(clients[person], "POST", address(name, place), POSTED.get(name, {}))
            assert response.status_code == 403, name


NOT_A_ROW = {"slug", "csv", "tall", "1.1", "1.1a"}  # the rest of the words name something of a project
CHILDREN = [
    n
    for n in PROJECT_PAGES
    if isinstance(MATRIX[n][0][-1], str) and MATRIX[n][0][-1].isalpha() and MATRIX[n][0][-1] not in NOT_A_ROW
]


@pytest.mark.parametrize("person", ["owner", "leader"])
def test_row_is_not_reached_through_another_project(person, project, other_project, clients, stranger):
    """The door of one's own project does not open to what stands in another."""
    place = {**furnish_without_member(other_project, stranger), "slug": project.slug}
    for name in CHILDREN:
        for method, rule in zip(("GET", "POST"), MATRIX[name][1:], strict=True):
            if rule != NEVER:
                response = asked(clients[person], method, address(name, place), POSTED.get(name, {}))
                assert response.status_code in {403, 404}, (name, method)


def furnish_without_member(project, owner):
    membership = project.memberships.get(user=owner)
    membership.role = ProjectRole.MEMBER
    membership.save()
    return furnish(project, owner)


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
