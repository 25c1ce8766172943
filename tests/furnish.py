"""One of everything an address can name, for the walks over all addresses: tests/test_access and others."""

import hashlib
import io
from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from benefits.actions import deviations, measuring
from innovasjon import tokens
from innovasjon.access import ProjectRole
from innovasjon.models import FrozenDocument, Membership, Token
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
    RelatedProject,
    Risk,
    TeamShare,
)
from stakeholders.models import AdvisoryInput, AdvisoryMeeting, Measure, ResponsibilityTask, Stakeholder
from tests.benefits import access_rows
from tests.benefits.conftest import make_indicator
from tests.conftest import TODAY, checked_sheet

# namespace → kind of what the plan brings in from spreadsheets
PLAN_IMPORTS = {
    "plan": "activities",
    "deliverables": "deliverables",
    "risks_in": "risks",
    "log_in": "log",
    "related_in": "related",
}


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
    sheet_import = checked_sheet(project, "stakeholders", owner)
    ImportRow.objects.create(sheet_import=sheet_import, number=2, texts={"name": "Fastlegene"})
    view = SavedView.objects.create(user=owner, municipality=project.municipality, name=project.name)
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
        "own_job": furnish_own_job(project, owner).pk,
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
    imports = {f"{kind}_import": checked_sheet(project, kind, owner).pk for kind in PLAN_IMPORTS.values()}
    related = RelatedProject.objects.create(project=project, title="Det samme", who="Et annet sted")
    return imports | {
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
    return furnish_job(project=project, kind="status_report", digest=f"{project.pk}")


def furnish_own_job(project, owner):
    role = Membership.objects.get(user=owner, municipality=project.municipality)
    return furnish_job(membership=role, kind="portfolio", digest=f"of {project.pk}", permission=role.role)


def furnish_job(**whose) -> DocumentJob:
    """A document that was made."""
    job = DocumentJob.objects.create(
        variant="folk",
        data={},
        name="dokument.pdf",
        state="done",
        asked_at=timezone.now(),
        sha256=hashlib.sha256(b"%PDF-1.7 made").hexdigest(),
        **whose,
    )
    jobs.keep(job, b"%PDF-1.7 made")
    return job


def furnish_without_member(project, owner):
    membership = project.memberships.get(user=owner)
    membership.role = ProjectRole.MEMBER
    membership.save()
    return furnish(project, owner)
