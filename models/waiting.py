"""The only place for what the store shows of what still waits, for hours when people work from paper. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.kinds import Mode, TicketStatus
from models.records import TicketId

Seen = Mapping[tuple[str, str], Mapping[int, frozenset[str]]]
"""UIDs by account and folder, then by UIDVALIDITY."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTicket:
    """A ticket that is not solved, as a person needs it on paper; its subject is without personal data."""

    id: TicketId
    opened_at: datetime
    due_at: datetime | None
    status: TicketStatus
    mode: Mode
    waits_for_reporter: bool
    type: str
    priority: int
    team: str
    subject: str
    reporter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Open tickets by team, gravity and due time; how many mails wait for a person in quarantine; which mails are done with."""

    tickets: tuple[OpenTicket, ...]
    quarantined: int
    handled: Seen
