"""The trail: append-only, chained, whole, and cheap to write."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from innovasjon.audit import first_broken_event, record
from innovasjon.models import AuditEvent, AuditHead, WriteOnceError
from roadmap import actions

HAS_THREADS = connection.vendor == "postgresql"


@pytest.fixture
def events(project, leader):
    for number in range(4):
        record("thing.done", project, project=project, by=leader, changes={"note": ["", str(number)]}, æ="ø")
    return AuditEvent.objects.filter(municipality_id=project.municipality_id).order_by("sequence")


def raw(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_untouched_chain_is_whole(events, project):
    assert events.count() == 5  # the project's start is the first
    assert first_broken_event(project.municipality_id) is None


@pytest.mark.parametrize(
    "change",
    [
        "update innovasjon_auditevent set actor_name = 'Somebody else' where sequence = 3",
        "update innovasjon_auditevent set changes = '{}' where sequence = 3",
        "update innovasjon_auditevent set at = '2020-01-01 00:00:00+00:00' where sequence = 3",
        "update innovasjon_auditevent set verb = 'thing.undone' where sequence = 3",
    ],
)
def test_changed_event_is_found(events, project, change):
    raw(change)
    assert first_broken_event(project.municipality_id) == (3, "changed")


def test_deleted_event_is_found(events, project):
    raw("delete from innovasjon_auditevent where sequence = 3")
    assert first_broken_event(project.municipality_id) == (3, "missing")


def test_cut_off_end_is_found(events, project):
    raw("delete from innovasjon_auditevent where sequence >= 4")
    assert first_broken_event(project.municipality_id) == (4, "missing at the end")


def test_command_names_the_broken_event(events, project, capsys):
    call_command("verify_audit")
    assert "0901 Prøvevik kommune: 5 events, whole." in capsys.readouterr().out
    raw("update innovasjon_auditevent set verb = 'x' where sequence = 2")
    with pytest.raises(CommandError, match="1 of"):
        call_command("verify_audit")
    assert "event 2 is broken" in capsys.readouterr().err


def test_program_cannot_change_or_delete_an_event(events):
    event = events[0]
    event.verb = "something.else"
    for act in (
        event.save,
        event.delete,
        events.delete,
        lambda: events.update(verb="x"),
        lambda: AuditEvent.objects.bulk_update([event], ["verb"]),
    ):
        with pytest.raises(WriteOnceError):
            act()


def test_write_costs_the_same_whatever_the_length(project, leader):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            record("thing.done", project, project=project, by=leader)
        inserts = [q for q in queries if q["sql"].startswith("INSERT")]
        assert len(inserts) == 1
        return len(queries)

    first = cost()
    for _ in range(30):
        record("thing.done", project, project=project, by=leader)
    assert cost() == first


def test_municipalities_have_chains_of_their_own(project, other_project, leader, stranger):
    record("thing.done", project, project=project, by=leader)
    record("thing.done", other_project, project=other_project, by=stranger)
    heads = dict(AuditHead.objects.values_list("municipality_id", "sequence"))
    assert heads[project.municipality_id] == heads[other_project.municipality_id] == 2


def test_event_that_is_rolled_back_leaves_no_gap(project, leader):
    with transaction.atomic():
        record("thing.done", project, project=project, by=leader)
        transaction.set_rollback(True)
    record("thing.done", project, project=project, by=leader)
    assert first_broken_event(project.municipality_id) is None


if HAS_THREADS:  # SQLite has one writer at a time by nature

    @pytest.mark.django_db(transaction=True)
    def test_chain_holds_under_writers_at_once(project, leader):
        faults = []

        def write():
            try:
                for _ in range(10):
                    record("thing.done", project, project=project, by=leader)
            except Exception as error:  # the thread's fault must reach the test
                faults.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=write) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not faults
        assert AuditHead.objects.get(pk=project.municipality_id).sequence == 61
        assert first_broken_event(project.municipality_id) is None


def test_edit_leaves_old_and_new_in_the_trail(project, leader):
    actions.edit_project(project=project, values={"area": "Helse"}, by=leader)
    event = AuditEvent.objects.filter(project_id=project.pk).latest("id")
    assert (event.verb, event.changes, event.actor_name) == (
        "project.changed",
        {"area": ["", "Helse"]},
        "Liv Leder",
    )


def test_edit_that_changes_nothing_leaves_no_trace(project, leader):
    before = AuditEvent.objects.count()
    actions.edit_project(project=project, values={"area": ""}, by=leader)
    assert AuditEvent.objects.count() == before
