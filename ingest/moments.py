"""The only place where dates that case systems and spreadsheets write are read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

NORDIC = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?[ T]+(?:kl\.? *)?(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?)?")
"""`2.3.2026`, `02.03.2026 09:00`, `02.03.2026 kl. 09.00`."""
_UTC = re.compile(r" +(?:UTC|GMT)$")
DAY_ENDS = time(23, 59, 59)
FIRST_YEAR = 1970
"""What lies before stands for no date at all: year 1 in some systems, 1899 and 1900 in spreadsheets."""


def read_moment(written: str, zone: ZoneInfo, *, ends: bool = False) -> datetime | None:
    """A moment in UTC of ISO 8601 or of a Nordic date; None for anything else. Without a zone it is meant on the clock of `zone`.

    A date alone is the beginning of the day, or its end where `ends`; so is an hour that the end of summer time gives twice the
    first or the second: what is opened and closed on one day is closed later.
    """
    text = _UTC.sub("+00:00", written)
    try:
        found = _nordic(text) or _iso(text)
        moment = found if isinstance(found, datetime) else datetime.combine(found, DAY_ENDS if ends else time())
        return _in_utc(moment.replace(fold=ends), zone) if moment.year >= FIRST_YEAR else None
    except (ValueError, OverflowError):
        return None


def is_never(written: str) -> bool:
    """Whether this is a system's way to say that something has not happened: a moment in the year 1."""
    return written.startswith("0001-01-01")


def _nordic(text: str) -> datetime | date | None:
    found = NORDIC.fullmatch(text)
    if not found:
        return None
    day, month, year = map(int, found.group(1, 2, 3))
    hour, minute, second = (int(part or 0) for part in found.group(4, 5, 6))
    on = date(year, month, day)
    return on if found[4] is None else datetime.combine(on, time(hour, minute, second))


def _iso(text: str) -> datetime | date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text)


def _in_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
