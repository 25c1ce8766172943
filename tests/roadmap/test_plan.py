"""The plan: circles, order, lateness, working days, overload, the drawing, and what it answers."""

import html
import io
import re
from datetime import date, timedelta
from itertools import pairwise

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from innovasjon.audit import as_stored
from innovasjon.models import AuditEvent, User
from roadmap import actions, gantt, plan_wording, planning
from roadmap.contribution import RoadmapContribution
from roadmap.contributions import CONTRIBUTIONS
from roadmap.models import Activity, Deliverable, Dependency, Project, SheetImport, Step, TeamShare
from roadmap.people_cells import People, Person
from roadmap.plan import read_plan
from roadmap.plan_importing import ActivityImporter
from tests.conftest import client_of, document_of

THURSDAY = date(2026, 11, 19)


def url(project, name="plan", *args):
    return reverse(f"roadmap:{name}", args=[project.slug, *args])


def add(project, by, name="Ring alle", after=(), participants=(), **fields):
    values = {"phase": 1} | fields
    return planning.save_activity(
        project=project,
        activity=Activity(name=name, **values),
        predecessors=after,
        participants=participants,
        by=by,
    )


def form(**fields):
    return {"name": "Ring alle", "kind": "activity", "phase": "1", "status": "not_started"} | fields


# ------------------------------------------------------------------ what waits for what


@pytest.fixture
def chain(project, leader):
    """A → B → C"""
    a = add(project, leader, "A")
    b = add(project, leader, "B", after=[a])
    return a, b, add(project, leader, "C", after=[b])


def test_circle_is_refused_in_the_form_with_the_chain_named(leader_client, project, chain):
    a, _b, c = chain
    answer = leader_client.post(url(project, "activity", a.pk), form(name="A", predecessors=[c.pk]))
    assert answer.status_code == 422
    assert "Disse venter på hverandre i ring: A → B → C → A. Ta bort én av dem." in answer.content.decode()
    assert not Dependency.objects.filter(after=a).exists()


def test_circle_is_refused_in_the_action_too(project, leader, chain):
    a, b, _c = chain
    with translation.override("nb"), pytest.raises(ValidationError, match="A → B → A"):
        planning.save_activity(project=project, activity=a, predecessors=[b], by=leader)


