"""Benefits after the project: handed over, accepted in a plan, drawn in a map, followed up with suppliers."""

from django.db import transaction
from django.db.models import Max

from benefits.actions.benefits import ask_owner, carry_on, record_asked
from benefits.models import Benefit, Delivery, Handover, MapLink, MapNode, SupplierAgreement, SupplierMeeting
from innovasjon.audit import differences, record

AGREEMENT = ("supplier", "subject", "reference", "starts_on", "ends_on", "responsible")
DELIVERY = (
    "what",
    "unit_label",
    "promised",
    "more_is_better",
    "due_on",
    "measured",
    "measured_on",
    "comment",
)
MEETING = ("on", "notes", "next_on")
NODE = ("text", "column", "benefit")
PLAN = ("meeting_frequency", "line_capacity", "learning", "discount_rate", "investment_nok")


def fields_of(instance, names) -> dict:
    return {name: getattr(instance, name) for name in names}


def before(instance, names) -> dict:
    """Return what is stored of a row that is about to be saved; empty for a new one."""
    stored = type(instance).objects.filter(pk=instance.pk).first() if instance.pk else None
    return fields_of(stored, names) if stored else {}


# ------------------------------------------------------------------ handing over


@transaction.atomic
def hand_over(*, benefit: Benefit, to, measure_until, message="", by, now) -> Handover:
    """Ask a person in the line to own a benefit. Nobody owns it before the answer is yes."""
    handover = ask_owner(benefit=benefit, to=to, message=message, measure_until=measure_until, by=by, now=now)
    record_asked(benefit, to, by=by, now=now)
    if handover.accepted:
        before = {"owner": benefit.owner, "follow_until": benefit.follow_until}
        benefit.owner, benefit.follow_until = to, measure_until
        benefit.save(update_fields=["owner", "follow_until"])
        carry_on(benefit, **before, now=now)
    return handover


# ------------------------------------------------------------------ the plan


@transaction.atomic
def save_plan(*, form, project, by, now=None):
    """Save what the benefit plan says for the whole project."""
    plan = form.instance
    old = before(plan, PLAN)
    plan.project = project
    plan.save()
    changes = differences(old, fields_of(plan, PLAN)) if old else {}
    if changes or not old:
        record("benefit_plan.changed", plan, project=project, by=by, changes=changes, now=now)
    return plan


# ------------------------------------------------------------------ the map


@transaction.atomic
def save_node(*, project, node: MapNode, leads_to, by, now=None) -> MapNode:
    """Add a box to the benefit map or save it, with the boxes it leads to."""
    old = before(node, NODE)
    if not old or old["column"] != node.column:
        siblings = MapNode.objects.filter(project=project, column=node.column)
        node.position = (siblings.aggregate(last=Max("position"))["last"] or 0) + 1
    node.project = project
    node.save()
    effects = {effect.pk for effect in leads_to}
    node.leads_to.exclude(effect__in=effects).delete()
    known = set(node.leads_to.values_list("effect", flat=True))
    MapLink.objects.bulk_create(MapLink(cause=node, effect_id=pk) for pk in sorted(effects - known))
    record(
        "map_node.changed" if old else "map_node.added",
        node,
        project=project,
        by=by,
        now=now,
        changes=differences(old, fields_of(node, NODE)) if old else {},
    )
    return node


@transaction.atomic
def move_node(*, project, node: MapNode, up: bool, by) -> None:
    """Let a box change places with the one above or below it in its column."""
    column = list(
        MapNode.objects.select_for_update()
        .filter(project=project, column=node.column)
        .order_by("position", "pk")
    )
    here = next(n for n, found in enumerate(column) if found.pk == node.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(column):
        return
    column[here], column[there] = column[there], column[here]
    for position, found in enumerate(column, 1):
        found.position = position
    MapNode.objects.bulk_update(column, ["position"])
    record("map_node.moved", node, project=project, by=by)


@transaction.atomic
def delete_node(*, project, node: MapNode, by) -> None:
    record("map_node.removed", node, project=project, by=by)
    node.delete()


# ------------------------------------------------------------------ suppliers


@transaction.atomic
def save_agreement(*, project, agreement: SupplierAgreement, by, now=None) -> SupplierAgreement:
    return saved(agreement, "supplier_agreement", AGREEMENT, project, by, now)


@transaction.atomic
def save_delivery(*, project, delivery: Delivery, by, now=None) -> Delivery:
    return saved(delivery, "delivery", DELIVERY, project, by, now)


@transaction.atomic
def save_meeting(*, project, meeting: SupplierMeeting, by, now=None) -> SupplierMeeting:
    if meeting.pk is None:
        meeting.by = by
    return saved(meeting, "supplier_meeting", MEETING, project, by, now)


def saved(row, noun: str, names, project, by, now):
    """Save a row and tell the trail what changed."""
    old = before(row, names)
    row.save()
    changes = differences(old, fields_of(row, names)) if old else {}
    if changes or not old:
        verb = f"{noun}.changed" if old else f"{noun}.added"
        record(verb, row, project=project, by=by, changes=changes, now=now)
    return row


@transaction.atomic
def delete_agreement(*, project, agreement: SupplierAgreement, by) -> None:
    """Delete an agreement with its deliveries and meetings. The trail keeps that it was there."""
    record("supplier_agreement.deleted", agreement, project=project, by=by)
    agreement.delete()


@transaction.atomic
def delete_delivery(*, project, delivery: Delivery, by) -> None:
    record("delivery.deleted", delivery, project=project, by=by)
    delivery.delete()
