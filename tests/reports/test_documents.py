"""The documents: tagged, whole, safe, the same bytes for the same data, and the same figures as the page."""

import io
import re
import subprocess
from datetime import timedelta
from itertools import pairwise

import pikepdf
import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from innovasjon.templatetags.innovasjon import short_day
from reports import documents, jobs, materials, pdf
from reports.pdf import FOR_ARCHIVE, FOR_PEOPLE, ForbiddenAddress, has_long_word, render
from reports.summaries import project_summary
from roadmap import actions, gates
from roadmap.models import ChecklistItem, Project
from tests.conftest import TODAY, make_project, settle

LETTERS = "æøå ÆØÅ čđŋšŧž ČĐŊŠŦŽ"


def summary_of(project, since=TODAY):
    fresh = Project.objects.select_related("municipality").get(pk=project.pk)
    return project_summary(fresh, since=since, now=timezone.now())


def data_of(project, since=TODAY):
    fresh = Project.objects.select_related("municipality").get(pk=project.pk)
    return materials.report_of_today(fresh, since=since, now=timezone.now())


def report(project, variant=FOR_PEOPLE, since=TODAY):
    return documents.status_report(data_of(project, since), variant=variant)


def basis(project, phase=1, decision=None, variant=FOR_PEOPLE):
    found = {"basis": gates.basis(gates.gate(project, phase)), "decision": decision}
    return documents.gate_basis({**found, "made_on": TODAY.isoformat()}, variant=variant)


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def structure(content: bytes) -> list[tuple[str, str]]:
    """Every element of the structure tree as (kind, alternative text), in reading order."""
    found = []

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append((str(node.S), str(node.get("/Alt", ""))))
            if "/K" in node:
                walk(node.K)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        walk(pdf.Root.StructTreeRoot.K)
    return found


@pytest.fixture
def lived_in(project, owner, leader):
    """A project in phase 2 with a decision, a condition, notes and a condition that worries."""
    settle(project)
    ChecklistItem.objects.filter(round__project=project, key="1.1a").update(note=f"Notat med {LETTERS}")
    the_gate = gates.gate(project, 1)
    actions.decide_gate(
        project=project,
        phase=1,
        outcome="proceed_with_conditions",
        rationale="Problemet er tydelig.",
        conditions=[{"text": "Lær opp vaktene", "responsible": leader, "due_on": TODAY + timedelta(days=8)}],
        seen=gates.basis_digest(gates.basis(the_gate)),
        now=timezone.now(),
        by=owner,
    )
    Project.objects.filter(pk=project.pk).update(condition="watch", condition_reason="Saktere enn planlagt.")
    ChecklistItem.objects.filter(round__project=project, key__in=["2.1a", "2.1b", "2.2a"]).update(
        status="done"
    )
    project.refresh_from_db()
    return project


MAKERS = pytest.mark.parametrize("make", [report, lambda p, **k: basis(p, 2, **k)], ids=["report", "basis"])


@MAKERS
@pytest.mark.parametrize("variant", [FOR_PEOPLE, FOR_ARCHIVE])
def test_document_is_what_its_standard_asks_for(lived_in, make, variant):
    content = make(lived_in, variant=variant)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        says_its_language_title_and_kind(pdf, variant)
        embeds_all_fonts(pdf)
    nodes = structure(content)
    has_headings_without_skips(nodes)
    kinds = [kind for kind, _alternative in nodes]
    assert kinds.count("/Table") >= 2
    assert kinds.count("/TH") >= 8
    assert all(alternative.strip() for kind, alternative in nodes if kind == "/Figure")


def says_its_language_title_and_kind(pdf, variant):
    assert str(pdf.Root.Lang) == "nb"
    assert pdf.Root.MarkInfo.Marked
    with pdf.open_metadata() as metadata:
        assert "Trygg hjemme" in metadata["dc:title"]
        if variant == FOR_PEOPLE:
            assert metadata["pdfuaid:part"] == "1"
            assert pdf.Root.ViewerPreferences.DisplayDocTitle
        else:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert "/OutputIntents" in pdf.Root


def embeds_all_fonts(pdf):
    fonts = [
        o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
    ]
    assert fonts
    assert all(any(name in font for name in ("/FontFile", "/FontFile2", "/FontFile3")) for font in fonts)


