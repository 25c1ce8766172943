"""What is done with reports: written, published, corrected, read; and who may read a document."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from innovasjon import tokens
from innovasjon.access import MunicipalityRole, ProjectRole
from innovasjon.audit import differences, record
from innovasjon.meanwhile import EVENTS
from innovasjon.models import AuditEvent, FrozenDocument, Token, User
from innovasjon.templatetags.innovasjon import in_sentence
from reports import documents
from reports.archive import PACKAGED
from reports.models import DocumentRecord, ReportEdition, ReportReading, StatusReport
from reports.models.reports import CHOSEN, MOST_SIGNS
from reports.status_reports import data as contents
from reports.status_reports.drafts import Draft
from reports.status_reports.news import Found
from reports.summaries import project_summary
from roadmap import actions as roadmap
from roadmap import answers, notices

ONCE = timedelta(minutes=30)  # so often the trail tells that the same person writes on the same report
WORDS = ("condition", "condition_reason", "headline", "happened", "ask", "correction")


class NotADraft(Exception):
    """The report is published; a corrected edition must be opened first."""


class DraftChanged(Exception):
    """Somebody changed the draft after the one who publishes had looked at it."""


@transaction.atomic
def start_report(*, project, month, by, now=None) -> StatusReport:
    """Return the project's report of a month, started when there was none."""
    report, is_new = StatusReport.objects.get_or_create(
        project=project, year=month.year, month=month.month, defaults={"started_by": by}
    )
    if is_new:
        record("report.started", report, project=project, by=by, now=now)
    return report


def locked_report(*, project, month, now: datetime) -> StatusReport | None:
    """Lock a month's report for saving until the transaction ends; None when there is none. One query.

    It knows who wrote on it last, if lately, and in which fields (`last_actor`, `last_fields`).
    """
    last = changes_of(project, OuterRef("pk")).filter(at__gt=now - ONCE)
    rows = project.status_reports.filter(year=month.year, month=month.month).annotate(
        last_actor=Subquery(last.values("actor_id")[:1]),
        last_fields=Subquery(last.values("details__fields")[:1]),
    )
    if report := rows.select_for_update(of=("self",)).first():
        report.project = project
    return report


def changes_of(project, report_pk):
    """Return what the trail tells of people who wrote on a report, and in which fields; the latest first."""
    target = Cast(report_pk, CharField()) if isinstance(report_pk, OuterRef) else str(report_pk)
    return AuditEvent.objects.filter(project_id=project.pk, verb="report.changed", target_id=target).order_by(
        "-id"
    )


@transaction.atomic
def save_draft(
    *, report, values: dict, bases: dict, ticked_away=frozenset(), ticked_again=frozenset(), by, now: datetime
) -> answers.Outcome:
    """Write the fields of a draft that nobody else has changed meanwhile, and which lines are told.

    `report` is `locked_report`'s, locked in the same transaction; `bases` is field → digest of the text the
    person started from. What is in conflict is not written. The trail tells in which fields the person
    writes, without the words and not at every pause. Raises NotADraft.
    """
    if not report.is_draft:
        raise NotADraft
    to_write, conflicts = answers.sort_out(report, values, bases)
    for name, value in to_write.items():
        setattr(report, name, value)
    left_out = ticked(report.left_out, ticked_away, ticked_again)
    if to_write or left_out != report.left_out:
        fields = [*to_write, "left_out"] if left_out != report.left_out else list(to_write)
        report.left_out = left_out
        report.save(update_fields=[*to_write, "left_out", "updated_at"])
        if fields := untold(fields, last=report.last_actor, told=report.last_fields, by=by):
            record("report.changed", report, project=report.project, by=by, now=now, fields=fields)
    return answers.Outcome(report, tuple(to_write), conflicts)


def untold(fields, *, last, told, by) -> list[str]:
    """Return which fields the trail is to tell that a person writes in; none when it tells it already.

    last: the id of who wrote last, and told: the fields that was told of. Who goes on writing is told of with
    those too, so that not every step between two fields is a line of its own.
    """
    known = set(told or ()) if last == by.pk else set()
    return [] if known.issuperset(fields) else sorted(known.union(fields))


