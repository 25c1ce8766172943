"""The plan and the risks in words and drawings: for the page and the PDF alike."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovasjon.templatetags.innovasjon import SHORT_MONTHS, day, in_words
from roadmap.drawings import NARROW, WIDE, Mark, MatrixSize, MatrixWords, risk_matrix
from roadmap.gantt import MOST_ROWS, Bar, GanttWords, gantt, in_parts
from roadmap.models import Activity, Consequence, Likelihood, Risk
from roadmap.plan import Overload, Plan, Row
from roadmap.risk_zones import GREEN, ORANGE, RED, YELLOW

ON_PAGE, ON_PAPER = 1120, 760  # widths of a drawing


def zone_words() -> dict[str, str]:
    return {RED: _("Red"), ORANGE: _("Orange"), YELLOW: _("Yellow"), GREEN: _("Green")}


def late_text(days: int) -> str:
    """«9 dager forsinket»."""
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days} if days else ""


def overload_text(found: Overload) -> str:
    """«Avdelingsleder sone Nord er satt opp på fem aktiviteter i uke 48.»"""
    return _("%(person)s is on %(count)s activities in week %(week)s.") % {
        "person": found.person,
        "count": in_words(found.count),
        "week": found.week,
    }


def too_early_text(activity: Activity, followers: list[Activity]) -> str:
    """«Skriv pilotrapport» venter på dette, men begynner 1. desember. Flytt den også."""
    told = get_text_list(
        [
            _("«%(name)s» (%(day)s)") % {"name": follower.name, "day": day(follower.starts_on)}
            for follower in followers
        ],
        _("and"),
    )
    return ngettext(
        "%(told)s waits for this, but begins before it ends %(day)s. Move that one too.",
        "%(told)s wait for this, but begin before it ends %(day)s. Move them too.",
        len(followers),
    ) % {"told": told, "day": day(activity.ends_on)}


def tolerance_text(plan: Plan) -> str:
    """Say how the plan stands to the tolerance of time; "" when there is none."""
    allowed = plan.tolerance("time")
    if allowed is None:
        return ""
    words = {"days": plan.most_over, "allowed": allowed}
    if plan.breaks_time:
        return (
            _(
                "%(days)s days after what is agreed is more than the %(allowed)s days allowed. "
                "Tell the project owner."
            )
            % words
        )
    return _("%(days)s days after what is agreed at most, %(allowed)s days are allowed.") % words


def moved_text(activity: Activity) -> str:
    """«14 dager senere» than was agreed; "" when it is not moved."""
    if not activity.is_moved:
        return ""
    days = (activity.ends_on - activity.agreed_on).days
    if days > 0:
        return ngettext("%(n)s day later", "%(n)s days later", days) % {"n": days}
    return ngettext("%(n)s day earlier", "%(n)s days earlier", -days) % {"n": -days}


def since_agreed_text(plan: Plan) -> str:
    """Say what is changed since the plan was agreed."""
    if not plan.is_agreed:
        return _(
            "The plan is not agreed yet. Until it is, being late is counted from the last day as it stands."
        )
    moved, new = len(plan.moved), len(plan.not_agreed)
    told = []
    if moved:
        told.append(
            ngettext("one activity is moved", "%(words)s activities are moved", moved)
            % {"words": in_words(moved)}
        )
    if new:
        told.append(ngettext("one is new", "%(words)s are new", new) % {"words": in_words(new)})
    if not told:
        return _("The plan is as it was agreed.")
    return capfirst(_("%(what)s since the plan was agreed.") % {"what": get_text_list(told, _("and"))})


@dataclass(frozen=True)
class Drawing:
    """One drawing of the plan with its heading."""

    heading: str
    svg: str


def gantt_drawings(plan: Plan, today: date, *, width: int = ON_PAGE) -> list[Drawing]:
    """Return the plan as one drawing, or one for each phase and part of a phase when it is long."""
    if not plan.dated:
        return []
    if len(plan.dated) <= MOST_ROWS:
        return [Drawing("", draw(plan.dated, today, width))]
    found = []
    for phase in plan.phases:
        parts = in_parts([row for row in phase.rows if row.is_dated])
        for number, rows in enumerate((p for p in parts if p), 1):
            heading = _("Phase %(number)s %(name)s") % {"number": phase.number, "name": phase.name}
            if len(parts) > 1:
                heading = _("%(heading)s, part %(number)s of %(count)s") % {
                    "heading": heading,
                    "number": number,
                    "count": len(parts),
                }
            found.append(Drawing(heading, draw(rows, today, width)))
    return found


def draw(rows: list[Row], today: date, width: int, *, alone: bool = False) -> str:
    """Draw rows on their calendar. `alone`: no table stands beside, so bars and title say whose they are."""
    bars = [as_bar(row, with_responsible=alone) for row in rows]
    late = sum(1 for row in rows if row.days_late)
    count = ngettext("%(n)s activity", "%(n)s activities", len(rows)) % {"n": len(rows)}
    title = _("%(count)s from %(first)s to %(last)s, %(late)s late. The table of the plan says the same.") % {
        "count": count,
        "first": day(min(bar.starts_on for bar in bars)),
        "last": day(max(bar.ends_on for bar in bars)),
        "late": late,
    }
    words = GanttWords(
        title="; ".join(row_text(row) for row in rows) if alone else title,
        today=_("Today"),
        months=tuple(str(SHORT_MONTHS[n]) for n in range(1, 13)),
        week=_("week {n}"),
    )
    return gantt(bars, today, words, width=width)


def row_text(row: Row) -> str:
    """«Skriv pilotrapport, Prosjektleder, 1. desember–8. desember, Ikke startet»."""
    activity = row.activity
    days = [day(on) for on in (activity.starts_on, activity.ends_on) if on]
    return ", ".join(
        filter(
            None,
            [
                activity.name,
                activity.responsible.position_or_name if activity.responsible else _("Nobody yet"),
                "–".join(dict.fromkeys(days)),
                late_text(row.days_late) or str(activity.get_status_display()),
            ],
        )
    )


def as_bar(row: Row, *, with_responsible: bool = False) -> Bar:
    activity = row.activity
    whose = activity.responsible.position_or_name if with_responsible and activity.responsible else ""
    return Bar(
        pk=activity.pk,
        name=f"{activity.name} · {whose}" if whose else activity.name,
        starts_on=activity.starts_on or activity.ends_on,
        ends_on=activity.ends_on or activity.starts_on,
        state=activity.status,
        is_milestone=activity.is_milestone,
        late=late_text(row.days_late),
        waits_for=row.after,
    )


def plan_headline(plan: Plan) -> str:
    """Return the finding above the drawing."""
    if late := len(plan.late):
        return capfirst(
            ngettext("one activity is late", "%(words)s activities are late", late)
            % {"words": in_words(late)}
        )
    if early := sum(1 for row in plan.rows if row.begins_before and not row.activity.is_done):
        return capfirst(
            ngettext("one activity begins too early", "%(words)s activities begin too early", early)
            % {"words": in_words(early)}
        )
    if over := sum(1 for row in plan.rows if row.days_over):
        return capfirst(
            ngettext(
                "one activity ends later than agreed", "%(words)s activities end later than agreed", over
            )
            % {"words": in_words(over)}
        )
    return _("Everything is on time")


def risk_matrix_svg(risks: list[Risk], *, after: bool = False, size: MatrixSize = WIDE) -> str:
    """Draw the current risks by their number in the list, before or after the action."""
    marks = []
    for number, risk in enumerate(risks, 1):
        if risk.status == Risk.Status.GONE:
            continue
        likelihood = risk.likelihood_after if after and risk.likelihood_after else risk.likelihood
        consequence = risk.consequence_after if after and risk.consequence_after else risk.consequence
        marks.append(Mark(number, likelihood, consequence, risk.kind == Risk.Kind.OPPORTUNITY))
    words = MatrixWords(
        title=_("Risks after the action. The numbers are those of the list.")
        if after
        else _("Risks by likelihood and consequence. The numbers are those of the list."),
        likelihood=_("Likelihood"),
        consequence=_("Consequence"),
        likelihoods=tuple(str(label) for label in Likelihood.labels),
        consequences=tuple(str(label) for label in Consequence.labels),
        zones=zone_words(),
        more=_("+ {n}"),
    )
    return risk_matrix(marks, words, size)


def risk_matrices_svg(risks: list[Risk], *, after: bool = False) -> str:
    """Draw them for a page and for a phone; the width chooses which one is seen."""
    return "".join(risk_matrix_svg(risks, after=after, size=size) for size in (WIDE, NARROW))


def red_headline(risks: list[Risk]) -> str:
    """Return the finding above the list of risks."""
    lacking = sum(1 for risk in risks if risk.lacks_action)
    if lacking:
        return capfirst(
            ngettext("one red risk lacks an action", "%(words)s red risks lack an action", lacking)
            % {"words": in_words(lacking)}
        )
    if any(risk.is_red for risk in risks):
        return _("Every red risk has an action")
    return _("No risk is red")
