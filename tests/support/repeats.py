"""A repeat problem made up for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from models.records import TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """It has what a found one has."""

    repeat: str = "r1"
    label: str = "etikettskriver tom"
    tickets: tuple[TicketId, ...] = (TicketId(1), TicketId(2))
    reporters: int = 2
    first: datetime = datetime(2026, 2, 9, 9, tzinfo=UTC)
    last: datetime = datetime(2026, 2, 10, 9, tzinfo=UTC)
    trend: float = 0.5
    service: str | None = None
    median_hours_to_solve: float | None = 2.5
    known_solution: str | None = "Bytt rull."
    automation: float = 0.8
    reason: str = "Samme løsning hver gang."
