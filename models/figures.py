"""The only place for counted cases as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.kinds import TicketStatus
from models.records import TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Open cases of one team and priority. `waiting` of them wait for their reporter."""

    team: str
    priority: int
    open: int
    oldest: datetime
    overdue: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A wish for change on a team's improvement list; `subject` is without personal data."""

    ticket: TicketId
    team: str
    opened_at: datetime
    subject: str
    status: TicketStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """How many cases came so, from such reporters, of this kind, about this service."""

    came_by: str
    reporter: str | None
    type: str
    service: str | None
    count: int
