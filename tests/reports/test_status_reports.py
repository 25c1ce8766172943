"""A report is written from what is new, published once, and never changes afterwards."""

import io
from datetime import date, timedelta

import pikepdf
import pypdf
import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from innovasjon.models import AuditEvent, FrozenDocument, WriteOnceError
from innovasjon.templatetags.innovasjon import day, short_day
from reports import actions, calendar, documents
from reports.calendar import Month
from reports.contribution import ReportsContribution
from reports.models import ReportEdition, ReportReading, StatusReport
from reports.status_reports.drafts import draft_of
from reports.templatetags.reports import news_heading
from roadmap import actions as roadmap
from roadmap import answers
from roadmap.models import ChecklistItem, Project, Risk
from stakeholders.models import Stakeholder
from tests.conftest import TODAY
from tests.reports.conftest import NOVEMBER, NOW, OCTOBER, publish, write
from tests.test_queries import questions


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def lines_of(report, today=TODAY):
    return [f"{n.label}: {n.text} {n.detail}" for n in draft_of(report, today).found.lines]


def test_draft_tells_what_is_new_of_groups_and_never_of_persons(busy, leader):
    told = " ".join(lines_of(write(busy, leader)))
    assert "3 sjekkpunkter: avklart i steg 1.1 og 1.2" in told
    assert "Tillitsvalgte: fra nøytral til positiv Sa det selv 19. november 2026" in told
    assert "Forfalt: Ett sjekkpunkt" in told
    assert "Fastlegene" not in told


def test_next_report_tells_only_what_came_after(busy, leader):
    publish(write(busy, leader, month=OCTOBER), leader)
    after = write(busy, leader)
    assert lines_of(after) == ["Forfalt: Ett sjekkpunkt "]
    ChecklistItem.objects.filter(round__project=busy, key="1.4a").update(
        status="done", settled_by=leader, settled_on=TODAY
    )
    assert lines_of(after)[0].startswith("1 sjekkpunkt: avklart i steg 1.4")


def test_news_is_told_since_a_day_that_is_named(busy, leader, leader_client):
    first = publish(write(busy, leader, month=OCTOBER), leader)
    page = leader_client.get(first.report.get_absolute_url()).content.decode()
    heading = f'<h2 class="ds-heading">Nytt siden {day(busy.started_on)}</h2>'
    assert heading in page
    assert leader_client.get(write(busy, leader).get_absolute_url()).content.decode().count("Nytt siden") == 2
    second = publish(write(busy, leader), leader).document.data
    told = dict(documents.status_report_context(second)["report"])
    assert news_heading(told) == "Nytt siden forrige rapport 19. november 2026"
    del told["news_since_on"]  # as it was frozen before the day was kept
    assert news_heading(told) == "Nytt siden forrige rapport"


def test_proposed_condition_says_why(project, busy, leader):
    proposed = draft_of(write(busy, leader), TODAY).proposal
    assert (proposed.condition, "ett sjekkpunkt er forfalt" in proposed.reason) == ("watch", True)
    ChecklistItem.objects.filter(round__project=busy).update(due_on=None)
    Stakeholder.objects.all().delete()
    proposed = draft_of(Project.objects.get(pk=busy.pk).status_reports.get(), TODAY).proposal
    assert proposed.condition == "on_track"
    assert (
        proposed.reason == "ingen sjekkpunkter eller vilkår er forfalt, men interessentene er ikke kartlagt"
    )
    Risk.objects.create(project=busy, event="Strømbrudd", likelihood=5, consequence=5)
    proposed = draft_of(Project.objects.get(pk=busy.pk).status_reports.get(), TODAY).proposal
    assert proposed.condition == "watch"
    assert proposed.reason == "én rød risiko er uten tiltak og interessentene er ikke kartlagt"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"headline": ""}, "headline"),
        ({"headline": "x" * 201}, "headline"),
        ({"condition": ""}, "condition"),
        ({"condition": "needs_help", "condition_reason": ""}, "condition_reason"),
    ],
)
def test_unfinished_draft_is_not_published(busy, leader, words, field):
    report = write(busy, leader, **words)
    with pytest.raises(ValidationError) as refused:
        publish(report, leader)
    assert field in refused.value.message_dict
    assert not ReportEdition.objects.exists()


