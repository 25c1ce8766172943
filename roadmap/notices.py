"""E-mails a project sends. They go out after the commit, and a mail server that fails loses no work."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from innovasjon.access import ProjectRole
from roadmap.models import Project

log = logging.getLogger(__name__)


def address(path: str) -> str:
    return f"{settings.BASE_URL}{path}"


def send(people, subject: str, template: str, context: dict) -> None:
    """Send one mail to each person once the transaction is through.

    template: a name in `roadmap/mail/`, or a path without its ending.
    """
    path = template if "/" in template else f"roadmap/mail/{template}"
    with translation.override(translation.get_language() or settings.LANGUAGE_CODE):
        messages = [
            EmailMessage(
                " ".join(subject.split()),
                render_to_string(f"{path}.txt", {**context, "person": person}),
                to=[person.email],
            )
            for person in people
        ]

    def deliver():
        for message in messages:
            try:
                message.send()
            except (OSError, SMTPException):
                log.exception("mail not sent: %s", message.subject)

    transaction.on_commit(deliver)


def people_of(project: Project, *roles, but_not=None) -> list:
    """Return the active people with the given roles in the project; all of them without roles.

    Nobody who has lost the role in the municipality gets a mail about what they may no longer see.
    """
    found = project.memberships.filter(
        user__is_active=True, user__memberships__municipality=project.municipality_id
    ).select_related("user")
    if roles:
        found = found.filter(role__in=roles)
    return [m.user for m in found.order_by("user__name") if m.user != but_not]


def tell_of_request(project, request, *, by, path) -> int:
    """Ask the owner to decide. Returns how many were told."""
    people = people_of(project, ProjectRole.OWNER, but_not=by)
    subject = _("Decide gate %(number)s: %(project)s") % {
        "number": request.round.phase,
        "project": project.name,
    }
    send(
        people,
        subject,
        "decision_asked",
        {"project": project, "by": by, "asked": request, "url": address(path)},
    )
    return len(people)


def tell_of_decision(project, decision, *, by) -> int:
    """Tell the project's people and those who answer for conditions. Returns how many were told."""
    people = people_of(project, but_not=by)
    subject = _("Gate %(number)s is decided: %(project)s") % {
        "number": decision.phase,
        "project": project.name,
    }
    context = {
        "project": project,
        "decision": decision,
        "conditions": list(decision.conditions.select_related("responsible").order_by("due_on", "pk")),
        "url": address(decision.get_absolute_url()),
    }
    send(people, subject, "gate_decided", context)
    return len(people)


def tell_of_access_request(project, *, by) -> int:
    """Ask the project's leader, else its owner, to let a colleague in. Returns how many were told."""
    people = people_of(project, ProjectRole.LEADER) or people_of(project, ProjectRole.OWNER)
    subject = _("%(person)s asks for access: %(project)s") % {"person": by.name, "project": project.name}
    url = address(f"{project.get_absolute_url()}folk/")
    send(people, subject, "access_asked", {"project": project, "by": by, "url": url})
    return len(people)
