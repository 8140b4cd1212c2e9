"""The only place that makes the rows of a table of cases that something else is about: no word of a mail, each with the way to its own page."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from models.records import TicketId
from models.views import TicketLine
from review.visit import Visit


def table_of(visit: Visit, tickets: Collection[TicketId]) -> list[dict[str, Any]]:
    """The newest first; those of teams that this person does not see are left out."""
    lines = visit.store.tickets.lines(tickets)
    return [_row(visit, line) for line in reversed(lines) if visit.sees is None or line.team in visit.sees]


def _row(visit: Visit, line: TicketLine) -> dict[str, Any]:
    profile, number = visit.profile, visit.site.numbers.short(line.id)
    return {
        "id": line.id,
        "number": number,
        "path": f"/cases/{number}",
        "opened": visit.told(line.opened_at),
        "type": visit.said(profile.types, line.type),
        "level": line.priority,
        "priority": visit.said(profile.priorities, line.priority),
        "team": profile.team_title(line.team, visit.language),
        "status": line.status.value,
    }
