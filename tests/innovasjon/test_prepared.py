"""Queries that are written once: they answer as Django's own, for every value, and only for what fits."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from innovasjon.prepared import Prepared
from roadmap.access import LOCKED_PROJECT, PROJECT, project_to
from roadmap.actions import TO_ANSWER, to_answer
from roadmap.models import ChecklistItem, Project, Step
from roadmap.phase_reading import ITEMS, PEOPLE, STEPS, people_of
from roadmap.views.progress import OTHERS, done_elsewhere


def test_answers_as_the_query_itself_for_each_value(project, other_project, leader, reader):
    for place in (project, other_project):
        for person in (leader, reader):
            asked, itself = PROJECT(user=person.pk, slug=place.slug), list(project_to(person.pk, place.slug))
            names = ("pk", "owner_name", "my_role", "my_municipality_role", "my_municipalities", "created_at")
            assert [[getattr(p, n) for n in names] for p in asked] == [
                [getattr(p, n) for n in names] for p in itself
            ]
        assert PEOPLE(project=place.pk, number=1) == list(people_of(place.pk, 1))
        for number in (1, 6):
            found = STEPS(project=place.pk, number=number)
            assert [step.phase.number for step in found] == [number] * len(found) != []


def test_checkpoints_and_what_others_answered_are_those_of_the_query_itself(project, other_project, leader):
    items = ChecklistItem.objects.filter(round__project=project, round__phase=1).order_by("pk")
    ChecklistItem.objects.filter(pk=items[0].pk).update(
        status="done", note="Slik gjorde vi", settled_by=leader, settled_on=project.started_on
    )
    item = items[0]
    for pk in (item.pk, items[1].pk, 0):
        asked, itself = TO_ANSWER(project=project.pk, pk=pk), list(to_answer(project.pk, pk))
        told = [[(row.pk, row.step_total, row.step_settled) for row in rows] for rows in (asked, itself)]
        assert told[0] == told[1]
    assert {row.pk for row in ITEMS(round=item.round_id, before=item.round_id)} == set(
        ChecklistItem.objects.filter(round=item.round_id).values_list("pk", flat=True)
    )
    for place in (project, other_project):
        values = {"key": item.key, "municipality": project.municipality_id, "project": place.pk}
        assert OTHERS(**values) == list(done_elsewhere(**values)[:2])
        assert OTHERS(**values) == ([] if place == project else [item])
    assert LOCKED_PROJECT(user=leader.pk, slug=project.slug) == [project]


def test_asks_once_with_what_was_selected_along(project):
    STEPS(project=project.pk, number=1)
    with CaptureQueriesContext(connection) as captured:
        assert STEPS(project=project.pk, number=2)[0].phase.project_id == project.pk
    assert len(captured) == 1


def test_number_too_large_for_its_column_is_in_no_row(project):
    assert STEPS(project=project.pk, number=10**30) == []
    assert STEPS(project=10**30, number=1) == []


def test_value_that_the_query_changes_is_refused(db):
    with pytest.raises(ValueError, match="number"):
        Prepared(lambda number: Step.objects.filter(position=number + 1))(number=1)


def test_value_that_is_counted_with_beside_its_own_place_is_refused(db):
    wrong = Prepared(lambda number: Step.objects.filter(Q(position=number) | Q(position=number + 1)))
    with pytest.raises(ValueError, match="other ways"):
        wrong(number=1)


def test_days_are_compared_with_as_they_are(project):
    since = Prepared(lambda day: Project.objects.filter(started_on__gte=day))
    assert since(day=project.started_on) == [project]
    assert since(day=project.started_on + timedelta(days=1)) == []
