"""The only place where the log of access is written and read: who looked at what, who changed what. Only added to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import insert, select

from models.people import Note, Noted
from models.people_tables import AuditRow
from models.records import TicketId
from models.store.engine import Database

TOGETHER = 1_000


class AuditShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, notes: Sequence[Note]) -> None:
        if notes:
            with self._database.writing() as connection:
                connection.execute(insert(AuditRow), [_values(note) for note in notes])

    def read(self, since: datetime, until: datetime) -> Iterator[Note]:
        """All of that time, the oldest first."""
        last = 0
        while True:
            query = select(AuditRow).where(AuditRow.at >= since, AuditRow.at < until, AuditRow.id > last).order_by(AuditRow.id)
            with self._database.reading() as connection:
                rows = connection.execute(query.limit(TOGETHER)).all()
            if not rows:
                return
            last = rows[-1].id
            for row in rows:
                ticket = TicketId(row.ticket_id) if row.ticket_id is not None else None
                yield Note(at=row.at, who=row.who, what=Noted(row.what), ticket=ticket, about=row.about, facts=row.facts)


def _values(note: Note) -> dict[str, object]:
    return {
        "at": note.at, "who": note.who, "what": note.what, "ticket_id": note.ticket, "about": note.about, "facts": dict(note.facts or {}),
    }  # fmt: skip
