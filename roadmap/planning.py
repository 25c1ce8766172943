"""What people do to a plan, its risks and its log: whole or not at all, and in the trail."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from innovasjon.audit import differences, record
from roadmap.models import (
    Activity,
    Deliverable,
    Dependency,
    LogEntry,
    Project,
    RelatedProject,
    Risk,
    TeamShare,
    Tolerance,
)

# What the trail calls a row, and which of its fields it tells before → after.
NOUNS = {
    Activity: "activity",
    Deliverable: "deliverable",
    LogEntry: "log_entry",
    RelatedProject: "related_project",
    Risk: "risk",
    TeamShare: "team_share",
}
TOLD = {
    Activity: ("name", "phase", "kind", "responsible", "starts_on", "ends_on", "status", "unit"),
    Deliverable: ("name", "phase", "acceptance", "responsible", "approver", "due_on", "status"),
    LogEntry: ("on", "kind", "text", "for_experience_log", "lesson"),
    RelatedProject: ("title", "who", "status", "contacted_on", "found", "reuse", "coordination"),
    Risk: (
        "event",
        "likelihood",
        "consequence",
        "strategy",
        "nearness",
        "action",
        "responsible",
        "due_on",
        "likelihood_after",
        "consequence_after",
        "status",
    ),
    TeamShare: ("role", "share", "starts_on", "ends_on", "status"),
}


def find_circle(leads_to: dict[int, set[int]], start: int, wanted: set[int]) -> list[int]:
    """Return the chain start → … → start that would close if `start` waited for `wanted`; [] when none.

    leads_to: activity → those that wait for it now. Pure.

    >>> find_circle({1: {2}, 2: {3}}, 1, {3})
    [1, 2, 3, 1]
    """
    if start in wanted:
        return [start, start]
    came_from, queue = {start: 0}, [start] if wanted else []
    for here in queue:
        for there in sorted(leads_to.get(here, ())):
            if there in came_from:
                continue
            came_from[there] = here
            queue.append(there)
            if there in wanted:
                chain = [there]
                while chain[-1] != start:
                    chain.append(came_from[chain[-1]])
                return [*reversed(chain), start]
    return []


def on_circles(leads_to: dict[int, set[int]]) -> set[int]:
    """Return those that stand on a circle or between two: the others cannot close one. Pure, linear.

    >>> sorted(on_circles({1: {2}, 2: {3}, 3: {2}, 4: {1}}))
    [2, 3]
    """
    found = {node for pair in leads_to.items() for node in (pair[0], *pair[1])}
    comes_from: dict[int, set[int]] = {}
    for here, follow in leads_to.items():
        for there in follow:
            comes_from.setdefault(there, set()).add(here)
    for onward, back in ((leads_to, comes_from), (comes_from, leads_to)):
        left = {node: len(back.get(node, set()) & found) for node in found}
        ends = [node for node, count in left.items() if not count]
        for here in ends:  # grows: who loses the last one before it is an end too
            for there in onward.get(here, ()):
                if there in left:
                    left[there] -= 1
                    if not left[there]:
                        ends.append(there)
        found -= set(ends)
    return found


def circle_of(activity: Activity, predecessors) -> str:
    """Return the circle that would close as «A → B → A», or "" when there is none. Two queries."""
    if activity.pk is None:
        return ""
    leads_to: dict[int, set[int]] = {}
    edges = Dependency.objects.filter(before__project=activity.project_id).exclude(after=activity.pk)
    for before, after in edges.values_list("before", "after"):
        leads_to.setdefault(before, set()).add(after)
    chain = find_circle(leads_to, activity.pk, {p.pk for p in predecessors})
    names = dict(Activity.objects.filter(pk__in=chain).values_list("pk", "name")) if chain else {}
    return " → ".join(activity.name if pk == activity.pk else names[pk] for pk in chain)


def circle_message(chain: str) -> str:
    return _("These wait for each other in a circle: %(chain)s. Take one of them away.") % {"chain": chain}


@transaction.atomic
def save_row(*, project: Project, row, by, now=None):
    """Add a row of the plan, the risks, the log or the register, or save what is changed."""
    model = type(row)
    adding = row.pk is None
    before = {} if adding else told_of(model.objects.select_for_update(of=("self",)).get(pk=row.pk))
    row.project = project
    row.save()
    changes = {} if adding else differences(before, told_of(row))
    if adding or changes:
        verb = f"{NOUNS[model]}.{'added' if adding else 'changed'}"
        record(verb, row, project=project, by=by, changes=changes, now=now)
    return row


def told_of(row) -> dict:
    return {name: getattr(row, name) for name in TOLD[type(row)]}


def ask_for_time(*, project: Project, user_id: int, percent: int, by) -> TeamShare:
    """Ask for a share of a person's time, which the person's leader has not answered yet."""
    share = TeamShare(user_id=user_id, share=Decimal(percent) / 100)
    return save_row(project=project, row=share, by=by)


@transaction.atomic
def remove_row(*, project: Project, row, by):
    """Delete a row. The trail keeps that it was there, and what it said."""
    changes = {name: [str(value or ""), ""] for name, value in told_of(row).items() if value}
    record(f"{NOUNS[type(row)]}.removed", row, project=project, by=by, changes=changes)
    row.delete()


@transaction.atomic
def save_activity(*, project: Project, activity: Activity, participants=(), predecessors=(), by, now=None):
    """Save an activity with who takes part and what it waits for.

    Raises ValidationError when the activities would wait for each other in a circle, or when one of
    them is another project's.
    """
    Project.objects.select_for_update().get(pk=project.pk)  # two people cannot close a circle together
    predecessors = list(predecessors)
    activity.project = project
    if any(p.project_id != project.pk for p in predecessors):
        raise ValidationError(_("An activity can only wait for activities of its own project."))
    if chain := circle_of(activity, predecessors):
        raise ValidationError(circle_message(chain))
    stored = Activity.objects.filter(pk=activity.pk).values("phase").first() if activity.pk else None
    if stored is None or stored["phase"] != activity.phase:
        last = project.activities.filter(phase=activity.phase).aggregate(last=Max("position"))["last"]
        activity.position = (last or 0) + 1
    save_row(project=project, row=activity, by=by, now=now)
    activity.participants.set(participants)
    activity.predecessors.set(predecessors)
    return activity


def followers_too_early(activity: Activity) -> list[Activity]:
    """Return those that wait for an activity, and begin before it has ended as it stands now."""
    if activity.is_done or activity.ends_on is None:
        return []
    return list(activity.followers.pending().filter(starts_on__lt=activity.ends_on).in_order())


@transaction.atomic
def move_activity(*, project: Project, activity: Activity, up: bool, by) -> bool:
    """Let an activity and its neighbour in the phase change places. Returns whether there was one."""
    Project.objects.select_for_update().get(pk=project.pk)
    found = list(project.activities.filter(phase=activity.phase).in_order())
    here = next(n for n, row in enumerate(found) if row.pk == activity.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(found):
        return False
    found[here], found[there] = found[there], found[here]
    for position, row in enumerate(found, 1):
        row.position = position
    Activity.objects.bulk_update(found, ["position"])
    record("activity.moved", activity, project=project, by=by)
    return True


@transaction.atomic
def set_tolerances(*, project: Project, values: dict[str, int | None], by, now=None) -> bool:
    """Set how far time, cost, quality and benefit may deviate; None takes a tolerance away.

    A tolerance of time needs a plan to hold against: one that was never agreed is agreed as it stands.
    Returns whether it was.
    """
    stored = dict(project.tolerances.values_list("kind", "allowed"))
    before = {f"tolerance_{kind}": stored.get(kind) for kind in values}
    after = {f"tolerance_{kind}": allowed for kind, allowed in values.items()}
    changes = differences(before, after)
    if not changes:
        return False
    for kind, allowed in values.items():
        if allowed is None:
            project.tolerances.filter(kind=kind).delete()
        else:
            Tolerance.objects.update_or_create(project=project, kind=kind, defaults={"allowed": allowed})
    record("tolerances.changed", project, project=project, by=by, changes=changes, now=now)
    if values.get(Tolerance.Kind.TIME) is None or project.activities.exclude(agreed_on=None).exists():
        return False
    return agree_plan(project=project, reason=_("The tolerance of time was set."), by=by, now=now) > 0


@transaction.atomic
def agree_plan(*, project: Project, reason: str, by, now=None) -> int:
    """Let the ends of the plan be what is agreed, for all that is not done. Returns how many it changed."""
    found = project.activities.pending().exclude(ends_on=None).exclude(agreed_on=F("ends_on"))
    changed = found.update(agreed_on=F("ends_on"))
    if changed:
        record("plan.agreed", project, project=project, by=by, now=now, text=reason, count=changed)
    return changed
