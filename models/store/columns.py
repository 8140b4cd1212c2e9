"""The only place where the past is read by the column: every ticket of a time with its events and outgoing mails, quickly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from models.columns import EventColumns, ParcelColumns, TicketColumns
from models.kinds import TicketStatus
from models.store.engine import Database
from models.tables import EventRow, ParcelRow, TicketRow

TOGETHER = 10_000
"""Rows taken from the driver at once: memory holds the columns, not the rows."""
UNKNOWN = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """An organisation's tickets that were open at any time from `since` until before `until`."""

    profile: str
    since: datetime
    until: datetime

    def holds(self) -> tuple[ColumnElement[bool], ...]:
        """A ticket solved earlier is none of them; one that is open again has an hour at which it was solved all the same."""
        was_open = (TicketRow.status != TicketStatus.SOLVED) | TicketRow.solved_at.is_(None) | (TicketRow.solved_at >= self.since)
        return TicketRow.profile == self.profile, TicketRow.opened_at < self.until, was_open


class ColumnShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def tickets(self, stretch: Stretch) -> TicketColumns:
        """The stretch's tickets by number, no address among what is read of them."""
        plain = {
            "ticket": TicketRow.id, "opened": TicketRow.opened_at, "solved": TicketRow.solved_at, "due": TicketRow.due_at,
            "status": TicketRow.status, "mode": TicketRow.mode, "came_by": TicketRow.came_by, "type": TicketRow.type,
            "priority": TicketRow.priority, "scope": TicketRow.scope, "service": TicketRow.service, "team": TicketRow.team,
            "guessed_team": TicketRow.guessed_team, "reporter_kind": TicketRow.reporter_kind, "language": TicketRow.language,
            "incident": TicketRow.incident_id, "unsure": TicketRow.unsure, "patient_safety": TicketRow.patient_safety,
            "change_request": TicketRow.change_request,
        }  # fmt: skip
        changed = {"reporter": TicketRow.reporter, "confidence": TicketRow.confidence}
        read = self._read(plain | changed, select().where(*stretch.holds()).order_by(TicketRow.id))
        sureness: list[Mapping[str, float]] = read.pop("confidence")
        return TicketColumns(
            **read | {"reporter": _numbered(read["reporter"])},
            confidence_type=_sure(sureness, "type"),
            confidence_priority=_sure(sureness, "priority"),
            confidence_team=_sure(sureness, "team"),
        )

    def events(self, stretch: Stretch) -> EventColumns:
        """All that had happened in the stretch's tickets when it ended, from their opening on."""
        named = {"ticket": EventRow.ticket_id, "at": EventRow.at, "kind": EventRow.kind}
        query = select().select_from(EventRow).join(TicketRow).where(*stretch.holds(), EventRow.at < stretch.until).order_by(EventRow.id)
        return EventColumns(**self._read(named, query))

    def parcels(self, stretch: Stretch) -> ParcelColumns:
        """The outgoing mails of the stretch's tickets that might leave before it ended."""
        named = {
            "ticket": ParcelRow.ticket_id, "kind": ParcelRow.kind, "to_team": ParcelRow.to_team, "channel": ParcelRow.channel,
            "state": ParcelRow.state, "created": ParcelRow.created_at, "sent": ParcelRow.sent_at,
        }  # fmt: skip
        query = select().select_from(ParcelRow).join(TicketRow).where(*stretch.holds(), ParcelRow.created_at < stretch.until)
        return ParcelColumns(**self._read(named, query.order_by(ParcelRow.id)))

    def _read(self, named: Mapping[str, Any], query: Select[Any]) -> dict[str, list[Any]]:
        columns: list[list[Any]] = [[] for _ in named]
        with self._database.reading() as connection:
            # No cursor on the server (`yield_per`): PostgreSQL plans one for its first rows, and all of them took minutes.
            for rows in connection.execute(query.with_only_columns(*named.values())).partitions(TOGETHER):
                for column, values in zip(columns, zip(*rows, strict=True), strict=True):
                    column.extend(values)
        return dict(zip(named, columns, strict=True))


def _numbered(addresses: Iterable[str]) -> list[int]:
    """Each address as the number of its first appearance: an order that says nothing of the person."""
    free, numbers = count(1), dict[str, int]()
    return [numbers[address] if address in numbers else numbers.setdefault(address, next(free)) for address in addresses]


def _sure(sureness: Iterable[Mapping[str, float]], field: str) -> list[float]:
    return [float(found.get(field, UNKNOWN)) for found in sureness]