def test_database_refuses_an_activity_that_waits_for_itself(chain):
    a = chain[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Dependency.objects.create(before=a, after=a)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dependency.objects.create(before=a, after=chain[1])


def test_activity_of_another_project_cannot_be_waited_for(project, other_project, leader, stranger):
    theirs = add(other_project, stranger)
    with pytest.raises(ValidationError):
        add(project, leader, after=[theirs])


@given(
    st.sets(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=12),
    st.integers(1, 6),
    st.integers(1, 6),
)
@settings(max_examples=60, deadline=None)
def test_circle_is_found_exactly_when_the_way_back_exists(edges, start, wanted):
    leads_to = {}
    for before, after in edges:
        leads_to.setdefault(before, set()).add(after)
    reached, queue = {start}, [start]
    for here in queue:
        for there in leads_to.get(here, set()) - reached:
            reached.add(there)
            queue.append(there)
    found = planning.find_circle(leads_to, start, {wanted})
    assert bool(found) == (wanted in reached)
    leads_to.setdefault(wanted, set()).add(start)
    assert set(found) <= planning.on_circles(leads_to)
    for before, after in pairwise(found[:-1]):
        assert after in leads_to[before]


def test_beginning_too_early_is_told(leader_client, project, leader):
    today = timezone.localdate()
    first = add(project, leader, "Avtale", starts_on=today, ends_on=today + timedelta(days=9))
    add(project, leader, "Opplæring", after=[first], starts_on=today + timedelta(days=3), ends_on=None)
    page = leader_client.get(url(project)).content.decode()
    assert "Begynner før dette er ferdig: Avtale" in page
    assert "Én aktivitet begynner for tidlig" in page
    fields = form(
        name="Avtale", starts_on=f"{today:%d.%m.%Y}", ends_on=f"{today + timedelta(days=5):%d.%m.%Y}"
    )
    moved = leader_client.post(url(project, "activity", first.pk), fields, follow=True)
    assert "«Opplæring» (" in moved.content.decode()
    assert "venter på dette, men begynner før det slutter" in moved.content.decode()


# ------------------------------------------------------------------ dates


def test_nine_days_late_is_told_on_the_page_and_on_the_bar(leader_client, project, leader):
    today = timezone.localdate()
    add(project, leader, starts_on=today - timedelta(days=20), ends_on=today - timedelta(days=9))
    page = leader_client.get(url(project)).content.decode()
    assert page.count("9 dager forsinket") == 2
    assert "Én aktivitet er forsinket" in page


def test_done_is_never_late(project, leader):
    activity = add(project, leader, ends_on=THURSDAY - timedelta(days=9), status="done")
    assert activity.days_late(THURSDAY) == 0
    assert add(project, leader, "B", ends_on=THURSDAY).days_late(THURSDAY) == 0


def test_working_days_skip_weekends_and_christmas(leader_client, project):
    leader_client.post(url(project, "new_activity"), form(starts_on="23.12.2026", duration="3"))
    activity = Activity.objects.get()
    assert activity.ends_on == date(2026, 12, 28)  # 23, 24 and Monday 28
    row = read_plan(project, THURSDAY).rows[0]
    assert row.working_days == 3


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Skriv hva som skal gjøres."),
        ({"starts_on": "3.12.2026", "ends_on": "1.12.2026"}, "Slutten er før starten."),
        ({"kind": "milestone"}, "Skriv hvilken dag milepælen er."),
        ({"duration": "5"}, "Skriv når den starter."),
        (
            {"starts_on": "1.12.2026", "ends_on": "3.12.2026", "duration": "9"},
            "Skriv enten siste dag eller antall virkedager.",
        ),
        ({"kind": "pilot"}, "Skriv hvilken enhet som prøver det eller tar det i bruk."),
    ],
)
def test_error_is_told_at_the_field_and_nothing_is_lost(leader_client, project, fields, message):
    answer = leader_client.post(url(project, "new_activity"), form(unit="") | fields)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_on": THURSDAY, "ends_on": THURSDAY - timedelta(days=1)},
        {"kind": "milestone", "starts_on": THURSDAY, "ends_on": THURSDAY + timedelta(days=1)},
        {"phase": 7},
        {"status": "late"},
    ],
)
def test_database_refuses_an_impossible_activity(project, leader, fields):
    activity = add(project, leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=activity.pk).update(**fields)


# ------------------------------------------------------------------ order, time and tolerance


def test_activities_move_up_and_down_within_their_phase(leader_client, project, leader):
    first, second = add(project, leader, "A"), add(project, leader, "B")
    other = add(project, leader, "Z", phase=2)
    leader_client.post(url(project, "move_activity", second.pk), {"direction": "up"})
    assert list(project.activities.in_order()) == [second, first, other]
    leader_client.post(url(project, "move_activity", second.pk), {"direction": "up"})  # first already
    assert list(project.activities.in_order()) == [second, first, other]
    assert AuditEvent.objects.filter(verb="activity.moved").count() == 1


def test_plan_of_many_is_shown_page_by_page_and_one_stays_where_one_was(sixty, leader_client, leader):
    for n in range(50):
        add(sixty, leader, f"Til slutt {n}", phase=6)
    first = leader_client.get(url(sixty)).content.decode()
    assert "Du ser 100 av 110." in html.unescape(first)
    assert "Til slutt 0<" in first
    assert "Til slutt 49<" not in first
    last = list(sixty.activities.in_order())[-1]
    moved = leader_client.post(url(sixty, "move_activity", last.pk), {"direction": "up"})
    second = leader_client.get(moved["Location"]).content.decode()
    assert moved["Location"].endswith(f"#activity-{last.pk}")
    assert f'id="activity-{last.pk}"' in second
    assert second.count('<tr role="row" id="activity-') == 10


def test_five_activities_in_a_week_are_too_many(project, owner, leader, member):
    for n in range(5):
        add(
            project,
            leader,
            f"Møte {n}",
            responsible=owner if n % 2 else None,
            participants=[] if n % 2 else [owner, member],
            starts_on=date(2026, 11, 24),
            ends_on=date(2026, 11, 26),
        )
    with translation.override("nb"):
        told = [plan_wording.overload_text(o) for o in read_plan(project, THURSDAY).overloads]
    assert told == ["Kommunalsjef er satt opp på fem aktiviteter i uke 48."]
    assert read_plan(project, date(2026, 12, 1)).overloads == ()


