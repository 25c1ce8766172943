"""What waits for a person in the journey itself: rows of «Min side»."""

from datetime import datetime, time, timedelta

from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from innovasjon.access import ProjectRole
from innovasjon.rows import how_many
from innovasjon.templatetags.innovasjon import in_words, short_day
from roadmap.contributions import Task
from roadmap.models import (
    Activity,
    ChecklistItem,
    DecisionRequest,
    Deliverable,
    GateCondition,
    Project,
    ProjectMembership,
    ProjectPhase,
    Risk,
)

AHEAD = timedelta(days=14)
GATE = ("asked", "meeting", "coming")  # kinds of row that are about a gate

# kind of row → (why it is there, what the button says)
WORDS = {
    "item": (gettext_lazy("A checkpoint you answer for"), gettext_lazy("Answer the checkpoint")),
    "condition": (gettext_lazy("A gate condition you answer for"), gettext_lazy("Open the condition")),
    "activity": (gettext_lazy("An activity you answer for"), gettext_lazy("Open the activity")),
    "deliverable": (gettext_lazy("A deliverable you answer for"), gettext_lazy("Open the deliverable")),
    "risk": (gettext_lazy("An action against a risk, which you answer for"), gettext_lazy("Open the risk")),
}
COLUMNS = ("what", "text", "due", "slug", "project_name", "place", "detail", "more", "pk")


def tasks(user, municipality, today) -> list[Task]:
    """Return what the person answers for, overdue or due within fourteen days, and the gates to come.

    One query. A closed project asks nobody for anything.
    """
    running = Project.objects.of(municipality).visible_to(user).filter(status=Project.Status.ACTIVE)
    parts = [*answered_for(user, running, today + AHEAD), *gates_ahead(user, running, today + AHEAD)]
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in parts[0].union(*parts[1:], all=True)]
    gates: dict[str, dict] = {}
    for row in rows:
        if row["what"] in GATE:
            gates.setdefault(row["slug"], {})[row["what"]] = row
    others = [row for row in rows if row["what"] not in GATE and not is_gate_meeting(row, gates)]
    return [as_task(row) for row in without_twins(others)] + [
        gate_task(gate, today) for gate in gates.values()
    ]


def is_gate_meeting(row, gates) -> bool:
    """Whether a milestone of the plan is the gate meeting that has a row already."""
    if row["what"] != "activity" or row["place"] != Activity.Kind.MILESTONE:
        return False
    gate = gates.get(row["slug"], {})
    return any(row["due"] == gate[kind]["due"] for kind in ("meeting", "coming") if kind in gate)


def without_twins(rows: list[dict]) -> list[dict]:
    """Return one row of an activity and the deliverable it makes: «Skriv pilotrapport» and «Pilotrapport»."""
    taken, found = set(), []
    deliverables = [row for row in rows if row["what"] == "deliverable"]
    for row in rows:
        if row["what"] != "activity":
            continue
        made = [d for d in deliverables if d["slug"] == row["slug"] and makes(row["text"], d["text"])]
        if made:
            taken.update(d["pk"] for d in made)
            due = min(row["due"], *(d["due"] for d in made))
            found.append(row | {"due": due, "detail": made[0]["text"]})
        else:
            found.append(row)
    rest = [
        r for r in rows if r["what"] != "activity" and not (r["what"] == "deliverable" and r["pk"] in taken)
    ]
    return found + rest


def makes(activity: str, deliverable: str) -> bool:
    """Whether an activity's name ends in the deliverable's, as whole words."""
    return f" {activity.casefold().strip(' .')}".endswith(f" {deliverable.casefold().strip(' .')}")


def answered_for(user, running, last):
    """Return rows of five kinds, each with the columns of COLUMNS."""
    mine = {"responsible": user}
    led = ProjectMembership.objects.filter(user=user, role=ProjectRole.LEADER).values("project")
    items = ChecklistItem.objects.open().filter(**mine, due_on__lte=last, round__ended_on=None)
    conditions = GateCondition.objects.open().filter(
        Q(responsible=user) | Q(decision__project__in=led), due_on__lte=last
    )
    activities = Activity.objects.pending().filter(**mine, ends_on__lte=last)
    deliverables = Deliverable.objects.exclude(status=Deliverable.Status.APPROVED).filter(
        **mine, due_on__lte=last
    )
    risks = Risk.objects.filter(**mine, status=Risk.Status.FOUND, due_on__lte=last)
    who = Coalesce(NullIf("responsible__position", Value("")), "responsible__name")
    return [
        columns(
            items,
            "item",
            "text",
            running,
            project="round__project",
            place=Concat("step__key", Value(" "), "step__name"),
            detail=F("key"),
        ),
        columns(
            conditions,
            "condition",
            "text",
            running,
            project="decision__project",
            place=as_text("decision__phase"),
            detail=Case(When(responsible=user, then=Value("")), default=who, output_field=CharField()),
            more=Concat(as_text("done_count"), Value("/"), as_text("total_count")),
        ),
        columns(activities, "activity", "name", running, due="ends_on", place=F("kind")),
        columns(deliverables, "deliverable", "name", running),
        columns(risks, "risk", "event", running),
    ]


def as_text(field):
    return Cast(field, CharField())