def test_publishing_freezes_sets_the_condition_and_tells(
    busy, leader, owner, manager, django_capture_on_commit_callbacks
):
    report = write(busy, leader)
    with django_capture_on_commit_callbacks(execute=True):
        edition = publish(report, leader)
    busy.refresh_from_db()
    assert (busy.condition, busy.condition_reason) == ("watch", "Turnusen er ikke klar.")
    assert {m.to[0] for m in mail.outbox} == {owner.email, manager.email}
    text = text_of(edition.document.content())
    for expected in (
        "Vi er i gang.",
        "En vikar.",
        "avklart i steg 1.1 og 1.2",
        "Publisert 19. november 2026",
    ):
        assert expected in text
    with pikepdf.open(io.BytesIO(edition.archive_document.content())) as pdf, pdf.open_metadata() as about:
        assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "A")
    with pikepdf.open(io.BytesIO(edition.document.content())) as pdf, pdf.open_metadata() as about:
        assert about["pdfuaid:part"] == "1"
    assert AuditEvent.objects.get(verb="report.published").details["sha256"] == edition.document.sha256
    with pytest.raises(actions.NotADraft):
        publish(StatusReport.objects.select_related("project__municipality").get(), leader)


def test_reason_a_person_gave_stands_until_another_is_written(busy, leader, leader_client):
    """In the draft, on the confirmation, in the report and on the overview; the program's does not stand."""
    unwritten = {"condition": "watch", "condition_reason": ""}
    october = publish(write(busy, leader, month=OCTOBER, **unwritten), leader)
    busy.refresh_from_db()
    assert "ett sjekkpunkt er forfalt" in busy.condition_reason.lower()
    report = write(busy, leader, **unwritten)
    assert draft_of(report, TODAY).own_reason == ""
    roadmap.edit_project(project=busy, values={"condition_reason": "Vaktene mangler opplæring."}, by=leader)
    page = leader_client.get(report.get_absolute_url()).content.decode()
    assert "«Vaktene mangler opplæring.» Den blir stående" in page
    confirm = reverse("reports:publish", args=[busy.slug, report.period])
    page = leader_client.get(confirm).content.decode()
    assert "Grunnen på oversikten blir stående." in page
    StatusReport.objects.filter(pk=report.pk).update(condition_reason="Leverandøren er sen.")
    page = leader_client.get(confirm).content.decode()
    assert "Dette står der nå, og blir byttet ut" in page
    assert "«Vaktene mangler opplæring.»" in page
    report.refresh_from_db()
    StatusReport.objects.filter(pk=report.pk).update(condition_reason="")
    edition = publish(StatusReport.objects.select_related("project").get(pk=report.pk), leader)
    busy.refresh_from_db()
    told = edition.document.data["condition_reason"]
    assert told == busy.condition_reason == "Vaktene mangler opplæring."
    assert october.document.data["condition_reason"] != told


def test_corrected_month_before_the_last_leaves_the_overview_alone(busy, leader):
    october = publish(write(busy, leader, month=OCTOBER, condition="needs_help"), leader)
    publish(write(busy, leader), leader)
    actions.open_correction(report=october.report, by=leader)
    report = StatusReport.objects.select_related("project").get(pk=october.report_id)
    report.correction = "Feil tall."
    report.save()
    publish(report, leader)
    busy.refresh_from_db()
    assert busy.condition == "watch"


def test_published_report_is_the_same_whatever_changes_behind_it(
    busy, leader, owner, leader_client, settings
):
    report = write(busy, leader)
    edition = publish(report, leader)
    url = reverse("reports:edition_pdf", args=[busy.slug, NOVEMBER, 1])
    before = [leader_client.get(url).content, leader_client.get(f"{url}?arkiv=1").content]
    data = FrozenDocument.objects.get(pk=edition.document_id).data
    roadmap.edit_project(
        project=busy, values={"name": "Et annet navn", "problem": "Noe annet", "area": "x"}, by=leader
    )
    busy.municipality.name, busy.municipality.colour = "Ny kommune", "#7A4B94"
    busy.municipality.save()
    leader.name = owner.name = "Ny Person"
    leader.save()
    owner.save()
    ChecklistItem.objects.filter(round__project=busy).update(
        status="open", text="Endret", settled_by=None, settled_on=None
    )
    Stakeholder.objects.all().delete()
    StatusReport.objects.update(headline="Skrevet om", happened="", ask="", left_out=["x"])
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": []}]  # the templates are gone
    settings.STATICFILES_DIRS = []
    after = [leader_client.get(url).content, leader_client.get(f"{url}?arkiv=1").content]
    assert before == after
    assert FrozenDocument.objects.get(pk=edition.document_id).data == data
    for change in (
        lambda: edition.save(),
        lambda: edition.delete(),
        lambda: ReportEdition.objects.update(headline="x"),
        lambda: edition.document.delete(),
    ):
        with pytest.raises(WriteOnceError):
            change()


