"""Documents off the request: made once, found again, safe when a worker dies and when two ask at once."""

import os
import threading
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from reports import documents, jobs, materials
from reports.actions import start_report
from reports.models import DocumentJob
from reports.presentations.actions import start_presentation
from roadmap.models import Picture
from roadmap.story import remove_part
from tests.conftest import TODAY, client_of
from tests.reports.conftest import NOVEMBER

State = DocumentJob.State


@pytest.fixture
def asked(project):
    data = materials.report_of_today(project, since=TODAY, now=timezone.now())

    def ask(now=None, **changed):
        return jobs.ask(
            project=project,
            kind="status_report",
            data={**data, **changed},
            name="rapport.pdf",
            now=now or timezone.now(),
        )

    return ask


def work():
    """Run the worker until the queue is empty, as `manage.py worker` does."""
    call_command("worker", batch=True, interval=0, startup_delay=False, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_worker_makes_the_document_and_it_is_found_again(asked, leader_client, project, monkeypatch):
    job = asked()
    url = reverse("reports:job", args=[project.slug, job.pk])
    page = leader_client.get(url)
    assert "Lager PDF. Det tar noen sekunder." in page.content.decode()
    assert page["Refresh"] == "1"
    work()
    done = leader_client.get(url)
    file = reverse("reports:job_file", args=[project.slug, job.pk])
    assert done["Refresh"] == f"0; url={file}"
    assert leader_client.get(file).content.startswith(b"%PDF")
    monkeypatch.setattr(documents, "status_report", lambda *a, **k: pytest.fail("made twice"))
    assert asked().pk == job.pk
    assert asked(headline="Noe annet").pk != job.pk


def test_without_a_worker_the_request_makes_it(asked, leader_client, project):
    job = asked(now=timezone.now() - jobs.PATIENCE)
    leader_client.get(reverse("reports:job", args=[project.slug, job.pk]))
    job.refresh_from_db()
    assert job.state == State.DONE


def test_worker_that_is_killed_half_way_costs_only_its_lease(asked):
    job, now = asked(), timezone.now()
    DocumentJob.objects.filter(pk=job.pk).update(
        state=State.WORKING, attempts=1, lease_until=now + timedelta(seconds=5)
    )
    assert not jobs.make(job.pk, now=now)
    assert jobs.make(job.pk, now=now + timedelta(seconds=6))
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2)
    assert jobs.content_of(job).startswith(b"%PDF")


def test_slow_worker_does_not_overwrite_the_one_that_took_over(asked, monkeypatch):
    job, now = asked(), timezone.now()
    real = documents.status_report

    def slow(data, variant):
        monkeypatch.setattr(documents, "status_report", real)
        assert jobs.make(job.pk, now=now + jobs.LEASE * 2)
        return b"the same content in other bytes"

    monkeypatch.setattr(documents, "status_report", slow)
    assert not jobs.make(job.pk, now=now)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 2)
    assert jobs.content_of(job).startswith(b"%PDF")


def test_slow_worker_that_finishes_first_is_not_in_vain(asked, monkeypatch):
    job, now = asked(), timezone.now()

    def slow(data, variant):
        free = DocumentJob.objects.free(now + jobs.LEASE * 2)
        assert free.update(attempts=2, lease_until=now + jobs.LEASE * 3)  # another has begun
        return b"%PDF"

    monkeypatch.setattr(documents, "status_report", slow)
    assert jobs.make(job.pk, now=now)
    job.refresh_from_db()
    assert (job.state, jobs.content_of(job)) == (State.DONE, b"%PDF")


@pytest.mark.parametrize(("module", "name"), [(documents, "status_report"), (jobs, "keep")])
def test_document_that_fails_is_tried_three_times_and_said(
    asked, monkeypatch, leader_client, project, module, name
):
    monkeypatch.setattr(module, name, lambda *a, **k: 1 / 0)
    job = asked(now=timezone.now() - jobs.PATIENCE)
    url = reverse("reports:job", args=[project.slug, job.pk])
    pages = [leader_client.get(url).content.decode() for _try in range(3)]
    assert "Dokumentet kunne ikke lages" in pages[-1]
    monkeypatch.undo()
    again = asked()
    assert (again.pk, again.state) == (job.pk, State.WAITING)


def test_lost_file_is_made_anew(asked):
    job = asked()
    jobs.make(job.pk, now=timezone.now())
    default_storage.delete(jobs.storage_name(job))
    assert asked().state == State.WAITING
    jobs.make(job.pk, now=timezone.now())
    jobs.keep(job, b"other bytes")
    assert asked().state == State.WAITING


