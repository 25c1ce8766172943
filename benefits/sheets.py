"""Indicators and measurements as spreadsheets, out and in; and the columns of benefits that are read.

What leaves is what is read again. The synonyms are the headings of KommIT's benefit workbook («KONSEPT -
Endringsanalyse», «PLANLEGGE - Gevinstreal.plan», «PLANLEGGE - Oppfølgingsplan», «REALISERE -
Resultatoppfølging»), which is older than ours and has no dates of measuring. Its «KONSEPT -
Gevinstanalyse» is in `benefits.amount_sheets`.
"""

import re
from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from benefits.models import BenefitType, Frequency, Indicator, Measurement, TakenOut
from benefits.models.benefits import DigdirType, Horizon, KommitType, Recipient, Risk
from benefits.models.indicators import Method, Unit
from benefits.workbooks import People
from innovasjon.forms import person_label
from innovasjon.spreadsheets import Amount, Checked, Choice, Column, Day, Sheet, Whole, Words, YesNo
from innovasjon.spreadsheets.cells import fold

TYPES = {
    "direkte": "avoided_cost",
    "økonomisk": "avoided_cost",
    "unngått kostnad": "avoided_cost",
    "indirekte": "time_saved",
    "frigjort tid": "time_saved",
    "tid": "time_saved",
    "kvalitativ": "quality",
    "kvalitative": "quality",
    "kvalitet": "quality",
}
KOMMIT_TYPES = {
    "direkte": "direct",
    "indirekte": "indirect",
    "kvalitativ": "qualitative",
    "kvalitative": "qualitative",
}
OF_KOMMIT = {"direct": "avoided_cost", "indirect": "time_saved", "qualitative": "quality"}
RECIPIENTS = {
    "brukere": "user",
    "innbygger": "user",
    "ansatte": "employee",
    "kommune": "municipality",
    "samfunnet": "society",
}
USES = {
    "budsjettreduksjon": "lower_cost",
    "kutt i budsjett": "lower_cost",
    "innsparing": "lower_cost",
    "kvalitet": "better_quality",
    "nye oppgaver": "moved",
    "andre oppgaver": "moved",
}
UNITS = {
    "kr": "nok",
    "nok": "nok",
    "%": "percent",
    "prosentpoeng": "percent",
    "time": "hours",
    "stk": "count",
}
NAME_OF_BENEFIT = (
    "Gevinst (kopieres automatisk)",
    "Gevinst kopieres automatisk fra endringsanalysen",
    "Gevinst Hvilket positivt resultat vil endringen skape?",
    "Gevinster",
)
NAME_OF_INDICATOR = ("Måleindikator", "Måleindikator (kopieres automatisk)", "Måleindikator for gevinsten")


class Year(Whole):
    """A year, alone or in what people write: «2. halvår 2027», «31.12.2027»."""

    def clean(self, value, row=None, **kwargs):
        years = set(re.findall(r"(?<!\d)20\d\d(?!\d)", value))
        return super().clean(years.pop() if len(years) == 1 else value)


def of_benefit(name):
    """Make a column's value of a row that is a benefit, or a figure of one."""
    return lambda row: getattr(getattr(row, "benefit", row), name)


def person_of_benefit(name):
    """Make a column's value of a benefit's person, as the lists of people say it."""

    def value(row):
        person = of_benefit(name)(row)
        return person_label(person) if person else ""

    return value


