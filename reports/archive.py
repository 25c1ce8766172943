"""The archive package of a project: every frozen document, what the archive must know, trail, checksums.

Each document comes as it was frozen, and as PDF/A. A document that is exempt from public access has a
third edition for the public when parts of it are left out: made anew from the frozen data without those
parts, so that they stand neither in its text nor in its metadata.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from benefits.models import PlanAcceptance
from innovasjon.models import AuditEvent, FrozenDocument
from reports import benefit_plan, documents
from reports.models import DocumentRecord, Openness, ReportEdition
from reports.pdf import FOR_ARCHIVE, FOR_PEOPLE
from reports.status_reports.data import without
from roadmap.models import GateDecision, Project

STATUS_REPORT, GATE_DECISION, BENEFIT_PLAN = "status_report", "gate_decision", "benefit_plan"
KINDS = {
    STATUS_REPORT: _("Status report"),
    GATE_DECISION: _("Gate decision"),
    BENEFIT_PLAN: _("Accepted benefit plan"),
}

# What can be left out of each kind for the public, in the person's words.
PARTS = {
    STATUS_REPORT: {
        "headline": _("The most important in one sentence"),
        "happened": _("This has happened"),
        "ask": _("This we need from the project owner"),
        "condition_reason": _("Reason for the condition"),
        "news": _("New since the last report"),
        "open_items": _("Still open"),
        "conditions": _("Gates and conditions"),
        "benefits": _("Benefits"),
        "plan": _("The plan"),
        "stakeholders": _("Stakeholders and the plan for involvement"),
    },
    GATE_DECISION: {
        "rationale": _("Why it was decided so"),
        "conditions": _("Conditions"),
        "notes": _("Notes and links at the checkpoints"),
        "condition_reason": _("Reason for the condition"),
        "benefits": _("Benefits"),
        "stakeholders": _("Stakeholders and the plan for involvement"),
    },
    BENEFIT_PLAN: {
        "suppliers": _("What suppliers have promised"),
        "line": _("How the line follows up"),
        "remarks": _("Remarks of those who accepted"),
    },
}
PACKAGED = "archive_package.made"  # how the trail tells that somebody took the package
UNIX_START = (1980, 1, 1, 0, 0, 0)  # the oldest time a zip can hold; the same bytes for the same content


@dataclass(frozen=True)
class Kept:
    """One frozen document of a project with what is known of it."""

    document: FrozenDocument
    kind: str
    number: str  # of the file: «statusrapport-2026-10-v1»
    responsible: str
    archive_document: FrozenDocument | None
    record: DocumentRecord | None

    @property
    def openness(self) -> str:
        return self.record.openness if self.record else Openness.PUBLIC

    @property
    def openness_label(self) -> str:
        return str(Openness(self.openness).label)

    @property
    def is_exempt(self) -> bool:
        return self.openness == Openness.EXEMPT

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind])


def kept_documents(project) -> list[Kept]:
    """Return a project's frozen documents, the latest first. Three queries."""
    editions = ReportEdition.objects.filter(report__project=project).select_related(
        "document__record", "archive_document", "report", "published_by"
    )
    decisions = GateDecision.objects.filter(project=project).select_related("document__record", "decided_by")
    found = [
        Kept(
            edition.document,
            STATUS_REPORT,
            f"statusrapport-{edition.report.period}-v{edition.version}",
            edition.published_by_name,
            edition.archive_document,
            record_of(edition.document),
        )
        for edition in editions
    ] + [
        Kept(
            decision.document,
            GATE_DECISION,
            f"port-{decision.phase}-beslutning-{decision.pk}",
            decision.decided_by_name,
            None,
            record_of(decision.document),
        )
        for decision in decisions
    ]
    plans = (
        PlanAcceptance.objects.filter(project=project)
        .exclude(document=None)
        .select_related("document__record", "by")
    )
    found += [
        Kept(
            plan.document,
            BENEFIT_PLAN,
            f"gevinstplan-{plan.pk}",
            plan.by.position_or_name,
            None,
            record_of(plan.document),
        )
        for plan in plans
    ]
    return sorted(found, key=lambda kept: (kept.document.made_at, kept.document.pk), reverse=True)


