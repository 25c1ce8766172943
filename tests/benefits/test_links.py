"""The e-mail link: one number, one period, one person; and dead as soon as it should be."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benefits import links, reminders
from benefits.models import Deviation, Indicator, Measurement
from innovasjon.models import AuditEvent, Token
from tests.benefits.conftest import MEASURED_ON, make_indicator
from tests.conftest import client_of

NOON = timezone.make_aware(timezone.datetime(2026, 11, 16, 12))


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def asked(project, leader, reader):
    """An indicator of week 46 that the reader measures; week 45 was 339."""
    indicator = make_indicator(
        project,
        by=leader,
        name="Medisinturer i sone Nord",
        question="Hvor mange medisinturer kjørte sone Nord?",
        hint="Ta ut rapporten «Turer per sone» i fagsystemet.",
        measurer=reader,
    )
    Measurement.objects.create(
        indicator=indicator,
        value=339,
        on=MEASURED_ON - timedelta(days=7),
        period="2026-W45",
        by=leader,
        at=NOON - timedelta(days=7),
    )
    Indicator.objects.filter(pk=indicator.pk).update(next_due_on=MEASURED_ON)
    return links.indicators().get(pk=indicator.pk)


@pytest.fixture
def path(asked, reader):
    url = links.make(indicator=asked, due_on=MEASURED_ON, person=reader, now=NOON)
    return url.removeprefix("https://innovasjon.example")


def post(path, **data):
    return Client(enforce_csrf_checks=True).post(path, data, follow=True)


def test_page_asks_one_question_and_says_where_the_number_is(path):
    response = Client().get(path)
    text = response.content.decode()
    assert "Hvor mange medisinturer kjørte sone Nord i uke 46?</h1>" in text
    assert "Turer i uke 46" in text
    assert "Ta ut rapporten «Turer per sone» i fagsystemet. I uke 45 var det 339." in text
    assert "Lenken virker til 3. desember 2026." in text
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_value_outside_opens_the_deviation_and_tells_the_project(
    path, asked, reader, leader, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        text = post(path, value="348", comment="Åtte dispensere står på lager.").content.decode()
    assert "348 turer er lagret for uke 46." in text
    assert "Prosjektleder har fått beskjed om avviket." in text
    measurement = asked.measurements.get(period="2026-W46")
    assert (measurement.value, measurement.source, measurement.by) == (348, "link", reader)
    assert measurement.on == MEASURED_ON
    assert Deviation.objects.get().opened_by == measurement
    assert leader.email in [to for message in mail.outbox for to in message.to]


def test_answer_can_be_corrected_and_the_old_one_stays(path, asked):
    post(path, value="384")
    shown = Client().get(path).content.decode()
    assert "384 turer" in shown
    assert "Rett tallet" in shown
    assert 'value="384"' in Client().get(f"{path}?rett=1").content.decode()
    post(f"{path}?rett=1", value="348")
    assert list(asked.measurements.order_by("pk").values_list("value", "is_current"))[1:] == [
        (384, False),
        (348, True),
    ]


@pytest.mark.parametrize("typed", ["", "mange", "12.34.5"])
def test_what_is_no_number_is_told_at_the_field(path, typed):
    response = post(path, value=typed, comment="Husk meg")
    assert response.status_code == 422
    text = response.content.decode()
    assert text.count("Skriv et tall, for eksempel 348.") == 2
    assert "Husk meg" in text


def test_number_far_out_is_asked_about_and_never_blocked(path, asked):
    response = post(path, value="3 480")
    text = response.content.decode().replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert response.status_code == 422
    assert "3 480 er ti ganger så mye som sist." in text
    assert "Mente du 348?" in text
    post(path, value="3480", is_right="on")
    assert asked.measurements.filter(value=3480, is_current=True).exists()


def test_live_check_tells_how_far_from_expected(path):
    text = Client().get(f"{path}sjekk/?value=348").content.decode()
    assert "27 mer enn forventet" in text
    assert "Forventet er 321." in text
    assert "note" not in Client().get(f"{path}sjekk/?value=330").content.decode()
    assert "note" not in Client().get(f"{path}sjekk/?value=x").content.decode()


def no_role(asked, reader):
    reader.memberships.all().delete()


def inactive(asked, reader):
    reader.is_active = False
    reader.save()


def no_longer_measures(asked, reader):
    Indicator.objects.filter(pk=asked.pk).update(measurer=None)


def out_of_use(asked, reader):
    Indicator.objects.filter(pk=asked.pk).update(is_active=False)


def revoked(asked, reader):
    Token.objects.update(revoked_at=NOON)


def expired(asked, reader):
    Token.objects.update(expires_at=NOON)


def project_restricted(asked, reader):
    project = asked.benefit.project
    project.restricted = True
    project.save()


@pytest.mark.parametrize(
    "withdraw",
    [no_role, inactive, no_longer_measures, out_of_use, revoked, project_restricted],
    ids=lambda f: f.__name__,
)
def test_link_is_dead_when_access_is_withdrawn_and_looks_like_a_wrong_one(path, asked, reader, withdraw):
    assert Client().get(path).status_code == 200
    withdraw(asked, reader)
    hidden = re.compile(r"/m/[\w-]+/")
    wrong = Client().get("/m/wrong/")
    assert "Spør prosjektlederen om en ny." in wrong.content.decode()
    for method in ("get", "post"):
        response = getattr(Client(), method)(path, {"value": "1"})
        assert response.status_code == wrong.status_code == 404
        assert hidden.sub("", response.content.decode()) == hidden.sub("", wrong.content.decode())
    assert not asked.measurements.filter(source="link").exists()


def test_many_wrong_addresses_close_the_door_for_a_while(path):
    for number in range(20):
        Client().get(f"/m/wrong-{number}/")
    assert Client().get(path).status_code == 404
    assert Client(REMOTE_ADDR="192.0.2.7").get(path).status_code == 200


def test_proxy_of_ours_tells_where_the_wrong_ones_are_from(path, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(20):
        Client().get(f"/m/wrong-{number}/", headers={"X-Forwarded-For": f"10.0.0.{number}, 192.0.2.9"})
    assert Client().get(path, headers={"X-Forwarded-For": "192.0.2.9"}).status_code == 404
    assert Client().get(path, headers={"X-Forwarded-For": "192.0.2.10"}).status_code == 200


def test_later_takes_a_reason_and_a_day_and_the_period_stays(path, asked, reader):
    assert post(f"{path}senere/", reason="", new_on="20.11.2026").status_code == 422
    assert post(f"{path}senere/", reason="Ferie", new_on="13.11.2026").status_code == 422
    text = post(f"{path}senere/", reason="Systemet er nede.", new_on="20.11.2026").content.decode()
    assert "20. november 2026" in text
    asked.refresh_from_db()
    assert asked.next_due_on.isoformat() == "2026-11-20"
    assert asked.postponements.get().by == reader
    assert links.first_due(links.indicators().get()) == MEASURED_ON


def test_not_me_closes_the_link_and_tells_the_leader(path, leader, django_capture_on_commit_callbacks):
    assert Client().get(f"{path}ikke-meg/").status_code == 200
    assert Client().get(path).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        post(f"{path}ikke-meg/")
    assert Client().get(path).status_code == 404
    assert mail.outbox[-1].to == [leader.email]
    assert AuditEvent.objects.filter(verb="measurement_link.revoked").exists()


def test_expired_link_is_renewed_to_the_persons_own_mail_and_a_revoked_one_is_not(path, reader, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    expired(None, None)
    gone = Client().get(path)
    assert gone.status_code == 404
    assert "Lenken har gått ut" in gone.content.decode()
    same = {post(f"{p}ny/").content for p in (path, "/m/wrong/", path)}
    assert len(same) == 1
    assert [message.to for message in mail.outbox] == [[reader.email]]  # once an hour
    Token.objects.update(revoked_at=NOON, expires_at=NOON)
    post(f"{path}ny/")
    assert len(mail.outbox) == 1


def test_conversation_is_measured_in_words(project, leader, reader):
    indicator = make_indicator(
        project, by=leader, method="conversation", measurer=reader, name="Trygghet", question="Er du trygg?"
    )
    found = links.indicators().get(pk=indicator.pk)
    url = links.make(indicator=found, due_on=MEASURED_ON, person=reader, now=NOON)
    path = url.removeprefix("https://innovasjon.example")
    assert post(path, said="").status_code == 422
    assert "Samtalen er lagret" in post(path, said="Nå sover jeg bedre.").content.decode()
    assert indicator.measurements.get().said == "Nå sover jeg bedre."


def test_team_sends_and_closes_links(asked, leader, reader_client, leader_client, project):
    url = reverse("benefits:measuring_links", args=[project.slug, asked.benefit_id])
    leader_client.post(url, {"indicator": asked.pk})
    assert "Hvor mange medisinturer kjørte sone Nord i uke 46?" in mail.outbox[0].subject
    path = re.search(r"https://innovasjon\.example(/m/\S+)", mail.outbox[0].body)[1]
    assert Client().get(path).status_code == 200
    assert "uke 46" in leader_client.get(url).content.decode()
    token = Token.objects.get(purpose="measurement")
    leader_client.post(reverse("benefits:revoke_link", args=[project.slug, asked.benefit_id, token.pk]))
    assert Client().get(path).status_code == 404


def test_closed_project_is_still_measured(path, asked, project, leader_client):
    project.status, project.closed_on = "closed", NOON.date()
    project.save()
    post(path, value="330")
    assert asked.measurements.filter(value=Decimal(330), source="link").exists()
    page = leader_client.get(reverse("benefits:benefit", args=[project.slug, asked.benefit_id]))
    assert "Før en måling" in page.content.decode()


def test_logged_in_stranger_gets_no_more_through_the_link(path, stranger):
    """The link is the person's it was sent to, whoever is logged in."""
    text = client_of(stranger).get(path).content.decode()
    assert "Stig Fremmed" not in text
    assert reminders.asked_person(links.indicators().get()).name in ("Rita Leser",)
