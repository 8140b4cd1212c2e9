"""The only place where timers are read and rung."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from models.outcomes import Rang, Scene
from models.records import TicketId
from models.store.deeds import Deed, write_deeds
from models.store.engine import Database
from models.tables import TicketRow, TimerRow
from models.timers import CLOCK, Timer, TimerDraft, TimerId, TimerKind


class TimerShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, profile: str, now: datetime, limit: int) -> list[tuple[Timer, TicketId]]:
        """Timers of the organisation's tickets whose time has come, the earliest first."""
        query = (
            _open_timers(profile)
            .where(TimerRow.due_at <= now)
            .with_only_columns(TimerRow.id, TimerRow.kind, TimerRow.due_at, TimerRow.round, TimerRow.ticket_id)
            .order_by(TimerRow.due_at, TimerRow.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [
                (Timer(id=TimerId(row.id), kind=TimerKind(row.kind), due_at=row.due_at, round=row.round), TicketId(row.ticket_id))
                for row in connection.execute(query)
            ]

    def next_due(self, profile: str) -> datetime | None:
        """When the organisation's next timer rings."""
        query = _open_timers(profile).with_only_columns(TimerRow.due_at).order_by(TimerRow.due_at).limit(1)
        with self._database.reading() as connection:
            found: datetime | None = connection.scalar(query)
        return found

    def record(self, outcomes: Sequence[Rang], scene: Scene) -> None:
        """Write what rang, in one transaction; what another process rang meanwhile is left out."""
        with self._database.writing() as connection:
            mine = [outcome for outcome in outcomes if _take(connection, outcome, scene)]
            deeds = [Deed(ticket=o.ticket, mail_id=None, step=o.step, mode=o.mode) for o in mine if o.step]
            write_deeds(self._database, connection, deeds, scene)

    def of_ticket(self, ticket: TicketId) -> list[TimerDraft]:
        """The timers that still run for a ticket, the earliest first."""
        query = select(TimerRow).where(TimerRow.ticket_id == ticket, TimerRow.done_at.is_(None)).order_by(TimerRow.due_at)
        with self._database.reading() as connection:
            return [TimerDraft(kind=TimerKind(row.kind), due_at=row.due_at, round=row.round) for row in connection.execute(query)]


def _open_timers(profile: str) -> Any:
    """Timers that run; while a ticket waits for its reporter its clock stands."""
    stands = TimerRow.kind.in_(CLOCK) & TicketRow.waiting_since.is_not(None)
    return select().select_from(TimerRow).join(TicketRow).where(TicketRow.profile == profile, TimerRow.done_at.is_(None), ~stands)


def _take(connection: Connection, outcome: Rang, scene: Scene) -> bool:
    """The timer's round is ours to ring, or was rung by another."""
    timer = outcome.timer
    ours = update(TimerRow).where(TimerRow.id == timer.id, TimerRow.round == timer.round, TimerRow.done_at.is_(None))
    again = {"due_at": outcome.again_at, "round": timer.round + 1}
    change = ours.values({"done_at": scene.now} if outcome.again_at is None else again)
    return connection.execute(change).rowcount == 1
