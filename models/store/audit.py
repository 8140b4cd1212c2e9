"""The only place where the log of access is written, read and forgotten: who looked at what, who changed what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select

from models.people import Note, Noted, NoteSearch
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

    def read(self, search: NoteSearch) -> Iterator[Note]:
        """All of them, the oldest first, however many."""
        last = 0
        while True:
            query = select(AuditRow).where(*_wanted(search), AuditRow.id > last).order_by(AuditRow.id)
            with self._database.reading() as connection:
                rows = connection.execute(query.limit(TOGETHER)).all()
            if not rows:
                return
            last = rows[-1].id
            yield from map(_note, rows)

    def latest(self, search: NoteSearch, most: int, before: int | None = None) -> list[tuple[int, Note]]:
        """The newest of them with their numbers, the newest first; below a number where it is given."""
        older = () if before is None else (AuditRow.id < before,)
        query = select(AuditRow).where(*_wanted(search), *older).order_by(AuditRow.id.desc()).limit(most)
        with self._database.reading() as connection:
            return [(row.id, _note(row)) for row in connection.execute(query)]

    def forget(self, before: datetime) -> int:
        """Lines from before this hour; how many those were. In pieces, so that nobody waits long for the database."""
        gone = 0
        while True:
            piece = select(AuditRow.id).where(AuditRow.at < before).limit(TOGETHER)
            with self._database.writing() as connection:
                found = connection.execute(delete(AuditRow).where(AuditRow.id.in_(piece))).rowcount
            gone += found
            if found < TOGETHER:
                return gone


def _wanted(search: NoteSearch) -> tuple[ColumnElement[bool], ...]:
    wanted = [AuditRow.at >= search.since, AuditRow.at < search.until]
    if search.who:
        wanted.append(AuditRow.who == search.who)
    if search.ticket is not None:
        wanted.append(AuditRow.ticket_id == search.ticket)
    return tuple(wanted)


def _note(row: Row[Any]) -> Note:
    ticket = TicketId(row.ticket_id) if row.ticket_id is not None else None
    return Note(at=row.at, who=row.who, what=Noted(row.what), ticket=ticket, about=row.about, facts=row.facts)


def _values(note: Note) -> dict[str, object]:
    return {
        "at": note.at, "who": note.who, "what": note.what, "ticket_id": note.ticket, "about": note.about, "facts": dict(note.facts or {}),
    }  # fmt: skip