def test_corrected_edition_stands_beside_the_first(busy, leader):
    report = write(busy, leader)
    first = publish(report, leader)
    actions.open_correction(report=report, by=leader)
    report.refresh_from_db()
    report.headline = "Vi er godt i gang."
    report.save()
    with pytest.raises(ValidationError):
        publish(report, leader, now=NOW + timedelta(hours=1))
    report.correction = "Setningen var for svak."
    report.save()
    second = publish(report, leader, now=NOW + timedelta(hours=1))
    assert (first.version, second.version) == (1, 2)
    assert "Vi er i gang." in text_of(first.document.content())
    assert "Setningen var for svak." in text_of(second.document.content())
    assert "avklart i steg 1.1 og 1.2" in text_of(second.document.content())


def edition_like(edition, **fields):
    names = ("report", "condition", "headline", "correction", "published_by", "published_at", "document")
    values = {name: getattr(edition, name) for name in (*names, "archive_document", "published_by_name")}
    return ReportEdition(**{**values, "version": 2, **fields})


def test_database_refuses_an_impossible_edition(busy, leader):
    edition = publish(write(busy, leader), leader)
    impossible = [
        {"version": 1},
        {"headline": ""},
        {"headline": "x" * 201},
        {"correction": ""},
        {"condition": "not_assessed"},
    ]
    for fields in impossible:
        with pytest.raises(DatabaseError), transaction.atomic():
            edition_like(edition, **{"correction": "Rettet", **fields}).save()


def sent_by(page, **changed) -> dict:
    """What the browser of a draft's page sends, with what the person has changed."""
    form = page.context["form"]
    fields = {name: form[name].value() or "" for name in form.words}
    base = {f"base_{name}": digest for name, digest in form.base.items()} | {"base_told": form.base_told}
    told = [row["line"].key for row in form.lines() if row["told"]]
    proposed = page.context["draft"].proposal.condition
    return {**fields, **base, "told": told, "proposed": proposed, **changed}


HTMX = {"HX-Request": "true"}


def test_draft_is_saved_as_it_is_written_and_two_at_once_keep_both_texts(
    busy, leader, owner_client, leader_client
):
    report = write(busy, leader)
    url = report.get_absolute_url()
    theirs, mine = owner_client.get(url), leader_client.get(url)
    first = owner_client.post(url, sent_by(theirs, headline="Eieren skrev dette."), headers=HTMX)
    assert "Lagret kl." in first.content.decode()
    with CaptureQueriesContext(connection) as captured:
        also = leader_client.post(url, sent_by(mine, happened="Mer har skjedd."), headers=HTMX)
    assert questions(captured) <= 8
    assert 'id="base_happened"' in also.content.decode()
    assert "Mer har skjedd.</p>" in also.content.decode()  # in the picture of the report
    late = leader_client.post(url, sent_by(mine, headline="Lederen skrev dette."), headers=HTMX)
    assert (late.status_code, late["HX-Retarget"]) == (409, "#conflicts")
    assert 'id="base_told"' in late.content.decode()
    for text in ("Eieren skrev dette.", "Lederen skrev dette.", "Oda Eier endret"):
        assert text in late.content.decode()
    plain = leader_client.post(url, sent_by(mine, headline="Lederen skrev dette."))  # without JavaScript
    assert plain.status_code == 409
    assert "Lederen skrev dette." in plain.content.decode()
    report.refresh_from_db()
    assert (report.headline, report.happened) == ("Eieren skrev dette.", "Mer har skjedd.")
    conflict = late.context["conflicts"][0]
    leader_client.post(url, {"headline": conflict["mine_value"], "base_headline": conflict["theirs_digest"]})
    report.refresh_from_db()
    assert (report.headline, report.happened) == ("Lederen skrev dette.", "Mer har skjedd.")
    joined = leader_client.post(url, {"ask": "Og en bil.", "merge": "1"}).content.decode()
    assert "En vikar.\n\nOg en bil." in joined
    leader_client.post(url, sent_by(leader_client.get(url), headline="Lederen skrev mer."))
    told = AuditEvent.objects.filter(verb="report.changed").order_by("id")
    assert list(told.values_list("actor_name", "details")) == [  # not one for every pause, and no words
        ("Oda Eier", {"fields": ["headline"]}),
        ("Liv Leder", {"fields": ["happened"]}),
        ("Liv Leder", {"fields": ["happened", "headline"]}),
    ]


