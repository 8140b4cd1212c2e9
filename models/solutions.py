"""The only place for solutions as values: how something was solved, in words that can be used again."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from models.records import Redacted, TicketId

SolutionId = NewType("SolutionId", int)


NUMBER = re.compile(r"\s*L-?(\d{1,9})\b[ .!]*(?:\n|$)", re.IGNORECASE)


def solution_number(id: SolutionId) -> str:
    """The number by which people name a solution: `L-12`."""
    return f"L-{id}"


def read_solution_number(text: str) -> SolutionId | None:
    """The solution that a text names on its first line and says no more there; None where it says anything else."""
    found = NUMBER.match(text)
    return SolutionId(int(found[1])) if found else None


class SolutionState(StrEnum):
    """How far a solution may be offered again."""

    PROPOSED = "proposed"  # a team wrote it; a lead has not looked
    CONFIRMED = "confirmed"  # may be offered
    RETIRED = "retired"  # no longer: out of date, wrong, or told by another


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A solution as it stands. `public`: reporters may be offered it, not teams alone. `cases`: how many were solved with it.

    `worked` and `failed` count what people said of it after it was used or offered; `used_at` is when it worked last.
    """

    id: SolutionId
    state: SolutionState
    public: bool
    text: Redacted
    version: int
    cases: int
    worked: int
    failed: int
    used_at: datetime

    @property
    def tried(self) -> int:
        return self.worked + self.failed

    @property
    def worth(self) -> float:
        """How often it works, 0 to 1."""
        return worth_of(self.worked, self.failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionSeen:
    """What stood there when a person decided on a solution: where it has changed since, nothing is written."""

    version: int
    state: SolutionState


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionQuery:
    """Which solutions are listed: in these states, with these words in their text.

    `teams` are those whose cases count, None for all. Whoever sees some teams' cases alone sees what was confirmed, and what solved one of those.
    """

    states: Collection[SolutionState]
    words: str = ""
    teams: frozenset[str] | None = None
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionVersion:
    """What a solution's text was from a moment on, and who wrote it."""

    number: int
    text: Redacted
    written_at: datetime
    written_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A confirmed solution for a new case: how sure the match is (0 to 1), and the case that it solved before."""

    solution: Solution
    score: float
    case: TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A case as later ones are held against it: its subject and the reporter's words, and how it was solved, without personal data.

    `source_id` is its id in the system that it was imported from. `worked` and `failed` are its solution's. `is_history`: it is
    closed, or was imported.
    """

    ticket: TicketId
    source_id: str | None
    opened_at: datetime
    text: Redacted
    solution: Redacted
    service: str | None
    worked: int
    failed: int
    is_history: bool

    @property
    def worth(self) -> float:
        """How often its solution works, 0 to 1; 0 where there is none."""
        return worth_of(self.worked, self.failed) if self.solution else 0.0


def worth_of(worked: int, failed: int) -> float:
    """How often something works, 0 to 1; what was hardly tried is taken for an even chance (Laplace's rule of succession)."""
    return (worked + 1) / (worked + failed + 2)
