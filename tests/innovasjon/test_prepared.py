"""Queries that are written once: they answer as Django's own, for every value, and only for what fits."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from innovasjon.prepared import Prepared
from roadmap.access import PROJECT, project_to
from roadmap.models import Step
from roadmap.phase_reading import PEOPLE, STEPS, people_of


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
