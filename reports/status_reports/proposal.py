"""How it goes, as the program sees it: a proposed condition with its reasons. A person confirms it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovasjon.rows import how_many
from innovasjon.templatetags.innovasjon import in_sentence, in_words
from reports.status_reports.news import Situation
from roadmap.contributions import CONTRIBUTIONS
from roadmap.models import Condition, Risk
from stakeholders.register import register_for_documents

TOO_LATE = timedelta(days=14)  # a condition or a gate so much over time needs help; the number is ours


@dataclass(frozen=True)
class Proposal:
    condition: str
    reasons: tuple[str, ...]

    @property
    def label(self) -> str:
        return str(Condition(self.condition).label)

    @property
    def reason(self) -> str:
        """«én gevinst ligger utenfor tillatt avvik og to sjekkpunkter er forfalt»."""
        return _(" and ").join(filter(None, [", ".join(self.reasons[:-1]), self.reasons[-1]]))


def proposal(project, now: Situation, today: date, *, red_risks: int) -> Proposal:
    """Return the proposed condition: needs help, watch or on track, with at most three reasons.

    red_risks: current red risks without an action. A report that is late is no reason: it says nothing of how
    the project goes, and the portfolio tells it by itself.
    """
    conditions = [c for c in now.open_conditions if c.due_on < today]
    severe = [c for c in conditions if c.due_on + TOO_LATE < today]
    if severe:
        return Proposal(
            Condition.NEEDS_HELP,
            (
                ngettext(
                    "%(words)s condition is more than two weeks overdue",
                    "%(words)s conditions are more than two weeks overdue",
                    len(severe),
                )
                % {"words": in_words(len(severe))},
            ),
        )
    gate_on = timezone.localdate(project.next_gate_at) if project.next_gate_at else None
    if gate_on and gate_on + TOO_LATE < today:
        return Proposal(Condition.NEEDS_HELP, (_("the gate meeting is more than two weeks over time"),))
    reasons = [in_sentence(str(blocker.text)) for blocker in CONTRIBUTIONS.blockers(project, today)]
    if conditions:
        reasons.append(
            ngettext("%(words)s condition is overdue", "%(words)s conditions are overdue", len(conditions))
            % {"words": in_words(len(conditions))}
        )
    if late := len(now.overdue_items):
        reasons.append(
            ngettext("%(words)s checkpoint is overdue", "%(words)s checkpoints are overdue", late)
            % {"words": in_words(late)}
        )
    if red_risks:
        reasons.append(
            ngettext("%(words)s red risk has no action", "%(words)s red risks have no action", red_risks)
            % {"words": in_words(red_risks)}
        )
    register = register_for_documents(project, today)
    alone = sum(1 for gap in register.gaps if gap.kind in ("contact", "meeting"))
    if alone:
        reasons.append(
            ngettext(
                "%(words)s group lacks a talk or a meeting",
                "%(words)s groups lack a talk or a meeting",
                alone,
            )
            % {"words": in_words(alone)}
        )
    if reasons and not register.rows:
        reasons.append(_("the stakeholders are not mapped"))
    if reasons:
        return Proposal(Condition.WATCH, tuple(reasons[:3]))
    if not register.rows:
        nothing = _("no checkpoint or condition is overdue, but the stakeholders are not mapped")
        return Proposal(Condition.ON_TRACK, (nothing,))
    nothing = _("no checkpoint or condition is overdue")
    return Proposal(Condition.ON_TRACK, (nothing, _("no group lacks a talk or a meeting")))


def red_risks():
    """How many red risks of a project have no action, in a query of projects."""
    return how_many(Risk.objects.filter(project=OuterRef("pk")).red_without_action(), "project")