def test_two_people_of_one_position_are_two(project, leader, member, reader):
    User.objects.filter(pk__in=[member.pk, reader.pk]).update(position="Rådgiver")
    for n in range(8):
        days = {"starts_on": date(2026, 11, 24), "ends_on": date(2026, 11, 26)}
        add(project, leader, f"Møte {n}", participants=[member] if n % 2 else [reader], **days)
    assert read_plan(project, THURSDAY).overloads == ()
    add(project, leader, "Ett til", participants=[member, reader], **days)
    assert [(o.person, o.count) for o in read_plan(project, THURSDAY).overloads] == [("Rådgiver", 5)] * 2


def test_lateness_beyond_the_tolerance_is_told(leader_client, project, leader):
    add(project, leader, ends_on=timezone.localdate() - timedelta(days=9))
    leader_client.post(url(project, "tolerances"), {"time": "5", "cost": "", "quality": "", "benefit": ""})
    page = leader_client.get(url(project)).content.decode()
    told = "9 dager etter det som er avtalt, er mer enn de 5 dagene som er tillatt. Si fra til prosjekteier."
    assert told in page
    assert "Planen er slik den ble avtalt." in page


def test_moved_end_is_still_late_until_the_plan_is_agreed_anew(leader_client, member_client, project, leader):
    today = timezone.localdate()
    moved, done = (
        add(project, leader, name, ends_on=today + timedelta(days=1)) for name in ("Ring", "Skriv")
    )
    allowed = {"time": "14", "cost": "", "quality": "", "benefit": ""}
    saved = leader_client.post(url(project, "tolerances"), allowed, follow=True).content.decode()
    assert "Planen slik den står, er det som er avtalt." in saved
    for activity, days in ((moved, 31), (done, 61)):
        activity.refresh_from_db()
        activity.ends_on = today + timedelta(days=days)
        planning.save_row(project=project, row=activity, by=leader)
    done.status = "done"
    planning.save_row(project=project, row=done, by=leader)
    add(project, leader, "Ny", ends_on=today + timedelta(days=90))
    page = leader_client.get(url(project)).content.decode()
    assert "30 dager etter det som er avtalt, er mer enn de 14 dagene" in page
    assert "30 dager senere" in page
    assert "Én aktivitet slutter senere enn avtalt" in page
    assert "Én aktivitet er flyttet og én er ny siden planen ble avtalt." in page
    assert url(project, "agree_plan") not in member_client.get(url(project)).content.decode()
    agree = leader_client.get(url(project, "agree_plan"))
    assert [row.activity.name for row in agree.context["rows"]] == ["Ring", "Ny"]
    sent = {"seen": agree.context["seen"], "reason": ""}
    assert (
        "Skriv hvem som ble enige, og hvorfor."
        in leader_client.post(url(project, "agree_plan"), sent).content.decode()
    )
    moved.ends_on = today + timedelta(days=40)
    planning.save_row(project=project, row=moved, by=leader)
    sent["reason"] = "Styringsgruppa, fordi leveransen kom sent."
    again = leader_client.post(url(project, "agree_plan"), sent)
    assert "Planen ble endret mens du leste." in again.content.decode()
    leader_client.post(url(project, "agree_plan"), sent | {"seen": again.context["seen"]})
    page = leader_client.get(url(project)).content.decode()
    assert "Høyst 0 dager etter det som er avtalt, 14 dager er tillatt." in page
    told = AuditEvent.objects.filter(verb="plan.agreed").last().details
    assert (told["text"], told["count"]) == (sent["reason"], 2)


@pytest.mark.parametrize(
    ("agreed", "ends", "status", "over"),
    [
        (None, -3, "started", 3),  # against its own end
        (None, 3, "started", 0),
        (-10, 4, "started", 14),  # to its end
        (-10, -5, "started", 10),  # to today, for it is not done
        (5, 2, "started", 0),
        (-10, 4, "done", 0),
    ],
)
def test_days_over_go_from_the_agreed_end(agreed, ends, status, over):
    def day(n):
        return n if n is None else THURSDAY + timedelta(days=n)

    assert Activity(agreed_on=day(agreed), ends_on=day(ends), status=status).days_over(THURSDAY) == over


