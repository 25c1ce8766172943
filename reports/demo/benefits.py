"""The demo's benefits: told in the order of their days, through the same actions as the pages use."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from benefits.actions import benefits as actions
from benefits.actions import deviations, indicators, measuring
from benefits.arithmetic import Point, expected_at
from benefits.calendars import period_of
from benefits.models import Benefit, BenefitType, Calculation, HourRate, Indicator, Measurement
from benefits.reading import read_figures

STORY = Path(__file__).parent / "benefits.toml"
COURSE = (-0.3, 0.3, -0.2, 0.4)  # how far from the path the measurements lie, in tolerances
LAST_DAY = -12
FRIDAY = 4
TRANSITION = 5
EARLIEST = -340


def happenings(loader) -> list:
    """Return (day, order within the day, what happens) of every benefit of the story."""
    story = tomllib.loads(STORY.read_text())
    found = [(EARLIEST, 0.5, lambda: set_rates(loader, story["rates"]))]
    for row in story["benefits"]:
        told = Teller(loader, row)
        found += told.happenings()
    gates = {row["slug"]: [gate["days"] for gate in row.get("gates", [])] for row in loader.story["projects"]}
    for slug in dict.fromkeys(row["project"] for row in story["benefits"]):
        if len(gates[slug]) >= TRANSITION:
            day = gates[slug][TRANSITION - 1] - 1
            found.append((day, 1.8, lambda slug=slug, day=day: accept(loader, slug, day)))
    return found


def set_rates(loader, values):
    municipality = next(iter(loader.municipalities.values()))
    by = next(p for p in loader.people.values() if p.memberships.filter(role="administrator").exists())
    for year in (loader.today.year - 1, loader.today.year):
        rate = HourRate(year=year, **{name: Decimal(value) for name, value in values.items()})
        actions.set_rate(municipality=municipality, rate=rate, by=by, now=loader.moment(EARLIEST, 8))


def accept(loader, slug, day):
    project = loader.project(slug)
    owner = project.memberships.select_related("user").get(role="owner").user
    actions.accept_plan(project=project, acting_as=owner.position, by=owner, now=loader.moment(day, 9))


class Teller:
    """Tells one benefit."""

    def __init__(self, loader, row):
        self.loader, self.row, self.told = loader, row, row["indicator"]
        self.owner = loader.people[row["owner"]]
        self.baseline_on = loader.day(row["baseline_day"])
        self.target_on = self.target_day()

    def target_day(self) -> date:
        today, row = self.loader.today, self.row
        if "target_day" in row:
            return self.loader.day(row["target_day"])
        if row.get("year_end"):
            return date(today.year, 12, 31)
        return max(date(today.year, 1, 1), today - timedelta(days=20))  # due this year, and reached

    def happenings(self):
        born = self.row["baseline_day"] + 2
        found = [(born, 1.6, lambda: self.start(born))]
        found += [
            (min((on - self.loader.today).days + 5, -1), 1.7, lambda on=on, v=v, c=c: self.measure(on, v, c))
            for on, v, c in self.measurements()
        ]
        found.append((-1, 2.8, lambda: self.finish()))
        return found

    def friday(self, weeks_ago: int) -> date:
        today = self.loader.today
        return today - timedelta(days=(today.weekday() - FRIDAY) % 7 or 7) - timedelta(weeks=weeks_ago - 1)

    @property
    def path(self) -> list[Point]:
        """The points on the way, without baseline and target."""
        points = [Point(self.friday(weeks), Decimal(v)) for weeks, v in self.told.get("path", [])]
        points += [Point(self.loader.day(days), Decimal(v)) for days, v in self.told.get("path_days", [])]
        return sorted(points)

    def expected(self, on: date) -> Decimal:
        ends = Point(self.baseline_on, self.number("baseline")), Point(self.target_on, self.number("target"))
        return expected_at(sorted([*ends, *self.path]), on)

    def number(self, name) -> Decimal:
        return Decimal(str(self.told[name]))

    def measurements(self) -> list:
        if "weeks" in self.told:
            return [(self.friday(weeks), Decimal(v), comment) for weeks, v, comment in self.told["weeks"]]
        first, tolerance = self.row["baseline_day"] + 30, self.number("tolerance")
        towards = 1 if self.number("target") > self.number("baseline") else -1
        whole = self.number("tolerance") >= 1 and self.told["unit"] != "nok"
        found = []
        for n, offset in enumerate(COURSE):
            day = first + (self.told.get("last_day", LAST_DAY) - first) * n // (len(COURSE) - 1)
            on = self.loader.day(day)
            value = self.expected(on) + tolerance * Decimal(str(offset)) * towards
            if n == len(COURSE) - 1:
                value = self.last(on, tolerance, towards)
            found.append((on, round(value, 0 if whole or self.told["unit"] == "nok" else 1), ""))
        return list({period_of(self.told["frequency"], row[0]): row for row in found}.values())

    def last(self, on, tolerance, towards):
        if "last" in self.told:
            return self.number("last")
        return {
            "reached": self.number("target"),
            "behind": self.expected(on) - towards * tolerance * Decimal("2.2"),
            "on_plan": self.expected(on) + towards * tolerance * Decimal("0.3"),
        }[self.told["course"]]

    def start(self, day):
        row, loader = self.row, self.loader
        project = loader.project(row["project"])
        fields = [f.name for f in Benefit._meta.concrete_fields]
        values = {
            n: v for n, v in row.items() if n in fields and n not in ("project", "owner", "budget_year")
        }
        if "take_out_days" in row:
            values["take_out_due_on"] = loader.working_day(row["take_out_days"])
        if "budget_year" in row:
            values["budget_year"] = loader.today.year + row["budget_year"]
        leader, now = loader.leader_of(project), loader.moment(day, 9, 5)
        self.benefit = actions.save_benefit(
            project=project, benefit=Benefit(**values, owner=self.owner), by=leader, now=now
        )
        for waiting in self.benefit.handovers.waiting():
            actions.answer_handover(handover=waiting, accepted=True, by=self.owner, now=now)
        names = ("name", "unit", "unit_label", "frequency", "question", "hint")
        self.indicator = indicators.save_indicator(
            benefit=self.benefit,
            indicator=Indicator(
                **{name: self.told[name] for name in names if name in self.told},
                baseline=self.number("baseline"),
                baseline_on=self.baseline_on,
                target=self.number("target"),
                target_on=self.target_on,
                tolerance=self.number("tolerance"),
            ),
            today=loader.day(day),
            by=leader,
            now=now,
        )
        indicators.set_path(indicator=self.indicator, points=self.path, by=leader, now=now)

    def measure(self, on, value, comment):
        after = min((on - self.loader.today).days + 5, -1)
        outcome = measuring.record_measurement(
            indicator=self.indicator,
            on=on,
            value=value,
            comment=comment,
            source=Measurement.Source.PAGE,
            by=self.owner,
            now=self.loader.moment(after, 9, 20),
        )
        if outcome.became == "opened" and "cause" in self.told:
            told = {"by": self.owner, "now": self.loader.moment(-1, 10)}
            deviations.write_cause(deviation=outcome.deviation, cause=self.told["cause"], **told)
            deviations.add_action(
                deviation=outcome.deviation,
                what=self.told["action"],
                responsible=self.owner,
                due_on=self.loader.working_day(self.told["action_days"]),
                progress=self.told["progress"],
                **told,
            )
        if "correct" in self.told and self.friday(self.told["correct"][0]) == on:
            measuring.correct_measurement(
                measurement=outcome.measurement,
                value=Decimal(self.told["correct"][1]),
                by=self.owner,
                now=self.loader.moment(after, 11, 5),
            )

    def finish(self):
        """Set this year's amount, the calculation it rests on, and when it is measured next."""
        loader, row = self.loader, self.row
        leader, now = loader.leader_of(self.benefit.project), loader.moment(-1, 12)
        if "gross" in row:
            actions.set_year(
                benefit=self.benefit, year=loader.today.year, gross=Decimal(row["gross"]), by=leader, now=now
            )
            calculation = self.calculation()
            actions.calculate(
                benefit=self.benefit, calculation=calculation, today=loader.day(-1), by=leader, now=now
            )
        self.indicator.refresh_from_db()
        self.indicator.next_due_on = (
            loader.working_day(self.told["next_days"])
            if "next_days" in self.told
            else self.friday(1 - self.told["next_weeks"])
        )
        indicators.save_indicator(
            benefit=self.benefit, indicator=self.indicator, today=loader.today, by=leader, now=now
        )

    def calculation(self) -> Calculation:
        """Return the story's calculation; without its own inputs one that gives what is realised so far."""
        inputs = {
            name: Decimal(self.row[name])
            for name in ("times_per_year", "minutes_each", "today_nok", "later_nok")
            if name in self.row
        }
        basis, time = self.row.get("basis", ""), self.row["type"] == BenefitType.TIME_SAVED
        if inputs:
            method = Calculation.Method.TIME_SAVED if time else Calculation.Method.CONSUMPTION
            return Calculation(method=method, basis=basis, **inputs)
        today = self.loader.today
        figure = read_figures(Benefit.objects.filter(pk=self.benefit.pk), today)[0].main
        share = figure.measured_share(date(today.year, 1, 1), today)
        year = self.realised() / max(share, Decimal("0.05"))
        if time:
            return Calculation(
                method=Calculation.Method.TIME_SAVED, times_per_year=round(year * 2), minutes_each=Decimal(30)
            )
        return Calculation(
            method=Calculation.Method.AGREEMENT,
            today_nok=Decimal(round(year * 3, -3)),
            later_nok=Decimal(round(year * 3, -3) - round(year, -2)),
        )

    def realised(self) -> Decimal:
        """Return what the story says is realised this year, or what is left of a sum of its kind."""
        if "realised" in self.row:
            return Decimal(self.row["realised"])
        year, municipality = self.loader.today.year, self.benefit.project.municipality
        others = Benefit.objects.of(municipality).filter(type=self.row["type"]).exclude(pk=self.benefit.pk)
        known = (figure.in_year(year).realised or 0 for figure in read_figures(others, self.loader.today))
        return self.row["rest_of"] - sum(known, Decimal(0))