def last_change(changes, field: str) -> AuditEvent | None:
    """Return the last of the changes that the trail tells of a field."""
    return next((event for event in changes[:EVENTS] if field in event.details.get("fields", ())), None)


def ticked(left_out, away, again) -> list[str]:
    """Return the keys of the lines that are left out, after some are ticked away and some again."""
    return sorted((set(left_out) - set(again)) | set(away))


def faults(report, proposed: str) -> dict[str, str]:
    """Return field → what must be mended before the report can be published; empty when it can.

    proposed: the condition the program proposes.

    One function with two uses: the errors on the page, and the exception of `publish`.
    """
    found = {}
    headline = report.headline.strip()
    if report.condition not in CHOSEN:
        found["condition"] = _("Choose how it is going.")
    elif report.condition != proposed and not report.condition_reason.strip():
        found["condition_reason"] = _("Write why you choose another condition than the proposed one.")
    if not headline:
        found["headline"] = _("Write the most important in one sentence.")
    elif len(headline) > MOST_SIGNS:
        found["headline"] = _(
            "The sentence has %(count)s signs. Bring it under %(most)s, and it will be read."
        ) % {"count": len(headline), "most": MOST_SIGNS}
    if report.is_correction and not report.correction.strip():
        found["correction"] = _("Write what is corrected.")
    return found


def told_lines(report, found: Found) -> list[dict]:
    return [
        {"label": line.label, "text": line.text, "detail": line.detail, "tone": line.tone}
        for line in found.lines
        if line.key not in report.left_out
    ]


def draft_words(draft: Draft) -> dict:
    """Return what a person wrote in a draft, as `status_reports.data.as_data` takes it."""
    report, found = draft.report, draft.found
    return {
        "period": str(report.period),
        "version": 0,
        "condition": draft.condition,
        "condition_reason": draft.reason,
        "headline": report.headline.strip(),
        "happened": report.happened.strip(),
        "ask": report.ask.strip(),
        "correction": report.correction.strip() if report.is_correction else "",
        "news": told_lines(report, found),
        "news_since_on": found.since,
        "news_after_report": found.after_report,
        "told": {"news": [line.key for line in found.lines], "settled": list(found.settled)},
        "published_by": "",
    }


def publish(*, draft: Draft, seen: str, now: datetime, by) -> ReportEdition:
    """Freeze a draft as an edition: its data, its PDF for people and its PDF for the archive.

    `seen` is the draft's mark the person confirmed. The documents are rendered before the row is
    locked. The project gets the condition of its latest report, and the owner and the managers an e-mail.

    Raises NotADraft, DraftChanged, ValidationError.
    """
    report = draft.report
    project = report.project
    if not report.is_draft:
        raise NotADraft
    if errors := faults(report, draft.proposal.condition):
        raise ValidationError(errors)
    version = report.open_version
    summary = project_summary(project, since=timezone.localdate(draft.since), now=now)
    words = {
        **draft_words(draft),
        "version": version,
        "published_at": now,
        "published_by": in_sentence(by.position) or by.short_name,
    }
    data = contents.as_data(summary, words)
    made = documents.status_report_editions(data)
    try:
        with transaction.atomic():
            locked = StatusReport.objects.select_for_update(of=("self",)).select_related("project")
            row = locked.get(pk=report.pk)
            if row.open_version != version:
                raise NotADraft
            if mark(row) != seen:
                raise DraftChanged
            edition = freeze(row, version, data, made, project, by=by, now=now)
            if draft.is_latest:
                told = {name: data[name] for name in ("condition", "condition_reason")}
                roadmap.edit_project(project=project, values=told, by=by, now=now)
            row.open_version = None
            row.save()
            tell_of_report(project, edition, by=by)
            record(
                "report.published" if version == 1 else "report.corrected",
                row,
                project=project,
                by=by,
                now=now,
                version=version,
                sha256=edition.document.sha256,
            )
    except IntegrityError as error:
        if "report_edition_once" in str(error) or "reportedition.report_id" in str(error):
            raise NotADraft from error
        raise
    return edition


