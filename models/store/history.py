"""The only place where earlier cases of other systems are written: tickets that are history, and no work of anybody's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from models.cases import sought_of
from models.history import JudgedCase
from models.kinds import CameBy, EventKind, Mode, TicketStatus
from models.store.engine import Database
from models.store.mails import insert_new
from models.store.tickets import SAID_KEPT
from models.tables import EventRow, TicketRow

NO_ACCOUNT = ""
"""No mailbox is called so: what no mailbox stands behind may send nothing."""


class HistoryShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, profile: str, source_ids: Collection[str]) -> frozenset[str]:
        """Those of these ids, at most some thousands, under which the organisation has a ticket."""
        query = select(TicketRow.source_id).where(TicketRow.profile == profile, TicketRow.source_id.in_(source_ids))
        with self._database.reading() as connection:
            return frozenset(id for id in connection.scalars(query) if id)

    def keep(self, profile: str, cases: Sequence[JudgedCase], now: datetime) -> int:
        """Write earlier cases in one transaction; how many of them were new. One that is there stays as it is.

        They have no participants, no threads, no timers and no parcels: no mail finds its way into them, and none leaves for them.
        """
        if not cases:
            return 0
        with self._database.writing() as connection:
            statement = insert_new(self._database, TicketRow).returning(TicketRow.id)
            ids = connection.scalars(statement, [_values(judged, profile) for judged in cases]).all()
            events = [{"ticket_id": id, "mail_id": None, "at": now, "kind": EventKind.IMPORTED} for id in ids]
            if events:
                connection.execute(insert(EventRow), events)
        return len(ids)


def _values(judged: JudgedCase, profile: str) -> dict[str, Any]:
    """`confidence` has guessed fields alone; `reasons` names them all, for a guess must never be taken for a person's word."""
    case, mail = judged.case, judged.case.mail
    return {
        "profile": profile,
        "source_id": case.source_id,
        "account": NO_ACCOUNT,
        "mode": Mode.SHADOW,
        "status": TicketStatus.SOLVED if case.closed_at else TicketStatus.ELSEWHERE,
        "opened_at": case.opened_at,
        "solved_at": case.closed_at,
        "subject": mail.safe_subject,
        "sought": sought_of(mail.safe_subject),
        "said": mail.safe_reply[:SAID_KEPT],
        "reporter": case.reporter,
        "language": judged.language,
        "type": judged.type,
        "priority": judged.priority,
        "scope": judged.scope,
        "service": judged.service,
        "team": judged.team,
        "guessed_team": judged.team,
        "unsure": False,
        "patient_safety": False,
        "change_request": False,
        "confidence": {field: sure for field, sure in judged.guessed.items() if sure is not None},
        "reasons": {"reasons": [], "guessed": list(judged.guessed)},
        "solution": case.solution,
        "came_by": CameBy.IMPORT,
    }
