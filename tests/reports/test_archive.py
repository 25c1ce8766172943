"""The archive package holds every frozen document, what the archive must know, and nothing left out."""

import hashlib
import io
import json
import zipfile

import pikepdf
import pypdf
import pytest
from defusedxml import ElementTree
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from innovasjon.models import AuditEvent
from reports import actions, archive, jobs
from reports.models import DocumentJob, DocumentRecord
from roadmap import actions as roadmap
from roadmap import gates
from tests.conftest import document_of, settle
from tests.reports.conftest import publish, write

SECRET = "Nabovik sykehjem legges ned"


@pytest.fixture
def decided(busy, leader, owner):
    """A project with a published report and a decided gate."""
    publish(write(busy, leader, happened=SECRET), leader)
    busy.refresh_from_db()
    settle(busy)
    the_gate = gates.gate(busy, 1)
    roadmap.decide_gate(
        project=busy,
        phase=1,
        outcome="proceed",
        rationale=SECRET,
        seen=gates.basis_digest(gates.basis(the_gate)),
        now=timezone.now(),
        by=owner,
    )
    busy.refresh_from_db()
    return busy


def package_of(project) -> dict[str, bytes]:
    stream = io.BytesIO()
    archive.write_package(archive.contents(project, made_at=timezone.now()), stream)
    with zipfile.ZipFile(stream) as package:
        return {name: package.read(name) for name in package.namelist()}


def text_of(content: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(content))
    return str(reader.metadata) + " ".join(" ".join(p.extract_text() for p in reader.pages).split())


def test_package_is_whole(decided):
    files = package_of(decided)
    about = json.loads(files["metadata.json"])
    assert {row["document_type"] for row in about["documents"]} == {"Statusrapport", "Portbeslutning"}
    for row in about["documents"]:
        assert hashlib.sha256(files[row["files"]["frozen"]]).hexdigest() == row["sha256"]
        with pikepdf.open(io.BytesIO(files[row["files"]["archive"]])) as pdf, pdf.open_metadata() as metadata:
            assert metadata["pdfaid:conformance"] == "A"
        assert (row["openness"], row["legal_basis"]) == ("Offentlig", "")
    titles = [e.findtext("title") for e in ElementTree.fromstring(files["metadata.xml"]).iter("document")]
    assert titles == [row["title"] for row in about["documents"]]
    for line in files.pop("SHA256SUMS").decode().splitlines():
        digest, path = line.split("  ")
        assert hashlib.sha256(files.pop(path)).hexdigest() == digest
    assert not files


def test_worker_of_a_long_package_keeps_its_lease(decided, leader_client, monkeypatch):
    """Each file renews it, so that a package of many documents is not taken over while it is made."""
    leader_client.post(reverse("reports:archive_package", args=[decided.slug]))
    job, leases = DocumentJob.objects.get(), []
    real = archive.add

    def slow(package, path, content):
        leases.append(DocumentJob.objects.get().lease_until)
        real(package, path, content)

    monkeypatch.setattr(archive, "add", slow)
    assert jobs.make(job.pk, now=timezone.now())
    assert leases == sorted(set(leases))


def test_package_holds_the_trail(decided):
    verbs = [event["verb"] for event in json.loads(package_of(decided)["logg.json"])]
    assert verbs[0] == "project.started"
    assert {"report.published", "gate.decided"} <= set(verbs)


def test_what_is_left_out_stands_in_neither_text_nor_metadata(decided, leader):
    parts = {archive.STATUS_REPORT: ["happened"], archive.GATE_DECISION: ["rationale"]}
    for kept in archive.kept_documents(decided):
        actions.set_openness(
            project=decided,
            document=kept.document,
            openness="exempt",
            legal_basis="offl. § 14",
            redacted=parts[kept.kind],
            by=leader,
        )
    files = package_of(decided)
    public = {name: content for name, content in files.items() if name.startswith("offentlig/")}
    assert len([name for name in public if name.endswith(".pdf")]) == 2
    for name, content in public.items():
        assert SECRET not in (text_of(content) if name.endswith(".pdf") else content.decode())
        with_metadata = pikepdf.open(io.BytesIO(content)) if name.endswith(".pdf") else None
        assert with_metadata is None or SECRET not in str(with_metadata.open_metadata())
    for name in ("metadata.json", "metadata.xml"):
        assert SECRET not in files[name].decode()
        assert "offl. § 14" in files[name].decode()
    frozen = [content for name, content in files.items() if name.startswith("dokumenter/")]
    assert all(SECRET in text_of(content) for content in frozen)  # there is something to leave out
    assert "title" not in json.loads(files["offentlig/journal.json"])[0]


def test_exempt_needs_a_legal_basis(decided, leader_client):
    kept = archive.kept_documents(decided)[0]
    url = reverse("reports:openness", args=[decided.slug, kept.document.pk])
    answer = leader_client.post(url, {"openness": "exempt", "legal_basis": ""})
    assert "Skriv hjemmelen, for eksempel «offl. § 14»." in answer.content.decode()
    leader_client.post(url, {"openness": "exempt", "legal_basis": "offl. § 14"})
    row = DocumentRecord.objects.get()
    assert row.legal_basis == "offl. § 14"
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentRecord.objects.update(legal_basis="")


def test_package_by_command_and_by_page(decided, leader_client, member_client, tmp_path):
    folder = tmp_path / "packages"
    folder.mkdir()
    call_command("archive_package", decided.slug, out=folder)
    (path,) = folder.iterdir()
    url = reverse("reports:archive_package", args=[decided.slug])
    made = document_of(leader_client, url, post=True)
    assert "attachment" in made["Content-Disposition"]
    assert leader_client.post(url)["Location"] == leader_client.post(url)["Location"]  # the trail grew
    assert DocumentJob.objects.count() == 1
    downloaded = zipfile.ZipFile(io.BytesIO(made.content))
    assert set(downloaded.namelist()) == set(zipfile.ZipFile(path).namelist())
    assert member_client.post(url).status_code == 403
    with pytest.raises(CommandError, match="no project"):
        call_command("archive_package", "finnes-ikke", out=tmp_path)


@pytest.mark.parametrize(("module", "name"), [(jobs, "ask"), (actions, "note_package")])
def test_package_is_asked_for_and_told_of_or_neither(decided, leader_client, monkeypatch, module, name):
    monkeypatch.setattr(module, name, refused)
    url = reverse("reports:archive_package", args=[decided.slug])
    with pytest.raises(DatabaseError):
        leader_client.post(url)
    assert not AuditEvent.objects.filter(verb=archive.PACKAGED).exists()
    assert not DocumentJob.objects.exists()


def refused(**_values):
    raise DatabaseError
