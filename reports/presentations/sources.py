"""Where slides get what they show: the story, the register of groups and the plan, read as each audience may.

Nothing here reads an attitude, a conversation or a consent, and quotes only when they are cleared.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import OuterRef
from django.utils import timezone

from benefits.figures import IndicatorFigure
from benefits.models.indicators import Unit
from benefits.reading import project_benefits
from innovasjon.rows import Rows, read
from reports.presentations.audiences import Rules
from roadmap.models import Goal, Project, ProjectPhase
from roadmap.models.story import is_money
from roadmap.progress import station_state
from stakeholders.models import Stakeholder
from stakeholders.register import register_for_documents

TOLD = ("who", "how_often", "how_serious")  # of the story
MOST_QUOTES = 3
MOST_POINTS = 4
MOST_GROUPS = 4
MOST_NUMBERS = 5


@dataclass(frozen=True)
class BenefitPoint:
    """One line of «Mål og gevinster»: from where, to where, and where it stands. Numbers in one unit."""

    name: str
    unit: str
    baseline: Decimal | None
    baseline_on: date | None
    latest: Decimal | None
    latest_on: date | None
    target: Decimal
    target_on: date | None

    @classmethod
    def of(cls, goal: Goal) -> "BenefitPoint":
        return cls(
            name=goal.text,
            unit=goal.unit,
            baseline=goal.baseline,
            baseline_on=goal.baseline_on,
            latest=goal.latest,
            latest_on=goal.latest_on,
            target=goal.target,
            target_on=goal.target_on,
        )

    @classmethod
    def measured(cls, figure: IndicatorFigure) -> "BenefitPoint":
        indicator, latest = figure.indicator, figure.latest
        units = {Unit.PERCENT: "%", Unit.NOK: "kr"}
        return cls(
            name=indicator.name,
            unit=units.get(indicator.unit) or str(indicator.unit_in_words),
            baseline=indicator.baseline,
            baseline_on=indicator.baseline_on,
            latest=latest.value if latest else None,
            latest_on=latest.on if latest else None,
            target=indicator.target,
            target_on=indicator.target_on,
        )

    def as_data(self) -> dict:
        return {name: plain(value) for name, value in vars(self).items()}


def benefit_points(project, goals, today: date) -> list[BenefitPoint]:
    """Return what a project shall achieve in numbers: what its benefits measure, and before there is
    anything to measure, the goals of its story that have a number."""
    measured = [
        BenefitPoint.measured(figure)
        for benefit in project_benefits(project, today).benefits
        for figure in benefit.indicators
        if figure.indicator.is_active and figure.target is not None
    ]
    return measured or [BenefitPoint.of(goal) for goal in goals if goal.has_number]


def plain(value):
    """Return a value as JSON gives it back: numbers without trailing zeros, dates as text."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, date) else value


class Sources:
    """A project's sources as one audience may have them; each is read once, when it is asked for."""

    def __init__(self, project, rules: Rules, today: date):
        self.project, self.rules, self.today = project, rules, today

    @cached_property
    def of_project(self) -> dict:
        """Names of persons, phases and the words of the story, in one query."""
        here = {"project": OuterRef("pk")}
        persons = Stakeholder.objects.filter(**here).exclude(person_name="").order_by("pk")
        phases = ProjectPhase.objects.filter(**here).order_by("number")
        found = Project.objects.filter(pk=self.project.pk).annotate(
            persons=Rows(persons, "person_name"), roads=Rows(phases, "number", "name", "planned_from")
        )
        return found.values("persons", "roads", *(f"story__{name}" for name in TOLD)).get()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of persons in the register, which leave it on no slide."""
        return tuple(name for (name,) in read(self.of_project["persons"]))

    @cached_property
    def goals(self) -> list[Goal]:
        return list(self.project.goals.in_order())

    @cached_property
    def points(self) -> list[BenefitPoint]:
        found = benefit_points(self.project, self.goals, self.today)
        return [point for point in found if self.rules.money or not is_money(point.unit)]

    @cached_property
    def all_numbers(self):
        return list(self.project.key_numbers.order_by("pk"))

    @cached_property
    def numbers(self):
        return [n for n in self.all_numbers if self.rules.money or not is_money(n.unit)]

    @cached_property
    def quotes(self):
        found = self.project.quotes.cleared().filter(speaker__in=self.rules.speakers)
        return list(found.order_by("pk")[:MOST_QUOTES])

    @cached_property
    def register(self):
        return register_for_documents(self.project, self.today)

    def number_for(self, chosen: int | None):
        """The number somebody chose for the slide, if this audience may have it; else the first."""
        return next((n for n in self.numbers if n.pk == chosen), None) or next(iter(self.numbers), None)

    def read(self, role: str, number: int | None = None) -> dict:
        """Return what a slide of the role shows now, as JSON; {} when it has no source."""
        reader = getattr(self, f"read_{role}", None)
        return reader(number) if reader else {}

    def read_problem(self, chosen):
        number = self.number_for(chosen)
        return {"problem": self.project.problem, "number": number and number_data(number)}

    def read_voices(self, _chosen):
        return {"quotes": [{"text": q.text, "who": q.who} for q in self.quotes]}

    def read_goals(self, _chosen):
        main = next((g for g in self.goals if g.kind == Goal.Kind.MAIN), None)
        known = {point.name for point in self.points}
        hidden = not self.rules.money
        others = [g for g in self.goals if g.criterion and g.text not in known and g != main]
        return {
            "main": main.text if main else "",
            "points": [point.as_data() for point in self.points[:MOST_POINTS]],
            "others": [
                {"text": g.text, "criterion": g.criterion}
                for g in others[:MOST_POINTS]
                if not (hidden and is_money(g.unit))
            ],
        }

    def read_affected(self, _chosen):
        rows = self.register.rows
        ordered = sorted(rows, key=lambda row: not row.stakeholder.strongly_affected)
        return {
            "groups": [
                {
                    "name": row.stakeholder.name,
                    "how": row.stakeholder.how_affected,
                    "involvement": row.stakeholder.involvement,
                    "next_on": plain(row.next_on),
                    "next_what": row.next_what if self.rules.plans else "",
                }
                for row in ordered[:MOST_GROUPS]
            ],
            "more": max(len(rows) - MOST_GROUPS, 0),
            "reviewed_on": plain(self.register.reviewed_on),
        }

    def read_service(self, _chosen):
        return {name: self.of_project[f"story__{name}"] or "" for name in TOLD}

    def read_pilot(self, _chosen):
        measured = [p for p in self.points if p.baseline is not None and p.latest is not None]
        return {"point": measured[0].as_data() if measured else None}

    def read_plan(self, _chosen):
        project = self.project
        finished = project.is_closed and not project.learning
        gate = project.next_gate_at if self.rules.plans else None  # an internal meeting
        return {
            "phases": [
                {
                    "number": number,
                    "name": name,
                    "state": station_state(
                        number, phase=project.phase, closed=project.is_closed, finished=finished
                    ),
                    "from": planned_from,
                }
                for number, name, planned_from in read(self.of_project["roads"])
            ],
            "gate_on": plain(gate and timezone.localdate(gate)),
        }

    def read_economy(self, _chosen):
        money = [n for n in self.numbers if is_money(n.unit)]
        return {"numbers": [number_data(n) for n in money[:MOST_NUMBERS]]}


def number_data(number) -> dict:
    return {
        "name": number.name,
        "value": plain(number.value),
        "unit": number.unit,
        "sentence": number.sentence,
        "source": number.source,
        "year": number.year,
    }


def digest(data: dict) -> str:
    """Return the SHA-256 of what a source says."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
