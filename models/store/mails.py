"""The only place where kept mails and the ledger of UIDs are read and written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from isal import isal_zlib
from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from models.kinds import MailState
from models.records import MailId, MailKey, RawMail, TicketId
from models.store.engine import Database
from models.tables import ContentRow, MailRow, SightingRow, Table
from models.views import KeptMail, QuarantinedMail


class MailShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def known_uids(self, account: str, folder: str, uidvalidity: int) -> frozenset[str]:
        """UIDs that need not be fetched again."""
        query = select(SightingRow.uid).where(
            SightingRow.account == account, SightingRow.folder == folder, SightingRow.uidvalidity == uidvalidity
        )
        with self._database.reading() as connection:
            return frozenset(connection.scalars(query))

    def keep(self, raws: Sequence[RawMail]) -> list[MailId]:
        """The ids under which these mails lie, committed. A mail seen before, anywhere, keeps its first id."""
        if not raws:
            return []
        packed = {raw.fingerprint: isal_zlib.compress(raw.content) for raw in reversed(raws)}  # of two copies the first
        with self._database.writing() as connection:
            connection.execute(insert_new(self._database, MailRow), [_mail_values(raw) for raw in raws])
            ids = _ids_by_fingerprint(connection, raws)
            contents = [{"mail_id": ids[fingerprint], "packed": content} for fingerprint, content in packed.items()]
            connection.execute(insert_new(self._database, ContentRow), contents)
            sightings = [_sighting_values(raw, ids[raw.fingerprint]) for raw in raws]
            connection.execute(insert_new(self._database, SightingRow), sightings)
        return [MailId(ids[raw.fingerprint]) for raw in raws]

    def waiting(self, limit: int) -> list[MailId]:
        """Mails not yet handled, the oldest first."""
        query = select(MailRow.id).where(MailRow.state == MailState.RECEIVED).order_by(MailRow.id).limit(limit)
        with self._database.reading() as connection:
            return [MailId(id) for id in connection.scalars(query)]

    def load(self, ids: Iterable[MailId]) -> list[KeptMail]:
        """The mails with these ids that still wait, the oldest first."""
        query = (
            select(MailRow, ContentRow.packed)
            .join(ContentRow, ContentRow.mail_id == MailRow.id)
            .where(MailRow.id.in_(list(ids)), MailRow.state == MailState.RECEIVED)
            .order_by(MailRow.id)
        )
        with self._database.reading() as connection:
            return [_kept(row) for row in connection.execute(query)]

    def find(self, id: MailId) -> KeptMail | None:
        """A mail in any state, however long ago it came."""
        query = select(MailRow, ContentRow.packed).join(ContentRow, ContentRow.mail_id == MailRow.id).where(MailRow.id == id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return _kept(row) if row else None

    def first_of(self, ticket: TicketId) -> KeptMail | None:
        """The mail that opened a ticket; None where it is forgotten, or where the ticket came from another system."""
        query = select(MailRow, ContentRow.packed).join(ContentRow, ContentRow.mail_id == MailRow.id).where(MailRow.ticket_id == ticket)
        with self._database.reading() as connection:
            row = connection.execute(query.order_by(MailRow.id).limit(1)).one_or_none()
        return _kept(row) if row else None

    def unfiled(self, account: str, folder: str, uidvalidity: int) -> list[tuple[MailKey, MailState]]:
        """Mails whose fate is settled in the store and not yet shown in the mailbox."""
        query = (
            select(SightingRow.uid, MailRow.state)
            .join(MailRow, MailRow.id == SightingRow.mail_id)
            .where(
                SightingRow.account == account,
                SightingRow.folder == folder,
                SightingRow.uidvalidity == uidvalidity,
                SightingRow.filed.is_(False),
                MailRow.state != MailState.RECEIVED,
            )
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [(MailKey(account=account, folder=folder, uidvalidity=uidvalidity, uid=uid), MailState(state)) for uid, state in rows]

    def mark_filed(self, keys: Sequence[MailKey]) -> None:
        if not keys:
            return
        change = (
            update(SightingRow)
            .where(
                SightingRow.account == bindparam("b_account"),
                SightingRow.folder == bindparam("b_folder"),
                SightingRow.uidvalidity == bindparam("b_uidvalidity"),
                SightingRow.uid == bindparam("b_uid"),
            )
            .values(filed=True)
        )
        rows = [{"b_account": key.account, "b_folder": key.folder, "b_uidvalidity": key.uidvalidity, "b_uid": key.uid} for key in keys]
        with self._database.writing() as connection:
            connection.execute(change, rows)

    def first_kept_at(self) -> datetime | None:
        """When the first mail of all was kept."""
        with self._database.reading() as connection:
            return connection.scalar(select(MailRow.received_at).order_by(MailRow.id).limit(1))

    def quarantined(self) -> list[QuarantinedMail]:
        query = select(MailRow).where(MailRow.state == MailState.QUARANTINED).order_by(MailRow.id)
        with self._database.reading() as connection:
            return [
                QuarantinedMail(
                    id=MailId(row.id),
                    account=row.account,
                    received_at=row.received_at,
                    quarantined_at=row.handled_at or row.received_at,
                    size=row.size,
                    error=row.error or "",
                    attempts=row.attempts,
                )
                for row in connection.execute(query)
            ]

    def retry_quarantined(self, ids: Sequence[MailId] | None) -> int:
        """Put quarantined mails (all where `ids` is None) back in line; how many they were."""
        change = update(MailRow).where(MailRow.state == MailState.QUARANTINED).values(state=MailState.RECEIVED, error=None)
        if ids is not None:
            change = change.where(MailRow.id.in_(ids))
        with self._database.writing() as connection:
            return connection.execute(change).rowcount

    def counts(self) -> dict[str, dict[MailState, int]]:
        """How many mails of each account are in each state."""
        query = select(MailRow.account, MailRow.state, func.count()).group_by(MailRow.account, MailRow.state)
        found: dict[str, dict[MailState, int]] = {}
        with self._database.reading() as connection:
            for account, state, count in connection.execute(query):
                found.setdefault(account, dict.fromkeys(MailState, 0))[MailState(state)] = count
        return found


def unpack(content: bytes) -> bytes:
    """The true bytes of a mail as they came."""
    return isal_zlib.decompress(content)


def insert_new(database: Database, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
    """An insert that leaves rows alone which are there already."""
    if database.is_sqlite:
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def _mail_values(raw: RawMail) -> dict[str, object]:
    return {
        "fingerprint": raw.fingerprint,
        "account": raw.key.account,
        "size": raw.size,
        "truncated": raw.truncated,
        "received_at": raw.received_at,
        "state": MailState.RECEIVED,
        "attempts": 0,
    }


def _sighting_values(raw: RawMail, mail_id: int) -> dict[str, object]:
    key = raw.key
    return {
        "account": key.account,
        "folder": key.folder,
        "uidvalidity": key.uidvalidity,
        "uid": key.uid,
        "mail_id": mail_id,
        "filed": False,
    }


def _ids_by_fingerprint(connection: Connection, raws: Sequence[RawMail]) -> dict[str, int]:
    query = select(MailRow.fingerprint, MailRow.id).where(MailRow.fingerprint.in_({raw.fingerprint for raw in raws}))
    return {row.fingerprint: row.id for row in connection.execute(query)}


def _kept(row: Any) -> KeptMail:
    return KeptMail(
        id=MailId(row.id),
        fingerprint=row.fingerprint,
        account=row.account,
        content=unpack(row.packed),
        truncated=row.truncated,
        size=row.size,
        received_at=row.received_at,
    )