def has_headings_without_skips(nodes):
    levels = [int(kind[2:]) for kind, _alternative in nodes if re.fullmatch(r"/H[1-6]", kind)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_step_back_is_drawn_on_the_road_of_the_page_and_of_the_report(lived_in, owner, leader_client):
    actions.decide_gate(
        project=lived_in,
        phase=2,
        outcome="step_back",
        back_to=1,
        find_out="Er årsaken riktig?",
        rationale="Vi vet for lite.",
        seen=gates.basis_digest(gates.basis(gates.gate(lived_in, 2))),
        now=timezone.now(),
        by=owner,
    )
    page = leader_client.get(lived_in.get_absolute_url()).content.decode()
    assert page.count('class="way-back" data-over="1"') == 1
    assert 'Forankring<span class="ds-sr-only">, pågår, tilbake fra Innsikt, runde 2</span>' in page
    figures = [alternative for kind, alternative in structure(report(lived_in)) if kind == "/Figure"]
    assert "Et steg tilbake fra Innsikt til Forankring, runde 2" in figures


def test_road_tells_the_year_of_a_gate_that_was_passed_in_another_one(lived_in):
    data = data_of(lived_in)

    def road(made_at):
        return documents.status_report_html({**data, "made_at": made_at.isoformat()}).split("</ol>")[0]

    now = timezone.now()
    passed = f"Port 1 · {short_day(timezone.localdate())}"
    assert re.search(rf"{passed}\s*</small>", road(now))
    assert f"{passed} {timezone.localdate().year}" in road(now + timedelta(days=366))


def test_report_tells_what_the_page_tells(lived_in, leader_client):
    page = leader_client.get(lived_in.get_absolute_url())
    summary = summary_of(lived_in)
    text = text_of(report(lived_in))
    count = page.context["road"].count
    assert (count.settled, count.total) == (summary.count.settled, summary.count.total) == (3, 22)
    assert "3 av 22 punkter" in page.content.decode()
    assert "3 av 22 punkter" in text
    assert "3 av 22 sjekkpunkter er avklart: 3 utført, 0 ikke relevante." in text
    assert "3 av 22" in text_of(basis(lived_in, 2))
    for step in summary.steps:
        assert f"{step.count.settled} av {step.count.total} avklart" in text


def test_report_tells_gates_conditions_open_points_and_the_trail(lived_in):
    text = text_of(report(lived_in, since=timezone.localdate()))
    for part in (
        "Følg med",
        "Saktere enn planlagt.",
        "2 av 6, Innsikt",
        "Kommunalsjef",
        "Gå videre med vilkår",
        "Lær opp vaktene",
        "2.1c",
        "Endringer siden",
        "Besluttet port 1: Gå videre med vilkår",
    ):
        assert part in text
    assert "2.1a" not in text.split("Fortsatt åpent")[1].split("Porter og vilkår")[0]


def test_nothing_is_printed_empty(municipality, owner, leader):
    project = make_project(municipality, owner=owner, leader=leader, name="Nytt")
    text = text_of(report(project, since=timezone.localdate() + timedelta(days=1)))
    for heading in ("Porter og vilkår", "Åpne vilkår", "Endringer siden", "Interessenter", "Gevinster"):
        assert heading not in text


@pytest.mark.parametrize("length", [10, 100, 300])
def test_long_names_strange_letters_and_many_points_stay_on_the_page(municipality, owner, leader, length):
    name = (f"Trygg {LETTERS} tjenesteutviklingsprosjekt " * 9)[:length].strip()
    project = make_project(municipality, owner=owner, leader=leader, name=name)
    step = project.phases.get(number=1).steps.get(key="1.1")
    for number in range(60):
        actions.add_own_item(
            project=project, step=step, text=f"Er punkt {number} {'langt ' * 20}nok?", by=leader
        )
    content = report(project)
    text = text_of(content)
    assert name[:60] in text
    assert "Er punkt 59" in text
    if length > 60:
        assert "čđŋšŧž" in text


def test_words_stay_inside_the_paper(municipality, owner, leader, tmp_path):
    name = "Tjenesteutviklingsprosjektsamordningsarbeid" * 6
    project = make_project(municipality, owner=owner, leader=leader, name=name)
    path = tmp_path / "report.pdf"
    path.write_bytes(report(project))
    boxes = subprocess.run(
        ["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    edges = [float(x) for x in re.findall(r'<word xMin="[\d.]+" yMin="[\d.]+" xMax="([\d.]+)"', boxes)]
    assert edges
    assert max(edges) <= 595.3 - 40


def test_a_picture_is_looked_through_at_once_and_is_no_long_word():
    picture = f'<img src="data:image/jpeg;base64,{"a" * 1_000_000}"><style>b{{c:url({"d" * 99})}}</style>'
    assert not has_long_word(f"<p>{picture}kort</p>")
    assert has_long_word(f"<td>{picture}Kommunehelsesamarbeidsavtalen</td>")


def test_same_data_gives_the_same_bytes_in_a_worker_too(lived_in, monkeypatch):
    data = data_of(lived_in)
    content, archive = documents.status_report_editions(data)
    assert documents.status_report(data) == content
    assert documents.status_report(data, variant=FOR_ARCHIVE) == archive
    assert basis(lived_in, 2) == basis(lived_in, 2)
    monkeypatch.setattr(pdf.WARM, "is_set", lambda: True)
    assert [documents.status_report(data) for _time in range(2)] == [content] * 2


def test_documents_are_well_formed_and_others_are_read_all_the_same(lived_in, monkeypatch):
    assert "på ny linje" in text_of(render("<html lang=nb><title>x</title><p>Åpen<br>på ny&nbsp;linje</h1>"))
    monkeypatch.setattr("tinyhtml5.parse", None)
    for content in (basis(lived_in, 2), report(lived_in)):
        assert lived_in.name in text_of(content)


@pytest.mark.parametrize(("x", "lines"), [("5", 1), ("5 15 25 35", 4)])
def test_a_text_of_a_drawing_is_one_line_unless_its_letters_have_places(x, lines):
    drawing = f'<svg viewBox="0 0 90 20" width="90" height="20"><text x="{x}" y="15">AVTA</text></svg>'
    content = render(f'<html lang="nb"><head><title>x</title></head><body><p>{drawing}</p></body></html>')
    with pikepdf.open(io.BytesIO(content)) as document:
        found = [str(part.operator) for part in pikepdf.parse_content_stream(document.pages[0])]
    assert found.count("Tm") == lines


def test_rendering_a_basis_reads_no_row(lived_in):
    data = {"basis": gates.basis(gates.gate(lived_in, 2)), "decision": None, "made_on": "2026-11-19"}
    with CaptureQueriesContext(connection) as captured:
        content = documents.gate_basis(data)
    assert len(captured) == 0
    assert "Utkast – ikke besluttet" in text_of(content)


def test_frozen_document_tells_the_decision(lived_in):
    text = text_of(lived_in.decisions.get().document.content())
    for part in ("Gå videre med vilkår", "Problemet er tydelig.", "Lær opp vaktene", "Oda Eier", LETTERS):
        assert part in text


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "https://example.no/x.png",
        "file:///etc/passwd",
        "ftp://x/y",
        "/etc/passwd",
        "static:../settings.py",
    ],
)
def test_nothing_but_our_own_files_is_fetched(address, tmp_path):
    html = (
        f'<html lang="nb"><title>x</title><link rel="attachment" href="{address}">'
        f'<h1>Tekst</h1><img src="{address}" alt="x">'
    )
    try:
        content = render(html)
    except (ForbiddenAddress, ValueError):
        return
    assert b"root:" not in content
    assert "/EmbeddedFiles" not in pikepdf.open(io.BytesIO(content)).Root.get("/Names", {})


def test_summary_costs_the_same_for_small_and_large_projects(lived_in, owner, leader, municipality):
    small = make_project(municipality, owner=owner, leader=leader, name="Lite")
    with CaptureQueriesContext(connection) as one:
        summary_of(small)
    with CaptureQueriesContext(connection) as many:
        summary_of(lived_in)
    assert len(one) == len(many) <= 13


def test_page_offers_both_editions(leader_client, project):
    page = leader_client.get(reverse("reports:status_reports", args=[project.slug])).content.decode()
    assert "Lag PDF av i dag" in page
    assert "Det samme som PDF/A til arkivet" in page


def test_download_is_the_edition_asked_for(leader_client, project, monkeypatch):
    monkeypatch.setattr(jobs, "PATIENCE", timedelta(0))
    url = reverse("reports:today_pdf", args=[project.slug])
    for edition, marker in (("", "pdfuaid:part"), ("arkiv", "pdfaid:part")):
        waiting = leader_client.get(url, {"siden": "1.11.2026", "utgave": edition}, follow=True)
        answer = leader_client.get(waiting["Refresh"].partition("url=")[2])
        assert answer["Content-Type"] == "application/pdf"
        with pikepdf.open(io.BytesIO(answer.content)).open_metadata() as metadata:
            assert marker in metadata


def test_date_that_cannot_be_read_gives_the_page_back(leader_client, project):
    answer = leader_client.get(reverse("reports:today_pdf", args=[project.slug]), {"siden": "i fjor"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Skriv datoen som dag.måned.år" in page
    assert 'value="i fjor"' in page


def test_command_writes_the_report(project, tmp_path, capsys):
    path = tmp_path / "report.pdf"
    call_command("report", project.slug, "--out", str(path))
    assert "Trygg hjemme" in text_of(path.read_bytes())
    call_command("report", project.slug, "--out", str(path), "--archive", "--since", "2026-01-01")
    with pikepdf.open(path).open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"


def test_command_says_what_is_wrong(project, tmp_path):
    with pytest.raises(CommandError, match="There is no project 'finnes-ikke'"):
        call_command("report", "finnes-ikke", "--out", str(tmp_path / "x.pdf"))
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("report", project.slug, "--out", str(tmp_path / "missing" / "x.pdf"))
