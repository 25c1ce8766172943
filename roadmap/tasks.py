"""What waits for a person in the journey itself: rows of «Min side»."""

from datetime import datetime, time, timedelta

from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from innovasjon.access import ProjectRole
from innovasjon.templatetags.innovasjon import short_day
from roadmap.contributions import Task
from roadmap.models import (
    Activity,
    ChecklistItem,
    DecisionRequest,
    Deliverable,
    GateCondition,
    Project,
    ProjectMembership,
    Risk,
)

AHEAD = timedelta(days=14)

# kind of row → (why it is there, what the button says)
WORDS = {
    "item": (gettext_lazy("A checkpoint you answer for"), gettext_lazy("Answer the checkpoint")),
    "condition": (gettext_lazy("A gate condition you answer for"), gettext_lazy("Open the condition")),
    "activity": (gettext_lazy("An activity you answer for"), gettext_lazy("Open the activity")),
    "deliverable": (gettext_lazy("A deliverable you answer for"), gettext_lazy("Open the deliverable")),
    "risk": (gettext_lazy("An action against a risk, which you answer for"), gettext_lazy("Open the risk")),
}


def tasks(user, municipality, today) -> list[Task]:
    """Return what the person answers for, overdue or due within fourteen days, and gates to decide.

    Two queries. A closed project asks nobody for anything.
    """
    running = Project.objects.of(municipality).visible_to(user).filter(status=Project.Status.ACTIVE)
    found = [as_task(*row) for row in answered_for(user, running, today + AHEAD)]
    return found + gates_to_decide(user, running, today)


def answered_for(user, running, last):
    """Read rows of five kinds in one query: (what, text, due, slug, project's name, key of step, key)."""
    mine = {"responsible": user}
    items = ChecklistItem.objects.open().filter(**mine, due_on__lte=last, round__ended_on=None)
    conditions = GateCondition.objects.open().filter(**mine, due_on__lte=last)
    activities = Activity.objects.pending().filter(**mine, ends_on__lte=last)
    deliverables = Deliverable.objects.exclude(status=Deliverable.Status.APPROVED).filter(
        **mine, due_on__lte=last
    )
    risks = Risk.objects.filter(**mine, status=Risk.Status.FOUND, due_on__lte=last)
    parts = [
        columns(items, "item", "text", running, project="round__project", keys=("step__key", "key")),
        columns(conditions, "condition", "text", running, project="decision__project"),
        columns(activities, "activity", "name", running, due="ends_on"),
        columns(deliverables, "deliverable", "name", running),
        columns(risks, "risk", "event", running),
    ]
    return parts[0].union(*parts[1:], all=True)


def columns(rows, what, text, running, *, due="due_on", project="project", keys=()):
    """Return the rows of one kind as the columns all kinds share."""
    blank = Value("", CharField())
    shared = {
        "row_kind": Value(what, CharField()),
        "row_text": F(text),
        "row_due": F(due),
        "row_slug": F(f"{project}__slug"),
        "row_project": F(f"{project}__name"),
        "row_step": F(keys[0]) if keys else blank,
        "row_key": F(keys[1]) if keys else blank,
        "row_pk": F("pk"),
    }
    return rows.filter(**{f"{project}__in": running}).order_by().annotate(**shared).values_list(*shared)


def as_task(what, text, due, slug, project_name, step, key, pk) -> Task:
    if what == "item":
        url = reverse("roadmap:item", args=[slug, int(step.partition(".")[0]), step, key])
    else:
        url = reverse(f"roadmap:{what}", args=[slug, pk])
    why, action = WORDS[what]
    return Task(on=due, text=text, url=url, why=why, action=action, project_name=project_name)


def gates_to_decide(user, running, today) -> list[Task]:
    """Return the gates of the person's own projects: asked for, or with a meeting within fourteen days."""
    asked = DecisionRequest.objects.filter(
        round__project=OuterRef("pk"), round__phase=OuterRef("phase"), round__ended_on=None
    ).order_by("-asked_at")
    end = timezone.make_aware(datetime.combine(today + AHEAD, time.max))
    owned = ProjectMembership.objects.filter(user=user, role=ProjectRole.OWNER).values("project")
    projects = (
        running.filter(pk__in=owned)
        .annotate(asked_at=Subquery(asked.values("asked_at")[:1]))
        .filter(Q(asked_at__isnull=False) | Q(next_gate_at__lte=end))
    )
    return [gate_task(project, today) for project in projects]


def gate_task(project, today) -> Task:
    meeting = timezone.localdate(project.next_gate_at) if project.next_gate_at else None
    asked_on = timezone.localdate(project.asked_at) if project.asked_at else None
    if asked_on:
        why = _("The team asked for a decision %(day)s") % {"day": short_day(asked_on, today)}
    else:
        why = _("The gate meeting is %(day)s") % {"day": short_day(meeting, today)}
    return Task(
        on=meeting if meeting and meeting <= today + AHEAD else asked_on,
        text=_("Decide gate %(number)s") % {"number": project.phase},
        url=reverse("roadmap:gate", args=[project.slug, project.phase]),
        why=why,
        action=_("Consider the gate"),
        project_name=project.name,
        as_owner=True,
    )