BENEFIT_COLUMNS = (
    Column("name", _("Benefit"), Words(200), NAME_OF_BENEFIT, required=True, value=of_benefit("name")),
    Column(
        "type",
        _("Type"),
        Choice(BenefitType, words=TYPES, in_prose=True),
        ("Gevinsttype", "Gevinsttype velg fra listen"),
        value=of_benefit("type"),
    ),
    Column(
        "kommit_type",
        _("KommIT's type"),
        Choice(KommitType, words=KOMMIT_TYPES),
        value=of_benefit("kommit_type"),
    ),
    Column("digdir_type", _("Digdir's type"), Choice(DigdirType), value=of_benefit("digdir_type")),
    Column(
        "recipient",
        _("Recipient"),
        Choice(Recipient, words=RECIPIENTS),
        ("Mottaker", "Hvem får nytten"),
        value=of_benefit("recipient"),
    ),
    Column("recipient_detail", _("Which group?"), Words(150), value=of_benefit("recipient_detail")),
    Column("horizon", _("Horizon"), Choice(Horizon), value=of_benefit("horizon")),
    Column("description", _("Description"), Words(), value=of_benefit("description")),
    Column(
        "change",
        _("Which change does it come from?"),
        Words(200),
        ("Endring", "Endring Hva som skal gjøres på en ny måte?"),
        value=of_benefit("change"),
    ),
    Column(
        "taken_out",
        _("What the saving is used for"),
        Choice(TakenOut, words=USES),
        value=of_benefit("taken_out"),
    ),
    Column(
        "taken_out_note",
        _("How is it taken out?"),
        Words(),
        ('Hvordan skal gevinsten "omsettes"?', "Omsetting"),
        value=of_benefit("taken_out_note"),
    ),
    Column(
        "take_out_action",
        _("What do we do to take it out?"),
        Words(),
        ("Tiltak", "Tiltak for å få gevinster realisert"),
        value=of_benefit("take_out_action"),
    ),
    Column(
        "take_out_due_on",
        _("Taken out by"),
        Day(),
        ("Frist for tiltak",),
        value=of_benefit("take_out_due_on"),
    ),
    Column(
        "assumptions",
        _("Assumptions"),
        Words(),
        ("Forutsetninger", "Forutsetninger for at gevinsten blir realisert"),
        value=of_benefit("assumptions"),
    ),
    Column("risk", _("Risk"), Choice(Risk), value=of_benefit("risk")),
    Column("risk_note", _("What may go wrong"), Words(), value=of_benefit("risk_note")),
    Column("disbenefits", _("Disbenefits"), Words(), ("Ulemper",), value=of_benefit("disbenefits")),
    Column(
        "importance",
        _("Importance, 1 to 5"),
        Whole(1, 5),
        ("Gevinst-betydning", "Gevinst-betydning (for kvalitative gevinster, 1(lav) - 5 (høy))", "Viktighet"),
        value=of_benefit("importance"),
    ),
    Column(
        "plan_goal",
        _("Goal in the plan"),
        Words(200),
        ("Strategisk mål", "Strategisk mål som gevinsten bidrar til valgfritt å fylle ut"),
        value=of_benefit("plan_goal"),
    ),
    Column(
        "budget_year",
        _("Budget year"),
        Year(2000, 2100),
        ("Når blir gevinsten realisert?",),
        value=of_benefit("budget_year"),
    ),
    Column("in_budget", _("In the budget already"), YesNo(), value=of_benefit("in_budget")),
    Column("owner", _("Owner"), Words(), ("Gevinsteier",), value=person_of_benefit("owner")),
    Column(
        "responsible",
        _("Responsible in the project"),
        Words(),
        ("Gevinstansvarlig", "Gevinst-ansvarlig (kopieres automatisk)"),
        value=person_of_benefit("responsible"),
    ),
)


class BenefitsIn(Sheet):
    """Benefits as they are read: our own export, and KommIT's plan."""

    columns = BENEFIT_COLUMNS

    def __init__(self, project=None, **kwargs):
        super().__init__(**kwargs)
        self.people = People(project)

    def check(self, texts: Mapping[str, str]) -> Checked:
        """Find the people, and let what KommIT's words mean tell what is ours."""
        checked = super().check(texts)
        values, errors = checked.values, checked.errors
        name_people(self.people, values, errors, "owner", "responsible")
        if kommit_type := values.get("kommit_type") or meant(KOMMIT_TYPES, texts.get("type")):
            values["kommit_type"] = kommit_type
            if "type" not in errors:
                values.setdefault("type", OF_KOMMIT[kommit_type])
        if taken_out := meant(USES, values.get("taken_out_note")):
            values.setdefault("taken_out", taken_out)
        return checked


