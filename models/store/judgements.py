"""The only place where what people said of the machine's decisions is written and read, and what they do to tickets at the pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.orm import aliased

from models.errors import ChangedMeanwhileError
from models.judgements import Act, Judged, Judgement, JudgementId
from models.kinds import ParcelState
from models.outcomes import Scene
from models.people_tables import JudgementRow
from models.records import MailId, TicketId
from models.store.deeds import Deed, write_deeds
from models.store.engine import Database
from models.tables import MailRow, ParcelRow, TicketRow

MOST_TAKEN_BACK = 200
"""Words that one person can take back, the last first."""


class JudgementShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def act(self, acts: Sequence[Act], scene: Scene) -> int:
        """Write what a person did, all or nothing; how many mails that waited for a yes may leave now.

        `ChangedMeanwhileError` where a ticket is no more what they saw, or where a mail left that should not have.
        """
        with self._database.writing() as connection:
            released = sum(_take(connection, act, scene) for act in acts)
            write_deeds(self._database, connection, [_deed(connection, act) for act in acts], scene)
            rows = [_values(act, act.judgement, scene) for act in acts if act.judgement]
            if rows:
                connection.execute(insert(JudgementRow), rows)
        return released

    def of_ticket(self, ticket: TicketId) -> list[Judged]:
        """The first first."""
        query = _judged().where(JudgementRow.ticket_id == ticket).order_by(JudgementRow.id)
        with self._database.reading() as connection:
            return [judged_of(row) for row in connection.execute(query)]

    def since(self, profile: str, since: datetime) -> list[Judged]:
        """The last of each ticket from that time on, the first first; none of those that were taken back."""
        query = _judged().where(JudgementRow.profile == profile, JudgementRow.at >= since).order_by(JudgementRow.id)
        with self._database.reading() as connection:
            return sorted(map(judged_of, standing(connection.execute(query)).values()), key=lambda judged: judged.id)

    def last_of(self, profile: str, by: str, since: datetime) -> list[Judged]:
        """What this person said last and can still take back: all that was said at once, each the last word on its ticket."""
        later = aliased(JudgementRow)
        overruled = select(later.id).where(later.ticket_id == JudgementRow.ticket_id, later.id > JudgementRow.id).exists()
        mine = (JudgementRow.profile == profile, JudgementRow.at >= since, JudgementRow.by == by, ~overruled)
        query = _judged().where(*mine).order_by(JudgementRow.at.desc(), JudgementRow.id).limit(MOST_TAKEN_BACK)
        with self._database.reading() as connection:
            found = [judged_of(row) for row in connection.execute(query)]
        theirs = [judged for judged in found if not judged.judgement.is_withdrawal]
        return [judged for judged in theirs if judged.at == theirs[0].at]


def _take(connection: Connection, act: Act, scene: Scene) -> int:
    """The ticket is ours to change from here on; how many mails were let go."""
    values: dict[str, Any] = {"version": TicketRow.version + 1}
    if act.judgement:
        values["judged_at"] = None if act.judgement.is_withdrawal else scene.now
    mine = update(TicketRow).where(TicketRow.id == act.ticket, TicketRow.version == act.seen, TicketRow.profile == scene.profile)
    if connection.execute(mine.values(values)).rowcount != 1:
        raise ChangedMeanwhileError(f"case {act.ticket} has changed since it was shown")
    if act.withhold:
        unsent = update(ParcelRow).where(ParcelRow.id.in_(act.withhold), ParcelRow.state.in_((ParcelState.HELD, ParcelState.WAITING)))
        if connection.execute(unsent.values(state=ParcelState.WITHHELD)).rowcount != len(act.withhold):
            raise ChangedMeanwhileError(f"a mail of case {act.ticket} left meanwhile")
    if act.release is None:
        return 0
    before, after = (ParcelState.HELD, ParcelState.WAITING) if act.release else (ParcelState.WAITING, ParcelState.HELD)
    kept = update(ParcelRow).where(ParcelRow.ticket_id == act.ticket, ParcelRow.state == before)
    return connection.execute(kept.values(state=after, due_at=scene.now, created_at=scene.now)).rowcount


def _deed(connection: Connection, act: Act) -> Deed:
    """What is sent with the original carries the mail that opened the ticket."""
    needed = any(parcel.with_original for parcel in act.step.parcels)
    first = connection.scalar(select(func.min(MailRow.id)).where(MailRow.ticket_id == act.ticket)) if needed else None
    original = MailId(first) if first is not None else None
    return Deed(ticket=act.ticket, mail_id=None, step=act.step, mode=act.mode, by=act.by, original=original)


def _values(act: Act, judgement: Judgement, scene: Scene) -> dict[str, Any]:
    return {
        "profile": scene.profile,
        "ticket_id": act.ticket,
        "by": act.by,
        "at": scene.now,
        "said": dict(judgement.said),
        "meant": dict(judgement.meant),
        "example": dict(judgement.example),
        "stood": dict(judgement.stood),
    }


def _judged() -> Any:
    return select(JudgementRow, TicketRow.sampled).join(TicketRow, TicketRow.id == JudgementRow.ticket_id)


def standing(rows: Iterable[Row[Any]]) -> dict[int, Row[Any]]:
    """By ticket the last of its rows, which are in the order in which they were said; none of tickets whose last word was taken back."""
    last = {row.ticket_id: row for row in rows}
    return {ticket: row for ticket, row in last.items() if row.meant}


def judged_of(row: Row[Any]) -> Judged:
    """From a row with every column of `JudgementRow`, and whether its ticket came up by lot."""
    return Judged(
        id=JudgementId(row.id),
        ticket=TicketId(row.ticket_id),
        by=row.by,
        at=row.at,
        sampled=row.sampled,
        judgement=Judgement(said=row.said, meant=row.meant, example=row.example, stood=row.stood),
    )
