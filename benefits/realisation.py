"""The benefit realisation plan, read once: page, PDF and the frozen document tell the same.

`document` is what is accepted: JSON, and nothing in it changes by itself from day to day.
"""

import hashlib
import json
from datetime import date
from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Sum
from django.utils.translation import gettext as _

from benefits import arithmetic, asking, benefit_map, warnings, wording
from benefits.arithmetic import ZERO
from benefits.figures import BenefitFigure, IndicatorFigure
from benefits.models import BenefitPlan, YearAmount
from benefits.models.benefits import BenefitType, TakenOut
from benefits.reading import project_benefits
from benefits.warnings import Warning
from innovasjon.access import ProjectRole
from roadmap.models import Project


def rows(project: Project, today: date) -> list[dict]:
    """Return each benefit as the plan tells it: owner, action, numbers from and to, and when."""
    return [row(figure) for figure in project_benefits(project, today).benefits]


def row(figure: BenefitFigure) -> dict:
    benefit = figure.benefit
    return {
        "code": benefit.code,
        "name": benefit.name,
        "type": benefit.get_type_display(),
        "recipient": benefit.get_recipient_display(),
        "recipient_detail": benefit.recipient_detail,
        "owner": benefit.owner.position_or_name if benefit.owner else "",
        "waits_for_owner": benefit.waiting_for,
        "taken_out": benefit.get_taken_out_display(),
        "taken_out_note": benefit.taken_out_note,
        "action": benefit.take_out_action,
        "due_on": benefit.take_out_due_on,
        "assumptions": benefit.assumptions,
        "risk": benefit.get_risk_display(),
        "risk_note": benefit.risk_note,
        "disbenefits": benefit.disbenefits,
        "plan_goal": benefit.plan_goal,
        "budget_year": benefit.budget_year,
        "in_budget": benefit.in_budget,
        "follow_until": benefit.follow_until,
        "indicators": [indicator_row(found) for found in figure.active],
    }


def indicator_row(figure: IndicatorFigure) -> dict:
    indicator = figure.indicator
    return {
        "name": indicator.name,
        "unit": indicator.unit_in_words,
        "method": indicator.method_note or indicator.get_method_display(),
        "baseline": told(indicator.baseline),
        "baseline_on": indicator.baseline_on,
        "target": told(indicator.target),
        "target_on": indicator.target_on,
        "tolerance": told(indicator.tolerance),
        "frequency": indicator.get_frequency_display(),
        "measurer": indicator.measurer.position_or_name if indicator.measurer else "",
        "path": [{"on": point.on, "value": told(point.value)} for point in figure.path],
    }


def told(value) -> str:
    return "" if value is None else asking.figure(value)


def lacks(project: Project, today: date) -> list[Warning]:
    """Return what the plan lacks before it can be accepted."""
    return warnings.plan_gaps(project_benefits(project, today))


def unanswered(project: Project, today: date) -> list[str]:
    """Return the benefits whose owner is asked and has not accepted yet."""
    return [f.benefit.name for f in project_benefits(project, today).benefits if f.benefit.waiting_for]


def present_value(project: Project, plan: BenefitPlan) -> dict | None:
    """Return the plan's present value in words, with its calculation; None when no year has an amount.

    Only avoided costs that become lower cost: kroner that leave the budget. Years without an amount
    between the first and the last count 0. Source: KT, see `arithmetic.present_value`.
    """
    direct = YearAmount.objects.filter(
        benefit__project=project,
        benefit__type=BenefitType.AVOIDED_COST,
        benefit__taken_out=TakenOut.LOWER_COST,
    )
    years = {
        year: (Decimal(gross or 0), Decimal(running or 0))
        for year, gross, running in direct.values_list("year")
        .annotate(gross=Sum("gross"), running=Sum("operating_cost_nok"))
        .order_by("year")
    }
    years = {year: pair for year, pair in years.items() if any(pair)}  # a project cost alone begins nothing
    if not years:
        return None
    whole = [years.get(year, (ZERO, ZERO)) for year in range(min(years), max(years) + 1)]
    value = arithmetic.present_value(
        [gain for gain, _cost in whole],
        [cost for _gain, cost in whole],
        Decimal(plan.investment_nok),
        plan.discount_rate / 100,
    )
    told_years = "; ".join(
        f"{year}: {wording.money(gain)} − {wording.money(cost)}" for year, (gain, cost) in years.items()
    )
    return {
        "value": wording.money(value, wording.in_millions([value])),
        "explanation": _(
            "Each year's gain − operating cost, divided by (1 + %(rate)s) once for every year from the "
            "first, less an investment of %(investment)s. %(years)s. Only kroner that leave the budget."
        )
        % {
            "rate": f"{asking.figure(plan.discount_rate)} %",
            "investment": wording.money(Decimal(plan.investment_nok)),
            "years": told_years,
        },
    }


def document(project: Project, today: date) -> dict:
    """Return the whole plan as JSON: what is rendered, frozen and compared."""
    plan = BenefitPlan.objects.filter(project=project).first() or BenefitPlan(project=project)
    people = {
        m.role: m.user
        for m in project.memberships.filter(role__in=[ProjectRole.OWNER, ProjectRole.LEADER])
        .select_related("user")
        .order_by("-pk")
    }
    found = benefit_map.read_map(project)
    data = {
        "municipality": project.municipality.name,
        "colour": project.municipality.colour,
        "shield": project.municipality.shield,
        "language": project.language,
        "project": {"name": project.name, "area": project.area, "case_reference": project.case_reference},
        "owner": person(people.get(ProjectRole.OWNER)),
        "leader": person(people.get(ProjectRole.LEADER)),
        "benefits": rows(project, today),
        "plan": {
            "meeting_frequency": plan.get_meeting_frequency_display(),
            "line_capacity": plan.line_capacity,
            "learning": plan.learning,
            "present_value": present_value(project, plan),
        },
        "map": [
            {"pk": box.pk, "column": box.column, "text": box.text, "leads_to": list(box.leads_to)}
            for box in found.boxes
        ],
        "suppliers": [
            {
                "supplier": agreement.supplier,
                "subject": agreement.subject,
                "deliveries": [
                    {"what": d.what, "promised": told(d.promised), "unit": d.unit_label, "due_on": d.due_on}
                    for d in sorted(agreement.deliveries.all(), key=lambda d: d.pk)
                ],
            }
            for agreement in project.supplier_agreements.prefetch_related("deliveries").order_by(
                "supplier", "pk"
            )
        ],
    }
    return json.loads(json.dumps(data, cls=DjangoJSONEncoder))


def person(user) -> dict:
    return {"name": user.name, "position": user.position} if user else {"name": "", "position": ""}


def digest(data: dict) -> str:
    """Return the plan's fingerprint: two people who see the same digest have read the same plan."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
