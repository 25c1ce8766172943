"""What was typed survives a session that ran out."""

import pytest
from django.test import Client
from django.urls import reverse


@pytest.fixture
def item(project):
    return project.rounds.get(phase=1).items.get(key="1.1a")


def log_in(client, user):
    return client.post(
        reverse("account_login"), {"login": user.email, "password": "a long password"}, follow=True
    )


def test_posted_form_is_offered_again_after_log_in(project, item, leader):
    client = Client()
    save = reverse("roadmap:save_item", args=[project.slug, item.pk])
    answer = client.post(save, {"note": "Tre turer for mye.\nUke 46"})
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse('innovasjon:resume')}"
    client.post(
        f"{reverse('account_login')}?next={reverse('innovasjon:resume')}",
        {"login": leader.email, "password": "a long password", "next": reverse("innovasjon:resume")},
    )
    page = client.get(reverse("innovasjon:resume")).content.decode()
    assert f'action="{save}"' in page
    assert "Tre turer for mye." in page
    item.refresh_from_db()
    assert item.note == ""  # saving is the person's own press


def test_script_is_told_and_not_redirected(project, item):
    answer = Client().post(
        reverse("roadmap:save_item", args=[project.slug, item.pk]),
        {"note": "x"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 401


def test_password_is_never_kept(db):
    client = Client()
    client.post(
        reverse("account_change_password"), {"oldpassword": "hemmelig", "password1": "a", "name": "b"}
    )
    assert "hemmelig" not in str(dict(client.session))


def test_form_without_a_valid_token_shows_what_was_typed(project, item, leader):
    client = Client(enforce_csrf_checks=True)
    client.force_login(leader, backend="innovasjon.accounts.AuthenticationBackend")
    answer = client.post(
        reverse("roadmap:save_item", args=[project.slug, item.pk]), {"note": "Verdifull tekst"}
    )
    assert answer.status_code == 403
    assert "Verdifull tekst" in answer.content.decode()
    item.refresh_from_db()
    assert item.note == ""


def test_script_with_an_old_token_is_told_to_log_in_again(leader, project):
    client = Client(enforce_csrf_checks=True)
    client.force_login(leader, backend="innovasjon.accounts.AuthenticationBackend")
    item = project.rounds.get(phase=1).items.first()
    url = f"{project.get_absolute_url()}sjekkpunkter/{item.pk}/"
    assert client.post(url, {"note": "x"}, headers={"HX-Request": "true"}).status_code == 401
    assert client.post(url, {"note": "x"}).status_code == 403