def test_time_of_a_person_is_a_share(leader_client, project, leader):
    data = {"user": leader.pk, "role": "Prosjektleder", "percent": "60", "status": "allocated"}
    leader_client.post(url(project, "new_share"), data)
    assert TeamShare.objects.get().percent == 60
    again = leader_client.post(url(project, "new_share"), data)
    assert "Personen har satt opp tid fra før." in again.content.decode()
    with translation.override("nb"):
        fact = CONTRIBUTIONS.fact(project, "1.3c")
    assert (fact.text, fact.answers) == ("Liv L., 60 % (tildelt)", True)


def test_two_who_push_with_a_strength_each_answer_the_checkpoint(project, leader, member):
    TeamShare.objects.create(project=project, user=leader, share="0.10", role="Pådriver, kjenner turnusen")
    assert CONTRIBUTIONS.fact(project, "1.3e").answers is False
    TeamShare.objects.create(project=project, user=member, share="0.10", role="Pådriver, vant til teknikk")
    assert CONTRIBUTIONS.fact(project, "1.3e").answers is True


def test_approval_needs_a_criterion_and_somebody(leader_client, project, owner):
    data = {"name": "Pilotplan", "phase": "4", "status": "approved"}
    page = leader_client.post(url(project, "new_deliverable"), data).content.decode()
    assert "Skriv hva som måtte være på plass for godkjenning." in page
    assert "Velg hvem som har godkjent." in page
    leader_client.post(
        url(project, "new_deliverable"), data | {"acceptance": "Ti felt", "approver": owner.pk}
    )
    deliverable = Deliverable.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Deliverable.objects.filter(pk=deliverable.pk).update(approver=None)


# ------------------------------------------------------------------ sixty activities


@pytest.fixture
def sixty(project, leader):
    """A plan of sixty, half of them in one phase."""
    today = timezone.localdate()
    rows = [
        Activity(
            project=project,
            phase=4 if n < 30 else 1 + n % 6,
            name=f"Aktivitet nummer {n} med et navn som er langt nok",
            starts_on=today + timedelta(days=3 * n - 60),
            ends_on=today + timedelta(days=3 * n - 40),
            status=["not_started", "started", "done"][n % 3],
            responsible=leader,
            position=n,
        )
        for n in range(60)
    ]
    Activity.objects.bulk_create(rows)
    return project


def test_long_plan_is_drawn_in_parts_and_loses_nothing(sixty):
    plan = read_plan(sixty, timezone.localdate())
    for width in (plan_wording.ON_PAGE, plan_wording.ON_PAPER):
        with translation.override("nb"):
            drawings = plan_wording.gantt_drawings(plan, timezone.localdate(), width=width)
        svg = "".join(drawing.svg for drawing in drawings)
        assert [d.heading for d in drawings if "Fase 4" in d.heading][:1] == ["Fase 4 Pilotering, del 1 av 2"]
        for n in range(60):
            assert f"Aktivitet nummer {n} " in svg
        for drawing in drawings:
            edge = float(re.search(r'viewBox="0 0 (\d+)', drawing.svg)[1])
            assert max(float(x) for x in re.findall(r'<text x="([\d.]+)"', drawing.svg)) <= edge
        assert "style=" not in svg


