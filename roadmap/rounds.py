"""Rounds that were read as a column of a phase's row, and not by a query of their own."""

from innovasjon.rows import day
from roadmap.models import PhaseRound, Project

ROUND = ("id", "number", "purpose", "started_on", "ended_on")


def round_of(project: Project, number: int, values: list) -> PhaseRound:
    pk, round_number, purpose, started_on, ended_on = values
    found = PhaseRound(
        pk=pk,
        project=project,
        phase=number,
        number=round_number,
        purpose=purpose,
        started_on=day(started_on),
        ended_on=day(ended_on),
    )
    found._state.adding = False
    return found
