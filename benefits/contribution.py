"""What the benefit tool adds to a project's pages, to «Min side» and to what a gate freezes."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits import after, facts, waiting, warnings, wording
from benefits.models import BenefitType, Deviation, Frequency, Measurement, TakenOut
from benefits.models.benefits import Horizon, Recipient, Risk
from benefits.models.indicators import Method, Unit
from benefits.reading import project_benefits
from innovasjon.templatetags.innovasjon import short_day
from roadmap.contributions import Blocker, Change, Contribution, Figure, Panel

TRANSITION = 5  # the gate that asks for an accepted benefit plan. Source: AS1
SHOWN = 3  # benefits on the overview


class BenefitsContribution(Contribution):
    name = "benefits"
    tools = {"Gevinstrealisering": "benefits:benefits"}
    sentences = {
        "benefit.added": gettext_lazy("Added the benefit «%(target)s»"),
        "benefit.changed": gettext_lazy("Changed the benefit «%(target)s»"),
        "benefit.deleted": gettext_lazy("Deleted the benefit «%(target)s»"),
        "benefit.calculated": gettext_lazy("Calculated what «%(target)s» is worth"),
        "benefit.year_set": gettext_lazy("Set the amount of a year for «%(target)s»"),
        "handover.accepted": gettext_lazy("Accepted to own «%(target)s»"),
        "handover.refused": gettext_lazy("Said no to owning «%(target)s»"),
        "indicator.added": gettext_lazy("Added the indicator «%(target)s»"),
        "indicator.changed": gettext_lazy("Changed the indicator «%(target)s»"),
        "indicator.deleted": gettext_lazy("Deleted the indicator «%(target)s»"),
        "indicator.path_set": gettext_lazy("Set the expected path of «%(target)s»"),
        "measurement.recorded": gettext_lazy("Recorded a measurement of «%(target)s»"),
        "measurement.corrected": gettext_lazy("Corrected a measurement of «%(target)s»"),
        "measurement.postponed": gettext_lazy("Moved the measurement of «%(target)s»"),
        "deviation.opened": gettext_lazy("A deviation in «%(target)s» was opened"),
        "deviation.lifted": gettext_lazy("The deviation in «%(target)s» was lifted to the project owner"),
        "deviation.closed": gettext_lazy("The deviation in «%(target)s» was closed"),
        "deviation.corrected": gettext_lazy(
            "The deviation in «%(target)s» was closed, because the number was wrong"
        ),
        "deviation.cause_written": gettext_lazy("Wrote the cause of the deviation in «%(target)s»"),
        "corrective_action.added": gettext_lazy("Decided the action «%(target)s»"),
        "corrective_action.changed": gettext_lazy("Followed up the action «%(target)s»"),
        "benefit_plan.accepted": gettext_lazy("Accepted the benefit plan"),
    } | after.SENTENCES
    field_labels = {
        "type": gettext_lazy("Type"),
        "horizon": gettext_lazy("Horizon"),
        "recipient": gettext_lazy("Who gets the benefit?"),
        "recipient_detail": gettext_lazy("Which group?"),
        "owner": gettext_lazy("Benefit owner in the line"),
        "description": gettext_lazy("Description"),
        "taken_out": gettext_lazy("What is the saving used for?"),
        "taken_out_note": gettext_lazy("How is it taken out?"),
        "take_out_action": gettext_lazy("What do we do to take it out?"),
        "take_out_due_on": gettext_lazy("Taken out by"),
        "assumptions": gettext_lazy("Assumptions"),
        "risk": gettext_lazy("Risk"),
        "risk_note": gettext_lazy("What may go wrong, and who follows it?"),
        "disbenefits": gettext_lazy("Disbenefits we accept"),
        "plan_goal": gettext_lazy("Goal in the municipality's plan"),
        "budget_year": gettext_lazy("Budget year"),
        "in_budget": gettext_lazy("The saving is in the budget already"),
        "follow_until": gettext_lazy("Measured until"),
        "unit": gettext_lazy("Unit"),
        "unit_label": gettext_lazy("Unit in words"),
        "method": gettext_lazy("How is it measured?"),
        "path": gettext_lazy("Expected path"),
        "baseline": gettext_lazy("Baseline"),
        "baseline_on": gettext_lazy("Baseline measured on"),
        "baseline_planned_on": gettext_lazy("When will the baseline be measured?"),
        "target": gettext_lazy("Target"),
        "target_on": gettext_lazy("Target date"),
        "tolerance": gettext_lazy("Allowed deviation"),
        "frequency": gettext_lazy("How often?"),
        "next_due_on": gettext_lazy("Next measurement"),
        "measurer": gettext_lazy("Who measures?"),
        "is_active": gettext_lazy("In use"),
        "value": gettext_lazy("Value"),
        "cause": gettext_lazy("Cause"),
        "what": gettext_lazy("What do you do?"),
        "progress": gettext_lazy("How far has it come?"),
        "done_on": gettext_lazy("Done on"),
        "gross": gettext_lazy("Planned this year"),
        "project_cost_nok": gettext_lazy("Project cost, kroner"),
        "operating_cost_nok": gettext_lazy("Operating cost, kroner"),
    }
    choices = {
        "type": dict(BenefitType.choices),
        "horizon": dict(Horizon.choices),
        "recipient": dict(Recipient.choices),
        "taken_out": dict(TakenOut.choices),
        "risk": dict(Risk.choices),
        "unit": dict(Unit.choices),
        "method": dict(Method.choices),
        "frequency": dict(Frequency.choices),
    }

    def blockers(self, project, today):
        """Open deviations hinder a plain «Gå videre»; gate 5 asks for an accepted benefit plan."""
        found = project_benefits(project, today)
        hinders = [
            Blocker(
                text=wording.deviation_blocker(figure),
                detail=wording.measured_and_expected(figure.deviation, figure.indicator),
                url=f"{figure.indicator.get_absolute_url()}#avvik",
                action=_("Open the deviation"),
            )
            for figure in found.deviations
        ]
        if project.phase == TRANSITION and found.plan_accepted_on is None:
            hinders.append(
                Blocker(
                    text=_("The benefit plan is not accepted"),
                    detail=_("The line takes over only when it is known who measures what."),
                    url=reverse("benefits:plan", args=[project.slug]),
                    action=_("Go to the benefit plan"),
                )
            )
        elif project.phase == TRANSITION and (gaps := warnings.plan_gaps(found)):
            hinders.append(
                Blocker(
                    text=_("The benefit plan is not what was accepted"),
                    detail=str(gaps[0].text),
                    url=reverse("benefits:plan", args=[project.slug]),
                    action=_("Go to the benefit plan"),
                )
            )
        return hinders

    def notices(self, project, today):
        return [
            Blocker(
                text=_("«%(name)s» is not measured") % {"name": figure.indicator.name},
                detail=_("It was due %(day)s.") % {"day": short_day(figure.indicator.next_due_on, today)},
                url=reverse(
                    "benefits:measure_indicator",
                    args=[project.slug, figure.indicator.benefit_id, figure.indicator.pk],
                ),
                action=_("Record the measurement"),
            )
            for figure in project_benefits(project, today).next_due
            if figure.is_overdue
        ]

    def fact(self, project, key):
        if from_rows := facts.FROM_ROWS.get(key):
            return from_rows(project)
        if key not in facts.FROM_FIGURES:
            return None
        return facts.fact(key, project_benefits(project, timezone.localdate()))

    def tasks(self, user, municipality, today):
        return waiting.tasks(user, municipality, today)

    def changes(self, project, since):
        """Measurements since a moment, with what was measured."""
        found = (
            Measurement.objects.of_project(project)
            .filter(at__gte=since)
            .select_related("indicator__benefit")
            .annotate(is_outside=Exists(Deviation.objects.in_force_at(OuterRef("on"), OuterRef("indicator"))))
            .order_by("-at", "-pk")
        )
        return [
            Change(
                at=m.at,
                text=wording.change(m),
                url=f"{self.indicator_url(project, m.indicator)}#malinger",
                tone="watch" if m.is_outside else "ok",
            )
            for m in found
        ]

    def indicator_url(self, project, indicator):
        return reverse("benefits:indicator", args=[project.slug, indicator.benefit_id, indicator.pk])

    def panels(self, project, today):
        found = project_benefits(project, today)
        rows = sorted(found.benefits, key=lambda f: (not f.deviations, not f.is_measured))[:SHOWN]
        return [Panel("benefits/_overview.html", {"found": found, "rows": rows})]

    def basis(self, project):
        found = project_benefits(project, timezone.localdate())
        return {"benefits": [self.row(row) for row in found.benefits]} if found.benefits else {}

    def row(self, found):
        """Return what is frozen of a benefit: numbers as they were, nothing that depends on the day."""
        main = found.main
        latest = main.latest if main else None
        return {
            "code": found.benefit.code,
            "name": found.benefit.name,
            "type": found.benefit.type,
            "owner": found.benefit.owner.position_or_name if found.benefit.owner else "",
            "indicator": main.indicator.name if main else "",
            "unit": str(main.indicator.unit_in_words) if main else "",
            "baseline": wording.plain(main.baseline) if main else "",
            "target": wording.plain(main.target) if main else "",
            "target_on": main.indicator.target_on if main else None,
            "latest": wording.plain(latest.value) if latest else "",
            "latest_on": latest.on if latest else None,
            "expected": wording.plain(latest.expected) if latest else "",
            "deviations": len(found.deviations),
        }

    def figures(self, project, today):
        found = project_benefits(project, today)
        if not found.benefits:
            return []
        on_plan, judged = found.on_plan
        detail = _("%(on)s of %(of)s on plan") % {"on": on_plan, "of": judged}
        if found.deviations:
            detail += f", {wording.deviations_headline(len(found.deviations))}"
        return [Figure(label=_("Benefits"), value=str(len(found.benefits)), detail=detail)]
