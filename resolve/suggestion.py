"""The only place that chooses which earlier solutions are offered for a new case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from models.records import TicketId
from models.solutions import Solution, Suggestion
from resolve.earlier import Similar

HALF_AS_GOOD = timedelta(days=3 * 365)
"""A solution that has not worked for so long counts half: systems change."""
WORTH_WEIGHS = 0.3
"""The part of a solution's rank that hangs on how often it works; the rest is how alike the cases read."""


def suggest(
    found: Sequence[Similar], solved_by: Mapping[TicketId, Solution], now: datetime, *, least: float, most: int
) -> tuple[Suggestion, ...]:
    """The solutions of the cases found, best first, each once: at most so many, and none whose case is less alike than `least`.

    What failed oftener than it worked is not offered.
    """
    best: dict[int, Suggestion] = {}
    for similar in found:
        solution = solved_by.get(similar.ticket)
        if solution and similar.score >= least and solution.failed <= solution.worked and solution.id not in best:
            best[solution.id] = Suggestion(solution=solution, score=similar.score, case=similar.ticket)
    return tuple(sorted(best.values(), key=lambda one: (-_rank(one, now), one.solution.id))[:most])


def _rank(one: Suggestion, now: datetime) -> float:
    fresh: float = 0.5 ** max(0.0, (now - one.solution.used_at) / HALF_AS_GOOD)
    return one.score * (1 - WORTH_WEIGHS + WORTH_WEIGHS * one.solution.worth) * fresh
