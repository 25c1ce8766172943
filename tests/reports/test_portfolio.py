"""The portfolio: who needs help stands first, filters stand in the address, and nobody sees too much."""

import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pypdf
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from reports.calendar import due_on, expected
from reports.models import ProjectSnapshot, SavedView
from reports.portfolio.choice import COLUMNS, Choice
from reports.portfolio.phase_plot import MOST, Column, Mark, phase_plot
from reports.portfolio.reading import read_portfolio
from reports.snapshots import freeze_figures
from roadmap.models import ChecklistItem, PhaseRound, Project, ProjectMembership, ProjectPhase, Step
from tests.conftest import TODAY, document_of, make_project

PAGE = "reports:portfolio"
NOW = datetime(2026, 11, 25, 9, tzinfo=ZoneInfo("Europe/Oslo"))
WORDS = ["omrade", "fase", "tilstand", "eier", "q", "rapport", "port", "sorter"]


def fill(municipality, count, *, owner=None, phase=2, start=0) -> list[Project]:
    """Make many projects at once, each with a phase, a round and three checkpoints."""
    projects = Project.objects.bulk_create(
        Project(
            municipality=municipality,
            slug=f"prosjekt-{n:04d}",
            name=f"Prosjekt {n:04d}",
            problem="Det tar for lang tid.",
            area=("Oppvekst", "Helse")[n % 2],
            phase=phase,
            condition=("on_track", "watch", "needs_help", "not_assessed")[n % 4],
            condition_reason="Fordi",
            started_on=TODAY,
            content_version="1",
        )
        for n in range(start, start + count)
    )
    phases = ProjectPhase.objects.bulk_create(
        ProjectPhase(project=p, number=phase, name="Innsikt", purpose="x", gate_question="Ja?")
        for p in projects
    )
    steps = Step.objects.bulk_create(Step(phase=p, key="2.1", name="Steg", position=1) for p in phases)
    rounds = PhaseRound.objects.bulk_create(
        PhaseRound(project=p, phase=phase, started_on=TODAY - timedelta(days=n))
        for n, p in enumerate(projects)
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(round=r, step=s, key=f"2.1{k}", text="Spør", origin="roadmap", position=1)
        for r, s in zip(rounds, steps, strict=True)
        for k in "abc"
    )
    if owner:
        ProjectMembership.objects.bulk_create(
            ProjectMembership(project=p, user=owner, role="owner") for p in projects
        )
    return projects


def names(client, **query):
    content = client.get(reverse("reports:portfolio_sheet"), query).content
    rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return [row[0] for row in rows][1:]


@pytest.fixture
def three(municipality, owner, leader):
    calm = make_project(municipality, owner=owner, leader=leader, name="Rolig", area="Oppvekst")
    late = make_project(municipality, owner=owner, leader=leader, name="Står fast", area="Helse")
    near = make_project(municipality, owner=owner, leader=leader, name="Nær port", area="Helse")
    update = Project.objects.filter
    update(pk=calm.pk).update(condition="on_track")
    update(pk=late.pk).update(condition="needs_help", condition_reason="Mangler penger", phase=4)
    update(pk=near.pk).update(
        condition="watch", condition_reason="Avvik", next_gate_at=timezone.now() + timedelta(days=8)
    )
    return calm, late, near


def test_those_who_need_help_stand_first(three, manager_client):
    assert names(manager_client) == ["Står fast", "Nær port", "Rolig"]
    assert names(manager_client, sorter="prosjekt") == ["Nær port", "Rolig", "Står fast"]
    assert names(manager_client, sorter="-prosjekt") == ["Står fast", "Rolig", "Nær port"]


def test_filters_stand_in_the_address(three, owner, manager, manager_client):
    assert names(manager_client, omrade="Oppvekst") == ["Rolig"]
    assert names(manager_client, fase="4") == ["Står fast"]
    assert names(manager_client, tilstand="watch") == ["Nær port"]
    assert names(manager_client, port="30") == ["Nær port"]
    assert names(manager_client, eier=str(owner.pk), q="fast") == ["Står fast"]
    assert names(manager_client, eier=str(manager.pk)) == []
    assert names(manager_client, fase="avsluttet") == []
    page = manager_client.get(reverse(PAGE), {"omrade": "Helse", "tilstand": "watch"}).content.decode()
    assert f'class="chip" href="{reverse(PAGE)}?tilstand=watch"' in page
    assert "Rolig" not in page.split('id="all"')[1]


def test_counters_lead_to_the_rows_they_count(three, manager_client):
    page = manager_client.get(reverse(PAGE))
    assert (page.context["help_count"], page.context["watch_count"], page.context["soon_count"]) == (1, 1, 1)
    for name, only in (("help", "Står fast"), ("watch", "Nær port"), ("soon", "Nær port")):
        found = manager_client.get(reverse(PAGE) + page.context["counters"][name])
        assert [line.row.name for line in found.context["lines"]] == [only]
        assert found.context["help_count"] == 1  # a counter counts the same wherever one stands


