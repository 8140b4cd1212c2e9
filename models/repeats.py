"""The only place for repeat problems as values: cases as the search for them sees them, what people decided, what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    scope: str
    team: str
    priority: int
    reporter: str
    text: Redacted
    solved_at: datetime | None = None
    solution: Redacted | None = None

    @property
    def about(self) -> str:
        return self.service or self.team


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
