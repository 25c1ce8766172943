"""What is new since the last published report, as lines a leader can leave out."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovasjon.templatetags.innovasjon import day, in_words
from roadmap.contributions import CONTRIBUTIONS
from roadmap.models import ChecklistItem, GateDecision, Outcome


@dataclass(frozen=True)
class News:
    """One line. `tone`: ok, watch, help or clock; the key is the same as long as the line says the same."""

    label: str
    text: str
    detail: str = ""
    tone: str = "ok"

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.label}|{self.text}|{self.detail}".encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Found:
    """The lines, and which checkpoints they tell of, so that the next report does not tell them again."""

    lines: tuple[News, ...]
    settled: tuple[int, ...]
    since: date
    after_report: bool  # the day is that of the last report; else the project's first


@dataclass(frozen=True)
class ConditionRow:
    """A condition of a decision that holds."""

    gate: int
    text: str
    due_on: date
    met_on: date | None
    done: int | None
    total: int | None


@dataclass(frozen=True)
class Situation:
    """The rows both the news and the proposed condition are made from, read once."""

    settled: tuple[ChecklistItem, ...]  # since the day
    overdue_items: tuple[ChecklistItem, ...]
    decisions: tuple[tuple[int, str, datetime], ...]  # gate, outcome and when, since the moment
    open_conditions: tuple[ConditionRow, ...]  # the one due first at the top
    met_conditions: tuple[ConditionRow, ...]  # since the day


def situation(project, *, since: datetime, today: date) -> Situation:
    """Read a project's situation. Two queries."""
    day_of = timezone.localdate(since)
    in_phase = Q(round__phase=project.phase, round__ended_on=None)
    items = list(
        ChecklistItem.objects.of_project(project)
        .filter(
            Q(settled_on__gte=day_of) & ~Q(status=ChecklistItem.Status.OPEN)
            | Q(status=ChecklistItem.Status.OPEN, due_on__lt=today) & in_phase
        )
        .select_related("step")
        .in_order()
    )
    names = ("text", "due_on", "met_on", "done_count", "total_count")
    rows = list(
        GateDecision.objects.effective()
        .filter(project=project)
        .order_by("decided_at", "pk", "conditions__due_on", "conditions__pk")
        .values_list("phase", "outcome", "decided_at", *(f"conditions__{name}" for name in names))
    )
    conditions = [ConditionRow(row[0], *row[3:]) for row in rows if row[3]]
    return Situation(
        settled=tuple(item for item in items if not item.is_open),
        overdue_items=tuple(item for item in items if item.is_open),
        decisions=tuple(dict.fromkeys(row[:3] for row in rows if row[2] > since)),
        open_conditions=tuple(sorted((c for c in conditions if not c.met_on), key=lambda c: c.due_on)),
        met_conditions=tuple(
            sorted((c for c in conditions if c.met_on and c.met_on >= day_of), key=lambda c: c.met_on)
        ),
    )


def news(
    project, now: Situation, late_measures: int, *, since: datetime, told: dict | None, today: date
) -> Found:
    """Return what is new since a moment. `told` is what the last edition told: keys and settled.

    None when there is no report before this one.
    """
    after_report, told = told is not None, told or {}
    known = set(told.get("settled", []))
    items = [item for item in now.settled if item.pk not in known]
    events = [
        *decisions(now.decisions),
        *[told_by_room(change) for change in CONTRIBUTIONS.changes(project, since)],
        *met_conditions(now.met_conditions),
    ]
    known_lines = set(told.get("news", []))
    lines = [
        *settled(items),
        *[line for line in events if line.key not in known_lines],
        *[condition_line(c, today) for c in now.open_conditions],
        *overdue(len(now.overdue_items), late_measures),
    ]
    settled_now = tuple(item.pk for item in items)
    return Found(tuple(lines), settled_now, timezone.localdate(since), after_report)


def told_by_room(change) -> News:
    """Return a room's line; «Medisinturer: 348 turer» has what it is about in front."""
    label, _colon, text = str(change.text).partition(": ")
    if change.label or not text:
        label, text = str(change.label), str(change.text)
    return News(label, text, str(change.detail), change.tone)


def settled(items) -> list[News]:
    if not items:
        return []
    steps = sorted({item.step.key for item in items})
    shown = _(" and ").join(filter(None, [", ".join(steps[:-1]), steps[-1]]))
    return [
        News(
            ngettext("%(n)s checkpoint", "%(n)s checkpoints", len(items)) % {"n": len(items)},
            ngettext("settled in step %(steps)s", "settled in steps %(steps)s", len(steps))
            % {"steps": shown},
        )
    ]


def decisions(found) -> list[News]:
    return [
        News(
            _("Gate %(number)s") % {"number": gate},
            str(Outcome(outcome).label),
            _("Decided %(day)s") % {"day": day(decided_at)},
        )
        for gate, outcome, decided_at in found
    ]


def met_conditions(conditions) -> list[News]:
    return [
        News(
            _("Condition from gate %(number)s") % {"number": condition.gate},
            condition.text,
            _("Met %(day)s") % {"day": day(condition.met_on)},
        )
        for condition in conditions
    ]


def condition_line(condition: ConditionRow, today) -> News:
    late = condition.due_on < today
    text = condition.text
    if condition.total:
        text = _("%(text)s: %(done)s of %(total)s are done") % {
            "text": text,
            "done": condition.done,
            "total": condition.total,
        }
    detail = _("Was due %(day)s") if late else _("Due %(day)s")
    return News(
        _("Condition from gate %(number)s") % {"number": condition.gate},
        text,
        detail % {"day": day(condition.due_on)},
        "help" if late else "clock",
    )


def overdue(items: int, measures: int) -> list[News]:
    """Checkpoints and planned measures with groups whose day has passed."""
    found = []
    if items:
        found.append(
            News(
                _("Overdue"),
                capfirst(
                    ngettext("%(words)s checkpoint", "%(words)s checkpoints", items)
                    % {"words": in_words(items)}
                ),
                tone="watch",
            )
        )
    if measures:
        found.append(
            News(
                _("Overdue"),
                capfirst(
                    ngettext(
                        "%(words)s measure in the plan for involvement",
                        "%(words)s measures in the plan for involvement",
                        measures,
                    )
                    % {"words": in_words(measures)}
                ),
                tone="watch",
            )
        )
    return found