@given(st.dictionaries(st.sampled_from(WORDS), st.text()))
def test_choice_is_read_again_as_it_was_written(data):
    choice = Choice.read(data)
    assert Choice.read(choice.pairs()) == choice


def test_page_says_how_many_one_does_not_see(three, restricted_project, reader_client, manager_client):
    assert "Du ser 3 av 4 prosjekter." in reader_client.get(reverse(PAGE)).content.decode()
    assert "Du ser" not in manager_client.get(reverse(PAGE)).content.decode()
    assert b"Hemmelig" not in reader_client.get(reverse("reports:portfolio_sheet")).content
    pdf = document_of(reader_client, reverse("reports:portfolio_pdf")).content
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert "Hemmelig" not in text
    assert "Du ser 3 av 4 prosjekter." in " ".join(text.split())


def test_meeting_document_has_the_order_of_the_page_on_two_pages(three, manager_client):
    content = document_of(manager_client, reverse("reports:portfolio_pdf")).content
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 2
    table = reader.pages[1].extract_text()
    assert table.index("Står fast") < table.index("Nær port") < table.index("Rolig")


def test_sheet_has_real_dates_and_numbers(three, manager_client):
    content = manager_client.get(reverse("reports:portfolio_sheet"), {"port": "30"}).content
    headings, row = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    found = dict(zip(headings, row, strict=True))
    assert isinstance(found["Neste portmøte"], datetime)
    assert found["Fase nr."] == 1
    assert found["Sjekkpunkter"] == 37


def test_table_tells_condition_and_next_gate(manager_client, project):
    Project.objects.filter(pk=project.pk).update(
        condition="watch", condition_reason="x", next_gate_at=datetime(2031, 12, 3, 10, tzinfo=UTC)
    )
    page = manager_client.get(reverse(PAGE)).content.decode()
    assert "Følg med" in page.split("<tbody")[1]
    assert "Port 1 · 3.\xa0des.\xa02031" in page


@pytest.mark.parametrize("sort", ["", *COLUMNS, "-tilstand", "-port", "-avvik"])
def test_pages_follow_each_other_in_the_order_of_the_sheet(municipality, owner, manager_client, sort):
    projects = fill(municipality, 60, owner=owner)
    for n, project in enumerate(projects[:30]):  # equal in all keys but the last, and not
        project.next_gate_at = timezone.now() + timedelta(days=n % 3)
        project.started_on = date(2026, 1, 1) if n % 2 else TODAY
    Project.objects.bulk_update(projects, ["next_gate_at", "started_on"])
    seen, url = [], f"{reverse(PAGE)}?sorter={sort}"
    while url:
        page = manager_client.get(url)
        seen += [line.row.name for line in page.context["lines"]]
        url = page.context["pages"].next and reverse(PAGE) + page.context["pages"].next
    assert len(set(seen)) == 60
    assert seen == names(manager_client, sorter=sort)
    assert len(manager_client.get(reverse(PAGE), {"etter": "999999"}).context["lines"]) == 50


@pytest.mark.parametrize("person", ["manager", "reader"])
def test_portfolio_costs_the_same_for_one_and_a_hundred(municipality, owner, person, request):
    """And for a thousand: tests/test_lists."""
    client = request.getfixturevalue(f"{person}_client")
    costs, today = [], timezone.localdate()
    for start, count in ((0, 1), (1, 99)):
        projects = fill(municipality, count, owner=owner, start=start)
        ProjectSnapshot.objects.bulk_create(
            ProjectSnapshot(project=p, on=today - timedelta(days=d), phase=2, condition="watch")
            for p in projects
            for d in (40, 70)
        )
        client.get(reverse(PAGE))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(PAGE)).status_code == 200
        costs.append(len(captured))
    assert len(set(costs)) == 1
    assert costs[0] <= 10


def test_late_report_is_counted_shown_and_comes_before_the_rest(three, manager_client, owner, leader):
    calm, late, near = three
    today = timezone.localdate()
    before = expected(today)
    Project.objects.filter(pk__in=[calm.pk, late.pk]).update(started_on=before.first)
    Project.objects.filter(pk=near.pk).update(started_on=today)
    due = due_on(before, 5)
    over = max((today - due).days, 0)
    page = manager_client.get(reverse(PAGE))
    assert page.context["late_count"] == (2 if over else 0)
    days = {line.row.name: line.row.days_over for line in page.context["lines"]}
    assert days == {"Rolig": over, "Står fast": over, "Nær port": 0}  # begun after the month: nothing to tell
    if over:
        assert names(manager_client, rapport="overtid") == ["Står fast", "Rolig"]


def test_proposal_of_last_night_is_shown_with_its_reason(three, manager_client):
    calm, *_ = three
    ChecklistItem.objects.filter(round__project=calm, round__phase=1, key="1.1a").update(
        due_on=timezone.localdate() - timedelta(days=2)
    )
    freeze_figures(on=timezone.localdate())
    page = manager_client.get(reverse(PAGE)).content.decode()
    assert "Forslag: Følg med, fordi ett sjekkpunkt er forfalt og interessentene er ikke kartlagt." in page
    assert page.count("Forslag: Følg med") == 1  # the one that is on watch already needs no proposal