def mark(report) -> str:
    """Return what tells one state of a draft, and of the condition it is to replace, from another."""
    held = [str(getattr(report, name)) for name in (*WORDS, "left_out", "open_version")]
    return answers.digest([*held, str(report.project.condition), report.project.condition_reason])


def freeze(report, version, data, made, project, *, by, now) -> ReportEdition:
    with override(project.language):
        title = _("Status report %(month)s, %(project)s") % {
            "month": report.period.full_name,
            "project": project.name,
        }
    for_people, for_archive = (
        FrozenDocument.freeze(
            content,
            municipality=project.municipality,
            media_type="application/pdf",
            title=title,
            language=project.language,
            data=data,
            by=by,
            now=now,
        )
        for content in made
    )
    return ReportEdition.objects.create(
        report=report,
        version=version,
        condition=data["condition"],
        headline=data["headline"],
        correction=data["correction"],
        published_by=by,
        published_by_name=by.name,
        published_at=now,
        document=for_people,
        archive_document=for_archive,
    )


def tell_of_report(project, edition, *, by) -> int:
    """Tell the owner and the managers who may see the project. Returns how many were told."""
    owners = notices.people_of(project, ProjectRole.OWNER, but_not=by)
    managers = User.objects.filter(
        is_active=True,
        memberships__municipality=project.municipality_id,
        memberships__role=MunicipalityRole.MANAGER,
    ).order_by("name")
    people = list(dict.fromkeys([*owners, *(m for m in managers if m != by)]))
    month = edition.report.period
    notices.send(
        people,
        _("Status report for %(month)s: %(project)s") % {"month": month.name, "project": project.name},
        "reports/mail/report_published",
        {
            "project": project,
            "edition": edition,
            "month": month.name,
            "url": notices.address(f"{edition.report.get_absolute_url()}"),
        },
    )
    return len(people)


@transaction.atomic
def open_correction(*, report, by) -> None:
    """Open a published report for a corrected edition; the published ones stay as they are."""
    row = StatusReport.objects.select_for_update().get(pk=report.pk)
    if row.is_draft:
        return
    row.open_version = row.editions.count() + 1
    row.correction = ""
    row.save()
    record("report.correction_opened", row, project=report.project, by=by)


@transaction.atomic
def note_reading(*, edition, now, by) -> bool:
    """Note that the owner has read an edition. False when it was noted before."""
    _reading, is_new = ReportReading.objects.get_or_create(
        edition=edition, user=by, defaults={"read_at": now}
    )
    if is_new:
        record("report.read", edition.report, project=edition.report.project, by=by, now=now)
    return is_new


# ------------------------------------------------------------------ who may read a document


@transaction.atomic
def make_read_link(*, project, document, label, expires_at, by) -> str:
    """Return the secret of a new private address that opens one frozen document and nothing else."""
    secret = tokens.make(
        purpose=Token.Purpose.READ,
        user=by,
        project_id=project.pk,
        target_id=document.pk,
        label=label,
        expires_at=expires_at,
    )
    record("read_link.made", document, project=project, by=by, text=label, expires_at=expires_at)
    return secret


@transaction.atomic
def revoke_read_link(*, project, document, link, now, by) -> None:
    if link.revoked_at is None:
        link.revoked_at = now
        link.save(update_fields=["revoked_at"])
        record("read_link.revoked", document, project=project, by=by, text=link.label)


@transaction.atomic
def set_openness(*, project, document, openness, legal_basis, redacted, by) -> DocumentRecord:
    """Say how open a frozen document is. The document itself is never changed."""
    row, _new = DocumentRecord.objects.get_or_create(document=document, defaults={"project": project})
    values = {"openness": openness, "legal_basis": legal_basis, "redacted": sorted(redacted)}
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    shown = {**before, "redacted": ", ".join(before["redacted"])}
    record(
        "document.openness_set",
        document,
        project=project,
        by=by,
        changes=differences(shown, {**values, "redacted": ", ".join(values["redacted"])}),
    )
    return row


@transaction.atomic
def note_package(*, project, now, by) -> None:
    """Write into the trail that somebody took the project's documents out for the archive."""
    record(PACKAGED, project, project=project, by=by, now=now)
