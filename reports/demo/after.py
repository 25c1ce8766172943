"""The demo's benefit map, benefit plan and supplier, through the same actions as the pages use."""

import tomllib
from decimal import Decimal
from pathlib import Path

from benefits.actions import after as actions
from benefits.forms.after import PlanForm
from benefits.models import Delivery, MapNode, SupplierAgreement, SupplierMeeting

STORY = Path(__file__).parent / "after.toml"
MAP_DAY = -60
NUMBERS = ("promised", "measured")


def happenings(loader, slug: str) -> list:
    """Return (day, order within the day, what happens) in one project."""
    story = tomllib.loads(STORY.read_text())
    plan, supplier = story["plan"], story["supplier"]
    return [
        (MAP_DAY, 1.9, lambda: draw(loader, slug, story["nodes"])),
        (plan["days"], 1.9, lambda: write_plan(loader, slug, plan)),
        (supplier["days"], 1.9, lambda: agree(loader, slug, supplier)),
    ]


def draw(loader, slug, rows):
    """Add the boxes from the goals backwards, so that each can point to those it leads to."""
    project = loader.project(slug)
    by, now, made = loader.leader_of(project), loader.moment(MAP_DAY, 13), {}
    for row in sorted(rows, key=lambda row: -row["column"]):
        node = MapNode(text=row["text"], column=row["column"])
        effects = [made[text] for text in row["leads_to"]]
        made[row["text"]] = actions.save_node(project=project, node=node, leads_to=effects, by=by, now=now)


def write_plan(loader, slug, told):
    project = loader.project(slug)
    form = PlanForm({"discount_rate": "4", "investment_nok": "0", **told})
    form.is_valid()
    now = loader.moment(told["days"], 13)
    actions.save_plan(form=form, project=project, by=loader.leader_of(project), now=now)


def agree(loader, slug, told):
    project = loader.project(slug)
    by, now = loader.leader_of(project), loader.moment(told["days"], 13, 30)
    agreement = actions.save_agreement(
        project=project,
        agreement=SupplierAgreement(
            project=project,
            responsible=loader.people[told["responsible"]],
            starts_on=loader.day(told["starts"]),
            ends_on=loader.day(told["ends"]),
            **{name: told[name] for name in ("supplier", "subject", "reference")},
        ),
        by=by,
        now=now,
    )
    for row in told["deliveries"]:
        actions.save_delivery(project=project, delivery=delivery(loader, agreement, row), by=by, now=now)
    for row in told["meetings"]:
        meeting = SupplierMeeting(
            agreement=agreement,
            on=loader.day(row["days"]),
            notes=row["notes"],
            next_on=loader.day(row["next"]),
        )
        actions.save_meeting(project=project, meeting=meeting, by=by, now=now)


def delivery(loader, agreement, row) -> Delivery:
    days = {"due": "due_on", "measured_days": "measured_on"}
    values = {name: Decimal(value) if name in NUMBERS else value for name, value in row.items()}
    for told, field in days.items():
        if told in values:
            values[field] = loader.day(values.pop(told))
    return Delivery(agreement=agreement, **values)