def test_conflict_names_who_wrote_in_that_field_and_the_day(busy, leader, owner, leader_client):
    report = write(busy, leader)
    url, now = report.get_absolute_url(), timezone.now()

    def wrote(by, at, **values):
        with transaction.atomic():
            row = actions.locked_report(project=busy, month=report.period, now=at)
            actions.save_draft(report=row, values=values, bases={}, by=by, now=at)

    def conflict(page, **typed):
        answer = leader_client.post(url, sent_by(page, **typed), headers=HTMX)
        assert answer.status_code == 409
        return answer.content.decode()

    old = leader_client.get(url)
    StatusReport.objects.filter(pk=report.pk).update(headline="Fra før sporet sa hvor.")
    told = conflict(old, headline="Min.")
    assert "Den viktigste setningen ble endret etter at du åpnet siden" in told
    wrote(owner, now - timedelta(days=9), ask="En bil.")
    wrote(leader, now, headline="Fra den andre fanen.")
    assert "Liv Leder endret den viktigste setningen kl. " in conflict(old, headline="Min.")
    when = short_day(now - timedelta(days=9), timezone.localdate())
    told = conflict(old, ask="Mitt.")
    assert f"Oda Eier endret det dere trenger fra prosjekteieren {when} kl. " in told


def test_lines_ticked_by_two_at_once_are_all_left_out(busy, leader, owner_client, leader_client):
    report = write(busy, leader)
    url = report.get_absolute_url()
    theirs, mine = owner_client.get(url), leader_client.get(url)
    first, second, *rest = sent_by(mine)["told"]
    answer = owner_client.post(url, sent_by(theirs, told=[second, *rest]), headers=HTMX)
    assert f'value="{" ".join(sorted([second, *rest]))}"' in answer.content.decode()
    leader_client.post(url, sent_by(mine, told=[first, *rest]), headers=HTMX)
    report.refresh_from_db()
    assert report.left_out == sorted([first, second])
    leader_client.post(url, sent_by(leader_client.get(url), told=[first, "x" * 12, *rest]))
    report.refresh_from_db()
    assert report.left_out == [second]


def test_proposed_condition_is_no_choice_until_it_is_published(busy, leader, leader_client):
    report = write(busy, leader, condition="", condition_reason="")
    url = report.get_absolute_url()
    page = leader_client.get(url)
    leader_client.post(url, sent_by(page, happened="Mer."), headers=HTMX)
    report.refresh_from_db()
    assert (report.condition, report.happened) == ("", "Mer.")
    other = {"watch": "needs_help"}.get(page.context["draft"].proposal.condition, "watch")
    leader_client.post(url, sent_by(leader_client.get(url), condition=other), headers=HTMX)
    report.refresh_from_db()
    assert report.condition == other
    late = leader_client.post(url, sent_by(page, ask="Penger."), headers=HTMX)  # opened before it was chosen
    assert late.status_code == 200
    leader_client.post(url, sent_by(leader_client.get(url), condition=other, publish="1"))
    report.refresh_from_db()
    assert (report.condition, report.ask) == (other, "Penger.")


def test_text_that_cannot_be_saved_stays_on_the_page(busy, leader, leader_client):
    report = write(busy, leader)
    url = report.get_absolute_url()
    page = leader_client.get(url)
    secret = sent_by(page, happened="Ring 13097248022.")
    answer = leader_client.post(url, secret | {"ask": "Penger."}, headers=HTMX)
    assert answer.status_code == 422
    assert "Ikke lagret ennå." in answer.content.decode()
    assert f'id="base_ask" value="{answers.digest("Penger.")}"' in answer.content.decode()
    report.refresh_from_db()
    assert (report.ask, "130972" in report.happened) == ("Penger.", False)
    publish(report, leader)
    for headers in (HTMX, {}):
        late = leader_client.post(url, sent_by(page, happened="For sent."), headers=headers)
        assert late.status_code in (409, 422)
        assert "Rapporten er publisert allerede. Kopier teksten din" in late.content.decode()
    assert "For sent.</textarea>" in late.content.decode()


