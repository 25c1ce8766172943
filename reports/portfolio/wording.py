"""The portfolio in words and drawings: every text, date and mark is made once, not once a cell."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from innovasjon.templatetags.innovasjon import in_words, short_day
from reports.portfolio.board import NEED, Glance, Month, Portfolio, Row
from reports.portfolio.phase_plot import SHAPES, Column, Mark, in_two_lines, phase_plot
from roadmap import content
from roadmap.models import Condition, Project
from roadmap.road import mini_road

NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Line:
    """One row of the table as text, ready to stand in a cell."""

    row: Row
    url: str
    phase: SafeString
    phase_name: str
    condition: SafeString
    trend: str
    proposal: str
    report: str
    over: str
    benefits: str
    gate: str


@dataclass(frozen=True)
class Chip:
    """One filter in use, and the address without it."""

    label: str
    url: str


@cache
def road_drawing(phase: int, closed: bool, stopped: bool) -> SafeString:
    """The small road of a phase: as many drawings as there are phases, whatever the number of rows."""
    project = Project(
        phase=phase,
        status=Project.Status.CLOSED if closed else Project.Status.ACTIVE,
        learning="x" if stopped else "",
    )
    return mark_safe(  # noqa: S308  our own drawing
        render_to_string("components/mini_road.html", {"stations": mini_road(project)}).strip()
    )


def condition_mark(condition: str) -> SafeString:
    return _condition_mark(condition, get_language() or "")


@cache
def _condition_mark(condition: str, _language: str) -> SafeString:
    found = {"condition": condition, "label": Condition(condition).label}
    return mark_safe(render_to_string("components/health.html", found).strip())  # noqa: S308  our own


def printed_mark(condition: str) -> SafeString:
    """The condition's shape in its own colour with its word, as a document draws it."""
    drawing = f'<svg viewBox="0 0 20 20" role="presentation">{SHAPES[condition]}</svg>'
    return mark_safe(f'<span class="health">{drawing}{escape(Condition(condition).label)}</span>')  # noqa: S308


def phase_names() -> dict[int, str]:
    return {phase.number: phase.name for phase in content.load().phases}


def lines(rows, portfolio: Portfolio, *, mark=condition_mark) -> list[Line]:
    """Return the rows as the table shows them."""
    names = phase_names()
    project = reverse("roadmap:project", args=["--"]).split("--")
    days = Made(lambda day: short_day(day, portfolio.today))
    over = Made(over_text)
    on_plan = Made(lambda counts: _("%(n)s of %(total)s") % {"n": counts[0], "total": counts[1]})
    none = pgettext("status reports", "None")
    return [
        Line(
            row=row,
            url=row.slug.join(project),
            phase=road_drawing(row.phase, row.closed_on is not None, row.stopped),
            phase_name=names[row.phase],
            condition=mark(row.condition),
            trend=trend_text(row),
            proposal=proposal_text(row),
            report=days[row.reported_on] if row.reported_on else none,
            over=over[row.days_over] if row.days_over else "",
            benefits=on_plan[row.on_plan_count, row.benefit_count] if row.benefit_count else "",
            gate=gate_text(row, days),
        )
        for row in rows
    ]


class Made(dict):
    """Value → text, made the first time it is asked for."""

    def __init__(self, make: Callable):
        super().__init__()
        self.make = make

    def __missing__(self, value):
        self[value] = self.make(value)
        return self[value]


def over_text(days: int) -> str:
    return ngettext("%(days)s day over", "%(days)s days over", days) % {"days": days}


def due_text(portfolio: Portfolio) -> str:
    """«frist var fredag 6. november»."""
    day = date_format(portfolio.report_due_on, "l j. F")
    if portfolio.report_due_on < portfolio.today:
        return _("they were due %(day)s") % {"day": day}
    return _("they are due %(day)s") % {"day": day}


def proposal_text(row: Row) -> str:
    """«Forslag: Følg med, fordi ett sjekkpunkt er forfalt», when the program sees another condition."""
    if not row.proposed:
        return ""
    return _("Proposed: %(condition)s, because %(reason)s.") % {
        "condition": Condition(row.proposed).label,
        "reason": row.proposed_because,
    }


def trend_text(row: Row) -> str:
    if not row.trend:
        return ""
    before = Condition(row.condition_before).label
    if row.trend > 0:
        return _("Better than last month: %(condition)s") % {"condition": before}
    return _("Worse than last month: %(condition)s") % {"condition": before}


def gate_text(row: Row, days) -> str:
    if row.closed_on:
        return _("Closed %(day)s") % {"day": days[row.closed_on]}
    day = days[row.next_gate_on] if row.next_gate_on else _("not set")
    return _("Gate %(number)s · %(day)s") % {"number": row.phase, "day": day.replace(" ", NO_BREAK)}


def plot(portfolio: Portfolio, *, links=True, primary="#00558c") -> SafeString:
    """Draw where the projects are, the gravest on top."""
    found: dict[int, list[Glance]] = {}
    for row in sorted(portfolio.counted, key=lambda row: (NEED[row.condition], row.name)):
        found.setdefault(row.phase, []).append(row)
    labels = dict(Condition.choices)
    project = reverse("roadmap:project", args=["--"]).split("--")
    columns = [
        Column(
            number,
            in_two_lines(name),
            [
                Mark(row.condition, f"{row.name}: {labels[row.condition]}", row.slug.join(project))
                for row in found.get(number, ())
            ],
        )
        for number, name in phase_names().items()
    ]
    return mark_safe(  # noqa: S308  every text in it is escaped
        phase_plot(
            columns,
            title=plot_sentence(portfolio),
            more=_("+ {n} more"),
            links=links,
            primary=primary,
        )
    )


