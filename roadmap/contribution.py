"""What the roadmap itself adds to the pages, in the same way as the rooms above it."""

from django.db.models import CharField, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roadmap import facts, tasks
from roadmap.change_load import others_at_the_same_time
from roadmap.contributions import Blocker, Contribution, Panel
from roadmap.models import (
    Activity,
    Consequence,
    Deliverable,
    Likelihood,
    LogEntry,
    RelatedProject,
    Risk,
    TeamShare,
    Tolerance,
)


class RoadmapContribution(Contribution):
    name = "roadmap"
    tools = {
        "Planleggingsverktøy": "roadmap:plan",
        "Pilotplan": "roadmap:plan",
        "Implementeringsplan": "roadmap:plan",
        "Risiko og personvern": "roadmap:risks",
        "Statistikk og tall": "roadmap:story",
        "Eksempelsamling": "roadmap:related",
    }
    sentences = {
        "activity.added": gettext_lazy("Added the activity «%(target)s»"),
        "activity.changed": gettext_lazy("Changed the activity «%(target)s»"),
        "activity.moved": gettext_lazy("Moved the activity «%(target)s»"),
        "activity.removed": gettext_lazy("Deleted the activity «%(target)s»"),
        "deliverable.added": gettext_lazy("Added the deliverable «%(target)s»"),
        "deliverable.changed": gettext_lazy("Changed the deliverable «%(target)s»"),
        "deliverable.removed": gettext_lazy("Deleted the deliverable «%(target)s»"),
        "plan.agreed": gettext_lazy("Agreed the plan"),
        "tolerances.changed": gettext_lazy("Changed the tolerances"),
        "team_share.added": gettext_lazy("Asked for time: %(target)s"),
        "team_share.changed": gettext_lazy("Changed the time: %(target)s"),
        "team_share.removed": gettext_lazy("Took away the time: %(target)s"),
        "risk.added": gettext_lazy("Added the risk «%(target)s»"),
        "risk.changed": gettext_lazy("Changed the risk «%(target)s»"),
        "risk.removed": gettext_lazy("Deleted the risk «%(target)s»"),
        "log_entry.added": gettext_lazy("Wrote in the project log: «%(target)s»"),
        "log_entry.changed": gettext_lazy("Changed the log entry «%(target)s»"),
        "log_entry.removed": gettext_lazy("Deleted the log entry «%(target)s»"),
        "related_project.added": gettext_lazy("Added the related project «%(target)s»"),
        "related_project.changed": gettext_lazy("Changed the related project «%(target)s»"),
        "related_project.removed": gettext_lazy("Deleted the related project «%(target)s»"),
    }
    field_labels = {
        "name": gettext_lazy("Name"),
        "kind": gettext_lazy("Kind"),
        "starts_on": gettext_lazy("Start"),
        "ends_on": gettext_lazy("Last day"),
        "unit": gettext_lazy("Which unit is affected?"),
        "acceptance": gettext_lazy("When is it good enough?"),
        "approver": gettext_lazy("Who approves?"),
        "share": gettext_lazy("Share of full time"),
        "role": gettext_lazy("Role in the team"),
        "event": gettext_lazy("What may happen?"),
        "likelihood": gettext_lazy("Likelihood"),
        "consequence": gettext_lazy("Consequence"),
        "likelihood_after": gettext_lazy("Likelihood after the action"),
        "consequence_after": gettext_lazy("Consequence after the action"),
        "strategy": gettext_lazy("Strategy"),
        "nearness": gettext_lazy("How near is it?"),
        "action": gettext_lazy("What do we do?"),
        "on": gettext_lazy("When?"),
        "text": gettext_lazy("What happened?"),
        "for_experience_log": gettext_lazy("To the experience log"),
        "lesson": gettext_lazy("What can others learn from it?"),
        "title": gettext_lazy("What is it called?"),
        "who": gettext_lazy("Who runs it?"),
        "contacted_on": gettext_lazy("When did you talk with them?"),
        "found": gettext_lazy("What did you find?"),
        "reuse": gettext_lazy("What can you use again?"),
        "coordination": gettext_lazy("What must be coordinated in time?"),
        **{f"tolerance_{kind}": label for kind, label in Tolerance.Kind.choices},
    }
    choices = {
        "kind": {**dict(Activity.Kind.choices), **dict(Risk.Kind.choices), **dict(LogEntry.Kind.choices)},
        "status": {
            **dict(Activity.Status.choices),
            **dict(Deliverable.Status.choices),
            **dict(TeamShare.Status.choices),
            **dict(Risk.Status.choices),
            **dict(RelatedProject.Status.choices),
        },
        "strategy": dict(Risk.Strategy.choices),
        "nearness": dict(Risk.Nearness.choices),
        "likelihood": dict(Likelihood.choices),
        "consequence": dict(Consequence.choices),
        "likelihood_after": dict(Likelihood.choices),
        "consequence_after": dict(Consequence.choices),
    }

    def notices(self, project, today):
        return [
            Blocker(
                text=_("Red risk without an action: %(event)s") % {"event": event},
                detail=_("Write what you do about it, or why you accept it."),
                url=reverse("roadmap:risk", args=[project.slug, pk]),
                action=_("Write the action"),
            )
            for event, pk in signals(project, today)["risk"]
        ]

    def panels(self, project, today):
        units: dict[str, tuple[str, set[int]]] = {}
        for unit, other in signals(project, today)["unit"]:
            units.setdefault(unit.casefold(), (unit, set()))[1].add(other)
        if not units:
            return []
        context = {"units": [(unit, len(others)) for unit, others in units.values()]}
        return [Panel("roadmap/_change_load_panel.html", context, "aside")]

    def fact(self, project, key):
        return facts.fact(project, key)

    def tasks(self, user, municipality, today):
        return tasks.tasks(user, municipality, today)


def signals(project, today) -> dict[str, list]:
    """Return what the overview warns of: red risks without action, and units hit by others. One query."""
    if getattr(project, "_signals", (None,))[0] != today:
        risks = project.risks.red_without_action().annotate(what=Value("risk", CharField()))
        units = others_at_the_same_time(project, today).annotate(what=Value("unit", CharField()))
        found = risks.values_list("what", "event", "pk").union(
            units.values_list("what", "unit", "project"), all=True
        )
        sorted_out = {"risk": [], "unit": []}
        if not project.is_closed:
            for what, text, pk in found:
                sorted_out[what].append((text, pk))
        project._signals = (today, sorted_out)
    return project._signals[1]