# ------------------------------------------------------------------ saved views


def test_saved_view_is_the_persons_own(owner, manager, owner_client, manager_client, municipality, three):
    owner_client.post(reverse("reports:save_view"), {"name": "Helse", "query": "?omrade=Helse&ukjent=1"})
    view = SavedView.objects.get()
    assert (view.user, view.query) == (owner, "?omrade=Helse")
    assert "?omrade=Helse" in owner_client.get(reverse(PAGE)).content.decode()
    assert "Mine visninger" not in manager_client.get(reverse(PAGE)).content.decode()
    owner_client.post(reverse("reports:save_view"), {"name": "Helse", "query": "?fase=4"})
    assert SavedView.objects.get().query == "?fase=4"
    assert manager_client.post(reverse("reports:delete_view", args=[view.pk])).status_code == 404
    owner_client.post(reverse("reports:delete_view", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_nameless_view_and_the_thirteenth_are_refused(owner, owner_client, municipality):
    page = owner_client.post(reverse("reports:save_view"), {"name": " ", "query": "?fase=4"})
    assert "Skriv hva du kaller visningen." in page.content.decode()
    SavedView.objects.bulk_create(
        SavedView(user=owner, municipality=municipality, name=str(n)) for n in range(SavedView.MOST)
    )
    page = owner_client.post(reverse("reports:save_view"), {"name": "En til", "query": "?fase=4"})
    assert "Du har tolv visninger." in page.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(user=owner, municipality=municipality, name="1")


# ------------------------------------------------------------------ over time


def test_night_is_kept_once_however_often_it_runs(project):
    freeze_figures(on=TODAY)
    Project.objects.filter(pk=project.pk).update(condition="watch", condition_reason="Avvik")
    assert freeze_figures(on=TODAY) == 1
    kept = ProjectSnapshot.objects.get()
    assert (kept.condition, kept.phase, kept.item_count, kept.settled_count) == ("watch", 1, 37, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectSnapshot.objects.create(project=project, on=TODAY, phase=7, condition="watch")


def test_night_asks_at_most_four_times_a_project(municipality):
    """The proposal is the one of each project's report, read as there; all else is read at once."""
    fill(municipality, 1)
    with CaptureQueriesContext(connection) as one:
        freeze_figures(on=TODAY)
    fill(municipality, 39, start=1)
    with CaptureQueriesContext(connection) as many:
        assert freeze_figures(on=TODAY) == 40
    assert len(many) <= len(one) + 39 * 4


def test_missed_nights_leave_the_trend_whole(three, municipality, manager):
    calm, late, _near = three
    for project, condition in ((calm, "watch"), (late, "on_track")):
        for on in (date(2026, 9, 12), date(2026, 10, 3), date(2026, 10, 27)):  # many nights are missing
            before = condition if on.month == 10 and on.day == 27 else "on_track"
            ProjectSnapshot.objects.create(project=project, on=on, phase=1, condition=before)
    found = read_portfolio(municipality, manager, Choice(), now=NOW)
    trends = {row.name: row.trend for row in found.rows}
    assert trends == {"Rolig": 1, "Står fast": -1, "Nær port": 0}
    assert [(m.on, m.counts) for m in found.months] == [
        (date(2026, 9, 12), {"on_track": 2}),
        (date(2026, 10, 27), {"watch": 1, "on_track": 1}),
        (date(2026, 11, 25), {"on_track": 1, "needs_help": 1, "watch": 1}),
    ]


def test_trend_is_silent_when_the_month_before_is_unknown(three, municipality, manager):
    calm, *_ = three
    ProjectSnapshot.objects.create(project=calm, on=date(2026, 8, 1), phase=1, condition="needs_help")
    found = read_portfolio(municipality, manager, Choice(), now=NOW)
    assert {row.trend for row in found.rows} == {0}


def test_trend_tells_nothing_of_what_one_may_not_see(restricted_project, three, municipality, reader):
    for project in (restricted_project, three[0]):
        ProjectSnapshot.objects.create(
            project=project, on=date(2026, 10, 31), phase=1, condition="needs_help"
        )
    found = read_portfolio(municipality, reader, Choice(), now=NOW)
    assert found.months[0].counts == {"needs_help": 1}


def test_longest_in_the_queue(municipality, owner, manager):
    projects = fill(municipality, 5)
    found = read_portfolio(municipality, manager, Choice(), now=timezone.now())
    assert [row.pk for row in found.longest()] == [p.pk for p in projects[:1:-1]]


# ------------------------------------------------------------------ the drawing


def test_drawing_has_one_mark_for_each_project_and_says_the_rest():
    marks = [Mark("watch", "<Rask & trygg>", f"/p/{n}/") for n in range(MOST + 5)]
    svg = phase_plot([Column(1, ("Forankring",), marks)], title="x", more="+ {n} til")
    assert svg.count("<a ") == MOST
    assert "+ 5 til" in svg
    assert "<Rask" not in svg
    assert "style=" not in svg
