"""Benefits with an indicator from 412 to 240, as the demo tells it."""

from datetime import date
from decimal import Decimal

import pytest

from benefits.actions import benefits, indicators
from benefits.models import Benefit, Handover, Indicator

BASELINE_ON, TARGET_ON = date(2026, 2, 28), date(2027, 6, 30)
MEASURED_ON = date(2026, 11, 13)


def make_benefit(project, *, by, name="Færre medisinturer", type="time_saved", **fields):
    fields.setdefault("recipient", "employee")
    return benefits.save_benefit(project=project, benefit=Benefit(name=name, type=type, **fields), by=by)


def make_indicator(project, *, by, benefit=None, asked=None, points=((MEASURED_ON, 321),), **fields):
    """An indicator that falls from 412 to 240, expected to be 321 in week 46, with tolerance 18."""
    benefit = benefit or make_benefit(project, by=by)
    values = {
        "name": "Medisinturer",
        "unit_label": "turer per uke",
        "baseline": Decimal(412),
        "baseline_on": BASELINE_ON,
        "target": Decimal(240),
        "target_on": TARGET_ON,
        "tolerance": Decimal(18),
        "frequency": "weekly",
    } | fields
    indicator = indicators.save_indicator(
        benefit=benefit, indicator=Indicator(**values), today=BASELINE_ON, by=by
    )
    indicators.set_path(indicator=indicator, points=[(on, Decimal(v)) for on, v in points], by=by)
    if asked:
        Handover.objects.create(benefit=benefit, to=asked, asked_by=by, asked_at=benefit.created_at)
    return indicator


@pytest.fixture
def indicator(project, leader):
    return make_indicator(project, by=leader)
