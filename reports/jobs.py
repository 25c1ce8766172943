"""Documents made off the request: asked for by what they hold, made once, found again.

A job is one row with the data it is made from; its digest is of kind, variant, data and design, so two
who ask for the same thing get the same row. A worker (`manage.py worker`) takes it with a lease. A
worker that dies leaves a lease that runs out. When nobody has taken a job after a few seconds, the
request that asks for it makes it itself.
"""

import hashlib
import json
import logging
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from innovasjon.stored_files import settled
from reports import archive, benefit_plan, case_papers, documents
from reports.models import DocumentJob
from reports.pdf import FOR_ARCHIVE, FOR_PEOPLE, render
from reports.presentations import frozen
from reports.presentations.documents import deck_pdf
from reports.presentations.powerpoint import deck_pptx

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=180)  # how long one document may take before another makes it too
PATIENCE = timedelta(seconds=4)  # how long a request waits for a worker before it works itself
KEPT = timedelta(days=7)  # since it was made or asked for last
RENEWED = timedelta(minutes=1)  # how often asking again is written down
HOUR = len("2026-11-19T10")
FOLDER = "made"
PDF = "application/pdf"
ZIP = "application/zip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
PEOPLE, ARCHIVE = "folk", "arkiv"
STYLES = ("print-base.css", "print-hyphens.css", "print.css", "deck.css", "deck-print.css")
VARIANTS = {PEOPLE: FOR_PEOPLE, ARCHIVE: FOR_ARCHIVE}


def printed(data: dict, variant: str) -> bytes:
    """Return a document whose HTML is finished; it is small beside the work of laying it out."""
    return render(data["html"], variant=VARIANTS[variant])


MAKERS = {
    "status_report": (PDF, lambda data, variant: documents.status_report(data, variant=VARIANTS[variant])),
    "involvement_plan": (
        PDF,
        lambda data, variant: documents.involvement_plan(data, variant=VARIANTS[variant]),
    ),
    "benefit_plan": (PDF, lambda data, variant: benefit_plan.benefit_plan(data, variant=VARIANTS[variant])),
    "gate_basis": (PDF, lambda data, variant: documents.gate_basis(data, variant=VARIANTS[variant])),
    "plan": (PDF, printed),
    "portfolio": (PDF, printed),
    "archive_package": (ZIP, lambda data, variant, each=archive.nothing: archive.package(data, each)),
    "case_paper": (DOCX, lambda data, variant: case_papers.case_paper(data)),
    "presentation_pdf": (
        PDF,
        lambda data, variant: deck_pdf(frozen.revive(data), variant=VARIANTS[variant]),
    ),
    "presentation_pptx": (PPTX, lambda data, variant: deck_pptx(frozen.revive(data))),
}
STEPWISE = ("archive_package",)  # as many documents as the project has: the lease is renewed with each
WITH_PICTURES = ("presentation_pdf", "presentation_pptx")


