"""Benefits and their owners: added, changed, taken out, asked and answered."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from benefits import due, notices
from benefits.models import Benefit, Calculation, Deviation, Handover, HourRate, PlanAcceptance, YearAmount
from innovasjon.audit import differences, record
from roadmap.models import Project

TOLD = (
    "name",
    "description",
    "type",
    "horizon",
    "recipient",
    "recipient_detail",
    "owner",
    "responsible",
    "taken_out",
    "taken_out_note",
    "take_out_action",
    "take_out_due_on",
    "assumptions",
    "risk",
    "risk_note",
    "disbenefits",
    "plan_goal",
    "budget_year",
    "in_budget",
    "follow_until",
)


class NotWaiting(Exception):
    """The person was answered for already, or another was asked."""


def told(benefit: Benefit) -> dict:
    return {name: getattr(benefit, name) for name in TOLD}


@transaction.atomic
def save_benefit(*, project, benefit: Benefit, by, now=None) -> Benefit:
    """Add a benefit or save what is changed. A new owner is asked; one who said yes owns it until then."""
    now = now or timezone.now()
    adding = benefit.pk is None
    before = {} if adding else told(Benefit.objects.select_related("owner", "responsible").get(pk=benefit.pk))
    if adding:
        Project.objects.select_for_update().get(pk=project.pk)  # two at once get two numbers
        last = Benefit.objects.filter(project=project).aggregate(last=Max("number"))["last"]
        benefit.project, benefit.number, benefit.created_by = project, (last or 0) + 1, by
    asked, was = benefit.owner, before.get("owner")
    keeps = asked not in (None, by, was) and owns(was, benefit)
    if keeps:
        benefit.owner = was
    benefit.save()
    if not adding:
        carry_on(benefit, owner=was, follow_until=before["follow_until"], now=now)
    if asked != was:
        ask_owner(benefit=benefit, to=asked, by=by, now=now)
    if keeps:
        record_asked(benefit, asked, by=by, now=now)
    changes = {} if adding else differences(before, told(benefit))
    if adding or changes:
        verb = "benefit.added" if adding else "benefit.changed"
        record(verb, benefit, project=project, by=by, changes=changes, now=now)
    return benefit


def owns(person, benefit: Benefit) -> bool:
    """Whether a person is the owner of a benefit and does not wait to answer."""
    return person is not None and not benefit.handovers.waiting().filter(to=person).exists()


def record_asked(benefit: Benefit, to, *, by, now) -> None:
    changes = {"owner": ["", to.name]}
    record("handover.asked", benefit, project=benefit.project, by=by, now=now, changes=changes)


def ask_owner(*, benefit: Benefit, to, by, now, message="", measure_until=None) -> Handover | None:
    """Ask a person to own a benefit; whoever was asked before is no longer. Nobody asks oneself."""
    benefit.handovers.waiting().delete()
    if to is None:
        return None
    mine = to == by
    handover = Handover.objects.create(
        benefit=benefit,
        to=to,
        message=message,
        measure_until=measure_until,
        asked_at=now,
        asked_by=by,
        answered_at=now if mine else None,
        accepted=True if mine else None,
    )
    if not mine:
        notices.tell_of_handover(handover, by=by)
    return handover


def carry_on(benefit: Benefit, *, owner, follow_until, now) -> None:
    """Let what hangs on a benefit go with its owner and its last day; what they were before is told.

    Open deviations and measurements that wait are the new owner's, and the calendars end or begin anew.
    """
    if benefit.owner != owner:
        Deviation.objects.unsettled().filter(indicator__benefit=benefit).update(owner=benefit.owner)
        due.ask_anew(indicator__benefit=benefit, indicator__measurer=None)
    if benefit.follow_until != follow_until:
        due.keep_to(benefit, timezone.localdate(now))


@transaction.atomic
def answer_handover(*, handover: Handover, accepted: bool, answer="", by, now=None) -> Handover:
    """Accept to own a benefit, or say no with a reason; then the benefit has no owner.

    Raises NotWaiting when somebody else was asked meanwhile.
    """
    now = now or timezone.now()
    waiting = Handover.objects.select_for_update(of=("self",)).waiting().filter(pk=handover.pk, to=by).first()
    if waiting is None:
        raise NotWaiting(handover.pk)
    benefit = (
        Benefit.objects.select_for_update(of=("self",)).select_related("project").get(pk=waiting.benefit_id)
    )
    waiting.answered_at, waiting.accepted, waiting.answer = now, accepted, answer
    waiting.save()
    before = {"owner": benefit.owner, "follow_until": benefit.follow_until}
    if accepted:
        benefit.owner = by
    elif benefit.owner == by:
        benefit.owner = None
    if accepted and waiting.measure_until:
        benefit.follow_until = waiting.measure_until
    benefit.save(update_fields=["owner", "follow_until"])
    carry_on(benefit, **before, now=now)
    verb = "handover.accepted" if accepted else "handover.refused"
    record(verb, benefit, project=benefit.project, by=by, now=now, text=answer)
    waiting.benefit = benefit
    notices.tell_of_answer(waiting)
    return waiting


@transaction.atomic
def delete_benefit(*, project, benefit: Benefit, by):
    """Delete a benefit with indicators and measurements. The trail keeps that it was there."""
    record("benefit.deleted", benefit, project=project, by=by)
    benefit.delete()


@transaction.atomic
def calculate(*, benefit: Benefit, calculation: Calculation, by, today, now=None) -> Calculation:
    """Keep a calculation of what a benefit gives in a year. The earlier ones stay."""
    calculation.pk = None
    calculation._state.adding = True
    calculation.benefit, calculation.by, calculation.on = benefit, by, today
    calculation.save()
    record("benefit.calculated", benefit, project=benefit.project, by=by, now=now)
    return calculation


@transaction.atomic
def set_year(
    *, benefit: Benefit, year: int, gross, project_cost_nok=None, operating_cost_nok=None, by, now=None
):
    """Set what a benefit is planned to give and to cost in a year. Costs that are not given stay."""
    given = {"project_cost_nok": project_cost_nok, "operating_cost_nok": operating_cost_nok}
    values = {"gross": gross, **{name: cost for name, cost in given.items() if cost is not None}}
    before = YearAmount.objects.filter(benefit=benefit, year=year).first()
    old = {name: getattr(before, name) if before else None for name in values}
    amount, _created = YearAmount.objects.update_or_create(benefit=benefit, year=year, defaults=values)
    changes = differences(old, values)
    if changes:
        record(
            "benefit.year_set", benefit, project=benefit.project, by=by, changes=changes, now=now, year=year
        )
    return amount


@transaction.atomic
def set_rate(*, municipality, rate: HourRate, by, now=None) -> HourRate:
    """Set the municipality's rate of a year. Numbers of other years stay as they are."""
    adding = rate.pk is None
    names = ("year", "nok_per_hour", "hours_per_fte")
    before = {} if adding else HourRate.objects.filter(pk=rate.pk).values(*names).get()
    rate.municipality = municipality
    rate.save()
    changes = {} if adding else differences(before, {name: getattr(rate, name) for name in names})
    record("hour_rate.set", rate, municipality=municipality, by=by, changes=changes, now=now)
    return rate


@transaction.atomic
def accept_plan(*, project, acting_as: str, remark="", by, document=None, now=None) -> PlanAcceptance:
    """Accept the benefit plan as it stands. A new acceptance is a new row."""
    now = now or timezone.now()
    acceptance = PlanAcceptance.objects.create(
        project=project, by=by, acting_as=acting_as, remark=remark, at=now, document=document
    )
    record("benefit_plan.accepted", acceptance, project=project, by=by, now=now, text=remark)
    return acceptance
