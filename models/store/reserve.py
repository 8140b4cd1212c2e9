"""The only place that reads what waits from a database that may be away, and changes nothing in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import URL, Connection, func, select

from models.errors import StoreError
from models.kinds import AT_WORK, MailState, Mode, TicketStatus
from models.records import Account, TicketId
from models.store.engine import Database, read_url
from models.tables import MailRow, SightingRow, TicketRow
from models.waiting import OpenTicket, Waiting

CONNECT_SECONDS = 10
"""A database server that is away may not even refuse: people wait for the paper."""


def read_waiting(url: str, profile: str, accounts: Sequence[Account]) -> Waiting:
    """What waits at an organisation, as it was at one moment. `StoreError` where the database is away, missing or of another version."""
    database = _open(url)
    try:
        here, wanted = database.schema_versions()
        if here != wanted:
            raise StoreError(f"database: schema {here or 'none'}, and this program reads {wanted}; `saksgang run` brings it up")
        with database.reading() as connection:
            return Waiting(
                tickets=tuple(_open_tickets(connection, profile)),
                quarantined=_quarantined(connection, {account.name for account in accounts}),
                handled={(account.name, account.folder): _handled(connection, account) for account in accounts},
            )
    finally:
        database.close()


def _open(url: str) -> Database:
    found = read_url(url)
    if found.drivername.startswith("postgresql") and "connect_timeout" not in found.query:
        found = found.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
    _refuse_to_make(found)
    return Database(found.render_as_string(hide_password=False))


def _refuse_to_make(url: URL) -> None:
    """SQLite makes a database where there is none, and an empty one says that nothing waits."""
    file = Path(url.database or "")
    if url.drivername.startswith("sqlite") and not (file.is_file() and file.stat().st_size):
        raise StoreError("database: there is none in its file")


def _open_tickets(connection: Connection, profile: str) -> Iterable[OpenTicket]:
    query = (
        select(TicketRow)
        .where(TicketRow.profile == profile, TicketRow.status.in_(AT_WORK))
        .order_by(TicketRow.team, TicketRow.priority, TicketRow.due_at.is_(None), TicketRow.due_at, TicketRow.id)
    )
    for row in connection.execute(query):
        yield OpenTicket(
            id=TicketId(row.id),
            opened_at=row.opened_at,
            due_at=row.due_at,
            status=TicketStatus(row.status),
            mode=Mode(row.mode),
            waits_for_reporter=row.waiting_since is not None,
            type=row.type,
            priority=row.priority,
            team=row.team,
            subject=row.subject,
            reporter=row.reporter,
        )


def _quarantined(connection: Connection, accounts: set[str]) -> int:
    query = select(func.count()).select_from(MailRow).where(MailRow.state == MailState.QUARANTINED, MailRow.account.in_(accounts))
    return connection.scalar(query) or 0


def _handled(connection: Connection, account: Account) -> dict[int, frozenset[str]]:
    """UIDs of the account's folder whose mail is settled, by UIDVALIDITY."""
    query = (
        select(SightingRow.uidvalidity, SightingRow.uid)
        .join(MailRow, MailRow.id == SightingRow.mail_id)
        .where(SightingRow.account == account.name, SightingRow.folder == account.folder, MailRow.state == MailState.HANDLED)
    )
    found: dict[int, set[str]] = {}
    for uidvalidity, uid in connection.execute(query):
        found.setdefault(uidvalidity, set()).add(uid)
    return {uidvalidity: frozenset(uids) for uidvalidity, uids in found.items()}
