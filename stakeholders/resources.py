"""The stakeholder register as a spreadsheet, out and in; of groups alone, named persons never leave."""

from django.utils.translation import gettext_lazy as _

from innovasjon.spreadsheets import Choice, Column, Day, Sheet, Words, YesNo
from stakeholders.models import Attitude, Degree, DetailedGroup, Involvement, MainGroup, Reach, Stance
from stakeholders.wording import measure_status

# What other workbooks write. Sources: Digdir's interessentregister v4, KommIT's interessentanalyse
# (levels 1–3, attitudes −1, 0, 1), and both language forms.
DEGREES = {"lav": 1, "lite": 1, "små": 1, "moderat": 2, "høy": 3, "stort": 3, "svært stor": 3}
GROUPS = {
    "brukere": "user",
    "innbygger": "user",
    "pårørende": "relative",
    "ansatt": "employee",
    "medarbeider": "employee",
    "virksomhetsledelse": "employee",
    "leverandør": "other",
    "premissgiver": "other",
    "andre": "other",
    "andre interessenter": "other",
    "annen": "other",
}
ATTITUDES = {
    "-1": "sceptical",
    "0": "neutral",
    "1": "positive",
    "positive": "positive",
    "positivt": "positive",
    "velvillig": "positive",
    "støtter": "positive",
    "nøytrale": "neutral",
    "nøytralt": "neutral",
    "avventende": "neutral",
    "skeptiske": "sceptical",
    "negativ": "sceptical",
    "negative": "sceptical",
    "kritisk": "sceptical",
    "motstander": "sceptical",
    "ikke spurt": "unknown",
}
SOURCES = {"antatt": "assumed", "sa det selv": "said", "bekreftet": "said", "sagt": "said"}
INVOLVEMENTS = {
    "involveres": "active",
    "rådføre": "consulted",
    "informere": "informed",
    "holde informert": "informed",
    "involvere senere": "not_now",
    "ikke involvere": "not_now",
}


class PlanSheet(Sheet):
    """One row a measure, as it is on a day; those with named persons stay in the program."""

    def __init__(self, today):
        columns = (
            (_("Stakeholder"), lambda measure: measure.stakeholder.name),
            (_("What"), lambda measure: measure.what),
            (_("Goal"), lambda measure: measure.goal),
            (_("Message"), lambda measure: measure.message),
            (_("Channel"), lambda measure: measure.get_channel_display()),
            (_("When"), lambda measure: measure.on),
            (_("Responsible"), lambda measure: measure.responsible.name if measure.responsible else ""),
            (_("Status"), lambda measure: measure_status(measure, today)),
            (_("Phase"), lambda measure: measure.phase),
        )
        super().__init__(columns)


class RegisterSheet(Sheet):
    """One row a group. Writes `gaps.Row`, as the page and the report tell it."""

    columns = (
        Column(
            "name",
            _("Stakeholder"),
            Words(150),
            ("Organisasjon/Enhet/Gruppe", "Berørte interessenter", "Interessenter", "Gruppe", "Navn"),
            required=True,
            value=lambda row: row.stakeholder.name,
        ),
        Column(
            "person_name",
            _("Name of a person"),
            Words(150),
            ("Navn og linjerolle", "Kontaktperson", "Person"),
            leaves=False,
        ),
        Column(
            "line_role",
            _("Role in the line"),
            Words(150),
            ("Linjerolle", "Stilling"),
            value=lambda row: row.stakeholder.line_role,
        ),
        Column(
            "main_group",
            _("Main group"),
            Choice(MainGroup, words=GROUPS),
            ("Hovedkategori", "Hovedkategori type interessent", "Type interessent", "Kategori"),
            required=True,
            value=lambda row: row.stakeholder.main_group,
        ),
        Column(
            "detailed_group",
            _("Detailed group"),
            Choice(DetailedGroup),
            ("Interessentgruppe",),
            value=lambda row: row.stakeholder.detailed_group,
        ),
        Column("reach", _("Level"), Choice(Reach), value=lambda row: row.stakeholder.reach),
        Column(
            "how_affected",
            _("How are they affected?"),
            Words(),
            (
                "Tilknytning/relasjon til prosjektet",
                "Hvordan påvirkes interessenten av endringen?",
                "Hvordan berøres",
            ),
            value=lambda row: row.stakeholder.how_affected,
        ),
        Column(
            "strongly_affected",
            _("They are strongly affected"),
            YesNo(),
            value=lambda row: row.stakeholder.strongly_affected,
        ),
        Column(
            "influence",
            _("Influence"),
            Choice(Degree, words=DEGREES),
            ("Innflytelse og makt/vilje til påvirkning", "Påvirkningskraft", "Makt"),
            value=lambda row: row.stakeholder.influence,
        ),
        Column(
            "interest",
            _("Interest"),
            Choice(Degree, words=DEGREES),
            ("Interesse og vilje/evne til samarbeid",),
            value=lambda row: row.stakeholder.interest,
        ),
        Column(
            "attitude",
            _("Attitude now"),
            Choice(Attitude, words=ATTITUDES, in_prose=True),
            ("Holdning", "Forventning og holdning til prosjektet"),
            value=lambda row: row.attitude,
        ),
        Column(
            "source",
            _("How do we know?"),
            Choice(Stance.Source, words=SOURCES),
            value=lambda row: row.source,
        ),
        Column("attitude_on", _("Attitude since"), Day(past=True)),
        Column("wanted", _("Wanted attitude"), Choice(Attitude, words=ATTITUDES)),
        Column(
            "involvement",
            _("How do they take part?"),
            Choice(Involvement, words=INVOLVEMENTS),
            ("Involvering", "Involveres i gevinstarbeidet?"),
            value=lambda row: row.stakeholder.involvement,
        ),
        Column(
            "expected_role",
            _("Expected role in the implementation"),
            Words(),
            ("Forventet rolle",),
            value=lambda row: row.stakeholder.expected_role,
        ),
        Column(
            "information_need",
            _("What do they need to know?"),
            Words(),
            ("Interessentens informasjonsbehov", "Informasjonsbehov"),
            value=lambda row: row.stakeholder.information_need,
        ),
        Column(
            "in_advisory_group",
            _("Member of the advisory group"),
            YesNo(),
            ("Rådgivningsgruppe",),
            value=lambda row: row.stakeholder.in_advisory_group,
        ),
        (_("Last talk"), lambda row: row.last_contact_on),
        Column(
            "next_what",
            _("Next contact"),
            Words(200),
            (
                "Hovedtiltak",
                "Hovedtiltak evt. ref. til tiltaksplan",
                "Tiltak",
                "Strategi for forankring, kommunikasjon og opplæring",
            ),
        ),
        Column("next_on", _("When"), Day(), ("Frist", "Når", "Dato")),
    )
