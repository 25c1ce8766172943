"""Deliverables, risks, the project's log and the related projects as spreadsheets, both ways."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from innovasjon.spreadsheets import Choice, Column, Day, Sheet, Whole, Words, YesNo
from roadmap.models import Consequence, Deliverable, Likelihood, LogEntry, RelatedProject, Risk
from roadmap.models.project import FIRST_PHASE, LAST_PHASE
from roadmap.people_cells import Person, people_of


def person_of(project, *answering) -> Person:
    """Return the cell of one of the project's people, or of somebody who answers for something already."""
    return Person(lambda: people_of(project, *answering), project)


def column(name, heading, widget=None, *synonyms, required=False):
    return Column(name, heading, widget or Words(), synonyms=synonyms, required=required)


class DeliverableSheet(Sheet):
    def __init__(self, project, **kwargs):
        super().__init__(**kwargs)
        who = person_of(
            project, project.deliverables.values("responsible"), project.deliverables.values("approver")
        )
        self.columns = (
            column(
                "name", gettext_lazy("What is handed over?"), Words(200), "Leveranse", "Navn", required=True
            ),
            column("phase", gettext_lazy("Phase"), Whole(FIRST_PHASE, LAST_PHASE)),
            column("acceptance", gettext_lazy("When is it good enough?"), None, "Akseptansekriterium"),
            column("responsible_id", gettext_lazy("Responsible"), who, "Hvem"),
            column("approver_id", gettext_lazy("Who approves?"), who, "Godkjenner"),
            column("due_on", gettext_lazy("Due"), Day(), "Leveringsdato"),
            column("status", gettext_lazy("Status"), Choice(Deliverable.Status)),
        )

    def check(self, texts):
        """An approved one has its criterion and who approved it."""
        checked = super().check(texts)
        if checked.values.get("status") == Deliverable.Status.APPROVED:
            if not checked.values.get("acceptance"):
                told = _("Write what had to be true for it to be approved.")
                checked.errors.setdefault("acceptance", told)
            if not checked.values.get("approver_id"):
                checked.errors.setdefault("approver_id", _("Choose who has approved it."))
        return checked


class RiskSheet(Sheet):
    def __init__(self, project, **kwargs):
        super().__init__(**kwargs)
        who = person_of(project, project.risks.values("responsible"))
        likelihood, consequence = degree(Likelihood), degree(Consequence)
        self.columns = (
            column(
                "event", gettext_lazy("What may happen?"), Words(300), "Risiko", "Hendelse", required=True
            ),
            column("kind", gettext_lazy("Kind"), Choice(Risk.Kind)),
            column("effect", gettext_lazy("What is the effect if we do nothing?"), None, "Virkning"),
            column("likelihood", gettext_lazy("Likelihood"), likelihood, "S", required=True),
            column("consequence", gettext_lazy("Consequence"), consequence, "K", required=True),
            (gettext_lazy("Likelihood × consequence"), lambda risk: risk.score),
            column("nearness", gettext_lazy("How near is it?"), Choice(Risk.Nearness), "Nærhet"),
            column("strategy", gettext_lazy("Strategy"), Choice(Risk.Strategy)),
            column("action", gettext_lazy("What do we do?"), None, "Tiltak"),
            column("responsible_id", gettext_lazy("Responsible"), who, "Hvem", "Risikoeier"),
            column("due_on", gettext_lazy("Due"), Day()),
            column("likelihood_after", gettext_lazy("Likelihood after the action"), likelihood, "S etter"),
            column("consequence_after", gettext_lazy("Consequence after the action"), consequence, "K etter"),
            column("status", gettext_lazy("Status"), Choice(Risk.Status)),
        )

    def check(self, texts):
        """Both degrees after the action or none, and an action where one is carried out."""
        checked = super().check(texts)
        after = [name for name in ("likelihood_after", "consequence_after") if checked.values.get(name)]
        if len(after) == 1:
            other = "consequence_after" if after == ["likelihood_after"] else "likelihood_after"
            told = _("Choose both likelihood and consequence after the action.")
            checked.errors.setdefault(other, told)
        if checked.values.get("status") == Risk.Status.ACTED and not checked.values.get("action"):
            checked.errors.setdefault("action", _("Write which action was carried out."))
        return checked


def degree(choices) -> Choice:
    """Return the cell of a degree: «4», «Stor» or «4 Stor»."""
    pairs = [(value, f"{value} {label}") for value, label in choices.choices]
    return Choice(pairs, words={str(label): value for value, label in choices.choices})


class LogSheet(Sheet):
    def __init__(self, _project, **kwargs):
        super().__init__(**kwargs)
        self.columns = (
            column("on", gettext_lazy("When?"), Day(past=True), "Dato", required=True),
            column("kind", gettext_lazy("Type"), Choice(LogEntry.Kind)),
            column("text", gettext_lazy("What happened?"), None, "Hendelse", "Beskrivelse", required=True),
            column("for_experience_log", gettext_lazy("To the experience log"), YesNo()),
            column("lesson", gettext_lazy("What can others learn from it?"), None, "Læring"),
            (gettext_lazy("Written by"), lambda entry: entry.by.position_or_name),
        )

    def check(self, texts):
        checked = super().check(texts)
        if checked.values.get("for_experience_log") and not checked.values.get("lesson"):
            checked.errors.setdefault("lesson", _("Write what others can learn from it."))
        return checked


class RelatedSheet(Sheet):
    def __init__(self, _project, **kwargs):
        super().__init__(**kwargs)
        self.columns = (
            column(
                "title", gettext_lazy("What is it called?"), Words(200), "Tittel", "Prosjekt", required=True
            ),
            column("who", gettext_lazy("Who runs it?"), Words(200), "Kommune", "Virksomhet", required=True),
            column("contact", gettext_lazy("Whom can you ask?"), Words(200), "Kontaktperson", "Kontakt"),
            column("url", gettext_lazy("Address"), Words(1000), "Lenke", "Nettside"),
            column("status", gettext_lazy("How far has it come?"), Choice(RelatedProject.Status), "Status"),
            column("contacted_on", gettext_lazy("When did you talk with them?"), Day(), "Kontaktet"),
            column("found", gettext_lazy("What did you find?"), None, "Funn"),
            column("reuse", gettext_lazy("What can you use again?"), None, "Gjenbruk"),
            column("coordination", gettext_lazy("What must be coordinated in time?"), None, "Samkjøring"),
        )

    def check(self, texts):
        checked = super().check(texts)
        if not checked.values.get("url", "https://").startswith(("https://", "http://")):
            told = _("Write the whole address, for example https://lindvik.example/referat")
            checked.errors.setdefault("url", told)
        return checked
