"""What waits for a person in the journey itself: rows of «Min side»."""

from datetime import datetime, time, timedelta

from django.db.models import CharField, F, Value
from django.db.models.functions import TruncDate
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

    One query. A closed project asks nobody for anything.
    """
    running = Project.objects.of(municipality).visible_to(user).filter(status=Project.Status.ACTIVE)
    parts = [*answered_for(user, running, today + AHEAD), *gates_to_decide(user, running, today + AHEAD)]
    found, gates = [], {}
    for row in parts[0].union(*parts[1:], all=True):
        what, day, slug = row[0], row[2], row[3]
        if what in ("asked", "meeting"):
            gates.setdefault(slug, {"row": row})[what] = day
        else:
            found.append(as_task(*row))
    return found + [gate_task(**gate, today=today) for gate in gates.values()]


def answered_for(user, running, last):
    """Return rows of five kinds, all as (what, text, due, slug, project's name, key of step, key, id)."""
    mine = {"responsible": user}
    items = ChecklistItem.objects.open().filter(**mine, due_on__lte=last, round__ended_on=None)
    conditions = GateCondition.objects.open().filter(**mine, due_on__lte=last)
    activities = Activity.objects.pending().filter(**mine, ends_on__lte=last)
    deliverables = Deliverable.objects.exclude(status=Deliverable.Status.APPROVED).filter(
        **mine, due_on__lte=last
    )
    risks = Risk.objects.filter(**mine, status=Risk.Status.FOUND, due_on__lte=last)
    return [
        columns(items, "item", "text", running, project="round__project", keys=("step__key", "key")),
        columns(conditions, "condition", "text", running, project="decision__project"),
        columns(activities, "activity", "name", running, due="ends_on"),
        columns(deliverables, "deliverable", "name", running),
        columns(risks, "risk", "event", running),
    ]


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


def gates_to_decide(user, running, last):
    """Return the gates of the person's own projects as such rows: asked for, or with a meeting ahead.

    A project may give both; `number` stands where the others have their id.
    """
    owned = ProjectMembership.objects.filter(user=user, role=ProjectRole.OWNER).values("project")
    requests = DecisionRequest.objects.filter(
        round__project__in=owned, round__phase=F("round__project__phase"), round__ended_on=None
    )
    meetings = Project.objects.filter(
        pk__in=owned, next_gate_at__lte=timezone.make_aware(datetime.combine(last, time.max))
    )
    return [
        gate_columns(requests.filter(round__project__in=running), "asked", "asked_at", "round__project__"),
        gate_columns(meetings.filter(pk__in=running), "meeting", "next_gate_at", ""),
    ]


def gate_columns(rows, what, moment, project):
    blank = Value("", CharField())
    shared = {
        "row_kind": Value(what, CharField()),
        "row_text": blank,
        "row_due": TruncDate(moment),
        "row_slug": F(f"{project}slug"),
        "row_project": F(f"{project}name"),
        "row_step": blank,
        "row_key": blank,
        "row_pk": F(f"{project}phase"),
    }
    return rows.order_by().annotate(**shared).values_list(*shared)


def gate_task(row, today, asked=None, meeting=None) -> Task:
    _what, _text, _day, slug, project_name, _step, _key, number = row
    if asked:
        why = _("The team asked for a decision %(day)s") % {"day": short_day(asked, today)}
    else:
        why = _("The gate meeting is %(day)s") % {"day": short_day(meeting, today)}
    return Task(
        on=meeting or asked,
        text=_("Decide gate %(number)s") % {"number": number},
        url=reverse("roadmap:gate", args=[slug, number]),
        why=why,
        action=_("Consider the gate"),
        project_name=project_name,
        as_owner=True,
    )
