"""Benefits in the line over time: missed, moved, corrected, handed on, and answered by two at once."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benefits import facts, links, waiting
from benefits.actions import after, benefits, deviations, indicators, measuring
from benefits.models import Benefit, Deviation, Handover, Indicator, Measurement, YearAmount
from benefits.reading import project_benefits
from benefits.views import benefit as benefit_views
from innovasjon import tokens
from innovasjon.models import Token
from roadmap import gates
from roadmap.models import Project
from tests.benefits.conftest import MEASURED_ON, make_benefit, make_indicator
from tests.conftest import TODAY, client_of

OSLO = ZoneInfo("Europe/Oslo")
WEEK, DAY = timedelta(days=7), timedelta(days=1)
NOW = datetime(2026, 11, 16, 12, tzinfo=OSLO)
UNTIL = date(2028, 1, 1)


@pytest.fixture(autouse=True)
def _on_a_monday(time_machine, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def run(time_machine):
    def on(day):
        time_machine.move_to(datetime.combine(day, time(6), OSLO), tick=False)
        before = len(mail.outbox)
        call_command("remind_of_measurements", verbosity=0)
        return [(m.to[0].split("@")[0], m.subject.split(":")[0]) for m in mail.outbox[before:]]

    return on


def waits(project, by, due_on=MEASURED_ON, **fields):
    """Return an indicator with a measurement that is due."""
    indicator = make_indicator(project, by=by, **{"question": "Hvor mange?"} | fields)
    Indicator.objects.filter(pk=indicator.pk).update(next_due_on=due_on)
    return Indicator.objects.select_related("benefit__project").get(pk=indicator.pk)


def record(indicator, value, on=MEASURED_ON):
    by = indicator.benefit.created_by
    return measuring.record_measurement(indicator=indicator, on=on, value=Decimal(value), by=by)


def page_of(name, indicator, *args):
    args = args or [indicator.pk]
    return reverse(f"benefits:{name}", args=[indicator.benefit.project.slug, indicator.benefit_id, *args])


def link_of(indicator, person, due_on=MEASURED_ON):
    found = links.indicators().get(pk=indicator.pk)
    made = links.make(indicator=found, due_on=due_on, person=person, now=NOW)
    return made.removeprefix("https://innovasjon.example")


def hidden(page) -> dict:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))


# ------------------------------------------------------------------ reminders


def test_missed_week_is_asked_for_each_week_and_the_manager_is_told_once(project, leader, reader, run):
    waits(project, leader, measurer=reader)
    sent = {n: run(MEASURED_ON + n * DAY) for n in range(21)}
    asked, again = [("rita", "Hvor mange i uke 46?")], [("rita", "Påminnelse")]
    assert {n: mails for n, mails in sent.items() if mails} == {
        0: asked,
        3: again,
        6: [("oda", "Ikke målt")],
        7: asked,
        10: again,
        14: asked,
        17: again,
    }


def test_new_owner_is_asked_for_what_is_overdue(project, leader, reader, administrator, run):
    indicator = waits(project, leader, benefit=make_benefit(project, by=reader, owner=reader))
    for n in range(7):
        run(MEASURED_ON + n * DAY)
    asked = after.hand_over(
        benefit=indicator.benefit, to=administrator, measure_until=UNTIL, by=leader, now=timezone.now()
    )
    benefits.answer_handover(handover=asked, accepted=True, by=administrator)
    assert run(MEASURED_ON + 6 * DAY)[-1] == (administrator.email.split("@")[0], "Hvor mange i uke 46?")


@pytest.mark.parametrize(
    ("until", "moved"), [(MEASURED_ON, None), (MEASURED_ON + 4 * DAY, MEASURED_ON + WEEK)]
)
def test_last_measurement_is_asked_for_like_the_others(project, leader, reader, run, until, moved):
    indicator = waits(project, leader, measurer=reader)
    Benefit.objects.update(follow_until=until)
    if moved:
        measuring.postpone(indicator=indicator, new_on=moved, reason="Ferie", by=reader)
    first = moved or MEASURED_ON
    sent = {n: mails for n in range(15) if (mails := run(first + n * DAY))}
    assert [mails[0][1] for mails in sent.values()] == ["Hvor mange i uke 46?", "Påminnelse", "Ikke målt"]
    assert list(sent) == [0, 3, 6]


def test_three_years_end_on_the_same_day_of_the_month(project, leader, reader, run):
    waits(project, leader, date(2029, 6, 29), measurer=reader, frequency="quarterly")
    Project.objects.update(status="closed", closed_on=date(2026, 6, 30))
    assert run(date(2029, 6, 29))
    Indicator.objects.update(next_due_on=date(2029, 7, 2))
    assert run(date(2029, 7, 2)) == []
    assert waiting.measurements(reader, project.municipality, date(2029, 7, 2)) == []


# ------------------------------------------------------------------ the calendar


def test_own_dates_keep_what_is_due_begin_today_and_end_with_the_benefit(project, leader):
    indicator = make_indicator(project, by=leader, frequency="dates")

    def save(*dates, today=TODAY):
        indicators.save_indicator(
            benefit=indicator.benefit, indicator=indicator, dates=dates, today=today, by=leader
        )
        indicator.refresh_from_db()
        return indicator.next_due_on

    first, later = MEASURED_ON, date(2026, 12, 11)
    assert save(first, later, today=first) == first
    assert save(first, later, date(2027, 3, 1)) == first
    assert save(TODAY, later) == TODAY
    for on, next_on in ((TODAY, later), (later - 8 * DAY, later), (later - 2 * DAY, None)):
        record(indicator, 330, on)  # on the day, of no date, and a little early
        indicator.refresh_from_db()
        assert indicator.next_due_on == next_on
    indicator.benefit.follow_until = date(2026, 11, 30)
    indicator.frequency = "quarterly"
    assert save() is None


@pytest.mark.parametrize("door", ["page", "link"])
def test_late_measurement_is_of_the_period_that_waits(project, leader, reader, time_machine, door):
    indicator = waits(project, leader, date(2026, 11, 30), measurer=reader, frequency="monthly")
    path = link_of(indicator, reader, date(2026, 11, 30))
    time_machine.move_to(datetime(2026, 12, 2, 12, tzinfo=OSLO), tick=False)
    if door == "link":
        Client().post(path, {"value": "330"})
    else:
        client, url = client_of(reader), page_of("measure_indicator", indicator)
        page = client.get(url)
        assert "Det er november 2026 som ikke er målt." in page.content.decode()
        on = f"{page.context['form'].initial['on']:%d.%m.%Y}"
        client.post(url, {"value": "330", "on": on, "occasion": "ongoing"})
    indicator.refresh_from_db()
    assert (Measurement.objects.get().period, indicator.next_due_on) == ("2026-11", date(2026, 12, 31))


# ------------------------------------------------------------------ deviations


def acted_on(indicator, value, by):
    deviation = record(indicator, value).deviation
    return deviation, deviations.add_action(
        deviation=deviation, what="Lær opp", responsible=by, due_on=TODAY, by=by
    )


def test_correction_takes_back_what_the_wrong_number_said_of_the_action(project, leader):
    indicator = make_indicator(project, by=leader)
    deviation, action = acted_on(indicator, 348, leader)
    miss = record(indicator, 346, MEASURED_ON + WEEK).measurement
    measuring.correct_measurement(measurement=miss, value=Decimal(320), by=leader)
    deviation.refresh_from_db()
    action.refresh_from_db()
    assert (deviation.outcome, action.result) == ("worked", "worked")


def test_action_that_missed_is_not_said_to_have_worked(project, leader):
    indicator = make_indicator(project, by=leader)
    deviation, _action = acted_on(indicator, 348, leader)
    record(indicator, 346, MEASURED_ON + WEEK)
    record(indicator, 310, MEASURED_ON + 2 * WEEK)
    deviation.refresh_from_db()
    assert deviation.outcome == "within"


@pytest.mark.parametrize(
    ("corrected", "state", "misses", "measured"),
    [(325, "open", 1, 346), (350, "lifted", 2, 350)],
)
def test_corrected_opener_lets_the_deviation_follow_from_what_is_left(
    project, leader, corrected, state, misses, measured
):
    indicator = make_indicator(project, by=leader)
    first = record(indicator, 348).measurement
    record(indicator, 346, MEASURED_ON + WEEK)
    measuring.correct_measurement(measurement=first, value=Decimal(corrected), by=leader)
    deviation = Deviation.objects.select_related("opened_by").get()
    assert (deviation.state, deviation.misses, deviation.measured) == (state, misses, measured)
    assert deviation.opened_by.is_current


def test_indicator_out_of_use_closes_its_deviation(project, leader):
    indicator = make_indicator(project, by=leader)
    record(indicator, 348)
    indicator.refresh_from_db()
    indicator.is_active = False
    indicators.save_indicator(benefit=indicator.benefit, indicator=indicator, today=TODAY, by=leader)
    assert Deviation.objects.get().outcome == "retired"
    fresh = Project.objects.get(pk=project.pk)
    assert not [b for b in gates.blockers(gates.gate(fresh, 1), TODAY) if "vvik" in str(b.text)]


def test_open_deviation_follows_the_benefit_to_its_new_owner(project, leader, reader, administrator):
    indicator = make_indicator(project, by=leader, benefit=make_benefit(project, by=leader, owner=reader))
    deviation = record(indicator, 348).deviation
    asked = after.hand_over(
        benefit=indicator.benefit, to=administrator, measure_until=UNTIL, by=leader, now=NOW
    )
    benefits.answer_handover(handover=asked, accepted=True, by=administrator)
    assert waiting.deviations(reader, project.municipality) == []
    assert waiting.deviations(administrator, project.municipality)
    assert client_of(administrator).get(page_of("cause", indicator, deviation.pk)).status_code == 200


def test_responsible_of_an_action_tells_how_far_it_has_come(project, leader, reader, observer):
    indicator = make_indicator(project, by=leader)
    deviation, action = acted_on(indicator, 348, reader)
    url = page_of("action", indicator, action.pk)
    assert client_of(reader).get(url).status_code == 200
    assert client_of(observer).get(url).status_code == 403
    assert client_of(reader).get(page_of("new_action", indicator, deviation.pk)).status_code == 403


# ------------------------------------------------------------------ owners


def test_one_who_only_measures_does_not_take_the_benefit(project, leader, owner, reader):
    benefit = make_benefit(project, by=owner, owner=owner)
    make_indicator(project, by=leader, benefit=benefit, measurer=reader)
    url = reverse("benefits:hand_over", args=[project.slug, benefit.pk])
    assert client_of(reader).post(url, {"to": reader.pk, "measure_until": "1.12.2026"}).status_code == 403
    benefit.refresh_from_db()
    assert benefit.owner == owner


def test_owner_owns_until_the_one_chosen_on_the_form_says_yes(project, leader, owner, reader, leader_client):
    benefit = make_benefit(project, by=owner, owner=owner)
    data = {name: getattr(benefit, name) for name in ("name", "type", "recipient", "horizon", "taken_out")}
    url, client = reverse("benefits:edit", args=[project.slug, benefit.pk]), client_of(reader)
    told = leader_client.post(url, data | {"owner": reader.pk}, follow=True).content.decode()
    assert "Rita Leser er spurt, og Oda Eier eier den til svaret er ja." in told
    answer = reverse("benefits:answer", args=[project.slug, benefit.pk])
    client.post(answer, {"accepted": "no", "answer": "Jeg slutter"})
    benefit.refresh_from_db()
    assert benefit.owner == owner
    leader_client.post(url, data | {"owner": reader.pk})
    client.post(answer, {"accepted": "yes"})
    benefit.refresh_from_db()
    assert benefit.owner == reader


def test_answer_is_given_once_and_told_when_another_was_asked(project, leader, reader, monkeypatch):
    benefit = make_benefit(project, by=leader)
    ask = {"benefit": benefit, "measure_until": UNTIL, "by": leader, "now": NOW}
    after.hand_over(to=reader, **ask)
    url, client = reverse("benefits:answer", args=[project.slug, benefit.pk]), client_of(reader)
    assert client.post(url, {"accepted": "yes"}).status_code == 302
    assert "Du har svart allerede." in client.post(url, {"accepted": "yes"}, follow=True).content.decode()
    after.hand_over(to=reader, **ask)
    door = benefit_views.handover_to_answer

    def and_then_another_is_asked(*args):
        found = door(*args)
        after.hand_over(to=leader, **ask)
        return found

    monkeypatch.setattr(benefit_views, "handover_to_answer", and_then_another_is_asked)
    told = client.post(url, {"accepted": "yes"})
    assert told.status_code == 422
    assert "Noen andre ble spurt mens du skrev." in told.content.decode()


# ------------------------------------------------------------------ two at once


def test_link_never_writes_over_what_another_answered_meanwhile(project, leader, reader):
    indicator = waits(project, leader, measurer=reader)
    path = link_of(indicator, reader)
    sent = hidden(Client().get(path)) | {"value": "348", "comment": "Åtte dispensere på lager."}
    known = record(indicator, 330).measurement
    told = Client().post(path, sent)
    assert told.status_code == 422
    assert "svarte 330 mens du skrev" in told.content.decode()
    assert "Åtte dispensere på lager." in told.content.decode()
    sent |= hidden(told)
    measuring.correct_measurement(measurement=known, value=Decimal(333), said="Vi sover.", by=leader)
    told = Client().post(path, sent)
    assert "svarte 333 mens du skrev" in told.content.decode()
    assert Client().post(path, sent | hidden(told)).status_code == 302
    answer = indicator.measurements.get(is_current=True)
    assert (answer.value, answer.said, answer.comment) == (348, "Vi sover.", "Åtte dispensere på lager.")


def test_cause_is_not_written_over_unseen(project, leader, member):
    indicator = make_indicator(project, by=leader)
    deviation = record(indicator, 348).deviation
    url, client = page_of("cause", indicator, deviation.pk), client_of(member)
    page = client.get(url)
    client_of(leader).post(url, {"cause": "Opplæringen ble utsatt."})
    told = client.post(url, hidden(page) | {"cause": "Ferie."})
    assert told.status_code == 422
    assert "«Opplæringen ble utsatt.»" in told.content.decode()
    client.post(url, hidden(told) | {"cause": "Ferie."})
    deviation.refresh_from_db()
    assert deviation.cause == "Ferie."


def test_page_moves_only_the_measurement_it_showed(project, leader, reader, leader_client):
    indicator = waits(project, leader, measurer=reader)
    url = page_of("postpone", indicator)
    sent = hidden(leader_client.get(url)) | {"reason": "Systemet var nede", "new_on": "20.11.2026"}
    record(indicator, 330)
    told = leader_client.post(url, sent).content.decode()
    assert "Noen førte eller flyttet målingen mens du skrev." in told
    assert not indicator.postponements.exists()


def test_not_me_closes_every_address_of_the_persons(project, leader, reader):
    indicator = waits(project, leader, measurer=reader)
    one, two = link_of(indicator, reader), link_of(indicator, reader)
    Client().post(f"{two}ikke-meg/")
    assert {Client().get(path).status_code for path in (one, two)} == {404}


def test_addresses_that_have_run_out_close_no_door_for_colleagues(project, leader, reader):
    indicator = waits(project, leader, measurer=reader)
    old, new = link_of(indicator, reader), link_of(indicator, reader)
    Token.objects.filter(digest=tokens.digest(old.split("/")[2])).update(expires_at=NOW)
    assert {Client().get(old).status_code for _n in range(tokens.TRIES + 1)} == {404}
    assert Client().get(new).status_code == 200


def test_year_keeps_the_costs_nobody_touched(project, leader, leader_client):
    benefit = make_benefit(project, by=leader, type="avoided_cost")
    costs = {"project_cost_nok": 30_000, "operating_cost_nok": 20_000}
    benefits.set_year(benefit=benefit, year=2027, gross=Decimal(100_000), by=leader, **costs)
    url = reverse("benefits:years", args=[project.slug, benefit.pk])
    leader_client.post(url, {"year": "2027", "gross": "120000"})
    assert YearAmount.objects.values("gross", *costs).get() == {"gross": 120_000} | costs


# ------------------------------------------------------------------ what the register answers


def test_conversation_beside_a_number_lacks_no_baseline(project, leader):
    indicator = make_indicator(project, by=leader)
    talk = {
        "method": "conversation",
        "baseline": None,
        "baseline_on": None,
        "target": None,
        "target_on": None,
    }
    said = make_indicator(project, by=leader, benefit=indicator.benefit, name="Trygghet", points=(), **talk)
    record(indicator, 330)
    measuring.record_measurement(indicator=said, on=MEASURED_ON, said="Jeg sover bedre", by=leader)
    found = project_benefits(Project.objects.get(pk=project.pk), TODAY)
    assert [facts.fact(key, found).answers for key in ("2.1f", "4.1h", "4.3a", "6.2b")] == [True] * 4


def test_plan_is_accepted_when_both_owner_and_manager_have(project, leader, owner, manager):
    told = [facts.FROM_ROWS["5.5e"](project).answers]
    for part, by in (("prosjekteier", owner), ("prosjekteier", owner), ("leder", manager)):
        benefits.accept_plan(project=project, acting_as=part, by=by)
        told.append(facts.FROM_ROWS["5.5e"](project).answers)
    assert told == [False, False, False, True]


def test_gate_5_asks_again_when_the_accepted_plan_has_got_gaps(project, owner):
    indicator = make_indicator(project, by=owner, benefit=make_benefit(project, by=owner, owner=owner))
    Handover.objects.all().delete()
    benefits.accept_plan(project=project, acting_as="prosjekteier", by=owner)

    def asked_for():
        Project.objects.filter(pk=project.pk).update(phase=5)
        fresh = Project.objects.get(pk=project.pk)
        return [
            str(b.text) for b in gates.blockers(gates.gate(fresh, 5), TODAY) if "evinstplan" in str(b.text)
        ]

    assert asked_for() == []
    indicator.delete()
    assert asked_for() == ["Gevinstplanen er ikke lenger den som ble godkjent"]
