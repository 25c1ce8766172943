"""To what effect: benefits, indicators, measurements, deviations, and how they live on in the line."""

from benefits.models.amounts import Calculation, HourRate, YearAmount
from benefits.models.benefits import Benefit, BenefitType, Handover, TakenOut
from benefits.models.deviations import CorrectiveAction, Deviation
from benefits.models.indicators import Frequency, Indicator, PathPoint, PlannedDate, Postponement, Reminder
from benefits.models.measurements import Measurement
from benefits.models.plan import BenefitPlan, MapLink, MapNode, PlanAcceptance
from benefits.models.suppliers import Delivery, SupplierAgreement, SupplierMeeting

__all__ = [
    "Benefit",
    "BenefitPlan",
    "BenefitType",
    "Calculation",
    "CorrectiveAction",
    "Delivery",
    "Deviation",
    "Frequency",
    "Handover",
    "HourRate",
    "Indicator",
    "MapLink",
    "MapNode",
    "Measurement",
    "PathPoint",
    "PlanAcceptance",
    "PlannedDate",
    "Postponement",
    "Reminder",
    "SupplierAgreement",
    "SupplierMeeting",
    "TakenOut",
    "YearAmount",
]
