"""The only place that forgets what was kept long enough: the log of access, sessions and links that are over."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from run.desk import Desk

EVERY = timedelta(hours=1)

log = structlog.get_logger()


class Forgetting:
    """Does it once an hour, whoever asks how often. Raises `StoreError`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._last: datetime | None = None

    def when_due(self) -> None:
        now, days = self._desk.clock(), self._desk.profile.pages.log_days
        if self._last and now - self._last < EVERY:
            return
        self._last = now
        self._desk.store.people.forget(now)
        gone = self._desk.store.audit.forget(now - timedelta(days=days)) if days else 0
        if gone:
            log.info("log of access forgotten", count=gone)
