"""The journey: projects, their progress through the phases, and the gates between them."""

from roadmap.models.gates import DecisionRequest, GateCondition, GateDecision, Outcome
from roadmap.models.imports import ImportRow, SheetImport
from roadmap.models.progress import ChecklistItem, Evidence, PhaseRound, ProjectPhase, Step
from roadmap.models.project import Condition, Project, ProjectMembership

__all__ = [
    "ChecklistItem",
    "Condition",
    "DecisionRequest",
    "Evidence",
    "GateCondition",
    "GateDecision",
    "ImportRow",
    "Outcome",
    "PhaseRound",
    "Project",
    "ProjectMembership",
    "ProjectPhase",
    "SheetImport",
    "Step",
]