def test_too_long_sentence_is_kept_and_explained(busy, leader, leader_client):
    report = write(busy, leader)
    long = "Ord " * 70
    answer = leader_client.post(
        report.get_absolute_url(), {"condition": "watch", "headline": long, "publish": 1}
    )
    assert answer.status_code == 422
    assert "Setningen er på 279 tegn. Få den under 200, så blir den lest." in answer.content.decode()
    report.refresh_from_db()
    assert report.headline == long.strip()
    for headline, state in ((long + "til", False), ("Kort.", True)):  # whether all is mended
        page = leader_client.get(report.get_absolute_url())
        saved = leader_client.post(report.get_absolute_url(), sent_by(page, headline=headline), headers=HTMX)
        assert ('data-state="saved"' in saved.content.decode()) == state


def test_line_that_is_left_out_is_not_published(busy, leader, leader_client):
    report = write(busy, leader)
    url = report.get_absolute_url()
    told = [n.key for n in draft_of(report, timezone.localdate()).found.lines if "Tillits" not in n.label]
    leader_client.post(url, sent_by(leader_client.get(url), told=told))
    report.refresh_from_db()
    edition = publish(report, leader)
    assert "Tillitsvalgte" not in [line["label"] for line in edition.document.data["news"]]
    assert "avklart i steg" in text_of(edition.document.content())


def test_owner_reads_and_it_is_seen(busy, leader, owner, owner_client, leader_client):
    publish(write(busy, leader), leader, now=timezone.now())
    tasks = ReportsContribution().tasks(owner, busy.municipality, timezone.localdate())
    assert [t.action for t in tasks if t.as_owner] == ["Les statusrapporten (2 min.)"]
    owner_client.post(reverse("reports:read", args=[busy.slug, NOVEMBER]))
    assert ReportReading.objects.get().user == owner
    assert not [
        t for t in ReportsContribution().tasks(owner, busy.municipality, timezone.localdate()) if t.as_owner
    ]
    page = leader_client.get(reverse("reports:status_reports", args=[busy.slug])).content.decode()
    assert "av Kommunalsjef" in page


def test_compare_with_today_shows_what_has_changed(busy, leader, leader_client):
    publish(write(busy, leader), leader)
    ChecklistItem.objects.filter(round__project=busy, key="1.1c").update(status="done")
    url = reverse("reports:report", args=[busy.slug, NOVEMBER])
    rows = {r["label"]: r for r in leader_client.get(f"{url}?sammenlign=1").context["comparison"]}
    row = rows["Avklarte sjekkpunkter i fasen"]
    assert (row["then"][:4], row["now"][:4], row["differs"]) == ("3 av", "4 av", True)


@pytest.mark.parametrize(
    ("month", "day", "due"),
    [
        (Month(2026, 10), 5, date(2026, 11, 6)),
        (Month(2026, 12), 5, date(2027, 1, 8)),
        (Month(2027, 4), 3, date(2027, 5, 5)),
        (Month(2032, 4), 5, date(2032, 5, 10)),
        (Month(2035, 4), 5, date(2035, 5, 9)),
    ],
)
def test_report_is_due_on_a_working_day(month, day, due):
    assert calendar.due_on(month, day) == due


def test_late_report_is_seen_by_leader_and_municipality(busy, leader, leader_client, time_machine):
    time_machine.move_to(NOW)
    Project.objects.update(started_on=date(2026, 9, 1))
    today = date(2026, 11, 19)
    task = next(iter(ReportsContribution().tasks(leader, busy.municipality, today)))
    assert (task.on, task.text) == (date(2026, 11, 6), "Statusrapport for oktober")
    Project.objects.update(started_on=date(2024, 9, 1))
    assert "Forsinket, fristen var" in leader_client.get("/rapporter/").content.decode()
    assert "Siste rapport" in leader_client.get(busy.get_absolute_url()).content.decode()


def test_month_in_an_address_is_a_month():
    assert Month.read("2026-10") == OCTOBER
    assert Month.read("2026-13") is None
    assert (OCTOBER.next, Month(2026, 12).next, Month(2027, 1).previous) == (
        NOVEMBER,
        Month(2027, 1),
        Month(2026, 12),
    )
