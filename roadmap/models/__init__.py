"""The journey: projects, their progress through the phases, and the gates between them."""

from roadmap.models.gates import DecisionRequest, GateCondition, GateDecision, Outcome
from roadmap.models.imports import ImportRow, SheetImport
from roadmap.models.log import LogEntry, RelatedProject
from roadmap.models.plan import Activity, Deliverable, Dependency, TeamShare, Tolerance
from roadmap.models.progress import ChecklistItem, Evidence, PhaseRound, ProjectPhase, Step
from roadmap.models.project import Condition, Project, ProjectMembership
from roadmap.models.risks import Consequence, Likelihood, Risk
from roadmap.models.story import Goal, KeyNumber, Picture, PlanLink, Quote, Story

__all__ = [
    "Activity",
    "ChecklistItem",
    "Condition",
    "Consequence",
    "DecisionRequest",
    "Deliverable",
    "Dependency",
    "Evidence",
    "GateCondition",
    "GateDecision",
    "Goal",
    "ImportRow",
    "KeyNumber",
    "Likelihood",
    "LogEntry",
    "Outcome",
    "PhaseRound",
    "Picture",
    "PlanLink",
    "Project",
    "ProjectMembership",
    "ProjectPhase",
    "Quote",
    "RelatedProject",
    "Risk",
    "SheetImport",
    "Step",
    "Story",
    "TeamShare",
    "Tolerance",
]
