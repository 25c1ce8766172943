"""Log-in: e-mail in any case, limits on guessing, nothing given away, and the way out."""

from django.core import mail
from django.test import Client
from django.urls import reverse

from innovasjon.models import AuditEvent

LOG_IN = "account_login"


def attempt(client, email, password):
    return client.post(reverse(LOG_IN), {"login": email, "password": password})


def test_log_in_with_e_mail_in_any_case_lands_on_my_page(leader):
    client = Client()
    answer = client.post(
        reverse(LOG_IN), {"login": leader.email.upper(), "password": "a long password"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == reverse("reports:my_page")
    assert AuditEvent.objects.filter(verb="user.logged_in", actor_name="Liv Leder").exists()


def test_wrong_password_and_unknown_e_mail_get_the_same_answer(leader):
    wrong = attempt(Client(), leader.email, "wrong").content.decode()
    unknown = attempt(Client(), "nobody@example.no", "wrong").content.decode()
    for page in (wrong, unknown):
        assert "E-posten eller passordet er feil." in page


def test_guessing_is_stopped(leader):
    client = Client()
    for _ in range(5):
        attempt(client, leader.email, "wrong")
    page = attempt(client, leader.email, "a long password").content.decode()
    assert "For mange forsøk." in page
    assert client.get(reverse("reports:portfolio")).status_code == 302


def test_inactive_person_does_not_get_in(leader):
    leader.is_active = False
    leader.save()
    client = Client()
    attempt(client, leader.email, "a long password")
    assert client.get(reverse("reports:portfolio")).status_code == 302


def test_nobody_signs_up(db):
    answer = Client().post(
        reverse("account_signup"), {"email": "new@example.no", "password1": "x" * 20, "password2": "x" * 20}
    )
    assert answer.status_code == 405


def test_forgotten_password_is_set_anew_by_mail(leader):
    client = Client()
    client.post(reverse("account_reset_password"), {"email": leader.email})
    (message,) = mail.outbox
    assert message.to == [leader.email]
    link = next(word for word in message.body.split() if "/glemt-passord/" in word)
    path = link[link.index("/glemt-passord/") :]
    form = client.get(path, follow=True)
    client.post(
        form.request["PATH_INFO"],
        {"password1": "et nytt langt passord", "password2": "et nytt langt passord"},
    )
    leader.refresh_from_db()
    assert leader.check_password("et nytt langt passord")


def test_unknown_e_mail_gets_no_mail_and_the_same_page(leader):
    known = Client().post(reverse("account_reset_password"), {"email": leader.email})
    unknown = Client().post(reverse("account_reset_password"), {"email": "nobody@example.no"})
    assert known["Location"] == unknown["Location"]
    assert len(mail.outbox) == 1


def test_log_out_is_a_post(leader_client):
    assert leader_client.get(reverse("account_logout")).status_code == 200
    assert leader_client.get(reverse("reports:portfolio")).status_code != 302
    leader_client.post(reverse("account_logout"))
    assert leader_client.get(reverse("reports:portfolio")).status_code == 302