def record_of(document: FrozenDocument) -> DocumentRecord | None:
    return getattr(document, "record", None)


def as_archived(kept: Kept) -> bytes:
    """Return the document as PDF/A: the frozen one, else made from the frozen data."""
    if kept.archive_document:
        return kept.archive_document.content()
    return RENDERERS[kept.kind](kept.document.data, variant=FOR_ARCHIVE)


def for_public(kept: Kept, parts: list[str], *, variant: str = FOR_PEOPLE) -> bytes:
    """Return the document's edition without the named parts."""
    return RENDERERS[kept.kind](EMPTIED[kept.kind](kept.document.data, parts), variant=variant)


def without_of_gate(data: dict, parts) -> dict:
    """Return a gate's data without the named parts."""
    basis, decision = dict(data["basis"]), dict(data["decision"] or {})
    if "rationale" in parts:
        decision |= {"rationale": "", "find_out": "", "learning": "", "heirs": "", "present": ""}
    if "conditions" in parts:
        decision["conditions"] = []
        basis["conditions"] = []
    if "condition_reason" in parts:
        basis["project"] = {**basis["project"], "condition_reason": ""}
    if "notes" in parts:
        basis["steps"] = [
            {**step, "items": [{**i, "note": "", "reason": "", "evidence": []} for i in step["items"]]}
            for step in basis["steps"]
        ]
    basis["rooms"] = {room: rows for room, rows in basis["rooms"].items() if room not in parts}
    return {"basis": basis, "decision": decision}


def without_of_plan(data: dict, parts) -> dict:
    """Return an accepted plan's data without the named parts."""
    plan = dict(data["plan"])
    if "suppliers" in parts:
        plan["suppliers"] = []
    if "line" in parts:
        plan["plan"] = {**plan["plan"], "meeting_frequency": "", "line_capacity": "", "learning": ""}
    acceptances = data["acceptances"]
    if "remarks" in parts:
        acceptances = [{**row, "remark": ""} for row in acceptances]
    return {**data, "plan": plan, "acceptances": acceptances}


RENDERERS = {
    STATUS_REPORT: documents.status_report,
    GATE_DECISION: documents.gate_basis,
    BENEFIT_PLAN: benefit_plan.benefit_plan,
}
EMPTIED = {STATUS_REPORT: without, GATE_DECISION: without_of_gate, BENEFIT_PLAN: without_of_plan}


def metadata(project, kept: Kept) -> dict:
    """Return what the archive must know of a document."""
    document = kept.document
    return {
        "title": document.title,
        "document_type": kept.kind_label,
        "date": timezone.localdate(document.made_at).isoformat(),
        "responsible": kept.responsible,
        "case_reference": project.case_reference,
        "language": document.language,
        "openness": kept.openness_label,
        "legal_basis": kept.record.legal_basis if kept.is_exempt else "",
        "left_out_for_the_public": [str(PARTS[kept.kind][part]) for part in kept.record.redacted]
        if kept.is_exempt
        else [],
        "sha256": document.sha256,
        "made_at": document.made_at.isoformat(),
    }


def contents(project, *, made_at: datetime) -> dict:
    """Return what a project's package is made from: all that may change is here as it is now.

    Documents are named by their id, for they never change; the trail by its last event that counts, which
    is never that somebody asked for the package. Three queries and one for the trail.
    """
    rows = []
    for kept in reversed(kept_documents(project)):
        about = metadata(project, kept)
        about["files"] = {"frozen": f"dokumenter/{kept.number}.pdf", "archive": f"pdfa/{kept.number}.pdf"}
        left_out = kept.record.redacted if kept.is_exempt else []
        if left_out:
            about["files"]["public"] = f"offentlig/{kept.number}.pdf"
        rows.append({"id": kept.document.pk, "exempt": kept.is_exempt, "left_out": left_out, "about": about})
    events = AuditEvent.objects.filter(project_id=project.pk).exclude(verb=PACKAGED)
    return {
        "project_id": project.pk,
        "rows": rows,
        "until": events.aggregate(last=Max("sequence"))["last"] or 0,
        "about": {
            "municipality": project.municipality.name,
            "municipality_number": project.municipality.number,
            "project": project.name,
            "case_reference": project.case_reference,
        },
        "made_at": made_at.isoformat(),
    }


