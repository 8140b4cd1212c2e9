"""Frames made up for tests: a few cases with what happened in them, on Oslo's clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from models.kinds import CameBy, EventKind, Mode, ParcelKind, TicketStatus, TicketType

OSLO = "Europe/Oslo"
CATEGORIES = ("status", "mode", "came_by", "type", "service", "team", "guessed_team")


def moments(values: Sequence[str | None]) -> pd.Series[Any]:
    """Local moments as they are written: `2026-02-09 10:00`, with `+01:00` where it is said."""
    stamps = [None if value is None else _moment(value) for value in values]
    return pd.Series(stamps, dtype=f"datetime64[us, {OSLO}]")


def tickets(*rows: dict[str, Any]) -> pd.DataFrame:
    """A case of `arbeidsplass` for each row, numbered from 1, opened by mail on a Monday at ten and still open."""
    plain = {
        "opened": "2026-02-09 10:00", "solved": None, "due": None, "status": TicketStatus.OPEN, "mode": Mode.AUTO, "came_by": CameBy.MAIL,
        "type": TicketType.INCIDENT.value, "priority": 3, "service": None, "team": "arbeidsplass", "guessed_team": "arbeidsplass",
        "unsure": False,
    }  # fmt: skip
    listed = [{"ticket": number, **plain, **row} for number, row in enumerate(rows, 1)]
    frame = pd.DataFrame({key: [row[key] for row in listed] for key in ("ticket", *plain)})
    for key in ("opened", "solved", "due"):
        frame[key] = moments([row[key] for row in listed])
    return frame.astype(dict.fromkeys(CATEGORIES, "category"))


def events(*rows: tuple[int, str, EventKind]) -> pd.DataFrame:
    ids, at, kinds = zip(*rows, strict=True) if rows else ((), (), ())
    return pd.DataFrame({"ticket": pd.Series(ids, dtype="int64"), "at": moments(at), "kind": pd.Categorical(kinds)})


def parcels(*rows: tuple[int, str | None, ParcelKind]) -> pd.DataFrame:
    """Outgoing mails by when they were sent."""
    ids, sent, kinds = zip(*rows, strict=True) if rows else ((), (), ())
    return pd.DataFrame({"ticket": pd.Series(ids, dtype="int64"), "sent": moments(sent), "kind": pd.Categorical(kinds)})


def _moment(written: str) -> pd.Timestamp:
    stamp = pd.Timestamp(written)
    return stamp.tz_convert(OSLO) if stamp.tzinfo else stamp.tz_localize(OSLO)
