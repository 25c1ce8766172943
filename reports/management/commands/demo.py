"""Load the demo: a fictional municipality in the middle of its work, and its neighbour."""

import tomllib
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

import reports.demo
from innovasjon.access import ProjectRole
from innovasjon.accounts import DEMO_PASSWORD
from innovasjon.models import Membership, Municipality, User
from reports.demo import after, benefits, portfolio, presentations, status_reports
from reports.demo.plan import PlanLoader
from roadmap import actions, answers, gates
from roadmap.models import ChecklistItem, Project, ProjectMembership
from stakeholders import actions as stakeholders
from stakeholders.models import Measure, Stakeholder

STORY = Path(reports.demo.__file__).parent / "story.toml"
MAIN = "medisin-til-rett-tid-hjemme"
SATURDAY = 5


class Command(BaseCommand):
    help = "Load the demo data, once; only with DEMO=1 or DEBUG=1."

    def handle(self, *args, **options):
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError(
                "The demo has log-ins anybody knows. It is loaded only with DEMO=1 or DEBUG=1."
            )
        story = tomllib.loads(STORY.read_text())
        if Municipality.objects.filter(number=story["municipalities"][0]["number"]).exists():
            return
        self.stdout.write("Loading the demo data. It takes half a minute, once.")
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # nobody to write to
        with transaction.atomic():
            loader = Loader(story, today=timezone.localdate())
            loader.load()
            portfolio.remember(loader.today, loader.municipalities["9901"])


