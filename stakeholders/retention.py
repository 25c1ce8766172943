"""How long named persons are remembered: the municipality's months after their project was closed."""

from calendar import monthrange
from datetime import date

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from innovasjon.audit import record
from innovasjon.models import Municipality
from roadmap.models import Project
from stakeholders.models import Conversation, Measure, Stance


def months_before(day: date, months: int) -> date:
    """Return the day so many months earlier; the last of the month where the day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_projects(today: date) -> list[tuple[Project, int]]:
    """Return closed projects whose time is over, with how many named persons each still has."""
    persons = Count("stakeholders", filter=~Q(stakeholders__person_name=""))
    found = []
    for municipality in Municipality.objects.all():
        limit = months_before(today, municipality.retention_months)
        closed = Project.objects.of(municipality).filter(status=Project.Status.CLOSED, closed_on__lte=limit)
        due = closed.annotate(persons=persons).filter(persons__gt=0).select_related("municipality")
        found += [(project, project.persons) for project in due.order_by("pk")]
    return found


@transaction.atomic
def forget_persons(*, project, now) -> int:
    """Remove what is written about named persons in a project; return how many they were.

    Name, role, attitudes, talks and texts go. That there was a stakeholder of the group stays, and that
    something was planned, so that the project's numbers still hold. The trail tells how many, never who.
    """
    persons = project.stakeholders.exclude(person_name="").select_for_update()
    pks = list(persons.values_list("pk", flat=True))
    if not pks:
        return 0
    Conversation.objects.filter(stakeholder__in=pks).delete()
    Stance.objects.filter(stakeholder__in=pks).delete()
    Measure.objects.filter(stakeholder__in=pks).update(
        what=_("Contact (the person is forgotten)"), goal="", message=""
    )
    project.stakeholders.filter(pk__in=pks).update(
        person_name="", line_role="", how_affected="", expected_role="", information_need=""
    )
    record("persons.forgotten", project, project=project, by=None, now=now, count=len(pks))
    return len(pks)
