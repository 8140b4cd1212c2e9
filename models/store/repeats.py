"""The only place where the cases among which repeat problems are sought, what was found, and what people decided are read and written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, insert, select, update

from models.kinds import TicketType
from models.records import Redacted, TicketId, safe_text
from models.repeats import Account, Case, Repeat, RepeatId, Searched, Summed, Told, Word
from models.solutions import SolutionState
from models.store.engine import Database
from models.store.summaries import account_values, read_account
from models.tables import RepeatRow, RepeatSearchRow, RepeatTicketRow, RepeatWordRow, SolutionRow, TicketRow

NAMED_TOGETHER = 5_000
"""Tickets asked for in one query: both databases limit a statement's values."""


class RepeatShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def cases(self, profile: str, since: datetime | None = None) -> list[Case]:
        """The organisation's cases from that time on, or all; imported ones among them, first come first."""
        query = _cases(profile).order_by(TicketRow.opened_at, TicketRow.id)
        if since is not None:
            query = query.where(TicketRow.opened_at >= since)
        with self._database.reading() as connection:
            return [_case(row) for row in connection.execute(query)]

    def cases_of(self, profile: str, tickets: Collection[TicketId]) -> list[Case]:
        """Those of these cases that there are, first come first."""
        wanted, found = sorted(tickets), list[Case]()
        with self._database.reading() as connection:
            for start in range(0, len(wanted), NAMED_TOGETHER):
                query = _cases(profile).where(TicketRow.id.in_(wanted[start : start + NAMED_TOGETHER]))
                found += [_case(row) for row in connection.execute(query)]
        return sorted(found, key=lambda case: (case.at, case.ticket))

    def span(self, profile: str) -> tuple[datetime, datetime, int] | None:
        """When the first case came and when the last, and the newest case's number; None where there is none."""
        query = select(func.min(TicketRow.opened_at), func.max(TicketRow.opened_at), func.max(TicketRow.id)).where(
            TicketRow.profile == profile
        )
        with self._database.reading() as connection:
            first, last, newest = connection.execute(query).one()
        return (first, last, newest) if newest is not None else None

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

    def listed(self, profile: str, limit: int, offset: int = 0) -> list[Summed]:
        """The repeats as they were found last with their figures, those with most cases first; their tickets are not told."""
        query = select(RepeatRow).where(RepeatRow.profile == profile).order_by(RepeatRow.cases.desc(), RepeatRow.first, RepeatRow.number)
        with self._database.reading() as connection:
            return [_summed(row, []) for row in connection.execute(query.limit(limit).offset(offset))]

    def accounts(self, profile: str) -> dict[RepeatId, Account]:
        """The figures of all repeats that have any."""
        query = select(RepeatRow.number, RepeatRow.account).where(RepeatRow.profile == profile)
        with self._database.reading() as connection:
            return {RepeatId(row.number): read_account(row.account) for row in connection.execute(query) if row.account}

    def find(self, profile: str, number: RepeatId) -> Summed | None:
        shown = select(RepeatRow).where(RepeatRow.profile == profile, RepeatRow.number == number)
        members = select(RepeatTicketRow.ticket_id).where(RepeatTicketRow.profile == profile, RepeatTicketRow.number == number)
        with self._database.reading() as connection:
            row = connection.execute(shown).one_or_none()
            tickets = connection.scalars(members.order_by(RepeatTicketRow.place)).all() if row else []
        return _summed(row, tickets) if row else None

    def teams_of(self, profile: str, numbers: Collection[RepeatId]) -> dict[RepeatId, dict[str, int]]:
        """How many cases of each of these repeats each team has now, the most first."""
        counted = func.count().label("cases")
        query = (
            select(RepeatTicketRow.number, TicketRow.team, counted)
            .join(TicketRow, TicketRow.id == RepeatTicketRow.ticket_id)
            .where(RepeatTicketRow.profile == profile, RepeatTicketRow.number.in_(numbers))
            .group_by(RepeatTicketRow.number, TicketRow.team)
            .order_by(counted.desc(), TicketRow.team)
        )
        found = defaultdict[RepeatId, dict[str, int]](dict)
        with self._database.reading() as connection:
            for row in connection.execute(query):
                found[RepeatId(row.number)][row.team] = row.cases
        return dict(found)

    def keep(
        self, profile: str, found: Sequence[Summed], searched: Searched | None = None, *, instead: Collection[RepeatId] | None = None
    ) -> None:
        """What was found now, in place of all that was found before, or of the repeats named in `instead` alone."""
        gone = None if instead is None else {*instead, *(one.repeat.id for one in found)}
        with self._database.writing() as connection:
            for table in (RepeatTicketRow, RepeatRow):
                old = delete(table).where(table.profile == profile)
                connection.execute(old if gone is None else old.where(table.number.in_(gone)))
            _insert_found(connection, profile, found)
            if searched is not None:
                _note_search(connection, profile, {"at": searched.at, "whole_at": searched.whole_at, "newest": searched.newest})

    def searched(self, profile: str) -> Searched:
        """How far the search has come."""
        with self._database.reading() as connection:
            row = connection.execute(select(RepeatSearchRow).where(RepeatSearchRow.profile == profile)).one_or_none()
        return Searched(at=row.at, whole_at=row.whole_at, newest=row.newest, asked_at=row.asked_at) if row else Searched()

    def ask(self, profile: str, now: datetime) -> None:
        """A person wants all cases looked at again."""
        with self._database.writing() as connection:
            _note_search(connection, profile, {"asked_at": now})

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
        shown = update(RepeatRow).where(RepeatRow.profile == profile, RepeatRow.number == repeat)
        with self._database.writing() as connection:
            connection.execute(insert(RepeatWordRow), row)
            connection.execute(shown.values(name=name))

    def merge(self, profile: str, repeats: Sequence[Repeat], by: str, now: datetime) -> None:
        """A person says that these are one."""
        self.say(profile, Word.TOGETHER, _bonds([ticket for repeat in repeats for ticket in repeat.tickets]), by, now)

    def split(self, profile: str, repeat: Repeat, taken: Sequence[TicketId], by: str, now: datetime) -> None:
        """A person says that these cases have another cause than the rest: they stay apart from it, and so do the others together."""
        rest = [ticket for ticket in repeat.tickets if ticket not in set(taken)]
        self.say(profile, Word.APART, list(product(taken, rest)), by, now)
        self.say(profile, Word.TOGETHER, [*_bonds(taken), *_bonds(rest)], by, now)