class Loader:
    """Tells the story in the order of its days, through the same actions as the pages use."""

    def __init__(self, story, *, today):
        self.story, self.today = story, today
        self.people = {}
        self.municipalities = {}
        self.told_until = datetime.min.replace(tzinfo=UTC)

    def load(self):
        for row in self.story["municipalities"]:
            self.municipalities[row["number"]] = Municipality.objects.create(**row)
        for row in self.story["people"]:
            self.add_person(row)
        happenings = [h for row in self.story["projects"] for h in self.happenings(row)]
        happenings += benefits.happenings(self)
        happenings += after.happenings(self, MAIN)
        happenings += PlanLoader(self, MAIN).happenings()
        for _day, _order, happen in sorted(happenings, key=lambda h: h[:2]):
            happen()

    def add_person(self, row):
        user = User.objects.create_user(
            row["email"],
            DEMO_PASSWORD if row.get("log_in") else None,
            name=row["name"],
            position=row["position"],
        )
        Membership.objects.create(
            municipality=self.municipalities[row["municipality"]], user=user, role=row["role"]
        )
        self.people[row["email"]] = user

    def day(self, days):
        return self.today + timedelta(days=days)

    def working_day(self, days):
        day = self.day(days)
        return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day

    def moment(self, days, hour=10, minute=0):
        """Return a moment of a day; never before the last one told, as in a real trail."""
        moment = timezone.make_aware(datetime.combine(self.day(days), time(hour, minute)))
        self.told_until = max(self.told_until, min(moment, timezone.now()))
        return self.told_until

    def happenings(self, row):
        """Return (day, order within the day, what happens) of one project."""
        slug = row["slug"]
        found = [(row["started"], 0, lambda: self.start(row))]
        found += [
            (gate["days"], 2, lambda gate=gate: self.decide(slug, gate)) for gate in row.get("gates", [])
        ]
        if slug == MAIN:
            found += [
                (answer.get("days", -1), 1.5, lambda answer=answer: self.answer(slug, answer))
                for answer in self.story["answers"]
            ]
            found += [
                h for stakeholder in self.story["stakeholders"] for h in self.register(slug, stakeholder)
            ]
            found += presentations.happenings(self)
            found.append((-9, 2.5, lambda: self.review(slug)))
            found.append((-70, 1, lambda: self.settle(slug, keys=("4.1",), days=-70)))
        found += status_reports.happenings(self, slug)
        found.append((-1, 3, lambda: self.finish(row)))
        return found

    def start(self, row):
        project = actions.start_project(
            municipality=self.municipalities[row["municipality"]],
            slug=row["slug"],
            name=row["name"],
            problem=row["problem"],
            area=row["area"],
            case_reference=row.get("case_reference", ""),
            restricted=row.get("restricted", False),
            owner=self.people[row["owner"]],
            by=self.people[row["leader"]],
            today=self.day(row["started"]),
            now=self.moment(row["started"], 9),
        )
        for email in row.get("members", []):
            ProjectMembership.objects.create(
                project=project, user=self.people[email], role=ProjectRole.MEMBER
            )

    def project(self, slug):
        return Project.objects.select_related("municipality").get(slug=slug)

    def leader_of(self, project):
        part = project.memberships.filter(role__in=[ProjectRole.LEADER, ProjectRole.OWNER]).order_by("role")
        return part.select_related("user").first().user

    def settle(self, slug, *, days, keys=None, share=1.0):
        """Settle open checkpoints of the current phase: all, those of some steps, or a share of them."""
        project = self.project(slug)
        items = ChecklistItem.objects.filter(round=gates.current_round(project, project.phase)).open()
        if keys:
            items = items.filter(step__key__in=keys)
        found = list(items.in_order())
        chosen = [item.pk for item in found[: round(len(found) * share)]]
        ChecklistItem.objects.filter(pk__in=chosen).update(
            status=ChecklistItem.Status.DONE, settled_by=self.leader_of(project), settled_on=self.day(days)
        )

    def decide(self, slug, gate):
        project = self.project(slug)
        if gate["outcome"] in ("proceed", "proceed_with_conditions"):
            self.settle(slug, days=gate["days"] - 3)
        else:
            self.settle(slug, days=gate["days"] - 3, share=0.4)
        owner = project.memberships.select_related("user").get(role=ProjectRole.OWNER).user
        actions.decide_gate(
            project=project,
            phase=project.phase,
            outcome=gate["outcome"],
            rationale=gate["rationale"],
            present=gate.get("present", ""),
            back_to=gate.get("back_to"),
            find_out=gate.get("find_out", ""),
            learning=gate.get("learning", ""),
            heirs=gate.get("heirs", ""),
            conditions=[self.condition(c) for c in gate.get("conditions", [])],
            seen=gates.basis_digest(gates.basis(gates.gate(project, project.phase))),
            now=self.moment(gate["days"], 10, 41),
            by=owner,
        )

    def condition(self, row):
        return {
            "text": row["text"],
            "responsible": self.people[row["responsible"]],
            "due_on": self.day(row["days"]),
            "done_count": row.get("done"),
            "total_count": row.get("total"),
        }

    def answer(self, slug, row):
        project = self.project(slug)
        item = (
            ChecklistItem.objects.of_project(project)
            .select_related("round__project", "step")
            .filter(key=row["key"])
            .latest("round__number")
        )
        by = self.people[row["by"]] if "by" in row else self.leader_of(project)
        days = row.get("days", -1)
        values = {
            "status": row.get("status", "done"),
            "note": row.get("note", ""),
            "reason": row.get("reason", ""),
        }
        if "responsible" in row:
            values["responsible"] = self.people[row["responsible"]]
        if "due" in row:
            values["due_on"] = self.day(row["due"])
        now = self.moment(days, 9, 42)
        actions.answer(
            item=item, values=values, bases=answers.digests(item), today=self.day(days), by=by, now=now
        )
        if link := row.get("link"):
            actions.add_evidence(item=item, by=by, now=now, **link)

    def register(self, slug, row):
        """Return the happenings of one stakeholder: met, asked, asked again, and planned with."""
        first, *later = row["history"]
        found = [(first[0], 1.0, lambda: self.add_stakeholder(slug, row, first))]
        if len(first) > 3:
            later = [first, *later]
        found += [(talk[0], 1.2, lambda talk=talk: self.talk(slug, row["name"], talk)) for talk in later]
        found += [
            (min(plan[2], 0) - 8, 1.3, lambda plan=plan: self.plan(slug, row["name"], plan))
            for plan in row["plan"]
        ]
        return found

    def add_stakeholder(self, slug, row, first):
        project = self.project(slug)
        told = {k: v for k, v in row.items() if k not in ("history", "plan", "wanted")}
        stakeholders.save_stakeholder(
            project=project,
            stakeholder=Stakeholder(**told),
            attitude=first[1],
            source="assumed",
            wanted=row.get("wanted", ""),
            today=self.day(first[0]),
            by=self.leader_of(project),
            now=self.moment(first[0], 9, 15),
        )

    def stakeholder(self, slug, name):
        return Stakeholder.objects.select_related("project").get(project__slug=slug, name=name)

    def talk(self, slug, name, talk):
        days, attitude, source, channel, said, cleared = talk
        stakeholder = self.stakeholder(slug, name)
        stakeholders.note_conversation(
            stakeholder=stakeholder,
            on=self.day(days),
            channel=channel,
            said=said,
            quote_cleared=cleared,
            attitude=attitude,
            source=source,
            next_step="",
            by=self.leader_of(stakeholder.project),
            now=self.moment(days, 9, 30),
        )

    def plan(self, slug, name, plan):
        what, channel, days, responsible, *state = plan
        stakeholder = self.stakeholder(slug, name)
        planned_on = min(days, 0) - 8
        stakeholders.save_measure(
            project=stakeholder.project,
            measure=Measure(
                stakeholder=stakeholder,
                what=what,
                channel=channel,
                on=None if "undated" in state else self.working_day(days),
                responsible=self.people[responsible],
                status=Measure.Status.DONE if "done" in state else Measure.Status.NOT_STARTED,
            ),
            by=self.leader_of(stakeholder.project),
            now=self.moment(planned_on, 9, 35),
        )

    def review(self, slug):
        project = self.project(slug)
        stakeholders.review_register(
            project=project,
            on=self.day(-9),
            next_on=self.working_day(54),
            by=self.leader_of(project),
            now=self.moment(-9, 11),
        )

    def finish(self, row):
        """Bring a project to where it stands today: condition, next gate, plans, what is settled."""
        project = self.project(row["slug"])
        if project.is_closed:
            return
        self.settle(row["slug"], days=-5, share=row["settled"])
        for note in row.get("notes", []):
            ChecklistItem.objects.of_project(project).filter(key=note["key"]).update(note=note["note"])
        values = {"condition": row["condition"], "condition_reason": row.get("condition_reason", "")}
        if "next_gate" in row:
            values["next_gate_at"] = timezone.make_aware(
                datetime.combine(self.working_day(row["next_gate"]), time(10))
            )
        planned = {int(number): self.day(days) for number, days in row.get("planned", {}).items()}
        actions.edit_project(
            project=project,
            values=values,
            phase_dates=planned,
            by=self.leader_of(project),
            now=self.moment(-1, 15),
        )
