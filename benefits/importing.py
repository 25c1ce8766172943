"""Benefits, indicators and measurements from a spreadsheet. What comes in goes through the same actions as
on the pages: a measurement opens its deviation, whatever it came from."""

from datetime import date

from django.utils.translation import gettext_lazy, ngettext

from benefits import calendars
from benefits.actions import benefits as benefit_actions
from benefits.actions import indicators as indicator_actions
from benefits.actions import measuring
from benefits.amount_sheets import AmountSheet
from benefits.models import Benefit, BenefitType, Handover, Indicator, Measurement, YearAmount
from benefits.models.benefits import Recipient
from benefits.sheets import DERIVED, BenefitsIn, ChangesIn, IndicatorSheet, MeasurementSheet
from benefits.workbooks import day_above, rows_of_table, shown, with_all_actions
from innovasjon.audit import as_stored
from innovasjon.rows import day
from innovasjon.spreadsheets.cells import fold
from innovasjon.spreadsheets.reading import MOST_ROWS
from roadmap.importing import Importer, Moved, rewrite

OF_TYPE = ("type", "taken_out")  # what a benefit with amounts keeps: hours never become kroner


class BenefitsImporter(Importer):
    """Benefits. A new one without type or recipient is of quality, for the municipality: to be put right."""

    kind = namespace = tab = "benefits"
    list_name = "benefits:benefits"
    file_title = gettext_lazy("Benefits")
    known_workbooks = gettext_lazy("KommIT's benefit workbook («PLANLEGGE - Gevinstreal.plan»), and our own.")
    model = Benefit
    open_fields = ("name", "type", "taken_out", "take_out_due_on", "budget_year")

    def sheet(self, project):
        return BenefitsIn(project)

    def rows_of_table(self, rows):
        return with_all_actions(rows_of_table(rows, "name", alone=True))

    def counted(self, n):
        return ngettext("%(n)s benefit", "%(n)s benefits", n) % {"n": n}

    def adjust(self, texts):
        """Other sheets copy names by formulas: what a formula showed is the name."""
        return shown(texts)

    def add(self, project, rows, *, today, by):
        given = {"type": BenefitType.QUALITY, "recipient": Recipient.MUNICIPALITY}
        made = []
        for values in rows:
            saved = benefit_actions.save_benefit(project=project, benefit=Benefit(**(given | values)), by=by)
            made.append((saved.pk, {"after": values}))
        return made

    def update(self, project, rows, *, today, by):
        stored = self.rows_of(project).select_related("owner", "responsible").in_bulk([pk for pk, _v in rows])
        traces = []
        for pk, values in rows:
            if values.get("type", stored[pk].type) != stored[pk].type and stored[pk].has_amounts:
                values = {name: value for name, value in values.items() if name not in OF_TYPE}
            traces.append(rewrite(stored[pk], values))
            if traces[-1]:
                benefit_actions.save_benefit(project=project, benefit=stored[pk], by=by)
        return traces

    def undo(self, project, rows):
        """Benefits that have got indicators since are kept."""
        measured = set(
            Indicator.objects.filter(benefit__in=[pk for pk, _t in rows]).values_list("benefit", flat=True)
        )
        free = [(pk, trace) for pk, trace in rows if pk not in measured or "before" in trace]
        for pk, trace in free:
            if owner := trace["after"].get("owner_id"):
                Handover.objects.waiting().filter(benefit=pk, to=owner).delete()
        return len(rows) - len(free) + super().undo(project, free)


