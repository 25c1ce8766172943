"""A deviation opens by itself, and the next measurement closes or lifts it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from benefits.actions import deviations, indicators, measuring
from benefits.actions.measuring import AlreadyCorrected, AlreadyMeasured, correct_measurement
from benefits.models import Deviation, Indicator, Measurement
from benefits.reading import project_benefits
from roadmap import gates
from roadmap.contributions import CONTRIBUTIONS
from roadmap.models import Project
from tests.benefits.conftest import MEASURED_ON, make_benefit, make_indicator
from tests.conftest import TODAY, client_of

WEEK = timedelta(days=7)


def record(indicator, value, on=MEASURED_ON, by=None):
    by = by or indicator.benefit.created_by
    return measuring.record_measurement(indicator=indicator, on=on, value=Decimal(str(value)), by=by)


@pytest.mark.parametrize(
    ("baseline", "target", "fine", "outside"),
    [
        (412, 240, [330, 339, 200], [345, 420]),  # falling: expected 321, tolerance 18
        (40, 90, [80, 49, 400], [40, 0]),  # rising
        (50, 0, [10, 0, 41], [48, 90]),  # towards zero
        (50, 50, [50, 68, 32], [69, 31]),  # to stay
    ],
)
def test_deviation_opens_outside_tolerance_on_the_wrong_side(
    project, leader, baseline, target, fine, outside
):
    points = [(MEASURED_ON, 321)] if baseline == 412 else []
    for value in [*fine, *outside]:
        indicator = make_indicator(
            project,
            by=leader,
            benefit=make_benefit(project, by=leader, name=f"{value}"),
            baseline=Decimal(baseline),
            target=Decimal(target),
            points=points,
        )
        outcome = record(indicator, value)
        assert (outcome.became == "opened") == (value in outside), value
        assert Deviation.objects.filter(indicator=indicator).exists() == (value in outside)


def test_deviation_belongs_to_the_benefits_owner_and_blocks_the_gate(project, leader, reader):
    indicator = make_indicator(project, by=leader, benefit=make_benefit(project, by=leader, owner=reader))
    deviation = record(indicator, 348).deviation
    assert (deviation.owner, deviation.difference, deviation.expected) == (reader, 27, 321)
    fresh = Project.objects.get(pk=project.pk)
    texts = [str(b.text) for b in gates.blockers(gates.gate(fresh, 1), TODAY)]
    assert "Avviket i medisinturer mangler årsak og tiltak" in texts


def test_next_measurement_inside_closes_and_the_action_worked(indicator, leader):
    deviation = record(indicator, 348).deviation
    deviations.write_cause(deviation=deviation, cause="Opplæringen ble utsatt", by=leader)
    action = deviations.add_action(
        deviation=deviation, what="Lær opp", responsible=leader, due_on=TODAY, by=leader
    )
    outcome = record(indicator, 325, MEASURED_ON + WEEK)
    deviation.refresh_from_db()
    action.refresh_from_db()
    assert outcome.became == "closed"
    assert (deviation.state, deviation.outcome, action.result) == ("closed", "worked", "worked")
    assert action.judged_by == deviation.closed_by == outcome.measurement
    told = CONTRIBUTIONS.changes(indicator.benefit.project, since=timezone.now() - timedelta(days=1))
    assert [(line.at, line.tone) for line in told] == [
        (outcome.measurement.at, "ok"),
        (deviation.opened_by.at, "watch"),
    ]
    with pytest.raises(deviations.AlreadyClosed):
        deviations.write_cause(deviation=deviation, cause="For sent", by=leader)


def test_second_miss_lifts_to_the_project_owner(
    indicator, leader, owner, member, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        deviation = record(indicator, 348, by=member).deviation
    assert [message.to for message in mailoutbox] == [[leader.email]]
    action = deviations.add_action(
        deviation=deviation, what="Lær opp", responsible=leader, due_on=TODAY, by=leader
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert record(indicator, 346, MEASURED_ON + WEEK, by=member).became == "lifted"
    assert [message.to for message in mailoutbox[1:]] == [[leader.email], [owner.email]]
    assert mailoutbox[2].subject == "Løftet til prosjekteier: Medisinturer"
    assert "utenfor for andre gang" in mailoutbox[2].body
    deviation.refresh_from_db()
    action.refresh_from_db()
    assert (deviation.state, deviation.misses, action.result) == ("lifted", 2, "missed")
    assert record(indicator, 345, MEASURED_ON + 2 * WEEK).became == "missed"
    assert record(indicator, 300, MEASURED_ON + 3 * WEEK).became == "closed"


def test_baseline_moved_past_an_open_deviation_does_not_stop_the_next_value(indicator, leader):
    deviation = record(indicator, 348).deviation
    indicator.baseline_on = MEASURED_ON + timedelta(days=3)
    indicator.save()
    indicator.path_points.all().delete()
    indicator.refresh_from_db()
    assert record(indicator, 500, MEASURED_ON + WEEK).became == "lifted"
    deviation.refresh_from_db()
    assert (deviation.state, deviation.misses) == ("lifted", 2)


def test_what_is_due_stays_due_until_the_calendar_is_changed(project, leader):
    days = [date(2026, 11, 1), date(2026, 12, 11), date(2027, 1, 15)]
    mine = make_indicator(project, by=leader, frequency="dates")

    def save(dates, **fields):
        for name, value in fields.items():
            setattr(mine, name, value)
        indicators.save_indicator(benefit=mine.benefit, indicator=mine, dates=dates, today=TODAY, by=leader)
        mine.refresh_from_db()
        return mine.next_due_on

    assert save(days) == days[1]
    Indicator.objects.filter(pk=mine.pk).update(next_due_on=days[0])
    mine.refresh_from_db()
    assert save(days, hint="Tell turene") == days[0]
    assert save(days[1:], hint="Tell alle turene") == days[1]


def test_correction_keeps_the_old_value_and_undoes_what_followed(indicator, leader, member):
    first = record(indicator, 348).measurement
    outcome = correct_measurement(measurement=first, value=Decimal(328), by=member)
    assert outcome.became == "corrected"
    assert list(Measurement.objects.order_by("pk").values_list("value", "is_current", "by__name")) == [
        (348, False, "Liv Leder"),
        (328, True, "Max Medlem"),
    ]
    with pytest.raises(AlreadyCorrected):
        correct_measurement(measurement=first, value=Decimal(1), by=member)
    again = correct_measurement(measurement=outcome.measurement, value=Decimal(350), by=member)
    assert again.became == "opened"
    second = record(indicator, 349, MEASURED_ON + WEEK)
    assert second.became == "lifted"
    closed = correct_measurement(measurement=second.measurement, value=Decimal(320), by=member)
    back = correct_measurement(measurement=closed.measurement, value=Decimal(349), by=member)
    assert (closed.became, back.became, back.deviation.misses) == ("closed", "lifted", 2)


def test_a_period_is_measured_once_and_an_older_one_changes_nothing(indicator, leader):
    record(indicator, 330)
    with pytest.raises(AlreadyMeasured):
        record(indicator, 331, MEASURED_ON - timedelta(days=2))
    assert record(indicator, 412, date(2026, 10, 2)).became == ""
    indicator.refresh_from_db()
    assert indicator.next_due_on == date(2026, 11, 20)


def test_owner_in_the_line_measures_a_closed_project(project, leader, reader, observer):
    """Neither in the core team nor with any right to change the project."""
    indicator = make_indicator(project, by=leader, benefit=make_benefit(project, by=leader, owner=reader))
    Project.objects.filter(pk=project.pk).update(status="closed", closed_on=TODAY, restricted=True)
    url = reverse("benefits:measure", args=[project.slug, indicator.benefit_id])
    client = client_of(reader)
    response = client.post(url, {"value": "348", "on": "13.11.2026", "occasion": "ongoing"})
    assert response.status_code == 302
    deviation = Deviation.objects.get()
    assert deviation.measured == 348
    cause = reverse("benefits:cause", args=[project.slug, indicator.benefit_id, deviation.pk])
    assert client.post(cause, {"cause": "Opplæringen ble utsatt"}).status_code == 302
    assert client_of(observer).get(url).status_code == 403
    assert client.get(indicator.get_absolute_url()).status_code == 403  # no more of the project than that


def test_far_out_number_is_asked_about_and_never_refused(indicator, leader_client):
    url = reverse("benefits:measure", args=[indicator.benefit.project.slug, indicator.benefit_id])
    form = {"value": "3 480", "on": "13.11.2026", "occasion": "ongoing", "comment": "Talt to ganger"}
    asked = leader_client.post(url, form)
    assert asked.status_code == 422
    assert not Measurement.objects.exists()
    assert "Talt to ganger" in asked.content.decode()
    assert "3 480 er 8 ganger så mye som sist." in plain_spaces(asked)
    assert leader_client.post(url, form | {"is_right": "on"}).status_code == 302
    measurement = Measurement.objects.get()
    assert measurement.value == 3480

    live = asked.context["check"]  # asked while it is typed, in the same words as behind the e-mail link
    assert f'hx-get="{live}"' in asked.content.decode()
    typed = leader_client.get(live, {"value": "348", "on": "13.11.2026"})
    assert "27 mer enn forventet" in typed.content.decode()
    assert "Forventet er 321." in typed.content.decode()
    late = leader_client.get(live, {"value": "600", "on": "20.11.2026"})
    assert "600 er mye mindre enn sist. Da var det 3 480." in plain_spaces(late)
    assert "Kryss av" not in late.content.decode()  # the tick is there; nothing is wrong yet
    corrected = leader_client.get(live, {"value": "600", "rett": str(measurement.pk)})
    assert "279 mer enn forventet" in corrected.content.decode()
    for typed in ({"value": "330", "on": "13.11.2026"}, {"value": "x"}, {}):
        assert "note" not in leader_client.get(live, typed).content.decode()


def plain_spaces(response) -> str:
    return response.content.decode().replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_missing_baseline_is_not_measured_and_never_0(project, leader, reader_client):
    make_indicator(project, by=leader, baseline=None, baseline_on=None, points=[])
    page = reader_client.get(reverse("benefits:benefits", args=[project.slug])).content.decode()
    assert "Nullpunkt mangler. Uten det kan dere ikke vise forskjellen." in page
    assert "Ikke målt" in page
    figure = project_benefits(Project.objects.get(pk=project.pk), TODAY).benefits[0].main
    assert figure.attainment is None
    assert figure.baseline is None


def test_what_others_did_meanwhile_is_said_and_the_text_is_kept(indicator, leader, leader_client):
    """Two at once: the deviation is closed and the number corrected while somebody else writes."""
    outcome = measuring.record_measurement(indicator=indicator, on=TODAY, value=Decimal(348), by=leader)
    place = [indicator.benefit.project.slug, indicator.benefit_id]
    cause = reverse("benefits:cause", args=[*place, outcome.deviation.pk])
    correct = reverse("benefits:correct", args=[*place, outcome.measurement.pk])
    measuring.correct_measurement(measurement=outcome.measurement, value=Decimal(321), by=leader)
    late = leader_client.post(cause, {"cause": "Opplæringen ble utsatt."})
    assert late.status_code == 422
    assert "En ny måling lukket avviket mens du skrev." in late.content.decode()
    assert "Opplæringen ble utsatt." in late.content.decode()
    late = leader_client.post(correct, {"value": "330", "comment": "Talt på nytt"})
    assert late.status_code == 422
    assert "Noen rettet dette tallet mens du skrev." in late.content.decode()
    assert "Talt på nytt" in late.content.decode()
    assert Measurement.objects.current().get(indicator=indicator).value == 321
