"""How log-in works here: allauth, closed to sign-up, with our words."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from allauth.account.forms import LoginForm as AllauthLoginForm
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from innovasjon.audit import record

# Too short for a person's own password, so it opens nothing but the demo's log-ins.
DEMO_PASSWORD = "innovasjon"  # noqa: S105


class AuthenticationBackend(AllauthBackend):
    """Log-in by e-mail, with the demo's password refused everywhere but in the demo."""

    def authenticate(self, request, **credentials):
        if credentials.get("password") == DEMO_PASSWORD and not (settings.DEMO or settings.DEBUG):
            return None
        return super().authenticate(request, **credentials)


class AccountAdapter(DefaultAccountAdapter):
    """People are added by the operator; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail or the password is wrong."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes and try again."),
    }

    def is_open_for_signup(self, request):
        return False

    def populate_username(self, request, user):
        """People are known by e-mail alone."""

    def add_message(self, *args, **kwargs):
        """Being logged in or out is seen on the page; no message says it too."""

    def post_login(self, request, user, **kwargs):
        record("user.logged_in", user, by=user)
        return super().post_login(request, user, **kwargs)


class LoginForm(AllauthLoginForm):
    """E-mail and password; the session lasts a working day, so nothing asks to be remembered."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("E-mail")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs.pop("autofocus", None)