@cache
def design() -> str:
    """Return the digest of everything documents look like: a new version makes them anew."""
    files = sorted(
        [
            *Path(settings.BASE_DIR, "templates", "reports", "pdf").rglob("*.html"),
            *Path(settings.BASE_DIR, "templates", "reports", "deck").rglob("*.html"),
            *Path(settings.BASE_DIR, "reports").rglob("*.py"),
            *(Path(settings.BASE_DIR, "static", "css", name) for name in STYLES),
        ]
    )
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def digest_of(whose, kind: str, variant: str, data: dict) -> str:
    """Return the digest a document is found by; `whose` is the project or the membership.

    It is of all the document is made from. Of the moment it tells it was made at, the hour alone counts:
    who asks for the same content again within it gets the same document.
    """
    place = [whose._meta.model_name, whose.pk]
    made_at = data.get("made_at")
    found_by = {**data, "made_at": made_at[:HOUR]} if isinstance(made_at, str) else data
    text = json.dumps([*place, kind, variant, design(), found_by], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def ask(
    *,
    project=None,
    membership=None,
    kind: str,
    data: dict,
    name: str,
    variant: str = PEOPLE,
    permission: str = "view",
    now,
) -> DocumentJob:
    """Return the job of a document: the finished one when there is one, else one that is on its way.

    Of a project, `permission` is what a person must hold there to get the document. With a membership
    instead it is that person's alone, for an hour and as long as the role is the same: what a list
    shows may be closed to the person later.
    """
    if membership is not None:
        permission = membership.role
    digest = digest_of(project or membership, kind, f"{variant} {permission}", data)
    states = DocumentJob.State
    with transaction.atomic():
        job, is_new = DocumentJob.objects.select_for_update().get_or_create(
            digest=digest,
            defaults={
                "project": project,
                "membership": membership,
                "kind": kind,
                "variant": variant,
                "data": data,
                "name": name,
                "permission": permission,
                "asked_at": now,
            },
        )
        is_lost = job.state == states.DONE and content_of(job) is None
        if is_lost or job.state == states.FAILED:
            job.state, job.attempts, job.made_at, job.sha256 = states.WAITING, 0, None, ""
            job.data, job.name, job.asked_at = data, name, now
            job.save()
            is_new = True
        elif now - job.asked_at > RENEWED:
            job.asked_at = now
            job.save(update_fields=["asked_at"])
        if is_new:
            make_document.enqueue(job.pk)
    return job


@task()
def make_document(pk: int) -> None:
    """Make a document, as the worker does it."""
    make(pk, now=timezone.now())


def make(pk: int, *, now) -> bool:
    """Take a free job, make the document and keep it. False when another has it or has made it.

    What it is made from is fixed, so the first who finishes keeps it, also when the lease ran out.
    """
    taken = DocumentJob.objects.free(now).filter(pk=pk)
    states = DocumentJob.State
    if not taken.update(state=states.WORKING, lease_until=now + LEASE, attempts=F("attempts") + 1):
        return False
    job = DocumentJob.objects.filter(pk=pk).first()
    if job is None:  # forgotten in this instant
        return False
    mine = DocumentJob.objects.filter(pk=pk, state=states.WORKING, attempts=job.attempts)
    steps = [lambda: mine.update(lease_until=timezone.now() + LEASE)] if job.kind in STEPWISE else []
    try:
        is_kept = finish(job, MAKERS[job.kind][1](job.data, job.variant, *steps))
    except Exception:
        log.exception("document %s not made", pk)
        last = job.attempts >= DocumentJob.MOST_ATTEMPTS
        mine.update(state=states.FAILED if last else states.WAITING, lease_until=None)
        return False
    forget(DocumentJob.objects.outdated(now - KEPT).exclude(pk=pk))
    return is_kept


@transaction.atomic
def finish(job: DocumentJob, content: bytes) -> bool:
    """Keep what was made; False when another has finished it, or it was forgotten. One finishes at a time."""
    states = DocumentJob.State
    open_job = DocumentJob.objects.select_for_update().exclude(state=states.DONE).filter(pk=job.pk).first()
    if open_job is None:
        return False
    keep(job, content)
    open_job.state, open_job.lease_until = states.DONE, None
    open_job.made_at, open_job.sha256 = timezone.now(), hashlib.sha256(content).hexdigest()
    open_job.save(update_fields=["state", "lease_until", "made_at", "sha256"])
    return True


def help_out(job: DocumentJob, *, now) -> DocumentJob:
    """Make a job in the request when no worker has taken it for a while, or one has died with it."""
    if now - job.asked_at >= PATIENCE and DocumentJob.objects.free(now).filter(pk=job.pk).exists():
        make(job.pk, now=now)
        job.refresh_from_db()
    elif job.state == DocumentJob.State.WORKING and job.attempts >= DocumentJob.MOST_ATTEMPTS:
        gone = DocumentJob.objects.filter(pk=job.pk, state=DocumentJob.State.WORKING, lease_until__lt=now)
        if gone.update(state=DocumentJob.State.FAILED, lease_until=None):
            job.refresh_from_db()
    return job


def storage_name(job: DocumentJob) -> str:
    return f"{FOLDER}/{job.digest[:2]}/{job.digest}"


def keep(job: DocumentJob, content: bytes) -> None:
    name = storage_name(job)
    if default_storage.exists(name):
        default_storage.delete(name)
    default_storage.save(name, ContentFile(content))


def content_of(job: DocumentJob) -> bytes | None:
    """Return the document's bytes; None when the file is gone or not what was made."""
    try:
        with default_storage.open(storage_name(job)) as file:
            content = file.read()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == job.sha256 else None


def media_type(job: DocumentJob) -> str:
    return MAKERS[job.kind][0]


def forget(found) -> int:
    """Remove documents that were made, with their files. Frozen documents are kept elsewhere.

    One that is asked for meanwhile, so that it is not among the found any more, is left. Returns how many
    were removed.
    """
    gone = 0
    for job in list(found.only("digest")):
        if found.filter(pk=job.pk).delete()[0]:
            remove_file(storage_name(job))
            gone += 1
    return gone


def remove_file(name: str) -> None:
    """Remove a file that no row names any more. One that cannot be removed is left to the night."""
    try:
        default_storage.delete(name)
    except OSError:
        log.exception("file %s not removed", name)


def forget_with_picture(picture) -> None:
    """Remove what was made, or is on its way, from a project's slides: it may hold a picture that is gone."""
    forget(DocumentJob.objects.filter(project=picture.project_id, kind__in=WITH_PICTURES))


def forget_outlived(now) -> int:
    """Remove documents that are outdated, and files whose row is gone with its project or its person."""
    gone = forget(DocumentJob.objects.outdated(now - KEPT))
    found = settled(FOLDER, now)
    named = {storage_name(job) for job in DocumentJob.objects.only("digest")}
    unnamed = [name for name in found if name not in named]
    for name in unnamed:
        remove_file(name)
    return gone + len(unnamed)