def columns(rows, what, text, running, *, due="due_on", project="project", **more):
    """Return the rows of one kind as the columns all kinds share."""
    found = rows.filter(**{f"{project}__in": running}).order_by()
    return shared(found, what, F(text), F(due), f"{project}__", F("pk"), **more)


def shared(rows, what, text, due, project, pk, *, place=None, detail=None, more=None):
    blank = Value("", CharField())
    values = {
        "row_what": Value(what, CharField()),
        "row_text": text,
        "row_due": due,
        "row_slug": F(f"{project}slug"),
        "row_project": F(f"{project}name"),
        "row_place": blank if place is None else place,
        "row_detail": blank if detail is None else detail,
        "row_more": blank if more is None else more,
        "row_pk": pk,
    }
    return rows.annotate(**values).values_list(*values)


def as_task(row) -> Task:
    what, text, slug = row["what"], row["text"], row["slug"]
    why, action = WORDS[what]
    if what == "item":
        step, _space, name = row["place"].partition(" ")
        url = reverse("roadmap:item", args=[slug, int(step.partition(".")[0]), step, row["detail"]])
        why = _("Checkpoint in step %(step)s %(name)s") % {"step": step, "name": name}
    else:
        url = reverse(f"roadmap:{what}", args=[slug, row["pk"]])
    if what == "condition":
        text = _("Condition from gate %(number)s: %(text)s") % {"number": row["place"], "text": text}
        why = condition_why(row)
        action = _("See the condition") if row["detail"] else action
    elif what == "activity" and row["detail"]:
        why = _("An activity and the deliverable «%(name)s», which you answer for") % {"name": row["detail"]}
    elif what == "activity" and row["place"] == Activity.Kind.MILESTONE:
        why = _("A milestone you answer for")
    return Task(on=row["due"], text=text, url=url, why=why, action=action, project_name=row["project_name"])


def condition_why(row) -> str:
    """«Ansvarlig: Avdelingsleder sone Nord. 6 av 14 er ferdige.»"""
    done, _slash, total = row["more"].partition("/")
    told = str(WORDS["condition"][0])
    if row["detail"]:
        told = _("Responsible: %(who)s") % {"who": row["detail"]}
    if total:
        told += ". " + _("%(done)s of %(total)s are finished.") % {"done": done, "total": total}
    return told


# ------------------------------------------------------------------ gates


def gates_ahead(user, running, last):
    """Return the gates of the person's own projects: to decide as owner, to get ready for as leader.

    A project may give an owner both a request and a meeting; the gate's number stands where others have
    their id.
    """
    parts = ProjectMembership.objects.filter(user=user)
    owned = parts.filter(role=ProjectRole.OWNER).values("project")
    requests = DecisionRequest.objects.filter(
        round__project__in=owned, round__phase=F("round__project__phase"), round__ended_on=None
    )
    soon = running.filter(next_gate_at__lte=timezone.make_aware(datetime.combine(last, time.max)))
    led = soon.filter(pk__in=parts.filter(role=ProjectRole.LEADER).values("project"))
    return [
        gate_columns(requests.filter(round__project__in=running), "asked", "asked_at", "round__project__"),
        gate_columns(soon.filter(pk__in=owned), "meeting", "next_gate_at", ""),
        gate_columns(led, "coming", "next_gate_at", "", text=question(), detail=open_items()),
    ]


def gate_columns(rows, what, moment, project, text=None, detail=None):
    blank = Value("", CharField())
    number = F(f"{project}phase")
    return shared(
        rows.order_by(),
        what,
        blank if text is None else text,
        TruncDate(moment),
        project,
        number,
        detail=detail,
    )


def question():
    phase = ProjectPhase.objects.filter(project=OuterRef("pk"), number=OuterRef("phase"))
    return Subquery(phase.values("gate_question")[:1])


def open_items():
    """Return how many checkpoints stand open before the gate, as text."""
    items = ChecklistItem.objects.open().filter(
        round__project=OuterRef("pk"), round__phase=OuterRef("phase"), round__ended_on=None
    )
    return as_text(how_many(items, "round__project"))


def gate_task(gate: dict, today) -> Task:
    """Return the row of a project's gate: the owner's, or the leader's."""
    row = next(iter(gate.values()))
    number = row["pk"]
    url = reverse("roadmap:gate", args=[row["slug"], number])
    if "coming" in gate:
        return Task(
            on=row["due"],
            text=_("Gate meeting %(number)s: %(question)s") % {"number": number, "question": row["text"]},
            url=url,
            why=open_text(int(row["detail"])),
            action=_("See what is missing"),
            project_name=row["project_name"],
        )
    asked, meeting = (gate[kind]["due"] if kind in gate else None for kind in ("asked", "meeting"))
    if asked:
        why = _("The team asked for a decision %(day)s") % {"day": short_day(asked, today)}
    else:
        why = _("The gate meeting is %(day)s") % {"day": short_day(meeting, today)}
    return Task(
        on=meeting or asked,
        text=_("Decide gate %(number)s") % {"number": number},
        url=url,
        why=why,
        action=_("Consider the gate"),
        project_name=row["project_name"],
        as_owner=True,
    )


def open_text(count: int) -> str:
    """«Sju sjekkpunkter står åpne.»"""
    if not count:
        return _("Every checkpoint is settled.")
    return capfirst(
        ngettext("one checkpoint is open.", "%(words)s checkpoints are open.", count)
        % {"words": in_words(count)}
    )
