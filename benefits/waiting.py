"""What waits for one person: measurements due, open deviations, invitations to own a benefit."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from benefits import wording
from benefits.models import CorrectiveAction, Deviation, Handover, Indicator
from innovasjon.access import ProjectRole
from innovasjon.working_days import add_working_days
from roadmap.contributions import Task
from roadmap.models import ProjectMembership

AHEAD = timedelta(days=14)
MOST = 50  # rows of each kind
ANSWER_WITHIN = timedelta(days=7)


def tasks(user, municipality, today) -> list[Task]:
    """Three queries, whatever there is."""
    return [
        *measurements(user, municipality, today),
        *deviations(user, municipality),
        *invitations(user, municipality),
    ]


def part(user, project: str, role):
    """The condition that the person has a role in the row's project."""
    return Exists(ProjectMembership.objects.filter(project=OuterRef(project), user=user, role=role))


def measurements(user, municipality, today):
    """Those the person measures: named for it, else the benefit's owner, else the project's leader."""
    nobody = Q(measurer=None, benefit__owner=None) & part(user, "benefit__project", ProjectRole.LEADER)
    found = (
        Indicator.objects.due_by(today + AHEAD)
        .filter(benefit__project__municipality=municipality)
        .filter(Q(measurer=user) | Q(measurer=None, benefit__owner=user) | nobody)
        .select_related("benefit__project")
        .order_by("next_due_on", "pk")[:MOST]
    )
    return [
        Task(
            on=indicator.next_due_on,
            text=indicator.question or _("Measure «%(name)s»") % {"name": indicator.name},
            url=reverse(
                "benefits:measure_indicator",
                args=[indicator.benefit.project.slug, indicator.benefit_id, indicator.pk],
            ),
            why=indicator.benefit.name,
            action=_("Record the measurement"),
            project_name=indicator.benefit.project.name,
        )
        for indicator in found
    ]


def deviations(user, municipality):
    """Open ones with their owner, or the leader where there is none; lifted ones with the project owner.

    Without a cause they wait from the working day after; with an action under way, until that is due, for
    whoever answers for it too.
    """
    project = "indicator__benefit__project"
    pending = CorrectiveAction.objects.filter(deviation=OuterRef("pk"), done_on=None).order_by("due_on", "pk")
    mine = Q(state=Deviation.State.OPEN) & (Q(owner=user) | Exists(pending.filter(responsible=user)))
    unowned = Q(state=Deviation.State.OPEN, owner=None) & part(user, project, ProjectRole.LEADER)
    lifted = Q(state=Deviation.State.LIFTED) & part(user, project, ProjectRole.OWNER)
    found = (
        Deviation.objects.unsettled()
        .filter(indicator__benefit__project__municipality=municipality)
        .filter(mine | unowned | lifted)
        .select_related("indicator__benefit__project")
        .annotate(
            action=Subquery(pending.values("what")[:1]), action_due=Subquery(pending.values("due_on")[:1])
        )
        .order_by("opened_on", "pk")[:MOST]
    )
    return [deviation_task(deviation) for deviation in found]


def deviation_task(deviation) -> Task:
    benefit = deviation.indicator.benefit
    return Task(
        on=deviation.action_due
        if deviation.action and not deviation.is_lifted
        else add_working_days(deviation.opened_on, 1),
        text=deviation_text(deviation) % {"name": benefit.name, "action": deviation.action},
        url=f"{deviation.indicator.get_absolute_url()}#avvik",
        why=wording.measured_and_expected(deviation, deviation.indicator),
        action=_("Open the deviation"),
        project_name=benefit.project.name,
        as_owner=deviation.is_lifted,
    )


def deviation_text(deviation) -> str:
    """Say the next thing to do, by how far it has come."""
    if deviation.is_lifted:
        return _("Deviation in %(name)s")
    if deviation.action:
        return _("Action against the deviation in «%(name)s»: %(action)s")
    if deviation.cause:
        return _("Decide an action against the deviation in «%(name)s»")
    return _("Find the cause of the deviation in «%(name)s»")


def invitations(user, municipality):
    found = (
        Handover.objects.waiting()
        .filter(to=user, benefit__project__municipality=municipality)
        .select_related("benefit__project", "asked_by")
        .order_by("asked_at", "pk")[:MOST]
    )
    return [
        Task(
            on=timezone.localdate(handover.asked_at) + ANSWER_WITHIN,
            text=_("Will you own «%(name)s»?") % {"name": handover.benefit.name},
            url=reverse("benefits:answer", args=[handover.benefit.project.slug, handover.benefit_id]),
            why=_("%(name)s asks you.") % {"name": handover.asked_by.name},
            action=_("Answer"),
            project_name=handover.benefit.project.name,
        )
        for handover in found
    ]
