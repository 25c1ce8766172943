"""The demo's plans: told by the same actions as the pages use."""

import tomllib
from decimal import Decimal
from pathlib import Path

from innovasjon.working_days import add_working_days, is_working_day
from roadmap import planning
from roadmap.models import (
    Activity,
    Deliverable,
    LogEntry,
    Project,
    RelatedProject,
    Risk,
    Step,
    TeamShare,
)

FILE = Path(__file__).parent / "plan.toml"
PLANNED = -40


class PlanLoader:
    """Puts the plans into the projects that are there. The story's loader lends people, days and moments."""

    def __init__(self, story, main: str):
        self.story, self.main = story, main
        self.plan = tomllib.loads(FILE.read_text())

    def happenings(self) -> list:
        """Return (day, order within the day, what happens): the plan is made, and then the log is kept."""
        found = [(PLANNED, 1.4, self.plan_ahead)]
        for row in self.plan["log"]:
            found.append((row["on"], 2.6, lambda row=row: self.lesson(self.main, row)))
        for row in self.plan["moved"]:
            found.append((row["on"], 2.6, lambda row=row: self.move(row)))
        for row in self.plan["lessons"]:
            found.append((row["on"], 2.6, lambda row=row: self.lesson(row["project"], row)))
        return found

    def plan_ahead(self):
        project = self.story.project(self.main)
        by = self.story.leader_of(project)
        for row in self.plan["activities"]:
            self.activity(project, row, by)
        for row in self.plan["deliverables"]:
            self.add(project, Deliverable, row, by)
        planning.set_tolerances(project=project, values=self.plan["tolerances"], by=by, now=self.now())
        for row in self.plan["shares"]:
            self.add(project, TeamShare, {**row, "share": Decimal(row["share"])}, by)
        for row in self.plan["risks"]:
            self.add(project, Risk, row, by)
        for row in self.plan["related"]:
            self.add(project, RelatedProject, row, by)
        for row in self.plan["others"]:
            other = self.story.project(row["project"])
            self.activity(other, row, self.story.leader_of(other))

    def now(self):
        return self.story.moment(PLANNED, 15, 30)

    def working_day(self, days):
        day = self.story.day(days)
        return day if is_working_day(day) else add_working_days(day, 1)

    def values(self, row, *left_out):
        """Return the row's fields with people and days in the place of addresses and numbers."""
        people = ("responsible", "approver", "user")
        days = {"start": "starts_on", "end": "ends_on", "due": "due_on", "contacted": "contacted_on"}
        found = {}
        for name, value in row.items():
            if name in left_out:
                continue
            if name in people:
                value = self.story.people[value]
            elif name in days:
                name, value = days[name], self.working_day(value)
            found[name] = value
        return found

    def add(self, project, model, row, by):
        planning.save_row(project=project, row=model(**self.values(row)), by=by, now=self.now())

    def activity(self, project: Project, row, by):
        values = self.values(row, "step", "with", "after", "project")
        values.setdefault("responsible", by)
        step = Step.objects.filter(phase__project=project, key=row.get("step", "")).first()
        planning.save_activity(
            project=project,
            activity=Activity(step=step, **values),
            participants=[self.story.people[email] for email in row.get("with", [])],
            predecessors=project.activities.filter(name__in=row.get("after", [])),
            by=by,
            now=self.now(),
        )

    def move(self, row):
        project = self.story.project(self.main)
        activity = project.activities.get(name=row["name"])
        activity.ends_on = self.working_day(row["end"])
        by, now = self.story.leader_of(project), self.story.moment(row["on"], 15, 30)
        planning.save_row(project=project, row=activity, by=by, now=now)

    def lesson(self, slug: str, row):
        project = self.story.project(slug)
        by, now = self.story.leader_of(project), self.story.moment(row["on"], 15, 30)
        values = {"kind": LogEntry.Kind.COMMENT, **self.values(row, "project"), "by": by}
        values["on"] = self.story.day(row["on"])
        values["for_experience_log"] = bool(row.get("lesson"))
        planning.save_row(project=project, row=LogEntry(**values), by=by, now=now)
