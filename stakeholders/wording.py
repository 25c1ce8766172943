"""Gaps, findings and what the register answers, in words."""

from dataclasses import dataclass
from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovasjon.templatetags.innovasjon import day, in_sentence, in_words, short_day
from roadmap.contributions import Blocker, Change, Fact, Task
from stakeholders.drawings import MatrixWords, Moment, Point, TimelineWords, matrix, timeline
from stakeholders.gaps import STALE, Gap, Register, Row
from stakeholders.models import Attitude, Degree, MainGroup, Measure, Reach, Stance


@dataclass(frozen=True)
class GapText(Blocker):
    """A gap as headline, detail and its one action."""

    note_url: str = ""  # where the talk is noted that they say what they think in, while none is


def gap_text(gap: Gap, project, today) -> GapText:
    if gap.kind == "group":
        group = MainGroup(gap.group).label.lower()
        return GapText(
            text=_("No %(group)s is mapped") % {"group": group},
            detail=_("All four main groups should be thought of."),
            url=f"{reverse('stakeholders:new', args=[project.slug])}?gruppe={gap.group}",
            action=_("Add %(group)s") % {"group": group},
        )
    if gap.kind == "review":
        return GapText(
            text=_("The register has not been reviewed for 90 days")
            if gap.is_stale
            else _("The register has not been reviewed yet"),
            detail=_("Attitudes change while nobody looks."),
            url=f"{reverse('stakeholders:stakeholders', args=[project.slug])}#review",
            action=_("Review the register"),
        )
    stakeholder = gap.row.stakeholder
    plan = f"{reverse('stakeholders:new_measure', args=[project.slug])}?interessent={stakeholder.pk}"
    if gap.kind == "meeting":
        return GapText(
            text=_("%(name)s: strongly affected, and no meeting") % {"name": stakeholder.name},
            detail=_("Nobody has met them face to face, and no meeting is planned."),
            url=plan,
            action=_("Plan a meeting: %(name)s") % {"name": stakeholder.name},
        )
    note = reverse("stakeholders:conversation", args=[project.slug, stakeholder.pk])
    return GapText(
        text=stakeholder.name,
        detail=contact_detail(gap.row, today),
        url=plan,
        action=_("Plan a talk: %(name)s") % {"name": stakeholder.name},
        note_url=note if lacks_talk(gap.row) else "",
    )


def gap_task(gap: Gap, register: Register, today) -> Task:
    """Return a gap as a row of «Min side»."""
    told = gap_text(gap, register.project, today)
    on, action = today, _("Plan a talk")
    if gap.kind == "meeting":
        action = _("Plan a meeting")
    if gap.kind == "review":
        action = _("Review the register")
        on = register.reviewed_on + STALE if register.reviewed_on else today
    return Task(
        on=on,
        text=told.action,
        url=told.url,
        why=told.text if gap.kind == "review" else told.detail,
        action=action,
        project_name=register.project.name,
    )


def measure_task(measure, user, today) -> Task:
    stakeholder = measure.stakeholder
    why = [stakeholder.name, measure.get_channel_display().lower()]
    action = _("Say how it went") if measure.on <= today else _("Open the plan")
    if measure.responsible_id != user.pk:
        why.append(in_sentence(_("Nobody responsible yet")))
        action = _("Choose who is responsible")
    return Task(
        on=measure.on,
        text=measure.what,
        url=reverse("stakeholders:measure", args=[stakeholder.project.slug, measure.pk]),
        why=", ".join(why),
        action=action,
        project_name=stakeholder.project.name,
    )


def measure_status(measure: Measure, today) -> str:
    """«Ikke påbegynt, forfalt»."""
    status = measure.get_status_display()
    return _("%(status)s, overdue") % {"status": status} if measure.is_overdue(today) else str(status)


def contact_detail(row: Row, today) -> str:
    """Say how a sceptical or unknown attitude is known."""
    is_unknown = row.attitude == Attitude.UNKNOWN
    if row.last_contact_on:
        last = {"day": short_day(row.last_contact_on, today)}
        if is_unknown:
            return _("The attitude is unknown. Last talk %(day)s.") % last
        return _("Sceptical. Last talk %(day)s.") % last
    if is_unknown:
        return _("The attitude is unknown. Nobody has asked them.")
    if lacks_talk(row):
        return _("Sceptical. They said so themselves, but no talk is noted.")
    return _("Sceptical. Nobody has talked with them.")


def lacks_talk(row: Row) -> bool:
    """Whether they said themselves what they think, while no talk is noted."""
    return row.source == Stance.Source.SAID and row.last_contact_on is None


def turn(before: Stance, now: Stance) -> Change:
    """Return the turn of a group's attitude as a line of what is new."""
    return Change(
        at=timezone.make_aware(datetime.combine(now.on, time())),
        label=now.stakeholder.name,
        text=_("from %(old)s to %(new)s")
        % {"old": before.get_attitude_display().lower(), "new": now.get_attitude_display().lower()},
        detail=(_("Said so %(day)s") if now.source == Stance.Source.SAID else _("Assumed %(day)s"))
        % {"day": day(now.on)},
        tone="watch" if now.attitude == Attitude.SCEPTICAL else "ok",
    )


