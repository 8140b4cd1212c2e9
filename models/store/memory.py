"""The only place where cases that are history are read, as later ones are held against them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, func, select

from models.kinds import EventKind, TicketStatus
from models.records import Redacted, TicketId, safe_text
from models.solutions import Remembered
from models.store.engine import Database
from models.tables import EventRow, SolutionRow, TicketRow

MAKES_HISTORY = (EventKind.SOLVED, EventKind.CLOSED, EventKind.FAQ_HELPED, EventKind.IMPORTED, EventKind.REOPENED)
HISTORY = (TicketStatus.SOLVED, TicketStatus.ELSEWHERE)


class MemoryShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def changed(self, profile: str, after: int, limit: int) -> list[tuple[int, Remembered]]:
        """Cases that became history, or work again, after an event, each with its event's number, in the order of the events.

        A case may come more than once; it is always as it stands now.
        """
        query = (
            _cases()
            .add_columns(EventRow.id.label("event"))
            .join(EventRow, EventRow.ticket_id == TicketRow.id)
            .where(EventRow.id > after, EventRow.kind.in_(MAKES_HISTORY), TicketRow.profile == profile)
            .order_by(EventRow.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [(row.event, _remembered(row)) for row in connection.execute(query)]

    def last_event(self) -> int:
        """The number of the newest event, 0 where there is none."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.max(EventRow.id))) or 0

    def find(self, profile: str, named: str) -> Remembered | None:
        """The case of that number, with or without the desk's letters before it, or with that id in the system it was imported from."""
        number = named.rpartition("-")[2]
        ours = TicketRow.id == int(number) if number.isdecimal() and len(number) < 13 else TicketRow.source_id == named
        query = _cases().where(TicketRow.profile == profile, ours | (TicketRow.source_id == named))
        with self._database.reading() as connection:
            row = connection.execute(query.order_by((TicketRow.source_id == named).desc().nulls_last()).limit(1)).one_or_none()
        return _remembered(row) if row else None

    def find_all(self, tickets: list[TicketId]) -> dict[TicketId, Remembered]:
        with self._database.reading() as connection:
            return {TicketId(row.id): _remembered(row) for row in connection.execute(_cases().where(TicketRow.id.in_(tickets)))}

    def profiles(self) -> list[str]:
        """The organisations that have cases."""
        with self._database.reading() as connection:
            return list(connection.scalars(select(TicketRow.profile).distinct().order_by(TicketRow.profile)))


def _cases() -> Any:
    return select(
        TicketRow.id,
        TicketRow.source_id,
        TicketRow.opened_at,
        TicketRow.status,
        TicketRow.subject,
        TicketRow.said,
        TicketRow.service,
        func.coalesce(SolutionRow.text, TicketRow.solution, "").label("solved_by"),
        TicketRow.solution_id,
        SolutionRow.worked,
        SolutionRow.failed,
    ).outerjoin(SolutionRow, SolutionRow.id == TicketRow.solution_id)


def _remembered(row: Row[Any]) -> Remembered:
    """An imported case has its solution without personal data; one of ours has a solution of its own, or none that may be shown."""
    shown = row.solution_id is not None or row.source_id is not None
    return Remembered(
        ticket=TicketId(row.id),
        source_id=row.source_id,
        opened_at=row.opened_at,
        text=safe_text(row.subject, row.said),
        solution=Redacted(row.solved_by if shown else ""),
        service=row.service,
        worked=row.worked or 0,
        failed=row.failed or 0,
        is_history=row.status in HISTORY,
    )