@dataclass(frozen=True)
class PhaseLine:
    """One phase where a screen is too narrow for the drawing: how many projects have which condition."""

    number: int
    name: str
    url: str
    counts: tuple[tuple[str, str, int], ...]  # (icon, condition in words, projects), the gravest first
    total: int


ICON_OF = {
    Condition.NEEDS_HELP: "help",
    Condition.WATCH: "watch",
    Condition.ON_TRACK: "ok",
    Condition.NOT_ASSESSED: "unknown",
}


def phase_lines(portfolio: Portfolio) -> list[PhaseLine]:
    """Return the phases with their projects, for a narrow screen; a phase leads to its own projects."""
    counts = Counter((row.phase, row.condition) for row in portfolio.counted)
    here, labels = reverse("reports:portfolio"), dict(Condition.choices)
    found = []
    for number, name in phase_names().items():
        told = tuple(
            (icon, str(labels[condition]).lower(), n)
            for condition, icon in ICON_OF.items()
            if (n := counts[number, condition])
        )
        url = f"{here}{portfolio.choice.address(phase=number)}"
        found.append(PhaseLine(number, name, url, told, sum(n for _icon, _label, n in told)))
    return found


def plot_sentence(portfolio: Portfolio) -> str:
    """All of the drawing in one sentence."""
    counts: dict[int, int] = {}
    for row in portfolio.counted:
        counts[row.phase] = counts.get(row.phase, 0) + 1
    told = ", ".join(f"{name} {counts.get(number, 0)}" for number, name in phase_names().items())
    return _("Projects in each phase: %(counts)s.") % {"counts": told}


def gates_text(portfolio: Portfolio) -> str:
    """«27. november og 3. desember», or the first and the last of several."""
    days = sorted(set(portfolio.gates_soon()))
    if not days:
        return _("no gate meeting is set")
    first, last = date_format(days[0], "j. F"), date_format(days[-1], "j. F")
    if len(days) == 1:
        return first
    if len(days) == 2:
        return _("%(first)s and %(last)s") % {"first": first, "last": last}
    return _("from %(first)s to %(last)s") % {"first": first, "last": last}


def months_finding(months: tuple[Month, ...]) -> str:
    """What has happened since the month before, in one sentence."""
    if len(months) < 2:
        return ""

    def troubled(month):
        return month.counts.get(Condition.NEEDS_HELP, 0) + month.counts.get(Condition.WATCH, 0)

    before, now = months[-2], months[-1]
    difference = troubled(now) - troubled(before)
    name = date_format(before.on, "F")
    if difference == 0:
        return _("As many are off track as at the end of %(month)s") % {"month": name}
    number = in_words(abs(difference))
    if difference > 0:
        text = ngettext(
            "One more is off track than at the end of %(month)s",
            "%(number)s more are off track than at the end of %(month)s",
            difference,
        )
    else:
        text = ngettext(
            "One fewer is off track than at the end of %(month)s",
            "%(number)s fewer are off track than at the end of %(month)s",
            -difference,
        )
    return (text % {"number": number.capitalize(), "month": name}).strip()


def months_table(months: tuple[Month, ...], *, mark=condition_mark) -> dict:
    """Return the months as a table: one column a month, one row a condition."""
    conditions = (Condition.NEEDS_HELP, Condition.WATCH, Condition.ON_TRACK, Condition.NOT_ASSESSED)
    return {
        "headings": [_("now") if month is months[-1] else date_format(month.on, "M") for month in months],
        "rows": [
            (mark(condition), [month.counts.get(condition, 0) for month in months])
            for condition in conditions
        ],
    }


def chips(portfolio: Portfolio) -> list[Chip]:
    """Return the filters in use, each with the address that leaves it out."""
    choice, owners = portfolio.choice, dict(portfolio.owners)
    names = phase_names()
    found = [
        (choice.area, choice.area, {"area": ""}),
        (choice.phase, names.get(choice.phase), {"phase": 0}),
        (choice.closed, _("Closed"), {"closed": False}),
        (choice.condition, dict(Condition.choices).get(choice.condition), {"condition": ""}),
        (choice.owner, owners.get(choice.owner, _("Owner")), {"owner": 0}),
        (choice.text, f"«{choice.text}»", {"text": ""}),
        (choice.late, _("Reports overdue"), {"late": False}),
        (choice.soon, _("Gates the next 30 days"), {"soon": False}),
    ]
    here = reverse("reports:portfolio")
    return [
        Chip(str(label), f"{here}{choice.address(**without)}") for chosen, label, without in found if chosen
    ]


def waiting_text(row: Glance, portfolio: Portfolio) -> str:
    """«214 dager i Pilotering»."""
    days = (portfolio.today - row.phase_since).days
    return ngettext("%(days)s day in %(phase)s", "%(days)s days in %(phase)s", days) % {
        "days": days,
        "phase": phase_names()[row.phase],
    }
