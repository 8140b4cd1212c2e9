"""The only place that forgets what was kept long enough: the log of access, sessions and links that are over."""

from __future__ import annotations

from datetime import timedelta

import structlog

from run.desk import Desk

log = structlog.get_logger()


def forget(desk: Desk) -> int:
    """No mail is made of it: 0. Raises `StoreError`."""
    now, days = desk.clock(), desk.profile.pages.log_days
    desk.store.people.forget(now)
    gone = desk.store.audit.forget(now - timedelta(days=days)) if days else 0
    if gone:
        log.info("log of access forgotten", count=gone)
    return 0
