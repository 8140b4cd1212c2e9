"""The only place where what people said of the machine's decisions is written and read, and what they do to tickets at the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from models.errors import ChangedMeanwhileError
from models.judgements import Act, Judged, Judgement, JudgementId
from models.kinds import ParcelState
from models.outcomes import Scene
from models.people_tables import JudgementRow
from models.records import TicketId
from models.store.deeds import Deed, write_deeds
from models.store.engine import Database
from models.tables import ParcelRow, TicketRow


class JudgementShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def act(self, acts: Sequence[Act], scene: Scene) -> None:
        """Write what a person did, all or nothing. `ChangedMeanwhileError` where a ticket is no more what they saw."""
        with self._database.writing() as connection:
            for act in acts:
                _take(connection, act, scene)
            deeds = [Deed(ticket=act.ticket, mail_id=None, step=act.step, mode=act.mode, by=act.by) for act in acts]
            write_deeds(self._database, connection, deeds, scene)
            rows = [_values(act, act.judgement, scene) for act in acts if act.judgement]
            if rows:
                connection.execute(insert(JudgementRow), rows)

    def of_ticket(self, ticket: TicketId) -> list[Judged]:
        """The first first."""
        query = _judged().where(JudgementRow.ticket_id == ticket).order_by(JudgementRow.id)
        with self._database.reading() as connection:
            return [_found(row) for row in connection.execute(query)]

    def since(self, profile: str, since: datetime) -> list[Judged]:
        """The last of each ticket from that time on, the first first."""
        query = _judged().where(JudgementRow.profile == profile, JudgementRow.at >= since).order_by(JudgementRow.id)
        with self._database.reading() as connection:
            last = {row.ticket_id: _found(row) for row in connection.execute(query)}
        return sorted(last.values(), key=lambda judged: judged.id)


def _take(connection: Connection, act: Act, scene: Scene) -> None:
    values: dict[str, Any] = {"version": TicketRow.version + 1} | ({"judged_at": scene.now} if act.judgement else {})
    mine = update(TicketRow).where(TicketRow.id == act.ticket, TicketRow.version == act.seen, TicketRow.profile == scene.profile)
    if connection.execute(mine.values(values)).rowcount != 1:
        raise ChangedMeanwhileError(f"case {act.ticket} has changed since it was shown")
    if act.release:
        held = update(ParcelRow).where(ParcelRow.ticket_id == act.ticket, ParcelRow.state == ParcelState.HELD)
        connection.execute(held.values(state=ParcelState.WAITING, due_at=scene.now, created_at=scene.now))


def _values(act: Act, judgement: Judgement, scene: Scene) -> dict[str, Any]:
    return {
        "profile": scene.profile,
        "ticket_id": act.ticket,
        "by": act.by,
        "at": scene.now,
        "said": dict(judgement.said),
        "meant": dict(judgement.meant),
        "example": dict(judgement.example),
    }


def _judged() -> Any:
    return select(JudgementRow, TicketRow.sampled).join(TicketRow, TicketRow.id == JudgementRow.ticket_id)


def _found(row: Row[Any]) -> Judged:
    return Judged(
        id=JudgementId(row.id),
        ticket=TicketId(row.ticket_id),
        by=row.by,
        at=row.at,
        sampled=row.sampled,
        judgement=Judgement(said=row.said, meant=row.meant, example=row.example),
    )
