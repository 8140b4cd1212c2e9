"""The only place where each mailbox's last poll and fault are read and written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from models.kinds import Mode
from models.store.engine import Database
from models.store.mails import insert_new
from models.tables import HealthRow
from models.views import MailboxHealth


class HealthShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def polled(self, account: str, mode: Mode, now: datetime, error: str | None = None) -> None:
        """A look that went well; `error` tells where some mails had to be passed over."""
        self._write(account, mode, polled_at=now, failing_since=None, error=error)

    def failed(self, account: str, mode: Mode, now: datetime, error: str) -> None:
        before = {health.account: health for health in self.all()}.get(account)
        since = before.failing_since if before and before.failing_since else now
        self._write(account, mode, polled_at=before.polled_at if before else None, failing_since=since, error=error)

    def all(self) -> list[MailboxHealth]:
        with self._database.reading() as connection:
            return [
                MailboxHealth(
                    account=row.account, mode=Mode(row.mode), polled_at=row.polled_at, failing_since=row.failing_since, error=row.error
                )
                for row in connection.execute(select(HealthRow).order_by(HealthRow.account))
            ]

    def _write(self, account: str, mode: Mode, *, polled_at: datetime | None, failing_since: datetime | None, error: str | None) -> None:
        values = {"mode": mode, "polled_at": polled_at, "failing_since": failing_since, "error": error}
        with self._database.writing() as connection:
            connection.execute(insert_new(self._database, HealthRow), {"account": account, **values})
            connection.execute(update(HealthRow).where(HealthRow.account == account).values(values))