class AmountsImporter(BenefitsImporter):
    """What benefits give year by year, with their type and importance."""

    kind = "analysis"
    namespace = "benefits:analysis"
    file_title = gettext_lazy("Benefits year by year")
    known_workbooks = gettext_lazy(
        "KommIT's benefit workbook («KONSEPT - Gevinstanalyse»), Digdir's «C- Prissatte netto gevinster», "
        "and our own."
    )

    def sheet(self, project):
        return AmountSheet(project)

    def add(self, project, rows, *, today, by):
        made = super().add(project, [without_years(values) for values in rows], today=today, by=by)
        benefits = self.rows_of(project).in_bulk([pk for pk, _trace in made])
        for (pk, _trace), values in zip(made, rows, strict=True):
            self.set_years(project, benefits[pk], values.get("years", {}), by=by)
        return made

    def update(self, project, rows, *, today, by):
        own = [(pk, without_years(values)) for pk, values in rows]
        traces = super().update(project, own, today=today, by=by)
        benefits = self.rows_of(project).prefetch_related("year_amounts").in_bulk([pk for pk, _v in rows])
        for place, (pk, values) in enumerate(rows):
            if changed := self.set_years(project, benefits[pk], values.get("years", {}), by=by):
                traces[place] = (traces[place] or {"before": {}, "after": {}}) | {"years": changed}
        return traces

    def set_years(self, project, benefit, years, *, by) -> list:
        """Set what differs; return [year, amount before, amount now] of each. Costs stay as they are."""
        benefit.project = project
        before = {amount.year: amount for amount in benefit.year_amounts.all()}
        changed = []
        for year, gross in years.items():
            known = before.get(year)
            if known is None or known.gross != gross:
                costs = {name: getattr(known, name, 0) for name in ("project_cost_nok", "operating_cost_nok")}
                benefit_actions.set_year(benefit=benefit, year=year, gross=gross, by=by, **costs)
                changed.append([year, known and known.gross, gross])
        return changed

    def undo(self, project, rows):
        """Take back the amounts nobody has changed since."""
        for pk, trace in rows:
            for year, before, after in trace.get("years", []):
                amounts = YearAmount.objects.filter(benefit__project=project, benefit=pk, year=year)
                amounts.filter(gross=after).update(gross=before)
                amounts.filter(gross=None, project_cost_nok=0, operating_cost_nok=0).delete()
        return super().undo(project, rows)


def without_years(values: dict) -> dict:
    return {name: value for name, value in values.items() if name != "years"}


class ChangesImporter(BenefitsImporter):
    """Where the benefits come from, where a whole workbook has both the changes and a plan."""

    kind = "changes"
    namespace = "benefits:changes"
    known_workbooks = gettext_lazy("KommIT's benefit workbook («KONSEPT - Endringsanalyse»).")

    def sheet(self, project):
        return ChangesIn(project)


class IndicatorsImporter(Importer):
    kind = "indicators"
    namespace = "benefits:indicators"
    tab = "benefits"
    list_name = "benefits:benefits"
    file_title = gettext_lazy("Indicators")
    known_workbooks = gettext_lazy("KommIT's benefit workbook («PLANLEGGE - Oppfølgingsplan»), and our own.")
    model = Indicator

    def sheet(self, project):
        return IndicatorSheet(project)

    def counted(self, n):
        return ngettext("%(n)s indicator", "%(n)s indicators", n) % {"n": n}

    def adjust(self, texts):
        return shown(texts)

    def told_above(self, above, today):
        told = day_above(above, "dato", "oppdatert")
        return {"baseline_on": told} if told else {}

    def rows_of_table(self, rows):
        return rows_of_table(rows, "benefit")

    def rows_of(self, project):
        return Indicator.objects.filter(benefit__project=project)

    def key(self, values):
        return f"{values['benefit'].pk}|{fold(values['name'])}"

    def twins(self, project):
        found = self.rows_of(project).order_by("-pk").values_list("pk", "benefit", "name")
        return {f"{benefit}|{fold(name)}": pk for pk, benefit, name in found}

    def add(self, project, rows, *, today, by):
        made = []
        for values in rows:
            own = {name: value for name, value in values.items() if name not in ("benefit", DERIVED)}
            benefit = values["benefit"]
            benefit.project = project
            saved = indicator_actions.save_indicator(
                benefit=benefit, indicator=Indicator(benefit=benefit, **own), today=today, by=by
            )
            if due_on := own.get("next_due_on"):
                Indicator.objects.filter(pk=saved.pk).update(next_due_on=due_on)
            made.append((saved.pk, {"after": {n: v for n, v in own.items() if n != "next_due_on"}}))
        return made

    def update(self, project, rows, *, today, by):
        stored = (
            self.rows_of(project)
            .select_related("benefit__project", "measurer")
            .in_bulk([pk for pk, _v in rows])
        )
        traces = []
        for pk, values in rows:
            derived = values.get(DERIVED, ())  # of what the sheet does not tell, what is stored stands
            known = [name for name in derived if getattr(stored[pk], name) not in (None, "")]
            own = {n: v for n, v in values.items() if n not in ("benefit", DERIVED, *known)}
            traces.append(rewrite(stored[pk], own))
            if traces[-1]:
                indicator_actions.save_indicator(
                    benefit=stored[pk].benefit, indicator=stored[pk], today=today, by=by
                )
        return traces

    def undo(self, project, rows):
        """Indicators that have been measured since are kept."""
        measured = set(
            Measurement.objects.filter(indicator__in=[pk for pk, _t in rows]).values_list(
                "indicator", flat=True
            )
        )
        free = [(pk, trace) for pk, trace in rows if pk not in measured or "before" in trace]
        return len(rows) - len(free) + super().undo(project, free)


