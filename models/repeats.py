"""The only place for repeat problems as values: cases as the search for them sees them, what people decided, what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from models.kinds import TicketType
from models.records import Redacted, TicketId

MOST_DIGITS = 10

RepeatId = NewType("RepeatId", int)
"""The number of the case that a repeat began with; it stays when the repeat grows."""


def repeat_number(id: RepeatId) -> str:
    """The number by which people name a repeat: `R-12`."""
    return f"R-{id}"


def read_repeat_number(text: str) -> RepeatId | None:
    """`R-12` or `12`; None for anything else."""
    digits = text.strip().upper().removeprefix("R-")
    return RepeatId(int(digits)) if digits.isascii() and digits.isdecimal() and len(digits) < MOST_DIGITS else None


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


def reason_of(account: Account, sentences: Mapping[str, str]) -> str:
    """Why a matter suits a machine or does not: a sentence of the table `[automation]` in `data/pages`, with the figures it names."""
    solution, hours = account.known_solution, account.median_hours_to_solve
    return sentences[account.automation.holds].format(
        count=account.count,
        used=solution.used if solution else 0,
        solved=solution.solved if solution else 0,
        hours="-" if hours is None else f"{hours:.0f}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """A repeat with its figures. `account` is None for one that was found by an earlier version, until it is sought again."""

    repeat: Repeat
    account: Account | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """How far the search has come: when it was made, up to which case, when among all cases, and when a person asked for that."""

    at: datetime | None = None
    whole_at: datetime | None = None
    newest: int = 0
    asked_at: datetime | None = None
