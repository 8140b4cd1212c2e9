"""The only place where tickets of mailboxes in shadow are read, with what people did with the same matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from models.judgements import JUDGED, Decided
from models.kinds import Mode, ParcelKind, ParcelState
from models.people_tables import JudgementRow
from models.records import TicketId
from models.store.engine import Database
from models.store.judgements import standing
from models.tables import MailRow, ParcelRow, TicketRow
from models.trials import Trial, TrialSource

NEAR = timedelta(days=1)
"""Between a mail and the case that people opened for it."""

Known = Mapping[TicketId, tuple[TrialSource, Decided]]


class TrialShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, profile: str, since: datetime, limit: int) -> list[Trial]:
        """The organisation's tickets in shadow from that time on, the newest first."""
        query = (
            select(TicketRow)
            .where(TicketRow.profile == profile, TicketRow.opened_at >= since, TicketRow.mode == Mode.SHADOW, TicketRow.source_id.is_(None))
            .order_by(TicketRow.opened_at.desc(), TicketRow.id.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
            if not rows:
                return []
            known = {**_imported(connection, profile, rows), **_judged(connection, rows)}
            withheld = _withheld(connection, rows)
        return [_trial(row, known, withheld[row.id]) for row in rows]


def _trial(row: Row[Any], known: Known, withheld: Mapping[ParcelKind, int]) -> Trial:
    source, people = known.get(TicketId(row.id), (TrialSource.UNKNOWN, {}))
    stood = {field: getattr(row, field) for field in JUDGED} | {"team": row.guessed_team}
    return Trial(
        ticket=TicketId(row.id),
        opened_at=row.opened_at,
        unsure=row.unsure,
        said=row.verdict or stood,  # an older ticket kept no verdict beside what stands
        people=people,
        source=source,
        withheld=withheld,
    )


def _judged(connection: Connection, rows: Sequence[Row[Any]]) -> Known:
    """What people said last of each ticket, and did not take back."""
    query = select(JudgementRow.ticket_id, JudgementRow.meant).where(JudgementRow.ticket_id.in_([row.id for row in rows]))
    words = standing(connection.execute(query.order_by(JudgementRow.id)))
    return {TicketId(id): (TrialSource.JUDGED, row.meant) for id, row in words.items()}


def _imported(connection: Connection, profile: str, rows: Sequence[Row[Any]]) -> Known:
    """The case that was taken over for the same mail: it has its Message-ID, or its reporter and subject and nearly its hour."""
    first, last = min(row.opened_at for row in rows) - NEAR, max(row.opened_at for row in rows) + NEAR
    query = select(TicketRow).where(
        TicketRow.profile == profile, TicketRow.opened_at >= first, TicketRow.opened_at <= last, TicketRow.source_id.is_not(None)
    )
    by_id, by_likeness = dict[str, Row[Any]](), defaultdict[tuple[str, str], list[Row[Any]]](list)
    for case in connection.execute(query):
        by_id[case.source_id] = case
        by_likeness[case.reporter.lower(), case.sought].append(case)
    named = _message_ids(connection, rows)
    found: dict[TicketId, tuple[TrialSource, Decided]] = {}
    for row in rows:
        near = [case for case in by_likeness[row.reporter.lower(), row.sought] if abs(case.opened_at - row.opened_at) <= NEAR]
        nearest = sorted(near, key=lambda case: abs(case.opened_at - row.opened_at))
        same = next((case for case in (by_id.get(named.get(row.id, "")), *nearest) if case is not None), None)
        if same is not None:
            found[TicketId(row.id)] = TrialSource.IMPORTED, _people(same)
    return found


def _people(case: Row[Any]) -> Decided:
    """What people wrote on an imported case: what a machine guessed there is left out."""
    guessed = case.reasons.get("guessed", ())
    return {field: value for field in JUDGED if field not in guessed and (value := getattr(case, field)) is not None}


def _message_ids(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, str]:
    """That of the mail that opened each ticket."""
    query = select(MailRow.ticket_id, MailRow.message_id).where(MailRow.ticket_id.in_([row.id for row in rows])).order_by(MailRow.id.desc())
    return {ticket: message_id for ticket, message_id in connection.execute(query) if ticket is not None and message_id}


def _withheld(connection: Connection, rows: Sequence[Row[Any]]) -> Mapping[int, Mapping[ParcelKind, int]]:
    found = defaultdict[int, dict[ParcelKind, int]](dict)
    query = (
        select(ParcelRow.ticket_id, ParcelRow.kind, func.count())
        .where(ParcelRow.ticket_id.in_([row.id for row in rows]), ParcelRow.state == ParcelState.WITHHELD)
        .group_by(ParcelRow.ticket_id, ParcelRow.kind)
    )
    for ticket, kind, count in connection.execute(query):
        found[ticket or 0][ParcelKind(kind)] = count
    return found
