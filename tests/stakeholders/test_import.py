"""A register from a spreadsheet: what is read, what is refused, and nothing before it is confirmed."""

import io
import json
from datetime import date, timedelta

import openpyxl
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from innovasjon.models import AuditEvent
from roadmap import importing
from roadmap.models import ImportRow, Project, SheetImport
from roadmap.views.imports import correct_or_bring_in
from stakeholders.importing import StakeholderImporter
from stakeholders.models import (
    Attitude,
    Degree,
    Involvement,
    MainGroup,
    Measure,
    Reach,
    Stakeholder,
    Stance,
)
from tests.conftest import make_project
from tests.stakeholders.test_register import NAME, NUMBER, add, talk

IMPORTER = StakeholderImporter()


def workbook(rows, name="register.xlsx", title="Ark1"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    content.name = name
    content.seek(0)
    return content


def url(project, name, *args):
    return reverse(f"stakeholders:import_{name}", args=[project.slug, *args])


def chosen(client, project, file):
    """Choose a file and return the import; its columns are what the headings tell."""
    answer = client.post(url(project, "file"), {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return SheetImport.objects.latest("pk")


def looked_over(client, project, file, **fixed):
    """Go to step 3 with the columns as they are guessed, and answers for all rows."""
    made = chosen(client, project, file)
    mapping = {
        name: f"={c['value']}" if isinstance(c, dict) else c for name, c in made.mapping.items()
    } | fixed
    answer = client.post(url(project, "columns", made.pk), mapping)
    assert answer.status_code == 302, answer.content.decode()
    return made


def brought_in(client, project, made, **posted):
    return client.post(url(project, "review", made.pk), {"bring_in": "1"} | posted, follow=True)


HEADINGS = ["Interessent", "Hovedgruppe", "Innflytelse", "Holdning nå", "Neste kontakt", "Når"]


def rows_42():
    """Forty-two rows: three with errors, and one that is there already."""
    rows = [
        [f"Gruppe {n}", "Ansatte", "Stor", "Nøytral", "Møte", date(2027, 1, 1 + n % 28)] for n in range(42)
    ]
    rows[4][0] = "Tillitsvalgte"
    rows[11][2] = "mye"
    rows[17][5] = "31.02.2026"
    rows[30][0] = f"Gruppe {NUMBER}"
    return [HEADINGS, *rows]


def test_workbook_of_42_rows_with_three_faults_is_brought_in(leader_client, project, leader):
    add(project, leader)
    made = looked_over(leader_client, project, workbook([["Vårt register"], [], *rows_42()]))
    page = leader_client.get(url(project, "review", made.pk)).content.decode()
    assert "42 rader: 38 klare, 3 må rettes, 1 finnes fra før" in page
    for text in (
        "«mye» er ikke et valg. Velg Ingen, Liten, Middels eller Stor.",
        "Datoen 31.02.2026 finnes ikke.",
        "Det ser ut som et fødselsnummer.",
        "Hent inn 38 rader",
        "De tre med feil blir ikke med. Du kan laste dem ned som regneark.",
        "Rad 15",
    ):
        assert text in page
    assert "Gruppe 20" not in page  # nothing to do with it
    assert Stakeholder.objects.count() == 1
    faults = openpyxl.load_workbook(
        io.BytesIO(leader_client.get(url(project, "faults", made.pk)).content)
    ).active
    told = list(faults.iter_rows(values_only=True))
    assert [row[0] for row in told] == ["Rad", 15, 21, 34]
    assert told[1][-1].startswith("«mye» er ikke et valg")
    page = brought_in(leader_client, project, made).content.decode()
    assert "38 interessenter er hentet inn" in page
    assert "Angre innen 24 timer." in page
    assert Stakeholder.objects.count() == 39
    new = Stakeholder.objects.get(name="Gruppe 7")
    assert (new.main_group, new.influence, new.measures.get().on) == ("employee", 3, date(2027, 1, 8))
    assert [(s.attitude, s.source) for s in new.stances.all()] == [("neutral", "assumed")]
    event = AuditEvent.objects.latest("id")
    assert (event.verb, event.details["added"]) == ("sheet.imported", 38)
    trail = leader_client.get(reverse("roadmap:trail", args=[project.slug])).content.decode()
    assert "Hentet inn regnearket «register.xlsx»" in trail


def test_cell_is_corrected_in_place_and_the_number_holds(leader_client, project):
    made = looked_over(leader_client, project, workbook(rows_42()))
    cell = {"cell-13-influence": "Stor", "cell-19-next_on": "29.2.2026"}
    page = brought_in(leader_client, project, made, **cell).content.decode()
    assert "Rettelsene er lagret. Se på tallene, og gå videre." in page
    assert "Hent inn 40 rader" in page
    assert "Datoen 29.2.2026 finnes ikke." in page
    assert not Stakeholder.objects.exists()
    assert "40 interessenter er hentet inn" in brought_in(leader_client, project, made).content.decode()


def test_only_cells_with_errors_can_be_rewritten(leader_client, project):
    made = looked_over(leader_client, project, workbook(rows_42()))
    leader_client.post(url(project, "review", made.pk), {"cell-2-name": "Byttet", "cell-13-name": "Byttet"})
    assert not ImportRow.objects.filter(texts__name="Byttet").exists()


@pytest.mark.parametrize(("choice", "count", "influence"), [("skip", 1, 3), ("update", 1, 1), ("add", 2, 3)])
def test_one_that_is_there_is_skipped_updated_or_added(
    leader_client, project, leader, choice, count, influence
):
    old = add(project, leader, how_affected="Beholdes")
    file = workbook(
        [
            ["Interessent", "Hovedgruppe", "Innflytelse", "Hvordan berøres de?"],
            [" tillitsvalgte ", "Ansatte", "Liten", None],
        ]
    )
    made = looked_over(leader_client, project, file)
    leader_client.post(url(project, "review", made.pk), {"twin-2": choice})
    brought_in(leader_client, project, made)
    old.refresh_from_db()
    assert (Stakeholder.objects.count(), old.influence, old.how_affected) == (count, influence, "Beholdes")
    if choice == "update":
        changed = AuditEvent.objects.latest("id").details["changed"]
        assert changed == {str(old.pk): {"name": ["Tillitsvalgte", "tillitsvalgte"], "influence": [3, 1]}}


def test_the_same_twice_in_the_file_is_asked_about(leader_client, project):
    file = workbook([["Interessent", "Hovedgruppe"], ["Eldrerådet", "Brukere"], ["ELDRERÅDET", "Brukere"]])
    made = looked_over(leader_client, project, file)
    assert "Det samme står i rad 2." in leader_client.get(url(project, "review", made.pk)).content.decode()
    brought_in(leader_client, project, made)
    assert Stakeholder.objects.count() == 1


def test_list_that_changed_meanwhile_is_looked_over_again(leader_client, project, leader):
    made = looked_over(leader_client, project, workbook([HEADINGS[:2], ["Tillitsvalgte", "Ansatte"]]))
    add(project, leader)
    page = brought_in(leader_client, project, made).content.decode()
    assert "Noen har endret listen i mellomtiden." in page
    assert "1 finnes fra før" in page
    assert Stakeholder.objects.count() == 1


def test_whole_import_or_nothing(leader_client, project, monkeypatch):
    made = looked_over(leader_client, project, workbook(rows_42()))
    made.refresh_from_db()

    def fails(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(importing, "record", fails)
    with pytest.raises(RuntimeError):
        brought_in(leader_client, project, made)
    assert not Stakeholder.objects.exists()
    made.refresh_from_db()
    assert (made.state, default_storage.exists(made.file.name)) == ("checked", True)


# ------------------------------------------------------------------ workbooks people have


def test_register_of_digdir_is_known(leader_client, project):
    rows = [
        [None, None, "Virksomhetsledelse", "Bruker", None, None, None, "Ingen", "Liten", "Middels", "Stor"],
        [None, "IDENTIFISERING", None, None, None, "ANALYSE", None, None, "TILTAK"],
        [
            "Profil\nID",
            "Organisasjon/\nEnhet / Gruppe",
            "Navn \nog linjerolle",
            "Hovedkategori \n(type interessent)",
            "Tilknytning / relasjon til prosjektet",
            "Forventning og holdning til prosjektet",
            "Interesse og vilje/evne til samarbeid",
            "Innflytelse og makt/ vilje til påvirkning",
            "Interessentens informasjonsbebov",
            "Hovedtiltak \nevt. ref. til tiltaksplan",
        ],
        [
            1,
            "Hjemmetjenesten",
            f"{NAME}, avdelingsleder",
            "Virksomhetsledelse",
            "Eier rutinen",
            "Er skeptisk til tidsbruken",
            "Middels",
            "Stor",
            "Ukentlig",
            "Møte",
        ],
        [2, " ", None, None],
        [3, "Fastlegene", None, "Premissgiver", None, "Positiv", "Liten", "Middels", None, None],
    ]
    made = looked_over(leader_client, project, workbook(rows, "Interessentregister_v4.0.xlsx"))
    brought_in(leader_client, project, made)
    first, second = Stakeholder.objects.order_by("pk")
    assert (first.name, first.person_name, first.line_role) == ("Hjemmetjenesten", NAME, "avdelingsleder")
    assert (first.main_group, first.influence, first.interest) == ("employee", 3, 2)
    assert (first.how_affected, first.information_need) == ("Eier rutinen", "Ukentlig")
    assert (first.stances.get().attitude, first.measures.get().what) == ("sceptical", "Møte")
    assert (second.name, second.main_group, second.influence) == ("Fastlegene", "other", 2)


def test_analysis_of_kommit_is_known_with_one_group_for_all(leader_client, project):
    rows = [
        ["Interessentanalyse"],
        [],
        [],
        [
            "Berørte interessenter\n(kopieres automatisk)",
            "Hvordan påvirkes interessenten av endringen?",
            "Innflytelse (1; 2; 3) ",
            "Holdning \n(-1; 0; 1)",
            "Strategi for forankring, kommunikasjon og opplæring",
        ],
        ["Ansatte i sone Nord", "Nye rutiner", 3, -1, "Opplæring"],
        ["Legene", None, 1, 1, None],
    ]
    made = chosen(leader_client, project, workbook(rows, "kommit.xlsx"))
    page = leader_client.get(url(project, "columns", made.pk)).content.decode()
    assert "Overskriftene står i rad 4" in page
    assert "Ansatte i sone Nord" in page
    answer = leader_client.post(url(project, "columns", made.pk), made.mapping)
    assert answer.status_code == 422
    assert "Velg en kolonne, eller ett svar for alle rader." in answer.content.decode()
    answer = leader_client.post(url(project, "columns", made.pk), made.mapping | {"name": "²"})
    assert answer.status_code == 422
    leader_client.post(url(project, "columns", made.pk), made.mapping | {"main_group": "=employee"})
    brought_in(leader_client, project, made)
    told = [
        (s.name, s.main_group, s.influence, s.stances.get().attitude, s.stances.get().source)
        for s in Stakeholder.objects.order_by("pk")
    ]
    assert told == [
        ("Ansatte i sone Nord", "employee", 3, "sceptical", "assumed"),
        ("Legene", "employee", 1, "positive", "assumed"),
    ]


def test_formulas_are_shown_as_values_to_confirm(leader_client, project):
    made = looked_over(leader_client, project, workbook([HEADINGS[:2], ['=HYPERLINK("x")', "Ansatte"]]))
    page = leader_client.get(url(project, "review", made.pk)).content.decode()
    assert "Cellen har en formel. Skriv verdien i stedet." in page
    assert "HYPERLINK" not in page
    assert "Ingen rader kan hentes inn ennå." in page


@pytest.mark.parametrize("name", ["brev.pdf", "register.xlsx"])
def test_file_that_is_no_spreadsheet_is_refused_and_not_kept(leader_client, project, name):
    file = io.BytesIO(b"%PDF-1.7")
    file.name = name
    answer = leader_client.post(url(project, "file"), {"file": file})
    assert answer.status_code == 422
    assert "Filen er ikke et regneark. Bruk .xlsx, .ods eller .csv." in answer.content.decode()
    assert not SheetImport.objects.exists()


def test_template_has_the_headings_that_are_read(leader_client, project):
    content = leader_client.get(url(project, "template")).content
    headings = [cell.value for cell in next(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows())]
    assert headings[:4] == ["Interessent", "Navn på en person", "Rolle i linja", "Hovedgruppe"]
    assert len(IMPORTER.sheet(project).match(headings)) == len(headings)


# ------------------------------------------------------------------ undo and forget


def test_undo_takes_back_what_nobody_has_built_on(leader_client, project, leader):
    old = add(project, leader, influence=2)
    made = looked_over(leader_client, project, workbook(rows_42()))
    leader_client.post(url(project, "review", made.pk), {"twin-6": "update"})
    brought_in(leader_client, project, made)
    talk(Stakeholder.objects.get(name="Gruppe 8"), leader)
    old.refresh_from_db()
    assert (old.influence, Measure.objects.count()) == (3, 39)
    ask = leader_client.get(url(project, "undo", made.pk)).content.decode()
    assert "Det gjelder 39 interessenter." in ask
    page = leader_client.post(url(project, "undo", made.pk), follow=True).content.decode()
    assert "1 interessent blir stående, fordi de er endret siden." in page
    old.refresh_from_db()
    assert set(Stakeholder.objects.values_list("name", flat=True)) == {"Tillitsvalgte", "Gruppe 8"}
    assert (old.influence, old.measures.count()) == (2, 0)
    assert AuditEvent.objects.latest("id").verb == "sheet.import_undone"
    assert leader_client.post(url(project, "undo", made.pk), follow=True).status_code == 200
    assert Stakeholder.objects.count() == 2


def test_after_a_day_it_can_neither_be_undone_nor_found(leader_client, leader, project):
    made = looked_over(leader_client, project, workbook(rows_42()))
    file = made.file.name
    assert default_storage.exists(file)
    brought_in(leader_client, project, made)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        leader_client.force_login(leader, backend="innovasjon.accounts.AuthenticationBackend")
        assert (
            "Det kan ikke angres lenger." in leader_client.get(url(project, "done", made.pk)).content.decode()
        )
        leader_client.post(url(project, "undo", made.pk))
        assert Stakeholder.objects.count() == 39
        assert importing.forget_outlived(timezone.now()) == 1
    assert not ImportRow.objects.exists()


def test_import_that_was_never_finished_is_forgotten_with_its_file(leader_client, project):
    made = chosen(leader_client, project, workbook(rows_42()))
    assert importing.forget_outlived(timezone.now() + timedelta(hours=25)) == 1
    assert not default_storage.exists(made.file.name)


# ------------------------------------------------------------------ round trip

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)
PROSE = st.one_of(
    st.just(""), WORDS, st.sampled_from(["'=1+1", "=1+1", "- en\n- to", "−1", "0,5", "31.02.2026"])
)
GROUP = st.fixed_dictionaries(
    {
        "name": WORDS,
        "main_group": st.sampled_from(MainGroup.values),
        "reach": st.sampled_from(["", *Reach.values]),
        "influence": st.sampled_from(Degree.values),
        "interest": st.sampled_from(Degree.values),
        "involvement": st.sampled_from(["", *Involvement.values]),
        "how_affected": PROSE,
        "information_need": PROSE,
        "strongly_affected": st.booleans(),
        "in_advisory_group": st.booleans(),
        "attitude": st.sampled_from(Attitude.values),
        "source": st.sampled_from(Stance.Source.values),
        "plan": PROSE,
    }
)


def state_of(project):
    return (
        list(project.stakeholders.order_by("pk").values()),
        list(Stance.objects.filter(stakeholder__project=project).order_by("pk").values()),
        list(Measure.objects.filter(stakeholder__project=project).order_by("pk").values()),
    )


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=st.lists(GROUP, min_size=1, max_size=3, unique_by=lambda g: IMPORTER.key(g)))
def test_export_and_import_again_changes_nothing(leader_client, project, leader, form, groups):
    project.stakeholders.all().delete()
    for fields in groups:
        values = dict(fields)
        plan = values.pop("plan")
        group = add(project, leader, **values)
        if plan:
            Measure.objects.create(
                stakeholder=group, what=plan, channel="mail", phase=1, on=timezone.localdate()
            )
    before = state_of(project)
    content = io.BytesIO(leader_client.get(reverse("stakeholders:sheet", args=[project.slug, form])).content)
    content.name = f"register.{form}"
    made = looked_over(leader_client, project, content)
    rows = list(made.rows.values_list("state", "errors"))
    assert rows == [("twin", {})] * len(groups)
    leader_client.post(url(project, "review", made.pk), {"all_twins": "update"})
    brought_in(leader_client, project, made)
    assert state_of(project) == before
    event = AuditEvent.objects.latest("id")
    assert (event.details["updated"], event.details["unchanged"]) == (0, len(groups))


def test_what_left_comes_into_another_project_as_it_was(leader_client, project, municipality, owner, leader):
    add(
        project,
        leader,
        name="=Fare",
        attitude="positive",
        source="said",
        how_affected="- en\n- to",
        reach="local",
    )
    content = io.BytesIO(
        leader_client.get(reverse("stakeholders:sheet", args=[project.slug, "xlsx"])).content
    )
    content.name = "register.xlsx"
    other = make_project(municipality, owner=owner, leader=leader, name="Et annet")
    brought_in(leader_client, other, looked_over(leader_client, other, content))
    (new,) = other.stakeholders.all()
    assert (new.name, new.how_affected, new.reach) == ("=Fare", "- en\n- to", "local")
    assert [(s.attitude, s.source) for s in new.stances.all()] == [("positive", "said")]


# ------------------------------------------------------------------ who may


def test_attitude_to_a_person_stays_out_of_the_trail(leader_client, project):
    rows = [
        ["Interessent", "Hovedgruppe", "Navn på person", "Holdning nå"],
        ["Avdeling Øst", "Ansatte", NAME, "Skeptisk"],
    ]
    made = looked_over(leader_client, project, workbook(rows))
    brought_in(leader_client, project, made)
    assert Stakeholder.objects.get().person_name == NAME
    for event in AuditEvent.objects.filter(project_id=project.pk):
        told = json.dumps([event.changes, event.details, event.target_label], ensure_ascii=False)
        assert NAME not in told
        assert "sceptical" not in told


def test_import_of_another_project_is_not_reached(leader_client, project, municipality, owner, leader):
    made = chosen(leader_client, project, workbook(rows_42()))
    other = make_project(municipality, owner=owner, leader=leader, name="Et annet")
    for name in ("columns", "review", "faults", "done", "undo", "progress"):
        assert leader_client.get(url(other, name, made.pk)).status_code == 404


def test_progress_is_told_while_it_is_read(leader_client, project):
    made = chosen(leader_client, project, workbook(rows_42()))
    assert leader_client.get(url(project, "progress", made.pk)).json() == {"read": 0, "about": 42}
    leader_client.post(url(project, "columns", made.pk), made.mapping)
    assert leader_client.get(url(project, "progress", made.pk)).json()["read"] == 42


def test_full_workbook_is_read_and_written_with_few_queries(
    leader_client, project, django_assert_max_num_queries
):
    rows = [HEADINGS[:4], *([f"Gruppe {n}", "Ansatte", "Stor", "Nøytral"] for n in range(1200))]
    made = chosen(leader_client, project, workbook(rows))
    with django_assert_max_num_queries(50):
        leader_client.post(url(project, "columns", made.pk), made.mapping)
    with django_assert_max_num_queries(100):
        brought_in(leader_client, project, made)
    assert Project.objects.get().stakeholders.count() == 1200


def test_second_press_of_the_button_says_what_the_first_brought_in(leader, leader_client, project, rf):
    made = looked_over(leader_client, project, workbook([HEADINGS[:2], ["Tillitsvalgte", "Ansatte"]]))
    stale = SheetImport.objects.get(pk=made.pk)
    brought_in(leader_client, project, made)
    request = rf.post("/", {"bring_in": "1"})  # that was on its way; a message would fail here
    request.user, stale.project = leader, project
    answer = correct_or_bring_in(request, project, stale, IMPORTER)
    assert answer.url == url(project, "done", made.pk)
