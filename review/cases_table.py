"""The only place for the cases that something else is about: no word of a mail, each with the way to its own page."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from models.records import TicketId
from review.cases import line_of
from review.visit import Visit, is_seen


def table_of(visit: Visit, tickets: Collection[TicketId]) -> list[dict[str, Any]]:
    """The newest first; those of teams that this person does not see are left out."""
    lines = visit.store.cases.lines(sorted(tickets, reverse=True))
    return [line_of(visit, line) for line in lines if is_seen(line.team, visit.sees)]
