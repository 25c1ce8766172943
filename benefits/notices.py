"""E-mails about benefits to the people of a project: a deviation, a wrong address, an invitation to own."""

from django.urls import reverse
from django.utils.translation import gettext as _

from benefits import wording
from benefits.models import Deviation, Handover, Indicator, Measurement
from innovasjon.access import ProjectRole
from innovasjon.models import User
from roadmap.notices import address, people_of, send


def leaders_of(project, *, but_not=None) -> list[User]:
    """Return who follows up in the project: the leaders, and the owner when there is none."""
    return people_of(project, ProjectRole.LEADER, but_not=but_not) or people_of(
        project, ProjectRole.OWNER, but_not=but_not
    )


def page_of(indicator: Indicator) -> str:
    return address(reverse("benefits:benefit", args=[indicator.benefit.project.slug, indicator.benefit_id]))


def told_of(measurement: Measurement) -> str:
    """Return who has been told that a measurement is outside: «leader», «owner», or «»."""
    if not Deviation.objects.unsettled().filter(opened_by=measurement).exists():
        return ""
    project = measurement.indicator.benefit.project
    if people_of(project, ProjectRole.LEADER, but_not=measurement.by):
        return "leader"
    return "owner" if people_of(project, ProjectRole.OWNER, but_not=measurement.by) else ""


def tell_of_deviation(deviation: Deviation, *, by) -> None:
    """Tell the project that a value is outside what is allowed, and the one who has the deviation now.

    That is the benefit's owner, and the project's owner when it is lifted.
    """
    indicator = deviation.indicator
    project = indicator.benefit.project
    lifted = deviation.is_lifted
    people = leaders_of(project, but_not=by)
    if lifted:
        people += people_of(project, ProjectRole.OWNER, but_not=by)
    if deviation.owner and deviation.owner != by:
        people.append(deviation.owner)
    subject = _("Lifted to the project owner: %(name)s") if lifted else _("Deviation: %(name)s")
    send(
        dict.fromkeys(people),
        subject % {"name": indicator.name},
        "benefits/mail/deviation",
        {
            "indicator": indicator,
            "benefit": indicator.benefit,
            "project": project,
            "lifted": lifted,
            "figures": wording.measured_and_expected(deviation, indicator),
            "tolerance": wording.difference(deviation.tolerance, indicator),
            "url": page_of(indicator),
        },
    )


def tell_of_wrong_person(indicator: Indicator, person: User) -> None:
    """Tell the project that a private address went to the wrong one, and is closed."""
    project = indicator.benefit.project
    send(
        leaders_of(project),
        _("A measuring link went to the wrong person"),
        "benefits/mail/wrong_person",
        {"indicator": indicator, "project": project, "asked": person, "url": page_of(indicator)},
    )


def tell_of_handover(handover: Handover, *, by) -> None:
    """Ask the person to own the benefit."""
    benefit = handover.benefit
    send(
        [handover.to],
        _("Will you own the benefit «%(name)s»?") % {"name": benefit.name},
        "benefits/mail/handover",
        {
            "benefit": benefit,
            "project": benefit.project,
            "by": by,
            "handover": handover,
            "url": address(reverse("benefits:answer", args=[benefit.project.slug, benefit.pk])),
        },
    )


def tell_of_answer(handover: Handover) -> None:
    """Tell the one who asked what the answer was."""
    benefit = handover.benefit
    people = [handover.asked_by] if handover.asked_by.is_active and handover.asked_by != handover.to else []
    send(
        people,
        _("«%(name)s» has an owner") % {"name": benefit.name}
        if handover.accepted
        else _("«%(name)s» still needs an owner") % {"name": benefit.name},
        "benefits/mail/handover_answered",
        {
            "benefit": benefit,
            "project": benefit.project,
            "handover": handover,
            "url": address(benefit.get_absolute_url()),
        },
    )
