"""Deliverables, risks, the log and the related projects leave as spreadsheets and come in again."""

import html
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from roadmap.models import Deliverable, LogEntry, RelatedProject, Risk, SheetImport


@pytest.fixture
def furnished(project, leader, owner, member):
    today = timezone.localdate()
    Deliverable.objects.create(
        project=project,
        phase=2,
        name="Plan",
        acceptance="Ti felt",
        approver=owner,
        status="approved",
        due_on=today,
    )
    Risk.objects.create(
        project=project, event="Folk slutter", likelihood=4, consequence=5, action="Møte", responsible=member
    )
    Risk.objects.create(
        project=project,
        event="Det regner",
        likelihood=2,
        consequence=3,
        likelihood_after=1,
        consequence_after=2,
    )
    for days, text in ((0, "=1+1 er ikke et regnestykke"), (1, "Vi ringte"), (0, "Vi ringte")):
        LogEntry.objects.create(
            project=project, on=today - timedelta(days=days), text=text, by=leader, kind="decision"
        )
    LogEntry.objects.create(
        project=project, on=today, text="Lært", by=leader, for_experience_log=True, lesson="Ring"
    )
    RelatedProject.objects.create(
        project=project, title="Trygg hjemme", who="Nabovik", url="https://nabovik.example"
    )
    return project


KINDS = [
    ("leveranser", "deliverables", Deliverable),
    ("risiko", "risks_in", Risk),
    ("logg", "log_in", LogEntry),
    ("lignende", "related_in", RelatedProject),
]


def look_over(client, project, namespace, content, name):
    """Go through the first two steps; return the import and the page that looks it over."""
    address = reverse(f"roadmap:{namespace}:import_file", args=[project.slug])
    assert client.post(address, {"file": SimpleUploadedFile(name, content)}).status_code == 302
    made = SheetImport.objects.latest("pk")
    args = [project.slug, made.pk]
    client.post(reverse(f"roadmap:{namespace}:import_columns", args=args), made.mapping)
    return made, client.get(reverse(f"roadmap:{namespace}:import_review", args=args)).content.decode()


def bring_in(client, project, namespace, made):
    args = [project.slug, made.pk]
    client.post(reverse(f"roadmap:{namespace}:import_review", args=args), {"bring_in": "1"})
    made.refresh_from_db()
    assert made.state == "done"


@pytest.mark.parametrize(("what", "namespace", "model"), KINDS)
def test_own_sheet_comes_in_again_unchanged_and_into_another_project_whole(
    leader_client, furnished, restricted_project, what, namespace, model
):
    form = "xlsx" if what == "logg" else "csv"
    file = leader_client.get(reverse("roadmap:tool_sheet", args=[furnished.slug, what, form])).content
    before = list(model.objects.order_by("pk").values())
    made, page = look_over(leader_client, furnished, namespace, file, f"ark.{form}")
    assert "må rettes" not in page
    assert made.rows.count() == len(before) == made.rows.filter(state="twin").count()
    made.rows.update(choice="update")
    bring_in(leader_client, furnished, namespace, made)
    assert list(model.objects.order_by("pk").values()) == before
    other, page = look_over(leader_client, restricted_project, namespace, file, f"ark.{form}")
    brought = other.rows.filter(state="ready").count()
    bring_in(leader_client, restricted_project, namespace, other)
    assert model.objects.filter(project=restricted_project).count() == brought > 0
    leader_client.post(reverse(f"roadmap:{namespace}:import_undo", args=[restricted_project.slug, other.pk]))
    assert not model.objects.filter(project=restricted_project).exists()


@pytest.mark.parametrize(
    ("namespace", "text", "messages"),
    [
        (
            "risks_in",
            "Hendelse;Sannsynlighet;Konsekvens;Status;S etter\nBrann;mye;5;;\nFlom;2;3;Tiltak gjennomført;1",
            ("«mye» er ikke et valg.", "Skriv hvilket tiltak", "Velg både sannsynlighet og konsekvens"),
        ),
        (
            "deliverables",
            "Leveranse;Status\nPlan;Godkjent",
            ("Skriv hva som måtte være på plass", "Velg hvem"),
        ),
        (
            "log_in",
            "Dato;Hendelse;Til erfaringslogg\n31.12.2099;Møte;ja",
            ("Dagen har ikke kommet", "Skriv hva andre"),
        ),
        ("related_in", "Tittel;Hvem driver det?;Lenke\nX;Y;javascript:alert(1)", ("Skriv hele adressen",)),
    ],
)
def test_faults_are_told_at_the_cell(leader_client, project, namespace, text, messages):
    _made, page = look_over(leader_client, project, namespace, text.encode(), "ark.csv")
    for message in messages:
        assert message in html.unescape(page)
