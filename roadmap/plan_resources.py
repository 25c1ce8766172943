"""The plan as a spreadsheet, both ways."""

from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from innovasjon.models import User
from innovasjon.rows import Rows, read
from innovasjon.spreadsheets import Checked, Choice, Column, Day, Sheet, Whole, Words
from roadmap.models import Activity, Project, Step, TeamShare
from roadmap.models.project import FIRST_PHASE, LAST_PHASE
from roadmap.people_cells import People, Person, people_of

STATUS_WORDS = {
    "Ikke påbegynt": "not_started",
    "Påbegynt": "started",
    "Pågår": "started",
    "Forsinket": "started",
    "Fullført": "done",
    "Utført": "done",
}


class ActivitySheet(Sheet):
    """One row an activity. What leaves reads `plan.Row`, as the page and the PDF do."""

    def __init__(self, project, **kwargs):
        super().__init__(**kwargs)
        self.project = project
        who = Person(self.people_of_plan, project)
        which = Choice(
            lambda: [(step.pk, step.key) for step in self.steps],
            words=lambda: {str(step): step.pk for step in self.steps},
        )
        self.people = People(who)
        self.columns = (
            Column(
                "number",
                gettext_lazy("No."),
                Words(20),
                synonyms=("Nummer", "ID", "WBS", "Aktivitetsnr."),
                value=lambda row: row.number,
            ),
            Column(
                "name",
                gettext_lazy("What is to be done?"),
                Words(200),
                synonyms=("Aktivitet", "Oppgave", "Navn", "Tiltak", "Task", "Activity"),
                required=True,
                value=lambda row: row.activity.name,
            ),
            Column("kind", gettext_lazy("Kind"), Choice(Activity.Kind), value=lambda row: row.activity.kind),
            Column(
                "phase",
                gettext_lazy("Phase"),
                Whole(FIRST_PHASE, LAST_PHASE),
                synonyms=("Fase nr.",),
                value=lambda row: row.activity.phase,
            ),
            Column(
                "step_id",
                gettext_lazy("Step"),
                which,
                synonyms=("Steg",),
                value=lambda row: row.activity.step_id,
            ),
            Column(
                "responsible_id",
                gettext_lazy("Responsible"),
                who,
                synonyms=("Ansvarlig", "Hvem", "Eier"),
                value=lambda row: row.activity.responsible_id,
            ),
            Column(
                "participants",
                gettext_lazy("Who takes part?"),
                self.people,
                synonyms=("Deltakere", "Ressurser", "Resource Names"),
                value=lambda row: [(p.pk, self.shares.get(p.pk)) for p in row.activity.people],
            ),
            Column(
                "starts_on",
                gettext_lazy("Start"),
                Day(),
                synonyms=("Startdato", "Fra"),
                value=lambda row: row.activity.starts_on,
            ),
            Column(
                "ends_on",
                gettext_lazy("Last day"),
                Day(),
                synonyms=("Sluttdato", "Frist", "Til", "Ferdig"),
                value=lambda row: row.activity.ends_on,
            ),
            (gettext_lazy("Agreed last day"), lambda row: row.activity.agreed_on),
            (gettext_lazy("Working days"), lambda row: row.working_days),
            Column(
                "status",
                gettext_lazy("Status"),
                Choice(Activity.Status, words=STATUS_WORDS),
                value=lambda row: row.activity.status,
            ),
            (gettext_lazy("Days late"), lambda row: row.days_late),
            Column(
                "predecessors",
                gettext_lazy("Which must be finished first?"),
                Words(4000),
                synonyms=(
                    "Venter på",
                    "Avhengig av",
                    "Avhengigheter",
                    "Forgjengere",
                    "Etter",
                    "Predecessors",
                ),
                value=lambda row: "; ".join(row.points_at),
            ),
            Column(
                "unit",
                gettext_lazy("Which unit is affected?"),
                Words(120),
                synonyms=("Enhet", "Berørt enhet"),
                value=lambda row: row.activity.unit,
            ),
        )

    @cached_property
    def told(self) -> dict:
        """Return what cells may name of the project, as `Rows`: one query, when the first is asked for."""
        project = self.project
        people = people_of(
            project,
            project.activities.values("responsible"),
            Activity.participants.through.objects.filter(activity__project=project).values("user"),
        )
        steps = Step.objects.filter(phase__project=project).order_by("phase__number", "position")
        found = Project.objects.annotate(
            _people=Rows(people, "id", "name", "email", "position"),
            _shares=Rows(project.shares.order_by("pk"), "user_id", "share"),
            _steps=Rows(steps, "id", "key", "name"),
        )
        return found.values("_people", "_shares", "_steps").get(pk=project.pk)

    def people_of_plan(self) -> list[User]:
        """Return the project's people, and whoever answers for an activity or takes part in one."""
        return [
            User(pk=pk, name=name, email=email, position=position)
            for pk, name, email, position in read(self.told["_people"])
        ]

    @cached_property
    def shares(self) -> dict[int, int]:
        """Return id of a person → per cent of full time."""
        found = (TeamShare(user_id=pk, share=Decimal(share)) for pk, share in read(self.told["_shares"]))
        return {share.user_id: share.percent for share in found}

    @cached_property
    def steps(self) -> list[Step]:
        return [Step(pk=pk, key=key, name=name) for pk, key, name in read(self.told["_steps"])]

    def check(self, texts) -> Checked:
        """Read a row as the form does: the end is not before the start, a pilot names its unit."""
        checked = super().check(texts)
        values, errors = checked.values, checked.errors
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if values.get("kind") == Activity.Kind.MILESTONE:
            if not (starts_on or ends_on):
                errors.setdefault("ends_on", _("Write which day the milestone is."))
        elif starts_on and ends_on and ends_on < starts_on:
            errors["ends_on"] = _("The end is before the start.")
        if values.get("kind") in Activity.HITS and not values.get("unit", "").strip():
            errors.setdefault("unit", _("Write which unit tries it or takes it into use."))
        return checked
