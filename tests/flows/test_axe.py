"""axe (WCAG 2.2 AA and best practice) finds nothing on any page in any state, wide and on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from roadmap import actions, gates
from roadmap.models import Activity, ChecklistItem, Project, Risk
from stakeholders import actions as stakeholders
from stakeholders.models import Measure, Stakeholder
from tests.conftest import TODAY, make_project, settle
from tests.flows.conftest import check, follow
from tests.furnish import furnish_plan
from tests.stakeholders.test_import import rows_42, workbook


@pytest.fixture
def lived_in(project, owner, leader, member):
    """A project in phase 2: a gate passed with a condition, notes, links, something overdue."""
    settle(project)
    item = ChecklistItem.objects.get(round__project=project, key="1.1a")
    actions.add_evidence(item=item, title="Referat fra møtet", url="https://example.no/referat", by=leader)
    now = timezone.now()
    gate = gates.gate(project, 1)
    actions.decide_gate(
        project=project,
        phase=1,
        outcome="proceed_with_conditions",
        rationale="Problemet er tydelig.",
        present="Kommunalsjef og prosjektleder",
        seen=gates.basis_digest(gates.basis(gate)),
        now=now,
        by=owner,
        conditions=[
            {"text": "Lær opp 14 vakter", "responsible": leader, "due_on": TODAY + timedelta(days=8)}
        ],
    )
    Project.objects.filter(pk=project.pk).update(
        condition="watch", condition_reason="Turene går ned, men saktere enn planlagt.", next_gate_at=now
    )
    project.refresh_from_db()
    return project


def test_pages_of_the_core_team(open_page, lived_in, leader):
    page = open_page(leader, bypass_csp=True)
    start = f"/prosjekter/{lived_in.slug}/"
    condition = lived_in.decisions.get().conditions.get()
    evidence = ChecklistItem.objects.get(round__project=lived_in, key="1.1a").evidence.get()
    member = lived_in.memberships.get(role="member")
    moved = {"agreed_on": TODAY, "ends_on": TODAY + timedelta(days=14)}
    Activity.objects.create(project=lived_in, phase=1, name="Lær opp vaktene", **moved)
    Risk.objects.create(project=lived_in, event="Strømbrudd", likelihood=5, consequence=5, due_on=TODAY)
    for path in [
        "/?gjort=vis",
        "/profil/",
        "/prosjekter/",
        "/prosjekter/?fase=1&sorter=-port",
        "/prosjekter/?q=finnes-ikke",
        "/prosjekter/nytt/",
        start,
        f"{start}rediger/",
        f"{start}folk/",
        f"{start}folk/{member.pk}/fjern/",
        f"{start}logg/",
        f"{start}faser/1/",
        f"{start}faser/1/1.1/1.1a/",
        f"{start}faser/2/",
        f"{start}faser/2/2.1/",
        f"{start}porter/1/",
        f"{start}porter/2/",
        f"{start}porter/5/",
        f"{start}beslutninger/{lived_in.decisions.get().pk}/",
        f"{start}vilkar/{condition.pk}/",
        f"{start}statusrapporter/",
        f"{start}plan/",
        f"{start}plan/avtal/",
        f"{start}plan/risiko/",
        f"{start}plan/logg/",
        f"{start}plan/lignende/",
        "/endringer/",
        "/erfaringer/",
        f"{start}interessenter/",
        f"{start}interessenter/ny/",
        f"{start}interessenter/plan/",
        f"{start}interessenter/plan/nytt/",
        f"{start}interessenter/plan/abonnement/",
        f"{start}interessenter/radgivning/",
        f"{start}interessenter/ansvar/",
        "/passord/",
        "/logg-ut/",
        "/hjelp/",
        "/personvern/",
        "/tilgjengelighet/",
    ]:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        check(page, path)
    assert evidence.pk


def test_pages_of_the_owner(open_page, lived_in, owner):
    page = open_page(owner, bypass_csp=True)
    page.goto(f"/prosjekter/{lived_in.slug}/eier/")
    check(page, "another owner")
    gate = f"/prosjekter/{lived_in.slug}/porter/2/"
    for outcome in ("Gå videre med vilkår", "Ta et steg tilbake", "Stopp og lær"):
        page.goto(gate)
        page.get_by_role("radio", name=outcome).check()
        check(page, outcome)
        follow(page, page.get_by_role("button", name="Registrer beslutningen"))
        check(page, f"{outcome}, with errors")
    page.goto(gate)
    page.get_by_role("radio", name="Stopp og lær").check()
    page.get_by_label("Hvorfor?").fill("Behovet finnes ikke lenger.")
    page.get_by_label("Hva kan andre lære?").fill("Spør før dere bygger.")
    follow(page, page.get_by_role("button", name="Registrer beslutningen"))
    check(page, "confirmation")
    follow(page, page.get_by_role("button", name="Registrer beslutningen"))
    check(page, "decision")
    for path in ("", "faser/2/2.1/", "logg/", "porter/2/"):
        page.goto(f"/prosjekter/{lived_in.slug}/{path}")
        check(page, f"closed project /{path}")


def test_pages_of_the_reader(open_page, lived_in, restricted_project, reader):
    page = open_page(reader, bypass_csp=True)
    for path in ("", "faser/1/1.1/1.1a/", "faser/2/2.1/", "porter/2/", "folk/"):
        page.goto(f"/prosjekter/{lived_in.slug}/{path}")
        check(page, path)
    page.goto(restricted_project.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har ikke tilgang til dette prosjektet")
    check(page, "no access")
    page.goto("/prosjekter/finnes-ikke/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vi finner ikke siden")
    check(page, "not found")


def test_states_of_a_checkpoint(open_page, project, leader, member):
    page = open_page(leader, bypass_csp=True, faults_expected=True)
    path = f"/prosjekter/{project.slug}/faser/1/1.1/1.1a/"
    page.goto(path)
    check(page, "open")
    page.get_by_text("Ikke relevant", exact=True).click()
    expect(page.locator("#save-state")).to_contain_text("Skriv grunnen")
    check(page, "refused")
    page.get_by_label("Hvorfor er det ikke relevant?").fill("Avklart før.")
    expect(page.locator("#save-state")).to_contain_text("Lagret kl.")
    check(page, "saved")
    item = ChecklistItem.objects.get(round__project=project, key="1.1a")
    ChecklistItem.objects.filter(pk=item.pk).update(note="En annen tekst")
    page.get_by_label("Notat").fill("Min tekst")
    expect(page.locator("#conflicts")).to_contain_text("En annen tekst")
    check(page, "conflict")
    page.route("**/sjekkpunkter/**", lambda route: route.abort())
    page.get_by_label("Notat").fill("Uten nett")
    expect(page.get_by_text("Ikke lagret. Teksten din står her fortsatt.")).to_be_visible()
    check(page, "offline")


def test_pages_before_log_in(open_page, leader):
    page = open_page(bypass_csp=True)
    for path in ("/logg-inn/", "/glemt-passord/", "/glemt-passord/sendt/", "/trenger-du-tilgang/", "/hjelp/"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        check(page, path)
    page.goto("/logg-inn/")
    page.get_by_label("E-post").fill(leader.email)
    page.get_by_label("Passord").fill("wrong")
    follow(page, page.get_by_role("button", name="Logg inn"))
    expect(page.get_by_text("E-posten eller passordet er feil.").first).to_be_visible()
    check(page, "wrong password")


def test_empty_municipality(open_page, leader):
    page = open_page(leader, bypass_csp=True)
    page.goto("/")
    expect(page.get_by_text("Ingenting venter på deg", exact=True)).to_be_visible()
    check(page, "nothing waits")
    page.goto("/prosjekter/")
    expect(page.get_by_text("Ingen prosjekter ennå.")).to_be_visible()
    check(page, "empty")


def test_long_names_do_not_break_the_page(open_page, municipality, owner, leader):
    name = "Tjenesteutviklingsprosjektsamordningsarbeid " * 6
    project = make_project(municipality, owner=owner, leader=leader, name=name[:300].strip())
    page = open_page(leader, bypass_csp=True)
    for path in ("/prosjekter/", project.get_absolute_url(), f"{project.get_absolute_url()}faser/1/1.1/"):
        page.goto(path)
        check(page, path)


def test_stakeholder_register(open_page, project, leader, owner, reader):
    for name, group, attitude, influence in (
        ("Tillitsvalgte", "employee", "sceptical", 3),
        ("Fastlegene i hele kommunen og nabokommunene", "other", "unknown", 3),
        ("Brukere i piloten", "user", "positive", 2),
    ):
        stakeholder = stakeholders.save_stakeholder(
            project=project,
            stakeholder=Stakeholder(name=name, main_group=group, influence=influence, interest=3),
            attitude=attitude,
            source="assumed",
            wanted="positive",
            today=TODAY,
            by=leader,
        )
    stakeholders.note_conversation(
        stakeholder=stakeholder,
        on=TODAY,
        channel="visit",
        said="Nå kan jeg gå på kino.",
        quote_cleared=True,
        attitude="positive",
        source="said",
        next_step="Ring igjen",
        by=leader,
    )
    measure = stakeholders.save_measure(
        project=project,
        measure=Measure(
            stakeholder=stakeholder, what="Hjemmebesøk", channel="visit", on=timezone.localdate()
        ),
        by=leader,
    )
    page = open_page(leader, bypass_csp=True)
    start = f"/prosjekter/{project.slug}/interessenter/"
    for path in (
        "",
        f"{stakeholder.pk}/",
        f"{stakeholder.pk}/rediger/",
        f"{stakeholder.pk}/samtale/",
        f"{stakeholder.pk}/slett/",
        "plan/",
        f"plan/{measure.pk}/",
        f"plan/{measure.pk}/slett/",
    ):
        page.goto(f"{start}{path}")
        check(page, path)
    page.goto(f"{start}{stakeholder.pk}/samtale/")
    follow(page, page.get_by_role("button", name="Lagre samtalen"))
    check(page, "talk with errors")
    page = open_page(reader, bypass_csp=True)
    page.goto(start)
    check(page, "reader")


def test_import_of_a_spreadsheet(open_page, project, leader, tmp_path):
    file = tmp_path / "register.xlsx"
    rows = rows_42()
    rows[9] = rows[8]
    file.write_bytes(workbook(rows).getvalue())
    page = open_page(leader, bypass_csp=True)
    page.goto(f"/prosjekter/{project.slug}/interessenter/importer/")
    check(page, "choose a file")
    follow(page, page.get_by_role("button", name="Gå videre til kolonnene"))
    check(page, "no file")
    page.get_by_label("Regneark").set_input_files(file)
    follow(page, page.get_by_role("button", name="Gå videre til kolonnene"))
    check(page, "columns")
    page.get_by_label("Hovedgruppe").select_option("")
    follow(page, page.get_by_role("button", name="Se over radene"))
    check(page, "columns with an error")
    page.get_by_label("Hovedgruppe").select_option("1")
    follow(page, page.get_by_role("button", name="Se over radene"))
    check(page, "look over")
    follow(page, page.get_by_role("button", name="Hent inn 38 rader"))
    check(page, "done")
    follow(page, page.get_by_role("link", name="Angre innhentingen"))
    check(page, "undo")


def test_plan_with_sixty_activities(open_page, project, leader):
    place = furnish_plan(project, leader)
    Activity.objects.bulk_create(
        Activity(
            project=project,
            phase=1 + n % 6,
            name=f"Aktivitet nummer {n}",
            starts_on=TODAY + timedelta(days=n - 30),
            ends_on=TODAY + timedelta(days=n - 20),
            status=["not_started", "started", "done"][n % 3],
            responsible=leader,
            position=n,
        )
        for n in range(59)
    )
    page = open_page(leader, bypass_csp=True)
    start = f"/prosjekter/{project.slug}/plan/"
    for path in [
        "",
        "aktiviteter/ny/",
        f"aktiviteter/{place['activity']}/",
        f"aktiviteter/{place['activity']}/slett/",
        f"leveranser/{place['deliverable']}/",
        "toleranser/",
        f"team/{place['share']}/",
        "risiko/",
        f"risiko/{place['risk']}/",
        "logg/",
        "logg/ny/",
        "lignende/",
        f"lignende/{place['related']}/",
        "importer/",
    ]:
        page.goto(start + path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        check(page, path)
    page.goto(f"{start}aktiviteter/ny/")
    follow(page, page.get_by_role("button", name="Lagre aktiviteten"))
    check(page, "errors")
    for path in ("/endringer/", "/erfaringer/", start, f"/prosjekter/{project.slug}/"):
        page.goto(path)
        check(page, path)