def test_document_asked_for_again_is_never_forgotten_before_it_is_fetched(asked, monkeypatch):
    """One that waited for long, one made long ago that has lost its file, and one that has it."""
    monkeypatch.setattr(documents, "status_report", lambda data, variant: data["headline"].encode())
    names, now = ("never made", "lost", "whole"), timezone.now()
    waiting, lost, whole = (asked(headline=name) for name in names)
    for job in (lost, whole):
        jobs.make(job.pk, now=now)
    long_ago = now - jobs.KEPT * 2
    DocumentJob.objects.update(asked_at=long_ago)
    DocumentJob.objects.filter(state=State.DONE).update(made_at=long_ago)
    default_storage.delete(jobs.storage_name(lost))
    for name in names:
        asked(headline=name)
    for job in (waiting, lost):
        assert jobs.make(job.pk, now=now)
    for job in (waiting, lost, whole):
        job.refresh_from_db()
        assert jobs.content_of(job).decode() == job.data["headline"]


NOON = timezone.localtime().replace(hour=12, minute=4, second=10, microsecond=0) + timedelta(days=1)


def asked_for_at_noon(person, name, *args) -> tuple[DocumentJob, list[str]]:
    """Ask at 12.04, 12.54 and 13.04; return the job of 12.04 and the addresses that were given."""
    places = []
    for minutes in (0, 50, 60):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            client = client_of(person)
            ask = client.post if name == "archive_package" else client.get
            places.append(ask(reverse(f"reports:{name}", args=args))["Location"])
    return DocumentJob.objects.earliest("pk"), places


@pytest.mark.parametrize(
    ("name", "arg"),
    [
        ("today_pdf", ()),
        ("preview_pdf", (NOVEMBER,)),
        ("benefit_plan_pdf", ()),
        ("case_of_gate_docx", (1,)),
        ("archive_package", ()),
    ],
)
def test_document_tells_when_it_was_made_and_is_found_again_within_the_hour(project, leader, name, arg):
    start_report(project=project, month=NOVEMBER, by=leader)
    job, places = asked_for_at_noon(leader, name, project.slug, *arg)
    assert datetime.fromisoformat(job.data["made_at"]) == NOON
    assert places[0] == places[1] != places[2]
    if name == "today_pdf":
        assert "kl. 12.04 av det prosjektet hadde" in documents.status_report_html(job.data)


@pytest.mark.parametrize(("name", "of_project"), [("plan_pdf", True), ("portfolio_pdf", False)])
def test_plan_and_portfolio_tell_the_day_and_no_time(project, leader, name, of_project):
    job, places = asked_for_at_noon(leader, name, *([project.slug] if of_project else []))
    assert len(set(places)) == 1
    assert "kl." not in job.data["html"]
    assert f'"dcterms.created" content="{NOON.date()}"' in job.data["html"]


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_the_same_row(asked):
    found, faults = [], []

    def ask():
        try:
            found.append(asked(headline="samtidig").pk)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(set(found)) == 1
    assert DocumentJob.objects.count() == 1


def test_draft_is_not_given_to_those_who_only_read(asked, project, reader_client):
    job = asked()
    DocumentJob.objects.filter(pk=job.pk).update(permission="edit")
    assert reader_client.get(reverse("reports:job", args=[project.slug, job.pk])).status_code == 403


