"""The audit trail of a project in plain words: who, what, before → after."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from innovasjon.access import ProjectRole
from innovasjon.models import AuditEvent
from innovasjon.templatetags.innovasjon import day_and_clock, figure
from innovasjon.templatetags.innovasjon import in_words as number_in_words
from roadmap.contributions import CONTRIBUTIONS
from roadmap.models import ChecklistItem, Condition, Outcome, Project

FIELD_LABELS = {
    "name": gettext_lazy("Name"),
    "problem": gettext_lazy("The problem you solve"),
    "area": gettext_lazy("Area"),
    "case_reference": gettext_lazy("Case reference"),
    "condition": gettext_lazy("Condition"),
    "condition_reason": gettext_lazy("Reason for the condition"),
    "restricted": gettext_lazy("Only the people of the project and managers may see it"),
    "next_gate_at": gettext_lazy("Next gate meeting"),
    "status": gettext_lazy("Status"),
    "reason": gettext_lazy("Why not relevant"),
    "note": gettext_lazy("Note"),
    "responsible": gettext_lazy("Responsible"),
    "due_on": gettext_lazy("Due"),
    "role": gettext_lazy("Role in the project"),
    "phase": gettext_lazy("Phase"),
    "done_count": gettext_lazy("Done so far"),
    "total_count": gettext_lazy("Out of"),
    "met_on": gettext_lazy("Met"),
}

AMOUNTS = {"value", "gross", "baseline", "latest", "target", "tolerance", "promised", "measured"}

CHOICES = {
    "status": {**dict(Project.Status.choices), **dict(ChecklistItem.Status.choices)},
    "condition": dict(Condition.choices),
    "role": dict(ProjectRole.choices),
}

SENTENCES = {
    "project.started": gettext_lazy("Started the project"),
    "project.changed": gettext_lazy("Changed the project's facts"),
    "person.added": gettext_lazy("Let %(target)s into the project"),
    "person.role_changed": gettext_lazy("Gave %(target)s another role"),
    "person.removed": gettext_lazy("Took %(target)s out of the project"),
    "item.answered": gettext_lazy("Answered checkpoint %(target)s"),
    "item.added": gettext_lazy("Added checkpoint %(target)s"),
    "item.text_kept_back": gettext_lazy("Kept the stored text in checkpoint %(target)s"),
    "sheet.imported": gettext_lazy("Brought in the spreadsheet «%(target)s»"),
    "sheet.import_undone": gettext_lazy("Took back what came from «%(target)s»"),
    "evidence.added": gettext_lazy("Added the link «%(target)s»"),
    "evidence.removed": gettext_lazy("Removed the link «%(target)s»"),
    "decision.asked": gettext_lazy("Asked for a decision at gate %(phase)s"),
    "gate.decided": gettext_lazy("Decided gate %(phase)s: %(outcome)s"),
    "gate.decided_anew": gettext_lazy("Decided gate %(phase)s anew: %(outcome)s"),
    "condition.changed": gettext_lazy("Followed up the condition «%(target)s»"),
    "condition.met": gettext_lazy("Met the condition «%(target)s»"),
    "condition.reopened": gettext_lazy("Opened the condition «%(target)s» again"),
    "access.asked": gettext_lazy("Asked for access to the project"),
    "report.downloaded": gettext_lazy("Downloaded a status report"),
}


@dataclass(frozen=True)
class Difference:
    """One field before and after, as people read it; empty text when it held nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """One event of the trail."""

    at: datetime
    who: str
    text: str
    differences: tuple[Difference, ...]
    remark: str = ""  # a text that was kept back, or a link's address


def in_words(name: str, value, choices) -> str:
    """Return a stored value as people read it."""
    if value in ("", None):
        return ""
    if value in (labels := choices.get(name, {})):
        return str(labels[value])
    if isinstance(value, bool) or value in ("True", "False"):
        return pgettext("answer", "Yes") if value in (True, "True") else pgettext("answer", "No")
    if name == "on" or name.endswith("_on") or name.startswith("planned_"):
        try:
            return date_format(date.fromisoformat(value), "j. F Y")
        except ValueError:
            return value
    if name.endswith("_at"):
        try:
            return day_and_clock(datetime.fromisoformat(value))
        except ValueError:
            return value
    if name in AMOUNTS or name.endswith("_nok"):
        try:
            return figure(Decimal(value))
        except ArithmeticError:
            return value
    return str(value)


def label_of(name: str, labels) -> str:
    if name.startswith("planned_"):
        return _("Phase %(number)s is planned from") % {"number": name.rpartition("_")[2]}
    return str(labels.get(name) or FIELD_LABELS.get(name, name))


def line(event: AuditEvent) -> Line:
    """Return an event in plain words; what this version has no words for is shown by its verb."""
    details = event.details
    room = CONTRIBUTIONS.teller_of(event.verb)
    sentence = SENTENCES.get(event.verb) or room.sentences.get(event.verb)
    choices = room.choices if room.sentences else CHOICES
    text = (
        sentence
        % {
            "target": event.target_label,
            "phase": details.get("phase", ""),
            "outcome": dict(Outcome.choices).get(details.get("outcome"), ""),
            "slide": choices.get("slide", {}).get(details.get("slide"), ""),
        }
        if sentence
        else f"{event.verb} {event.target_label}"
    )
    return Line(
        at=event.at,
        who=event.actor_name,
        text=str(text),
        differences=tuple(
            Difference(
                label_of(name, room.field_labels), in_words(name, old, choices), in_words(name, new, choices)
            )
            for name, (old, new) in event.changes.items()
        ),
        remark=details.get("text") or details.get("url") or details.get("proposal") or "",
    )


def lines(events) -> list[Line]:
    """Return events in order as lines; what one person did many times in a day is told once."""
    told = []
    for _same, group in groupby(map(line, events), key=but_time):
        first, *others = group
        if others:
            words = number_in_words(len(others) + 1)
            first = replace(
                first, text=_("%(what)s (%(words)s times)") % {"what": first.text, "words": words}
            )
        told.append(first)
    return told


def but_time(found: Line) -> tuple:
    """Return what makes two lines the same."""
    return timezone.localdate(found.at), found.who, found.text, found.differences, found.remark


def events_of(project, *, since: datetime | None = None):
    """Return the project's events, the latest first."""
    found = AuditEvent.objects.filter(project_id=project.pk).order_by("-id")
    return found.filter(at__gte=since) if since else found
