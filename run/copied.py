"""The only place that remembers when the routines were last copied to paper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.errors import SaksgangError

COPIED_FILE = "routines-copied"
OLD_AFTER = timedelta(days=183)
"""Twice a year a copy is made and printed."""


def copied_at(home: Path) -> datetime | None:
    """None where no copy was ever made, or nobody can tell."""
    try:
        moment = datetime.fromisoformat((home / COPIED_FILE).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def remember_copy(home: Path, now: datetime) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / COPIED_FILE).write_text(f"{now.isoformat()}\n", encoding="ascii")
    except OSError as error:
        raise SaksgangError(f"{home / COPIED_FILE}: {error.strerror}; the copy was made and is not remembered") from error


def is_old(at: datetime | None, now: datetime) -> bool:
    return at is None or now - at > OLD_AFTER
