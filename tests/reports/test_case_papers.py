"""The saksframlegg: five plain headings, no names, clean properties; and one set of figures everywhere."""

import io

import openpyxl
import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn

from reports import case_papers, documents, materials
from roadmap import actions, gates
from roadmap.models import ChecklistItem, Project
from tests.conftest import TODAY
from tests.reports.conftest import NOW, publish, write

HEADINGS = ["Bakgrunn", "Vurdering", "Økonomi", "Konsekvenser", "Forslag til vedtak"]


def papers(project, leader):
    edition = publish(write(project, leader), leader)
    fresh = Project.objects.select_related("municipality").get(pk=project.pk)
    return [
        case_papers.case_paper(materials.case_of_report(fresh, edition)),
        case_papers.case_paper(materials.case_of_gate(fresh, gates.gate(fresh, fresh.phase), now=NOW)),
    ]


@pytest.fixture
def named(busy, leader, member):
    """A project whose texts are full of names."""
    text = (
        "Liv Leder og Max M. har snakket med Peder Legesen, sier Oda Eier. "
        "Det var liv  leders idé. Livsgnist er med."
    )
    actions.edit_project(project=busy, values={"problem": text, "case_reference": "2026/14"}, by=leader)
    busy.refresh_from_db()
    return busy


def test_headings_language_and_properties(named, leader):
    for content in papers(named, leader):
        paper = Document(io.BytesIO(content))
        assert [p.text for p in paper.paragraphs if p.style.name == "Heading 1"] == HEADINGS
        assert paper.paragraphs[1].text == "Saksnummer: 2026/14"
        lang = paper.styles.element.find(f".//{qn('w:lang')}")
        assert lang.get(qn("w:val")) == "nb-NO"
        about = paper.core_properties
        assert (about.author, about.last_modified_by) == ("Prøvevik kommune", "Prøvevik kommune")
        assert (about.comments, about.keywords, about.language) == ("", "", "nb-NO")


def test_no_name_is_left(named, leader):
    for content in papers(named, leader):
        paper = Document(io.BytesIO(content))
        text = " ".join(p.text for p in paper.paragraphs)
        for name in ("Liv Leder", "Max M.", "Max Medlem", "Oda Eier", "Peder Legesen"):
            assert name not in text
        assert "prosjektleder og teammedlem har snakket med Fastlegene, sier kommunalsjef." in text
        assert "Det var prosjektleders idé. Livsgnist er med." in text


def test_page_pdf_word_and_spreadsheet_tell_the_same_figures(busy, leader, leader_client):
    fresh = Project.objects.select_related("municipality").get(pk=busy.pk)
    data = materials.report_of_today(fresh, since=TODAY, now=timezone.now())
    total = ChecklistItem.objects.filter(round__project=busy, round__phase=1).count()
    assert (data["count"]["settled"], data["count"]["total"]) == (3, total)
    reader = pypdf.PdfReader(io.BytesIO(documents.status_report(data)))
    pdf = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert f"3 av {total} sjekkpunkter er avklart: 3 utført, 0 ikke relevante." in pdf
    for content in papers(busy, leader):
        word = " ".join(p.text for p in Document(io.BytesIO(content)).paragraphs)
        assert f"3 av {total} sjekkpunkter er avklart." in word
    page = leader_client.get(busy.get_absolute_url()).content.decode()
    assert f"3 av {total} punkter" in page
    sheet = leader_client.get(reverse("reports:portfolio_sheet")).content
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet)).active.iter_rows(values_only=True))
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["Avklart"], row["Sjekkpunkter"]) == (3, total)


def test_resolution_of_a_gate_that_is_hindered_is_with_conditions(project, leader):
    fresh = Project.objects.select_related("municipality").get(pk=project.pk)
    the_gate = gates.gate(fresh, fresh.phase)
    assert gates.blockers(the_gate, TODAY)
    told = materials.case_of_gate(fresh, the_gate, now=NOW)
    paper = Document(io.BytesIO(case_papers.case_paper(told)))
    assert "med vilkår." in paper.paragraphs[-1].text
    sums = [{"label": "Spart tid", "sentence": "2 timer av 3 timer", "standing": "På plan"}]
    assert materials.finances(sums, 2026) == ["Spart tid 2026: 2 timer av 3 timer. På plan."]
