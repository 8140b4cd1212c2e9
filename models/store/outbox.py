"""The only place where outgoing mails are claimed, settled and retried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, func, insert, null, select, update

from models.kinds import Channel, ParcelKind, ParcelState
from models.outcomes import Mailed, Parcel, ParcelDraft, ParcelFate, Scene
from models.records import ParcelId, TicketId
from models.store.deeds import parcel_values
from models.store.engine import Database
from models.store.mails import unpack
from models.tables import ContentRow, ParcelRow, TicketRow
from models.views import ParcelLine

LEASE = timedelta(minutes=15)
"""After this a claimed parcel is taken from a sender that does not answer for it."""

IN_HAND = (ParcelState.CLAIMED, ParcelState.SENDING)

MOST_DOUBTS = 1
"""How often a parcel whose fate is unknown is sent again: its receiver sees it twice at most."""

SETTLE = (
    update(ParcelRow)
    .where(ParcelRow.id == bindparam("b_id"), ParcelRow.worker == bindparam("b_holder"))
    .values(
        state=bindparam("b_state"),
        error=bindparam("b_error"),
        due_at=func.coalesce(bindparam("b_retry_at", type_=ParcelRow.due_at.type), ParcelRow.due_at),
        sent_at=bindparam("b_sent_at"),
        worker=bindparam("b_worker"),
        lease_until=bindparam("b_lease_until"),
        attempts=ParcelRow.attempts + bindparam("b_tried", type_=ParcelRow.attempts.type),
    )
)
"""Made once: it runs for every outgoing mail. Who lost it to another worker has no say any more."""


class Outbox:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, drafts: Sequence[ParcelDraft], scene: Scene) -> None:
        """Word to the leads of what concerns no ticket: it leaves at once, whatever the mailboxes' modes."""
        if drafts:
            with self._database.writing() as connection:
                connection.execute(insert(ParcelRow), [parcel_values(draft, scene) for draft in drafts])

    def last_put(self, profile: str, kind: ParcelKind) -> datetime | None:
        """When word of that kind was given last."""
        query = select(func.max(ParcelRow.created_at)).where(
            ParcelRow.ticket_id.is_(None), ParcelRow.profile == profile, ParcelRow.kind == kind
        )
        with self._database.reading() as connection:
            return connection.scalar(query)

    def claim(self, profile: str, worker: str, now: datetime, limit: int) -> list[Parcel]:
        """The organisation's parcels for this worker to send: the gravest tickets' first, then first come first served."""
        with self._database.writing() as connection:
            _give_back(connection, ParcelRow.lease_until < now)
            due = select(ParcelRow.id).where(ParcelRow.profile == profile, ParcelRow.state == ParcelState.WAITING, ParcelRow.due_at <= now)
            ids = _next(connection, due, limit, lock=not self._database.is_sqlite)
            change = (
                update(ParcelRow).where(ParcelRow.id.in_(ids)).values(state=ParcelState.CLAIMED, worker=worker, lease_until=now + LEASE)
            )
            if ids:
                connection.execute(change)
            return _load(connection, ids)

    def begin(self, parcels: Sequence[Parcel], worker: str, settled: Sequence[ParcelFate], now: datetime) -> frozenset[ParcelId]:
        """Write down what became of the parcels before, and that these are being sent: they, and no others, are in doubt now.

        Those that are still this worker's: what it lost meanwhile another one sends.
        """
        in_hand = {"b_worker": worker, "b_lease_until": now + LEASE}
        begun = [_fate_values(ParcelFate(id=parcel.id, state=ParcelState.SENDING), worker, now) | in_hand for parcel in parcels]
        held = select(ParcelRow.id).where(ParcelRow.id.in_([parcel.id for parcel in parcels]), ParcelRow.worker == worker)
        with self._database.writing() as connection:
            connection.execute(SETTLE, [*(_fate_values(fate, worker, now) for fate in settled), *begun])
            return frozenset(ParcelId(id) for id in connection.scalars(held))

    def settle(self, fates: Sequence[ParcelFate], worker: str, now: datetime) -> None:
        """Write down what became of parcels that this worker holds."""
        if fates:
            with self._database.writing() as connection:
                connection.execute(SETTLE, [_fate_values(fate, worker, now) for fate in fates])

    def workers(self) -> set[str]:
        """Everyone who has parcels in hand."""
        query = select(ParcelRow.worker).where(ParcelRow.state.in_(IN_HAND), ParcelRow.worker.is_not(None)).distinct()
        with self._database.reading() as connection:
            return {worker for worker in connection.scalars(query) if worker}

    def release(self, workers: Collection[str]) -> None:
        """Take their parcels from workers that are known to be dead."""
        if workers:
            with self._database.writing() as connection:
                _give_back(connection, ParcelRow.worker.in_(workers))

    def sent_since(self, since: datetime, kinds: Collection[ParcelKind], addresses: Collection[str]) -> Counter[str]:
        """How many mails of these kinds each of the addresses was sent after `since`."""
        query = (
            select(ParcelRow.recipient, func.count().label("sent"))
            .where(ParcelRow.recipient.in_(addresses), ParcelRow.sent_at >= since, ParcelRow.kind.in_(kinds))
            .group_by(ParcelRow.recipient)
        )
        with self._database.reading() as connection:
            return Counter({row.recipient: row.sent for row in connection.execute(query)})

    def told_since(self, since: datetime, kinds: Collection[ParcelKind], addresses: Collection[str]) -> list[ParcelDraft]:
        """What was sent of these kinds to each of the addresses after `since`."""
        if not addresses:
            return []
        query = select(ParcelRow, null().label("packed")).where(
            ParcelRow.recipient.in_(addresses), ParcelRow.sent_at >= since, ParcelRow.kind.in_(kinds)
        )
        with self._database.reading() as connection:
            return [_parcel(row).draft for row in connection.execute(query)]

    def of_ticket(self, ticket: TicketId) -> list[Mailed]:
        """Every mail that was made for a ticket, the first first; word to other systems is none."""
        query = select(ParcelRow).where(ParcelRow.ticket_id == ticket, ParcelRow.kind != ParcelKind.EVENT).order_by(ParcelRow.id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [Mailed(id=ParcelId(row.id), state=ParcelState(row.state), draft=_draft(row), created_at=row.created_at) for row in rows]

    def retry(self, ids: Sequence[ParcelId] | None, now: datetime) -> int:
        """Put dead parcels (all where `ids` is None) back in line, their age counted from now; how many they were."""
        change = update(ParcelRow).where(ParcelRow.state == ParcelState.DEAD)
        if ids is not None:
            change = change.where(ParcelRow.id.in_(ids))
        with self._database.writing() as connection:
            return connection.execute(
                change.values(state=ParcelState.WAITING, due_at=now, created_at=now, attempts=0, doubts=0, error=None)
            ).rowcount

    def list(self, states: Collection[ParcelState], limit: int = 1000) -> list[ParcelLine]:
        query = select(ParcelRow).where(ParcelRow.state.in_(states)).order_by(ParcelRow.id).limit(limit)
        with self._database.reading() as connection:
            return [_line(row) for row in connection.execute(query)]

    def find_sent(self, message_ids: Collection[str]) -> ParcelLine | None:
        """The outgoing mail that bears one of these Message-IDs."""
        query = select(ParcelRow).where(ParcelRow.message_id.in_(message_ids)).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return _line(row) if row else None

    def last_words(self, ticket: TicketId, kind: ParcelKind) -> str:
        """What the newest mail of this kind that left said in a ticket; empty where none did."""
        query = select(ParcelRow.facts).where(ParcelRow.ticket_id == ticket, ParcelRow.kind == kind, ParcelRow.state == ParcelState.SENT)
        with self._database.reading() as connection:
            facts = connection.scalar(query.order_by(ParcelRow.id.desc()).limit(1))
        return str(facts.get("text", "")) if facts else ""

    def counts(self) -> dict[ParcelState, int]:
        query = select(ParcelRow.state, func.count()).group_by(ParcelRow.state)
        with self._database.reading() as connection:
            found = {ParcelState(state): count for state, count in connection.execute(query)}
        return {state: found.get(state, 0) for state in ParcelState}

    def oldest_unsent(self) -> datetime | None:
        query = select(func.min(ParcelRow.created_at)).where(ParcelRow.state.in_((ParcelState.WAITING, *IN_HAND)))
        with self._database.reading() as connection:
            return connection.scalar(query)

    def next_due(self, profile: str) -> datetime | None:
        """When the organisation's next waiting parcel may be tried."""
        query = select(func.min(ParcelRow.due_at)).where(ParcelRow.profile == profile, ParcelRow.state == ParcelState.WAITING)
        with self._database.reading() as connection:
            return connection.scalar(query)


def _give_back(connection: Connection, whose: Any) -> None:
    """Parcels in the hands of the dead: in line again; one that was being sent goes to a person where that happened before."""
    in_doubt = ParcelRow.state == ParcelState.SENDING
    too_doubtful = and_(in_doubt, ParcelRow.doubts >= MOST_DOUBTS)
    connection.execute(
        update(ParcelRow)
        .where(ParcelRow.state.in_(IN_HAND), whose)
        .values(
            state=case((too_doubtful, ParcelState.DEAD), else_=ParcelState.WAITING),
            error=case((too_doubtful, "its sender died twice with it in hand: it may have arrived, look before a retry"), else_=None),
            doubts=ParcelRow.doubts + case((in_doubt, 1), else_=0),
            worker=None,
            lease_until=None,
        )
    )


def _next(connection: Connection, due: Any, limit: int, *, lock: bool) -> list[int]:
    gravest_first = (func.coalesce(TicketRow.priority, 1), ParcelRow.id)
    query = due.outerjoin(TicketRow, TicketRow.id == ParcelRow.ticket_id).order_by(*gravest_first).limit(limit)
    return list(connection.scalars(query.with_for_update(skip_locked=True, of=ParcelRow) if lock else query))


def _load(connection: Connection, ids: Sequence[int]) -> list[Parcel]:
    query = select(ParcelRow, ContentRow.packed).outerjoin(ContentRow, ContentRow.mail_id == ParcelRow.mail_id).where(ParcelRow.id.in_(ids))
    found = {row.id: _parcel(row) for row in connection.execute(query)}
    return [found[id] for id in ids]


def _draft(row: Any) -> ParcelDraft:
    return ParcelDraft(
        kind=ParcelKind(row.kind),
        to=row.recipient,
        language=row.language,
        facts=row.facts,
        with_original=row.mail_id is not None,
        in_reply_to=row.in_reply_to,
        to_team=row.to_team,
        channel=Channel(row.channel),
    )


def _parcel(row: Any) -> Parcel:
    return Parcel(
        id=ParcelId(row.id),
        ticket=row.ticket_id,
        profile=row.profile,
        message_id=row.message_id,
        draft=_draft(row),
        original=unpack(row.packed) if row.packed is not None else None,
        attempts=row.attempts,
        doubted=row.doubts > 0,
        created_at=row.created_at,
    )


def _fate_values(fate: ParcelFate, worker: str, now: datetime) -> dict[str, Any]:
    return {
        "b_id": fate.id,
        "b_holder": worker,
        "b_state": fate.state,
        "b_error": fate.error,
        "b_retry_at": fate.retry_at,
        "b_sent_at": now if fate.state is ParcelState.SENT else None,
        "b_worker": None,
        "b_lease_until": None,
        "b_tried": int(fate.tried),
    }


def _line(row: Row[Any]) -> ParcelLine:
    return ParcelLine(
        id=ParcelId(row.id),
        ticket=row.ticket_id,
        kind=ParcelKind(row.kind),
        state=ParcelState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        due_at=row.due_at,
        error=row.error,
    )