def test_plan_is_a_document_with_the_same_words(sixty, leader_client):
    answer = document_of(leader_client, reverse("reports:plan_pdf", args=[sixty.slug]))
    assert answer["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert "Fase 4 Pilotering, del 2 av 2" in text
    assert "Aktivitet nummer 59" in text


@pytest.mark.parametrize("name", ["plan", "new_activity", "risks", "project_log", "related"])
def test_pages_cost_the_same_for_one_and_sixty(name, leader_client, project, leader):
    add(project, leader, participants=[leader])
    address = url(project, name)
    before = cost(leader_client, address)
    previous = None
    for n in range(12):
        previous = add(
            project, leader, f"Nr. {n}", after=[previous] if previous else [], participants=[leader]
        )
    Activity.objects.bulk_create(
        Activity(project=project, phase=2, name=f"Mange {n}", responsible=leader) for n in range(50)
    )
    assert cost(leader_client, address) == before <= 12


def cost(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_parts_of_a_drawing_are_about_equal():
    assert [len(part) for part in gantt.in_parts(list(range(53)))] == [18, 18, 17]


# ------------------------------------------------------------------ change load


@pytest.fixture
def pilots(project, restricted_project, other_project, municipality, leader, stranger):
    """A pilot in «Sone Nord» of an open, a restricted and a neighbour's project."""
    today = timezone.localdate()
    for place, by in ((project, leader), (restricted_project, leader), (other_project, stranger)):
        add(
            place,
            by,
            f"Prøv i {place.name}",
            kind="pilot",
            unit=" sone   Nord",
            starts_on=today,
            ends_on=today + timedelta(days=40),
        )


def test_change_load_counts_what_the_person_may_see(pilots, leader_client, reader_client):
    address = reverse("roadmap:change_load")
    seen, read = (client.get(address).context["rows"] for client in (leader_client, reader_client))
    assert [(row.unit, row.most) for row in seen] == [("sone Nord", 2)]
    assert [(row.unit, row.most) for row in read] == [("sone Nord", 1)]


def test_overview_tells_of_other_open_projects_in_the_unit(
    pilots, project, restricted_project, leader, leader_client
):
    inside = leader_client.get(restricted_project.get_absolute_url()).content.decode()
    assert "Samtidig i sone Nord: 1 annet prosjekt" in inside
    outside = leader_client.get(project.get_absolute_url()).content.decode()
    assert "Samtidig i" not in outside  # the other one is restricted


# ------------------------------------------------------------------ what waits for a person


def test_what_i_answer_for_waits_for_me(project, municipality, leader, owner):
    today = timezone.localdate()
    item = project.rounds.get(phase=1).items.get(key="1.1a")
    item.responsible, item.due_on = leader, today
    item.save()
    add(project, leader, "Forfalt", responsible=leader, ends_on=today - timedelta(days=2))
    add(project, leader, "Langt fram", responsible=leader, ends_on=today + timedelta(days=15))
    add(project, leader, "En annens", responsible=owner, ends_on=today)
    Deliverable.objects.create(project=project, phase=1, name="Plan", responsible=leader, due_on=today)
    with CaptureQueriesContext(connection) as captured:
        found = RoadmapContribution().tasks(leader, municipality, today)
    assert len(captured) == 1
    assert {str(task.text): str(task.action) for task in found}["Forfalt"] == "Åpne aktiviteten"
    assert {str(t.text) for t in found} == {"Forfalt", item.text, "Plan"}
    with translation.override("nb"):
        why = {
            str(task.text): str(task.why) for task in RoadmapContribution().tasks(leader, municipality, today)
        }
    assert why[item.text].startswith("Sjekkpunkt i steg 1.1 ")
    for task in found:
        assert client_of(leader).get(task.url).status_code == 200
    Project.objects.filter(pk=project.pk).update(status="closed", closed_on=today)
    assert not RoadmapContribution().tasks(leader, municipality, today)


def test_activity_and_what_it_makes_are_one_row(project, municipality, leader, owner):
    today = timezone.localdate()
    activity = add(project, leader, "Skriv pilotrapport", responsible=leader, ends_on=today)
    report = {"phase": 1, "responsible": leader, "due_on": today - timedelta(days=1)}
    Deliverable.objects.create(project=project, name="Pilotrapport", **report)
    Deliverable.objects.create(project=project, name="Rapport", **report)  # another word
    with translation.override("nb"):
        found = RoadmapContribution().tasks(leader, municipality, today)
    assert {task.text: task.on for task in found} == {
        "Skriv pilotrapport": report["due_on"],
        "Rapport": report["due_on"],
    }
    assert next(task.why for task in found if task.url == activity.get_absolute_url()) == (
        "En aktivitet og leveransen «Pilotrapport», som du har ansvar for"
    )
    add(project, leader, "Portmøte", kind="milestone", responsible=owner, ends_on=today)
    Project.objects.filter(pk=project.pk).update(next_gate_at=timezone.now())
    with translation.override("nb"):
        assert [t.text for t in RoadmapContribution().tasks(owner, municipality, today)] == ["Beslutt port 1"]


def test_gate_waits_for_its_owner_and_its_leader(
    project, municipality, owner, leader, stranger, other_municipality
):
    today = timezone.localdate()
    assert not RoadmapContribution().tasks(owner, municipality, today)
    Project.objects.filter(pk=project.pk).update(next_gate_at=timezone.now() + timedelta(days=9))
    with translation.override("nb"):
        (task,) = RoadmapContribution().tasks(owner, municipality, today)
        assert (task.text, task.action, task.as_owner) == ("Beslutt port 1", "Ta stilling til porten", True)
        actions.ask_for_decision(project=project, proposal="", now=timezone.now(), by=leader)
        (task,) = RoadmapContribution().tasks(owner, municipality, today)
        assert task.why.startswith("Teamet ba om en beslutning")
        assert client_of(owner).get(task.url).status_code == 200
        (mine,) = RoadmapContribution().tasks(leader, municipality, today)
    question = project.phases.get(number=1).gate_question
    assert (mine.text, mine.action) == (f"Portmøte 1: {question}", "Se hva som mangler")
    assert mine.why.endswith("sjekkpunkter står åpne.")
    assert not RoadmapContribution().tasks(stranger, other_municipality, today)


# ------------------------------------------------------------------ spreadsheets, both ways


def bring_in(client, project, content, name="plan.csv"):
    """Go through the four steps with the columns as they are guessed; return the look-over page."""
    file = SimpleUploadedFile(name, content)
    assert client.post(url(project, "plan:import_file"), {"file": file}).status_code == 302
    made = SheetImport.objects.latest("pk")
    mapping = {n: f"={c['value']}" if isinstance(c, dict) else c for n, c in made.mapping.items()}
    client.post(url(project, "plan:import_columns", made.pk), mapping)
    looked_over = client.get(url(project, "plan:import_review", made.pk)).content.decode()
    made.rows.filter(state="twin").update(choice="update")
    client.post(url(project, "plan:import_review", made.pk), {"bring_in": "1"}, follow=True)
    made.refresh_from_db()
    assert made.state == "done"
    return looked_over


def test_plan_leaves_and_comes_in_again_unchanged(leader_client, project, leader, member):
    first = add(
        project,
        leader,
        "Prøv i Nord",
        kind="pilot",
        unit="Nord",
        starts_on=THURSDAY,
        ends_on=THURSDAY + timedelta(days=30),
        responsible=member,
        step=Step.objects.get(phase__project=project, key="1.2"),
    )
    second = add(project, leader, "Møte; referat", after=[first], participants=[leader, member], phase=4)
    add(project, leader, "Ferdig dag", kind="milestone", ends_on=THURSDAY, phase=4, after=[first, second])
    TeamShare.objects.create(project=project, user=leader, share="0.60", role="Leder", status="allocated")
    for form_of_file in ("csv", "xlsx", "ods"):
        file = leader_client.get(url(project, "plan_sheet", form_of_file)).content
        before = everything()
        looked_over = bring_in(leader_client, project, file, f"plan.{form_of_file}")
        assert "må rettes" not in looked_over
        assert everything() == before
        done = leader_client.get(url(project, "plan:import_done", SheetImport.objects.latest("pk").pk))
        assert "Tre rader var like fra før og er ikke rørt." in done.content.decode()
    assert "1 Prøv i Nord; 2" in leader_client.get(url(project, "plan_sheet", "csv")).content.decode()


def everything():
    return (
        list(Activity.objects.order_by("pk").values()),
        list(Dependency.objects.order_by("after", "before").values_list("after", "before")),
        list(
            Activity.participants.through.objects.order_by("activity", "user").values_list("activity", "user")
        ),
        list(TeamShare.objects.values()),
    )


def test_two_people_with_one_position_are_told_apart():
    known = [("Ada Dal", "ada@x.example"), ("Bo Dal", "bo@x.example"), ("Bo Dal", "bo2@x.example")]
    people = [
        User(pk=pk, name=name, email=email, position="Rådgiver") for pk, (name, email) in enumerate(known, 1)
    ]
    cell = Person(lambda: people)
    assert cell.pairs == [(1, "Ada Dal"), (2, "bo@x.example"), (3, "bo2@x.example")]
    with translation.override("nb"):
        for shared in ("Rådgiver", "Bo Dal"):
            with pytest.raises(ValueError, match=f"Flere heter «{shared}». Skriv e-postadressen."):
                cell.clean(shared)
    assert People(cell).clean("Ada Dal 20 %, bo2@x.example") == [(1, 20), (3, None)]


LINKED = (
    "Nr;Aktivitet;Forgjengere;Deltakere\n"
    "1.1;Skriv brev;;Max Medlem 20 %, liv@0901.example\n"
    "1.2;Send brev;1.1;\n"
    "1.10;Ring;1.2 Send brev, 1.1;max@0901.example (20 %)\n"
    "2;Møt;Ring; \n"
)


def test_links_come_in_by_number_and_name_and_are_taken_back(leader_client, project, leader, member):
    earlier = add(project, leader, "Møt", participants=[leader])
    bring_in(leader_client, project, LINKED.encode())
    waits = {a.name: {p.name for p in a.predecessors.all()} for a in Activity.objects.all()}
    assert waits == {
        "Skriv brev": set(),
        "Send brev": {"Skriv brev"},
        "Ring": {"Send brev", "Skriv brev"},
        "Møt": {"Ring"},
    }
    assert set(Activity.objects.get(name="Skriv brev").participants.all()) == {leader, member}
    assert (TeamShare.objects.get().user, TeamShare.objects.get().percent) == (member, 20)
    leader_client.post(url(project, "plan:import_undo", SheetImport.objects.get().pk))
    assert list(Activity.objects.all()) == [earlier]
    assert list(earlier.participants.all()) == [leader]
    assert not earlier.predecessors.exists()
    assert not TeamShare.objects.exists()


@pytest.mark.parametrize(
    ("column", "cells", "message"),
    [
        ("Venter på", ["C", "A", "B"], "Disse venter på hverandre i ring: C → A → B → C."),
        (
            "Venter på",
            ["", "A", "Finnes ikke"],
            "Ingen aktivitet heter «Finnes ikke» eller har det nummeret.",
        ),
        ("Deltakere", ["", "", "Per Ukjent"], "Ingen i prosjektet heter «Per Ukjent»."),
        ("Deltakere", ["", "", "RITA  LESER"], "«RITA  LESER» er ikke med i prosjektet ennå."),
        ("Deltakere", ["Max Medlem 20 %", "", "Max Medlem 30 %"], "Max Medlem har 20 % i teamet."),
    ],
)
def test_faulty_link_is_told_at_its_cell_and_nothing_of_the_row_comes_in(
    leader_client, project, member, reader, column, cells, message
):
    rows = "".join(f"{name};{cell}\n" for name, cell in zip("ABC", cells, strict=True))
    looked_over = bring_in(leader_client, project, f"Aktivitet;{column}\n{rows}".encode())
    assert message in html.unescape(looked_over)
    assert looked_over.count('aria-invalid="true"') == 1
    assert sorted(Activity.objects.values_list("name", flat=True)) == ["A", "B"]


def test_sheet_of_others_comes_in_with_errors_at_the_cell(leader_client, project, member):
    text = (
        "Oppgave;Ansvarlig;Startdato;Frist;Status\n"
        "Skriv brev;Max Medlem;1.12.2026;4.12.2026;Pågår\n"
        "Feil vei;;4.12.2026;1.12.2026;\n"
    )
    assert "Slutten er før starten." in bring_in(leader_client, project, text.encode())
    activity = Activity.objects.get()
    assert (activity.name, activity.responsible, activity.status) == ("Skriv brev", member, "started")
    assert (activity.phase, activity.position, activity.ends_on) == (1, 1, date(2026, 12, 4))


def test_sheet_moves_a_date_it_contradicts(leader_client, project, leader):
    dates = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 4)}
    add(project, leader, "Skriv brev", unit="Nord", **dates)
    found = project.activities.get()
    told = {"ends_on": date(2026, 11, 20), "unit": "Sør"}
    traces = ActivityImporter().update(project, [(found.pk, told)], today=THURSDAY, by=leader)
    found.refresh_from_db()
    assert (found.starts_on, found.ends_on) == (date(2026, 11, 20), date(2026, 11, 20))
    assert ActivityImporter().undo(project, [(found.pk, as_stored(traces[0]))]) == 0
    found.refresh_from_db()
    assert {"starts_on": found.starts_on, "ends_on": found.ends_on} == dates
    assert (found.unit, found.unit_key) == ("Nord", "nord")