@pytest.mark.parametrize(
    ("came_from", "label"),
    [
        ("/prosjekter/trygg-hjemme/porter/1/", "Tilbake til porten"),
        ("/prosjekter/trygg-hjemme/statusrapporter/", "Tilbake til rapportene"),
        ("/prosjekter/et-annet/porter/1/", None),
        ("/logg-ut/", None),
        ("//ond.example/prosjekter/trygg-hjemme/porter/1/", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_way_back_leads_to_a_page_of_the_same_project_and_nowhere_else(
    asked, leader_client, project, came_from, label
):
    url = reverse("reports:job", args=[project.slug, asked().pk])
    back = leader_client.get(url, {"fra": came_from}).context["back"]
    assert (back and (back["url"], str(back["label"]))) == (label and (came_from, label))


def test_case_paper_of_a_gate_leads_back_to_the_gate(leader_client, project):
    waiting = leader_client.get(reverse("reports:case_of_gate_docx", args=[project.slug, 1]), follow=True)
    assert waiting.context["back"]["url"] == reverse("roadmap:gate", args=[project.slug, 1])


def test_portfolio_belongs_to_one_person_in_one_role(reader, reader_client, manager_client, project):
    made = {}
    for client in (reader_client, manager_client):
        page = client.get(reverse("reports:portfolio_pdf"), {"q": "trygg"})["Location"].partition("?")[0]
        made[client] = page
        assert client.get(page, {"fra": "/prosjekter/?q=trygg"}).context["back"]["url"].endswith("?q=trygg")
    assert len(set(made.values())) == 2
    assert manager_client.get(made[reader_client]).status_code == 404
    assert manager_client.get(f"{made[reader_client]}fil/").status_code == 404
    reader.memberships.update(role="manager")
    assert reader_client.get(made[reader_client]).status_code == 404


def test_portfolio_is_open_for_an_hour_for_what_it_shows_may_be_closed(
    observer, observer_client, project, restricted_project
):
    def ask():
        return observer_client.get(reverse("reports:portfolio_pdf"))["Location"].partition("?")[0]

    page = ask()
    assert observer_client.get(page).status_code == 200
    restricted_project.memberships.filter(user=observer).delete()
    DocumentJob.objects.update(asked_at=timezone.now() - DocumentJob.OWN_OPEN)
    assert ask() != page
    assert observer_client.get(page).status_code == 404
    assert observer_client.get(f"{page}fil/").status_code == 404


def test_picture_that_is_taken_away_is_gone_from_what_was_made_too(
    asked, project, leader, leader_client, django_capture_on_commit_callbacks
):
    picture = Picture.objects.create(
        project=project, added_by=leader, sha256="0" * 64, width=1, height=1, alternative="x", consent="x"
    )
    shown = start_presentation(
        project=project, title="x", audience="leaders", meeting_on=None, by=leader, now=timezone.localtime()
    )
    shown.slides.update(picture=picture)
    report, slides = asked(), jobs_of(leader_client, shown)
    states = DocumentJob.objects.filter(pk__in=[job.pk for job in slides])
    states.update(state=State.DONE, made_at=timezone.now(), sha256="0" * 64)
    for job in [report, *slides]:
        jobs.keep(job, b"made")
    with django_capture_on_commit_callbacks(execute=True):
        remove_part(part=picture, by=leader)
    assert list(DocumentJob.objects.all()) == [report]
    assert [default_storage.exists(jobs.storage_name(job)) for job in [report, *slides]] == [
        True,
        False,
        False,
    ]


def jobs_of(client, presentation):
    """Ask for a presentation as PDF and as PowerPoint."""
    for name in ("presentation_pdf", "presentation_pptx"):
        client.get(reverse(f"reports:{name}", args=[presentation.project.slug, presentation.pk]))
    return list(presentation.project.document_jobs.filter(kind__in=jobs.WITH_PICTURES))


def test_document_forgotten_while_it_is_made_leaves_no_file(asked, monkeypatch):
    job = asked()

    def made_too_late(data, variant):
        jobs.forget(DocumentJob.objects.all())
        return b"%PDF"

    monkeypatch.setattr(documents, "status_report", made_too_late)
    assert not jobs.make(job.pk, now=timezone.now())
    assert not default_storage.exists(jobs.storage_name(job))


def test_night_forgets_what_is_old_and_what_no_row_names(asked):
    old, cascaded, new = (asked(headline=name) for name in ("old", "cascaded", "new"))
    for job in (old, cascaded, new):
        jobs.make(job.pk, now=timezone.now())
    long_ago = timezone.now() - jobs.KEPT * 2
    DocumentJob.objects.filter(pk=old.pk).update(asked_at=long_ago, made_at=long_ago)
    DocumentJob.objects.filter(pk=cascaded.pk).delete()
    written = [jobs.storage_name(job) for job in (old, cascaded, new)]
    call_command("forget_persons")
    assert [default_storage.exists(name) for name in written] == [False, True, True]  # may be on its way
    for name in written[1:]:
        os.utime(default_storage.path(name), (0, 0))
    call_command("forget_persons")
    assert [default_storage.exists(name) for name in written] == [False, False, True]


def test_old_documents_are_forgotten_and_those_that_were_never_made(asked):
    old, never = asked(), asked(now=timezone.now() - jobs.KEPT * 2, headline="aldri")
    jobs.make(old.pk, now=timezone.now())
    long_ago = timezone.now() - jobs.KEPT * 2
    DocumentJob.objects.filter(pk=old.pk).update(asked_at=long_ago, made_at=long_ago)
    new = asked(headline="ny")
    jobs.make(new.pk, now=timezone.now())
    assert list(DocumentJob.objects.all()) == [new]
    assert not default_storage.exists(jobs.storage_name(old))
    assert not default_storage.exists(jobs.storage_name(never))