def files(data: dict) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) of everything in the package but the list of checksums."""
    project = Project.objects.get(pk=data["project_id"])
    known = {kept.document.pk: kept for kept in kept_documents(project)}
    for row in data["rows"]:
        kept, paths = known[row["id"]], row["about"]["files"]
        yield paths["frozen"], kept.document.content()
        yield paths["archive"], as_archived(kept)
        if row["left_out"]:
            yield paths["public"], for_public(kept, row["left_out"], variant=FOR_ARCHIVE)
        folder = "unntatt" if row["exempt"] else "data"
        yield f"{folder}/{kept.number}.json", as_json(kept.document.data)
    about = [row["about"] for row in data["rows"]]
    about_all = {**data["about"], "made_at": data["made_at"], "documents": about}
    yield "metadata.json", as_json(about_all)
    yield "metadata.xml", as_xml(about_all)
    yield "offentlig/journal.json", as_json([public_line(row) for row in about])
    yield "logg.json", as_json(trail(project, data["until"]))


def public_line(row: dict) -> dict:
    """What the public may know that a document exists: an exempt title may itself tell too much."""
    exempt = bool(row["legal_basis"])
    line = {key: row[key] for key in ("document_type", "date", "openness", "legal_basis", "case_reference")}
    return line if exempt else {"title": row["title"], **line}


def trail(project, until: int) -> list[dict]:
    """Return what the trail tells of a project, up to and with an event."""
    names = (
        "sequence",
        "at",
        "verb",
        "target_type",
        "target_id",
        "target_label",
        "actor_name",
        "changes",
        "details",
        "previous_hash",
        "hash",
    )
    found = AuditEvent.objects.filter(project_id=project.pk, sequence__lte=until)
    return list(found.order_by("sequence").values(*names))


def as_json(value) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder).encode()


def as_xml(about: dict) -> bytes:
    """Return the metadata as XML with the same names as the JSON; lists are repeated elements."""
    root = ElementTree.Element("archive_package")
    for name, value in about.items():
        if name != "documents":
            ElementTree.SubElement(root, name).text = str(value)
    for row in about["documents"]:
        element = ElementTree.SubElement(root, "document")
        for name, value in row.items():
            if isinstance(value, dict):
                for key, path in value.items():
                    ElementTree.SubElement(element, "file", {"edition": key}).text = path
            elif isinstance(value, list):
                for part in value:
                    ElementTree.SubElement(element, name).text = part
            else:
                ElementTree.SubElement(element, name).text = str(value)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def nothing() -> None:
    """What is done after each file when nobody waits."""


def write_package(data: dict, out, each: Callable[[], object] = nothing) -> int:
    """Write the package as zip to a path or an open file. Returns how many files it holds.

    each: called after every file, for it may take long to make the next.
    """
    sums = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for path, content in files(data):
            add(package, path, content)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {path}\n")
            each()
        add(package, "SHA256SUMS", "".join(sums).encode())
    return len(sums) + 1


def package(data: dict, each: Callable[[], object] = nothing) -> bytes:
    """Return the package as zip. The same contents give the same bytes."""
    stream = io.BytesIO()
    write_package(data, stream, each)
    return stream.getvalue()


def add(package: zipfile.ZipFile, path: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(path, UNIX_START)
    entry.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(entry, content)


def package_name(project, now: datetime) -> str:
    return f"arkivpakke-{slugify(project.slug)}-{timezone.localdate(now).isoformat()}.zip"
