"""The only place where the cases among which repeat problems are sought, what was found, and what people decided are read and written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, delete, insert, select

from models.kinds import TicketType
from models.records import Redacted, TicketId, safe_text
from models.repeats import Case, Repeat, RepeatId, Told, Word
from models.solutions import SolutionState
from models.store.engine import Database
from models.tables import RepeatRow, RepeatTicketRow, RepeatWordRow, SolutionRow, TicketRow


class RepeatShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def cases(self, profile: str) -> list[Case]:
        """All cases of the organisation, imported ones among them, first come first."""
        known = case(
            (SolutionRow.state == SolutionState.CONFIRMED, SolutionRow.text),
            (TicketRow.source_id.is_not(None), TicketRow.solution),
        )
        query = (
            select(
                TicketRow.id, TicketRow.opened_at, TicketRow.type, TicketRow.service, TicketRow.guessed_team,
                TicketRow.priority, TicketRow.reporter, TicketRow.subject, TicketRow.said, TicketRow.solved_at, known.label("known"),
            )
            .outerjoin(SolutionRow, SolutionRow.id == TicketRow.solution_id)
            .where(TicketRow.profile == profile)
            .order_by(TicketRow.opened_at, TicketRow.id)
        )  # fmt: skip
        with self._database.reading() as connection:
            return [_case(row) for row in connection.execute(query)]

    def imported_ids(self, profile: str) -> dict[TicketId, str]:
        """The ids that imported cases have in the system that they come from."""
        query = select(TicketRow.id, TicketRow.source_id).where(TicketRow.profile == profile, TicketRow.source_id.is_not(None))
        with self._database.reading() as connection:
            return {TicketId(row.id): row.source_id or "" for row in connection.execute(query)}

    def found(self, profile: str) -> list[Repeat]:
        """The repeats as they were found last, the first begun first."""
        shown = select(RepeatRow).where(RepeatRow.profile == profile).order_by(RepeatRow.first, RepeatRow.number)
        members = select(RepeatTicketRow).where(RepeatTicketRow.profile == profile).order_by(RepeatTicketRow.place)
        tickets = defaultdict[int, list[TicketId]](list)
        with self._database.reading() as connection:
            for row in connection.execute(members):
                tickets[row.number].append(TicketId(row.ticket_id))
            return [_repeat(row, tickets[row.number]) for row in connection.execute(shown)]

    def keep(self, profile: str, repeats: Sequence[Repeat]) -> None:
        """What was found now, in place of what was found before."""
        shown = [
            {
                "profile": profile, "number": one.id, "service": one.service, "reporters": one.reporters, "first": one.first,
                "last": one.last, "label": {"words": list(one.label)}, "name": one.name,
            }
            for one in repeats
        ]  # fmt: skip
        members = [
            {"profile": profile, "number": one.id, "ticket_id": ticket, "place": place}
            for one in repeats
            for place, ticket in enumerate(one.tickets)
        ]
        with self._database.writing() as connection:
            for table in (RepeatTicketRow, RepeatRow):
                connection.execute(delete(table).where(table.profile == profile))
            if shown:
                connection.execute(insert(RepeatRow), shown)
                connection.execute(insert(RepeatTicketRow), members)

    def told(self, profile: str) -> Told:
        """What people decided; of two words about the same cases or repeat the later holds."""
        with self._database.reading() as connection:
            rows = connection.execute(select(RepeatWordRow).where(RepeatWordRow.profile == profile).order_by(RepeatWordRow.id)).all()
        latest = {(row.one, row.other): row for row in rows}
        pairs = {kind: [pair for pair, row in latest.items() if row.word == kind] for kind in Word}
        return Told(
            together=tuple(frozenset({TicketId(one), TicketId(other)}) for one, other in pairs[Word.TOGETHER]),
            apart=frozenset((TicketId(one), TicketId(other)) for one, other in pairs[Word.APART]),
            names={RepeatId(one): latest[one, other].name for one, other in pairs[Word.NAME]},
        )

    def say(self, profile: str, word: Word, pairs: Sequence[tuple[TicketId, TicketId]], by: str, now: datetime) -> None:
        """Keep what a person decided of pairs of cases."""
        rows = [
            {"profile": profile, "word": word, "one": min(pair), "other": max(pair), "name": "", "said_by": by, "said_at": now}
            for pair in pairs
        ]
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert(RepeatWordRow), rows)

    def name(self, profile: str, repeat: RepeatId, name: Redacted, by: str, now: datetime) -> None:
        """Keep a person's name for a repeat."""
        row = {"profile": profile, "word": Word.NAME, "one": repeat, "other": 0, "name": name, "said_by": by, "said_at": now}
        with self._database.writing() as connection:
            connection.execute(insert(RepeatWordRow), row)


def _case(row: Any) -> Case:
    """What a case is about does not change when it is moved: the team is the one that it was thought to be for."""
    return Case(
        ticket=TicketId(row.id),
        at=row.opened_at,
        type=TicketType(row.type),
        service=row.service,
        team=row.guessed_team,
        priority=row.priority,
        reporter=row.reporter,
        text=safe_text(row.subject, row.said),
        solved_at=row.solved_at,
        solution=Redacted(row.known) if row.known else None,
    )


def _repeat(row: Row[Any], tickets: Sequence[TicketId]) -> Repeat:
    return Repeat(
        id=RepeatId(row.number),
        tickets=tuple(tickets),
        reporters=row.reporters,
        first=row.first,
        last=row.last,
        service=row.service,
        label=tuple(row.label["words"]),
        name=row.name,
    )