def _bonds(tickets: Sequence[TicketId]) -> list[tuple[TicketId, TicketId]]:
    """As many pairs as hold them together."""
    return [(tickets[0], other) for other in tickets[1:]]


def _insert_found(connection: Connection, profile: str, found: Sequence[Summed]) -> None:
    shown, members = [_shown(profile, one) for one in found], [row for one in found for row in _members(profile, one.repeat)]
    if shown:
        connection.execute(insert(RepeatRow), shown)
        connection.execute(insert(RepeatTicketRow), members)


def _shown(profile: str, one: Summed) -> dict[str, Any]:
    repeat = one.repeat
    return {
        "profile": profile, "number": repeat.id, "service": repeat.service, "reporters": repeat.reporters, "first": repeat.first,
        "last": repeat.last, "label": {"words": list(repeat.label)}, "name": repeat.name, "cases": len(repeat.tickets),
        "account": account_values(one.account) if one.account else {},
    }  # fmt: skip


def _members(profile: str, repeat: Repeat) -> Iterator[dict[str, Any]]:
    for place, ticket in enumerate(repeat.tickets):
        yield {"profile": profile, "number": repeat.id, "ticket_id": ticket, "place": place}


def _note_search(connection: Connection, profile: str, values: dict[str, Any]) -> None:
    known = update(RepeatSearchRow).where(RepeatSearchRow.profile == profile)
    if connection.execute(known.values(values)).rowcount != 1:
        connection.execute(insert(RepeatSearchRow).values({"profile": profile, "newest": 0} | values))


def _cases(profile: str) -> Any:
    known = case(
        (SolutionRow.state == SolutionState.CONFIRMED, SolutionRow.text),
        (TicketRow.source_id.is_not(None), TicketRow.solution),
    )
    return (
        select(
            TicketRow.id, TicketRow.opened_at, TicketRow.type, TicketRow.service, TicketRow.guessed_team,
            TicketRow.priority, TicketRow.reporter, TicketRow.subject, TicketRow.said, TicketRow.solved_at, known.label("known"),
        )
        .outerjoin(SolutionRow, SolutionRow.id == TicketRow.solution_id)
        .where(TicketRow.profile == profile)
    )  # fmt: skip


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


def _summed(row: Row[Any], tickets: Sequence[int]) -> Summed:
    return Summed(repeat=_repeat(row, [TicketId(ticket) for ticket in tickets]), account=read_account(row.account) if row.account else None)
