"""Indicators: when the next measurement is due, and the expected path that two set at once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from benefits import due
from benefits.actions.after import hand_over
from benefits.actions.benefits import save_benefit
from benefits.actions.measuring import postpone, record_measurement
from benefits.models import Benefit, Indicator
from innovasjon.models import AuditEvent
from tests.benefits.conftest import MEASURED_ON, make_indicator

WEEK = timedelta(days=7)


def record(indicator, value, on):
    by = indicator.benefit.created_by
    return record_measurement(indicator=indicator, on=on, value=Decimal(value), by=by)


# ------------------------------------------------------------------ the calendar


def test_postponed_one_is_done_when_it_is_measured(project, leader):
    """One moved past the next ordinary day is asked for no more; that next one is, and the period is told."""
    found = make_indicator(project, by=leader)
    mine = Indicator.objects.filter(pk=found.pk)
    mine.update(next_due_on=MEASURED_ON)
    postpone(indicator=mine.get(), new_on=MEASURED_ON + WEEK + timedelta(days=3), reason="Syk", by=leader)
    assert due.first_due(due.with_postponements(mine).get()) == MEASURED_ON
    record(found, 330, MEASURED_ON - timedelta(days=7))  # of an earlier period: moves nothing
    assert due.first_due(due.with_postponements(mine).get()) == MEASURED_ON
    record(found, 330, MEASURED_ON)
    assert mine.get().next_due_on == MEASURED_ON + WEEK
    record(found, 325, MEASURED_ON + WEEK)
    assert mine.get().next_due_on == MEASURED_ON + 2 * WEEK


def test_postponed_to_the_day_another_is_due_both_are_asked_for(project, leader):
    found = make_indicator(project, by=leader)
    mine = Indicator.objects.filter(pk=found.pk)
    mine.update(next_due_on=MEASURED_ON)
    assert due.new_days(due.with_postponements(mine).get(), MEASURED_ON + WEEK - timedelta(days=1)) == (
        MEASURED_ON + WEEK,
        MEASURED_ON + WEEK,
    )
    postpone(indicator=mine.get(), new_on=MEASURED_ON + WEEK, reason="Syk", by=leader)
    record(found, 330, MEASURED_ON)
    waiting = due.with_postponements(mine).get()
    assert due.first_due(waiting) == waiting.next_due_on == MEASURED_ON + WEEK


@pytest.mark.parametrize("frequency", ["weekly", "monthly", "quarterly"])
def test_longer_follow_up_is_measured_again_from_today(project, leader, frequency, time_machine):
    """Whoever makes it longer: the benefit's page, and the one who takes over."""
    found = make_indicator(project, by=leader, frequency=frequency)
    benefit, mine = found.benefit, Indicator.objects.filter(pk=found.pk)
    Benefit.objects.filter(pk=benefit.pk).update(follow_until=MEASURED_ON + timedelta(days=1))
    record(found, 330, MEASURED_ON)
    assert mine.get().next_due_on is None
    time_machine.move_to(datetime(2027, 2, 3, 12, tzinfo=UTC))
    ordinary = {"weekly": date(2027, 2, 5), "monthly": date(2027, 2, 26), "quarterly": date(2027, 3, 31)}
    benefit.follow_until = date(2028, 1, 1)
    save_benefit(project=project, benefit=benefit, by=leader)
    assert mine.get().next_due_on == ordinary[frequency]
    benefit.follow_until = date(2027, 2, 4)
    save_benefit(project=project, benefit=benefit, by=leader)
    assert mine.get().next_due_on is None
    hand_over(benefit=benefit, to=leader, measure_until=date(2029, 1, 1), by=leader, now=timezone.now())
    assert mine.get().next_due_on == ordinary[frequency]


# ------------------------------------------------------------------ the expected path


def test_two_who_set_the_path_at_once_choose_which_stands(indicator, leader, leader_client, member_client):
    url = reverse("benefits:path", args=[indicator.benefit.project.slug, indicator.benefit_id, indicator.pk])
    indicator.path_points.all().delete()
    page = leader_client.get(url)

    def sent(on, value, opened=page.context["forms"].opened, **more):
        rows = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0, "form-0-on": on, "form-0-value": value}
        return rows | {"opened": opened} | more

    def points():
        return [(f"{point.on:%d.%m}", point.value) for point in indicator.path_points.all()]

    assert leader_client.post(url, sent("01.09.2026", "350,5")).status_code == 302
    both = member_client.post(url, sent("01.03.2027", "260"))
    assert both.status_code == 422
    text = both.content.decode()
    assert "01.09.2026: 350,5" in text
    assert "01.03.2027: 260" in text
    assert leader.name in text
    assert points() == [("01.09", Decimal("350.5"))]
    opened = both.context["forms"].opened
    assert member_client.post(url, sent("01.03.2027", "260", opened, stands_path="stored")).status_code == 302
    assert points() == [("01.09", Decimal("350.5"))]
    assert member_client.post(url, sent("01.03.2027", "260", opened, stands_path="mine")).status_code == 302
    assert points() == [("01.03", 260)]
    told = AuditEvent.objects.filter(verb="indicator.path_set").order_by("-id").first()
    assert told.changes == {"path": ["01.09.2026: 350,5", "01.03.2027: 260"]}
