"""The only place for what the index of earlier cases takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.records import Redacted, TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A case as the index keeps it. The first line of `text` is its subject, the rest the reporter's own words; both texts may be empty.

    `worked` says how often the solution worked, 0 to 1.
    """

    ticket: TicketId
    opened_at: datetime
    text: Redacted
    solution: Redacted
    service: str | None = None
    worked: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is like this text? Its first line is the subject. `at` is when it is asked: a case from long before counts a little less.

    With `earlier_only` nothing opened at that moment or later is found; `apart` is the ticket that asks, and never found.
    """

    text: Redacted
    at: datetime
    service: str | None = None
    earlier_only: bool = False
    apart: TicketId | None = None
    top: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A case that was found. `score` is 1 for the very same text, new, of the same service and with a solution that always works; 0 for nothing in common."""

    ticket: TicketId
    score: float
