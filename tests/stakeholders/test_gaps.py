"""Whom are we about to lose? The rule, its edges, and what closes a gap."""

from datetime import date, timedelta

import pytest

from stakeholders.gaps import AHEAD, STALE, Row, gaps
from stakeholders.models import Stakeholder

TODAY = date(2026, 11, 19)
REVIEWED = TODAY - timedelta(days=7)


def row(**fields):
    stakeholder = Stakeholder(
        name="Tillitsvalgte",
        main_group=fields.pop("main_group", "employee"),
        influence=fields.pop("influence", 3),
        strongly_affected=fields.pop("strongly_affected", False),
    )
    return Row(
        stakeholder=stakeholder,
        **{
            "attitude": "sceptical",
            "source": "said",
            "attitude_on": TODAY,
            "next_on": None,
            "next_what": "",
            "next_has_responsible": False,
            "last_contact_on": None,
            "met": False,
            "meeting_planned": False,
        }
        | fields,
    )


def all_groups(*rows):
    others = [row(main_group=g, influence=0, met=True) for g in ("user", "relative", "employee", "other")]
    return [*rows, *others]


def kinds(*rows, reviewed_on=REVIEWED):
    return [gap.kind for gap in gaps(all_groups(*rows), reviewed_on, TODAY)]


@pytest.mark.parametrize("attitude", ["sceptical", "unknown"])
def test_strong_and_worrying_without_a_plan_is_a_gap(attitude):
    assert kinds(row(attitude=attitude)) == ["contact"]


@pytest.mark.parametrize(
    "fields",
    [
        {"attitude": "neutral"},
        {"attitude": "positive"},
        {"influence": 2},
        {"next_on": TODAY},
        {"next_on": TODAY + AHEAD},
        {"is_hidden": True},
    ],
)
def test_what_is_no_gap(fields):
    assert kinds(row(**fields)) == []


def test_plan_that_is_too_far_away_does_not_close_it():
    assert kinds(row(next_on=TODAY + AHEAD + timedelta(days=1))) == ["contact"]


def test_main_group_that_nobody_thought_of_is_a_gap():
    found = gaps([row(attitude="positive")], REVIEWED, TODAY)
    assert [gap.group for gap in found] == ["user", "relative", "other"]


@pytest.mark.parametrize(
    ("days", "expected"), [(None, ["review"]), (STALE.days + 1, ["review"]), (STALE.days, [])]
)
def test_review_that_is_old_or_missing_is_a_gap(days, expected):
    reviewed_on = None if days is None else TODAY - timedelta(days=days)
    assert kinds(reviewed_on=reviewed_on) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({}, ["meeting"]), ({"met": True}, []), ({"meeting_planned": True}, [])],
)
def test_strongly_affected_wants_a_meeting(fields, expected):
    assert kinds(row(attitude="positive", strongly_affected=True, **fields)) == expected


def test_empty_register_has_no_gaps_but_is_empty():
    assert gaps([], None, TODAY) == ()