def gaps_headline(count: int) -> str:
    return capfirst(
        ngettext("%(words)s gap in the anchoring", "%(words)s gaps in the anchoring", count)
        % {"words": in_words(count)}
    )


def points(register: Register) -> list[Point]:
    """Return the register as it is drawn in the matrix."""
    gaps = register.with_gap
    return [
        Point(
            row.stakeholder.name,
            row.stakeholder.interest,
            row.stakeholder.influence,
            row.attitude,
            row.stakeholder.pk in gaps,
        )
        for row in register.rows
    ]


def matrix_svg(register: Register) -> str:
    return draw(points(register))


def draw(found: list[Point]) -> str:
    words = MatrixWords(
        title=_("The stakeholders by influence and interest. The same content stands in the table below."),
        interest=str(_("Interest")),
        influence=str(_("Influence")),
        degrees=tuple(str(label) for label in Degree.labels),
        corners=(_("Keep satisfied"), _("Work closely"), _("Keep an eye on"), _("Keep informed")),
        more=_("+ {n} more"),
        more_with_gap=_("+ {n} more, {gaps} with a gap"),
    )
    return matrix(found, words)


def finding(row: Row, today) -> str:
    """Return the headline of the timeline: what happened last to the attitude."""
    if not row.history:
        return _("Nothing is known of the attitude yet")
    now = row.history[-1]
    before = next((s for s in reversed(row.history[:-1]) if s.attitude != now.attitude), None)
    if before is None:
        return _("%(attitude)s since %(day)s") % {
            "attitude": now.get_attitude_display(),
            "day": short_day(row.history[0].on, today),
        }
    turned = row.history[row.history.index(before) + 1]
    return _("From %(old)s to %(new)s %(day)s") % {
        "old": before.get_attitude_display().lower(),
        "new": now.get_attitude_display().lower(),
        "day": short_day(turned.on, today),
    }


def timeline_svg(row: Row, phases, today) -> str:
    last = row.last_contact_on
    days = (today - last).days if last else None
    words = TimelineWords(
        title=f"{row.stakeholder.name}: {finding(row, today)}",
        lanes={attitude: str(Attitude(attitude).label) for attitude in Attitude.values},
        today=_("today"),
        silence=_("%(days)s days without a talk") % {"days": days} if days and days > 30 else "",
        wanted=_("Wanted: %(attitude)s") % {"attitude": str(Attitude(row.wanted).label).lower()}
        if row.wanted
        else "",
        wanted_attitude=row.wanted or Attitude.UNKNOWN,
    )
    moments = [
        Moment(
            on=stance.on,
            attitude=stance.attitude,
            said=stance.source == stance.Source.SAID,
            label=_("Said so") if stance.source == stance.Source.SAID else _("Assumed"),
            day=short_day(stance.on, today),
        )
        for stance in row.history
    ]
    return timeline(moments, phases, today, words)


def facts(register: Register, today) -> dict[str, Fact]:
    """Return what the register answers of checkpoints 1.4a–1.4i."""
    rows = register.rows
    if not rows:
        return {}
    total = len(rows)

    def share(key, fits):
        n = sum(1 for row in rows if fits(row))
        return key, Fact(_("%(n)s of %(total)s stakeholders") % {"n": n, "total": total}, n == total)

    strong = [row for row in rows if row.stakeholder.influence == Degree.LARGE]
    planned = [row for row in strong if row.next_on and row.next_has_responsible]
    affected = [row for row in rows if row.stakeholder.strongly_affected]
    met = [row for row in affected if row.met or row.meeting_planned]
    groups = {row.stakeholder.main_group for row in rows}
    levels = [Reach(r).label for r in Reach.values if any(row.stakeholder.reach == r for row in rows)]
    advisers = sum(1 for row in rows if row.stakeholder.in_advisory_group)
    said = sum(1 for row in rows if row.source == Stance.Source.SAID)
    next_on = register.next_review_on
    return dict(
        [
            (
                "1.4a",
                Fact(
                    _("%(n)s of 4 main groups are mapped") % {"n": len(groups)}, len(groups) == len(MainGroup)
                ),
            ),
            share("1.4b", lambda row: bool(row.stakeholder.how_affected)),
            (
                "1.4c",
                Fact(
                    _("%(n)s of %(total)s have said so themselves") % {"n": said, "total": total},
                    all(row.source for row in rows),
                ),
            ),
            share("1.4d", lambda row: bool(row.stakeholder.involvement)),
            (
                "1.4e",
                Fact(
                    _("%(n)s of %(total)s with large influence") % {"n": len(planned), "total": len(strong)},
                    len(planned) == len(strong),
                ),
            ),
            ("1.4f", Fact(", ".join(map(str, levels)) or _("No level is set"), len(levels) == len(Reach))),
            (
                "1.4g",
                Fact(
                    _("%(n)s of %(total)s strongly affected") % {"n": len(met), "total": len(affected)},
                    len(met) == len(affected),
                ),
            ),
            (
                "1.4h",
                Fact(ngettext("%(n)s member", "%(n)s members", advisers) % {"n": advisers}, advisers > 0),
            ),
            (
                "1.4i",
                Fact(
                    _("Next review %(day)s") % {"day": short_day(next_on, today)}
                    if next_on
                    else _("No next review is set"),
                    bool(next_on and next_on >= today),
                ),
            ),
        ]
    )
