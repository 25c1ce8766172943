"""«Sammenlign med i dag»: what a published report said, and how it is now."""

from django.utils.translation import gettext as _

from benefits.wording import on_plan
from innovasjon.templatetags.innovasjon import day
from reports.status_reports.data import revive
from reports.summaries import ProjectSummary
from roadmap.models import Condition


def compared(frozen: dict, now: ProjectSummary, condition: str) -> list[dict]:
    """Return rows {label, then, now, differs} of what can be put side by side."""
    then = revive(frozen)

    def settled(found):
        return _("%(settled)s of %(total)s") % found

    def row(label, before, after):
        return {"label": label, "then": before, "now": after, "differs": before != after}

    count = {"settled": now.count.settled, "total": now.count.total}
    phase = _("%(number)s of 6, %(name)s")
    register = then["register"]
    return [
        row(_("Condition"), str(Condition(condition).label), str(now.project.get_condition_display())),
        row(
            _("Phase"),
            phase % {"number": then["phase"]["number"], "name": then["phase"]["name"]},
            phase % {"number": now.phase_number, "name": now.phase_name},
        ),
        row(_("Settled checkpoints in the phase"), settled(then["count"]), settled(count)),
        row(_("Open conditions"), str(len(then["open_conditions"])), str(len(now.open_conditions))),
        row(
            _("Next gate"),
            day(then["next_gate_on"]) or _("Not set"),
            day(now.next_gate_on) or _("Not set"),
        ),
        row(
            _("Benefits"),
            (then.get("benefits") or {}).get("headline", "–"),
            on_plan(now.benefits) if now.benefits.benefits else "–",
        ),
        row(
            _("Stakeholders"),
            str(len(register["rows"]) if register else 0),
            str(len(now.register.rows)),
        ),
        row(
            _("Gaps in the anchoring"),
            str(len(register["gaps"]) if register else 0),
            str(len(now.register.gaps)),
        ),
        row(_("Project owner"), then["owner"] or "–", now.owner or "–"),
    ]