def meant(words: Mapping[str, str], text: str | None) -> str | None:
    """Return the one answer that the words in a longer text point to, or None.

    >>> meant(USES, "Nye oppgaver i samme sone"), meant(USES, "Kvalitet eller innsparing"), meant(USES, "")
    ('moved', None, None)
    """
    told = (text or "").casefold()
    found = {answer for word, answer in words.items() if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", told)}
    return found.pop() if len(found) == 1 else None


def name_people(people: People, values, errors, *names) -> None:
    """Put the id of the person in place of each name; who is not found stands as an error at its cell."""
    for name in names:
        if name in values:
            try:
                values[f"{name}_id"] = people.find(values.pop(name))
            except ValueError as error:
                errors[name] = str(error)


class ChangesIn(BenefitsIn):
    """KommIT's analysis of changes alone: which change gives which benefit, and what it rests on."""

    columns = tuple(c for c in BENEFIT_COLUMNS if c.name in ("name", "change", "plan_goal", "assumptions"))


class OfBenefits(Sheet):
    """Rows that belong to benefits of one project, found again by their names."""

    def __init__(self, project=None, **kwargs):
        super().__init__(**kwargs)
        self.project = project
        self.people = People(project)
        self._benefits = None

    @property
    def benefits(self) -> dict:
        """Return folded name → benefit; asked for once."""
        if self._benefits is None:
            self._benefits = {fold(b.name): b for b in self.project.benefits.in_order().reverse()}
        return self._benefits

    def benefit_of(self, values, errors):
        """Return the benefit a row names; without one the error stands at its cell."""
        if "benefit" in errors or "benefit" not in values:
            return None
        found = self.benefits.get(fold(values["benefit"]))
        if found is None:
            errors["benefit"] = str(_("The project has no benefit with this name."))
        return found


DERIVED = "derived"  # the names of the fields that the sheet does not tell itself


class IndicatorSheet(OfBenefits):
    """One row for each indicator. Reads KommIT's follow-up plan too."""

    columns = (
        Column(
            "benefit",
            _("Benefit"),
            Words(200),
            NAME_OF_BENEFIT,
            required=True,
            value=lambda i: i.benefit.name,
        ),
        Column("name", _("What is measured"), Words(150), NAME_OF_INDICATOR, required=True),
        Column("unit", _("Unit"), Choice(Unit, words=UNITS)),
        Column("unit_label", _("Unit in words"), Words(60), ("Måleenhet",)),
        Column("method", _("Method"), Choice(Method)),
        Column("method_note", _("How it is measured"), Words(), ("Målemetode",)),
        Column("baseline", _("Baseline"), Amount(), ("Dagens verdi", "Nullpunkt")),
        Column("baseline_on", _("Baseline measured on"), Day(past=True)),
        Column("target", _("Target"), Amount(), ("Ønsket verdi", "Mål", "Målverdi")),
        Column("target_on", _("Target date"), Day(), ("Måldato",)),
        Column("tolerance", _("Allowed deviation"), Amount(least=0)),
        Column("frequency", _("How often"), Choice(Frequency)),
        Column("next_due_on", _("Next measurement"), Day()),
        Column(
            "measurer",
            _("Who measures"),
            Words(),
            value=lambda i: person_label(i.measurer) if i.measurer else "",
        ),
    )

    def check(self, texts: Mapping[str, str]) -> Checked:
        """Dates another workbook lacks: the baseline is from today, the target due when the benefit is."""
        checked = super().check(texts)
        values, errors = checked.values, checked.errors
        benefit = self.benefit_of(values, errors)
        name_people(self.people, values, errors, "measurer")
        values[DERIVED] = []
        if "unit" not in values and (told := values.get("unit_label")):
            units = {fold(label): unit for unit, label in Unit.choices} | UNITS
            values["unit"] = units.get(fold(told), Unit.COUNT)
            values[DERIVED].append("unit")
        if "baseline" in values and "baseline_on" not in values:
            values["baseline_on"] = timezone.localdate()
            values[DERIVED].append("baseline_on")
        if "target" in values and "target_on" not in values and "target_on" not in errors:
            if benefit and benefit.take_out_due_on:
                values["target_on"] = benefit.take_out_due_on
                values[DERIVED].append("target_on")
            else:
                errors["target_on"] = str(_("Write the day the target is to be reached."))
        if (start := values.get("baseline_on")) and (end := values.get("target_on")) and end <= start:
            errors["target_on"] = str(_("The target date must be after the baseline."))
        if benefit:
            values["benefit"] = benefit
        return checked


class MeasurementSheet(OfBenefits):
    """One row for each measurement that counts. Reads KommIT's follow-up of results too."""

    columns = (
        Column(
            "benefit",
            _("Benefit"),
            Words(200),
            NAME_OF_BENEFIT,
            required=True,
            value=lambda m: m.indicator.benefit.name,
        ),
        Column(
            "indicator",
            _("What is measured"),
            Words(150),
            NAME_OF_INDICATOR,
            required=True,
            value=lambda m: m.indicator.name,
        ),
        Column("value", _("Value"), Amount(), ("Dagens måling", "Målt", "Måling")),
        Column("said", _("What they told"), Words()),
        Column("on", _("Measured on"), Day(past=True), ("Dato", "Måledato", "Målt dato")),
        Column("comment", _("Comment"), Words(4000), ("Kommentar",)),
        Column("occasion", _("Occasion"), Choice(Measurement.Occasion)),
        (_("Source"), lambda m: str(m.get_source_display())),
        (_("By"), lambda m: m.by.position_or_name),
    )

    def __init__(self, project=None, **kwargs):
        super().__init__(project, **kwargs)
        self._indicators = None

    @property
    def indicators(self) -> dict:
        """Return (id of the benefit, folded name) → indicator; asked for once."""
        if self._indicators is None:
            found = Indicator.objects.active().filter(benefit__project=self.project).order_by("-pk")
            self._indicators = {(i.benefit_id, fold(i.name)): i for i in found}
        return self._indicators

    def check(self, texts: Mapping[str, str]) -> Checked:
        """Find the indicator, and let a measurement without a date be today's."""
        checked = super().check(texts)
        values, errors = checked.values, checked.errors
        benefit = self.benefit_of(values, errors)
        if benefit and "indicator" in values:
            found = self.indicators.get((benefit.pk, fold(values["indicator"])))
            if found is None:
                errors["indicator"] = str(_("The benefit has no indicator with this name in use."))
            else:
                values["indicator"] = found
        if "value" not in values and "said" not in values and "value" not in errors:
            errors["value"] = str(_("Write a number, for example 348."))
        values.setdefault("on", timezone.localdate())
        return checked
