"""The ground floor's rules: numbers that exist, safe headers, people kept by the operator."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from innovasjon import tokens
from innovasjon.models import AuditEvent, Membership, Municipality, User, validate_organisation_number
from innovasjon.templatetags.innovasjon import short_day
from innovasjon.views import server_error

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("number", ["974683520", "900010605", "123456785"])
def test_organisation_number_that_exists_is_taken(number):
    validate_organisation_number(number)


@pytest.mark.parametrize("number", ["123456786", "100000130", "100000131", "97468352", "97468352O"])
def test_organisation_number_that_does_not_exist_is_refused(number):
    with pytest.raises(ValidationError):
        validate_organisation_number(number)


def test_leading_zero_of_a_municipality_number_is_kept(municipality):
    municipality.refresh_from_db()
    assert municipality.number == "0901"


@pytest.mark.parametrize(
    "fields", [{"number": "301"}, {"number": "03011"}, {"number": "03a1"}, {"colour": "blue"}]
)
def test_database_refuses_an_impossible_municipality(municipality, fields):
    with pytest.raises(DatabaseError), transaction.atomic():
        Municipality.objects.filter(pk=municipality.pk).update(**fields)


def test_database_refuses_two_people_with_one_address(leader):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email=leader.email.upper(), name="Tvilling")])


def test_database_refuses_two_roles_in_one_municipality(municipality, leader):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(municipality=municipality, user=leader, role="reader")


def test_policy_allows_nothing_inline(leader_client, project):
    policy = leader_client.get(project.get_absolute_url())["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy


def test_pages_of_a_person_stay_out_of_shared_caches(leader_client, project):
    answer = leader_client.get(project.get_absolute_url())
    assert "private" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"


def test_production_cookies_and_transport_are_safe(tmp_path):
    code = (
        "import innovasjon.settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.DEBUG)"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "innovasjon.example",
        "DEBUG": "0",
        "DEMO": "0",
        "DATA_DIR": str(tmp_path),
    }
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["True", "True", "True", "31536000", "False"]


@pytest.fixture
def operator(administrator):
    administrator.is_staff = administrator.is_superuser = True
    administrator.save()
    return administrator


def test_operator_adds_a_person_with_a_role_and_the_trail_says_so(
    operator, administrator_client, municipality
):
    data = {
        "email": "Ny@Lindvik.example",
        "name": "Ny Person",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-municipality": municipality.pk,
        "memberships-0-role": "reader",
    }
    administrator_client.post(reverse("admin:innovasjon_user_add"), data)
    user = User.objects.get(email="ny@lindvik.example")
    assert not user.has_usable_password()
    assert user.memberships.get().role == "reader"
    verbs = list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[-2:] == ["user.added", "membership.added"]


def test_operator_reads_the_trail_and_cannot_touch_it(operator, administrator_client, project):
    event = AuditEvent.objects.filter(project_id=project.pk).first()
    change = reverse("admin:innovasjon_auditevent_change", args=[event.pk])
    assert "project.started" in administrator_client.get(change).content.decode()
    assert administrator_client.post(change, {"verb": "x"}).status_code == 403
    assert (
        administrator_client.post(reverse("admin:innovasjon_auditevent_delete", args=[event.pk])).status_code
        == 403
    )
    assert administrator_client.get(reverse("admin:innovasjon_auditevent_add")).status_code == 403


def test_fault_of_ours_gives_a_calm_page_with_a_code(rf):
    request = rf.get("/")
    request.id = "7F3A0000"
    answer = server_error(request)
    assert answer.status_code == 500
    assert "Noe gikk galt hos oss" in answer.content.decode()
    assert "Feilkode 7F3A." in answer.content.decode()


def test_wrong_private_addresses_are_counted_for_each_place_behind_a_proxy(rf, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = rf.get("/", headers={"X-Forwarded-For": "203.0.113.7"}, REMOTE_ADDR="10.0.0.1")
    assert tokens.address_of(request) == "203.0.113.7"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert tokens.address_of(request) == "10.0.0.1"


@pytest.mark.parametrize(
    ("month", "told"), [(3, "11. mars"), (4, "11. apr."), (6, "11. juni"), (7, "11. juli"), (9, "11. sept.")]
)
def test_short_months_of_four_letters_are_written_whole(month, told):
    assert short_day(date(2026, month, 11)) == told