class MeasurementsImporter(Importer):
    """Measured values: one for each indicator and period. A value that is there already can be corrected."""

    kind = "measurements"
    namespace = "benefits:measurements"
    tab = "benefits"
    list_name = "benefits:benefits"
    file_title = gettext_lazy("Measurements")
    known_workbooks = gettext_lazy(
        "KommIT's benefit workbook («REALISERE - Resultatoppfølging»), and our own."
    )
    model = Measurement
    adds_twins = False  # a period has one value
    undo_order = ("-trace__on", "-number")  # the newest value first
    batch = MOST_ROWS  # the order of the days goes through the whole sheet

    def sheet(self, project):
        return MeasurementSheet(project)

    def counted(self, n):
        return ngettext("%(n)s measurement", "%(n)s measurements", n) % {"n": n}

    def adjust(self, texts):
        return shown(texts)

    def told_above(self, above, today):
        return {"on": day_above(above, "dato") or f"{today:%d.%m.%Y}"}

    def rows_of_table(self, rows):
        """What is not measured is no measurement."""
        return rows_of_table(rows, "benefit", "indicator")

    def rows_of(self, project):
        return Measurement.objects.current().filter(indicator__benefit__project=project)

    def key(self, values):
        indicator = values["indicator"]
        return key_of(
            indicator.pk, indicator.frequency, values["on"], values.get("value"), values.get("said")
        )

    def twins(self, project):
        found = self.rows_of(project).values_list(
            "pk", "indicator", "indicator__frequency", "on", "value", "said"
        )
        return {key_of(pk, often, on, value, said): row for row, pk, often, on, value, said in found}

    def add(self, project, rows, *, today, by):
        """Keep the values in the order of their days, so that each is judged by those before it."""
        made, outcomes = {}, []
        for number, values in sorted(enumerate(rows), key=lambda pair: pair[1]["on"]):
            due_on = Indicator.objects.get(pk=values["indicator"].pk).next_due_on
            told = {name: value for name, value in values.items() if name not in ("benefit", "indicator")}
            try:
                outcome = measuring.record_measurement(
                    indicator=values["indicator"], by=by, source=Measurement.Source.SHEET, mail=False, **told
                )
            except measuring.AlreadyMeasured:
                raise Moved from None
            outcomes.append(outcome)
            measurement = outcome.measurement
            due = {"due_on": due_on, "due_then": measurement.indicator.next_due_on}
            made[number] = (measurement.pk, {"after": {}, "on": measurement.on, **due})
        measuring.mail_of_unsettled(outcomes, by=by)
        return [made[number] for number in range(len(rows))]

    def update(self, project, rows, *, today, by):
        """A value that differs is corrected; the old one stays beside it."""
        stored = self.rows_of(project).select_related("indicator").in_bulk([pk for pk, _v in rows])
        traces, outcomes = [], []
        for pk, values in rows:
            told = {
                name: values.get(name, getattr(stored[pk], name)) for name in ("value", "said", "comment")
            }
            if all(getattr(stored[pk], name) == value for name, value in told.items()):
                traces.append(None)
                continue
            try:
                outcome = measuring.correct_measurement(
                    measurement=stored[pk], source=Measurement.Source.SHEET, mail=False, by=by, **told
                )
            except measuring.AlreadyCorrected:
                raise Moved from None
            outcomes.append(outcome)
            traces.append({"after": as_stored(told), "before": {}, "correction": True})
        measuring.mail_of_unsettled(outcomes, by=by)
        return traces

    def undo(self, project, rows):
        """Take back values nothing has been built on, and what is due. Corrections stay."""
        kept = 0
        for pk, trace in rows:
            measurement = self.rows_of(project).select_related("indicator").filter(pk=pk).first()
            if "correction" in trace or measurement is None or not measuring.take_back(measurement):
                kept += 1
            else:
                due_as_before(measurement.indicator, trace)
        return kept


def due_as_before(indicator: Indicator, trace: dict) -> None:
    """Let the measurement wait that waited before the import, unless the calendar was moved since."""
    if "due_then" not in trace:  # brought in by a version that did not keep it
        return
    before, then = map(day, (trace["due_on"], trace["due_then"]))
    Indicator.objects.filter(pk=indicator.pk, next_due_on=then).update(next_due_on=before)


def key_of(indicator: int, frequency: str, on: date, value, said) -> str:
    """A number is the same as another of its period; a conversation as another of its day with its words."""
    if value is None:
        return f"{indicator}|{on}|{fold(said or '')[:120]}"
    return f"{indicator}|{calendars.period_of(frequency, on)}"
