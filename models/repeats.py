"""The only place for repeat problems as values: cases as the search for them sees them, what people decided, what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from models.kinds import TicketType
from models.records import Redacted, TicketId

RepeatId = NewType("RepeatId", int)
"""The number of the case that a repeat began with; it stays when the repeat grows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case of one desk; `text` is the subject and the reporter's own words.

    `service` is what the fault springs from as far as the desk tells services apart, `solution` None until a person has confirmed one.
    """

    ticket: TicketId
    at: datetime
    type: TicketType
    service: str | None
    team: str
    priority: int
    reporter: str
    text: Redacted
    solved_at: datetime | None = None
    solution: Redacted | None = None

    @property
    def about(self) -> str:
        """What the case is about, as `Verdict.about`."""
        return self.service or self.team


class Word(StrEnum):
    """What a person may say of two cases, or of a repeat."""

    TOGETHER = "together"
    APART = "apart"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What people decided: cases that belong together, pairs that do not, names they gave. Where the first two disagree, together wins."""

    together: tuple[frozenset[TicketId], ...] = ()
    apart: frozenset[tuple[TicketId, TicketId]] = frozenset()
    names: Mapping[RepeatId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Cases about one fault, first come first. `label`: telling words that more than one reporter used; it may be empty. `name`: a person's own."""

    id: RepeatId
    tickets: tuple[TicketId, ...]
    reporters: int
    first: datetime
    last: datetime
    service: str
    label: tuple[str, ...]
    name: str | None


class Direction(StrEnum):
    """Where the number of cases of one matter goes."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


class Holds(StrEnum):
    """What holds most against leaving a matter to a machine; each has a sentence in `data/pages`."""

    NOTHING = "nothing"
    SELDOM = "seldom"
    UNSOLVED = "unsolved"  # too few confirmed solutions to judge by
    SOLUTIONS = "solutions"  # solved in many ways
    JUDGEMENT = "judgement"  # faults, where a person must find out
    GRAVE = "grave"
    LONG = "long"  # hours of work each time


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Cases about one recurring matter, over any time. `label` as in `Repeat`."""

    tickets: tuple[TicketId, ...]
    type: TicketType
    service: str
    reporters: int
    first: datetime
    last: datetime
    label: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """`a_week`: how many cases more there are each week than the week before, beyond what the season brings."""

    direction: Direction
    a_week: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSolution:
    """The confirmed solution used most, `used` times among `solved` cases that have one."""

    text: Redacted
    used: int
    solved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """How well a machine could take a matter over, 0 to 1, and what holds most against it."""

    score: float
    holds: Holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The figures of one repeat or family. Hours are by the clock, from coming in to solved."""

    count: int
    reporters: int
    first: datetime
    last: datetime
    trend: Trend
    median_hours_to_solve: float | None
    known_solution: KnownSolution | None
    automation: Automation
