"""A private link opens one frozen document; wrong, expired and revoked are the same page."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from innovasjon import tokens
from innovasjon.models import AuditEvent, Token
from innovasjon.templatetags.innovasjon import day
from tests.reports.conftest import publish, write


@pytest.fixture
def edition(busy, leader):
    return publish(write(busy, leader), leader)


def make_link(client, project, edition, **posted):
    url = reverse("reports:document", args=[project.slug, edition.document_id])
    answer = client.post(url, {"label": "styringsgruppa", "expires_on": soon(), **posted})
    found = re.search(r'value="(https://[^"]+/les/[^"]+)"', answer.content.decode())
    return found[1].replace("https://innovasjon.example", "") if found else answer


def soon(days=40):
    return (timezone.localdate() + timedelta(days=days)).strftime("%d.%m.%Y")


def test_link_opens_the_frozen_document_and_says_for_whom(busy, edition, leader_client):
    link = make_link(leader_client, busy, edition)
    stranger = Client()
    page = stranger.get(link)
    body = page.content.decode()
    assert "Denne lenken er til styringsgruppa i prosjektet og virker til" in body
    assert "Vi er i gang." in body
    file = stranger.get(f"{link}dokument.pdf")
    assert file.content == edition.document.content()
    for answer in (page, file):
        told = [answer[name] for name in ("X-Robots-Tag", "Cache-Control", "Referrer-Policy")]
        assert told == ["noindex", "no-store", "no-referrer"]
    assert set(AuditEvent.objects.filter(verb__startswith="read_link").values_list("verb", flat=True)) == {
        "read_link.made"
    }
    last = day(timezone.localdate() + timedelta(days=40))
    kept = leader_client.get(reverse("reports:document", args=[busy.slug, edition.document_id]))
    assert f"virker til {last}." in body
    assert f"Virker til {last}" in kept.content.decode()
    for closed in (busy.get_absolute_url(), "/", "/prosjekter/", "/rapporter/"):
        assert stranger.get(closed).status_code == 302
    secret = link.split("/")[2]
    assert secret not in str(list(Token.objects.values()))
    assert stranger.get(f"/kalender/{secret}.ics").status_code == 404


def test_wrong_expired_and_revoked_are_the_same_page(busy, edition, leader_client):
    expired = make_link(leader_client, busy, edition)
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    revoked = make_link(leader_client, busy, edition)
    token = Token.objects.latest("pk")
    url = reverse("reports:revoke_link", args=[busy.slug, token.pk])
    assert "Stenge lenken til styringsgruppa?" in leader_client.get(url).content.decode()
    assert Client().get(revoked).status_code == 200
    leader_client.post(url)
    stranger = Client()
    answers = [stranger.get(path) for path in (expired, revoked, "/les/wrong/", f"{revoked}dokument.pdf")]
    assert {a.status_code for a in answers} == {404}
    assert len({a.content for a in answers}) == 1
    assert "Spør prosjektleder om en ny." in answers[0].content.decode()
    assert AuditEvent.objects.filter(verb="read_link.revoked").count() == 1


def test_link_closes_with_the_access_of_the_one_who_made_it(busy, edition, leader, leader_client):
    link = make_link(leader_client, busy, edition)
    leader.memberships.all().delete()
    assert Client().get(link).status_code == 404


def test_guessing_is_limited(busy, edition, leader_client):
    cache.clear()
    link = make_link(leader_client, busy, edition)
    stranger = Client()
    for number in range(tokens.TRIES):
        stranger.get(f"/les/guess-{number}/")
    assert stranger.get(link).status_code == 404
    cache.clear()
    assert stranger.get(link).status_code == 200


def test_link_must_say_for_whom_and_until_when(busy, edition, leader_client):
    wrong_day = "Velg en dag fra i dag og høyst ett år fram."
    for posted, error in [
        ({"label": ""}, "Skriv hvem lenken er til."),
        ({"expires_on": soon(-1)}, wrong_day),
        ({"expires_on": soon(400)}, wrong_day),
    ]:
        assert error in make_link(leader_client, busy, edition, **posted).content.decode()
    assert not Token.objects.exists()
