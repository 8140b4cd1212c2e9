"""Cases about known faults among ordinary ones: bursts written by hand, and incidents of the corpus around them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ingest.redact import redact
from models.kinds import TicketType
from models.records import Redacted, TicketId
from models.repeats import Case

DATA = Path(__file__).resolve().parents[2] / "data"
ORGANISATION = "siv"
MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def case(number: int, text: str, hours: float = 0, **more: Any) -> Case:
    told: dict[str, Any] = {"type": TicketType.INCIDENT, "service": "nett", "team": "nett", "priority": 3}
    told |= {"reporter": f"person{number}@example.org"} | more
    return Case(ticket=TicketId(number), at=MONDAY + hours * HOUR, text=Redacted(text), **told)


@cache
def ordinary() -> tuple[Case, ...]:
    """Incidents of the corpus that nobody else reports, four a day for two hundred days from Monday on."""
    rows = [
        json.loads(line)
        for file in sorted((DATA / "corpus" / ORGANISATION).glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    kept = [row for row in rows if row["type"] == TicketType.INCIDENT and not row["is_auto"] and not row["repeat_group"]]
    return tuple(
        case(10_000 + number, redact(f"{row['subject']}\n{row['body']}"), 6 * number, service=row["team"], team=row["team"])
        for number, row in enumerate(kept[:800])
    )


@cache
def bursts() -> dict[str, tuple[Case, ...]]:
    """Of each burst its mails, one every half hour; the bursts begin a fortnight after each other."""
    rows = defaultdict[str, list[dict[str, str]]](list)
    for line in (DATA / "samples" / "bursts" / f"{ORGANISATION}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        rows[row["burst"]].append(row)
    return {name: tuple(_burst(place, mails)) for place, (name, mails) in enumerate(rows.items())}


def _burst(place: int, mails: list[dict[str, str]]) -> Iterator[Case]:
    for number, mail in enumerate(mails):
        text = redact(f"{mail['subject']}\n{mail['body']}")
        yield case(100 * (place + 1) + number, text, 336 * (place + 1) + number / 2, service=mail["service"], team=mail["service"])
