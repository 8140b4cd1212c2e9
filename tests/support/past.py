"""What a desk went through before a test begins: incidents of the corpus, at the hours when people write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from models.profiles import DATA
from models.store import Store
from tests.support.diary import Diary
from tests.support.mails import mail

Line = dict[str, Any]


def live_through(store: Store, organisation: str, until: datetime, *, weeks: int = 6, a_day: int = 12) -> int:
    """Incidents on every working day of the weeks before, over eight hours; how many they were."""
    lines = _incidents(organisation)
    count = 0
    for day in range(7 * weeks, 0, -1):
        morning = (until - timedelta(days=day)).replace(hour=7, minute=0)
        for number, line in enumerate(islice(lines, a_day if morning.weekday() < 5 else 0)):
            _open(store, organisation, line, morning + number * timedelta(hours=8) / a_day)
            count += 1
    return count


def _incidents(organisation: str) -> Iterator[Line]:
    """Every other writer's, so that what comes in a test may be the others'."""
    for file in sorted((DATA / "corpus" / organisation).glob("*.jsonl"))[::2]:
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["type"] == "hendelse" and not row["is_auto"] and row["repeat_group"] is None:
                yield row


def _open(store: Store, organisation: str, line: Line, at: datetime) -> None:
    told = mail(subject=line["subject"], text=line["body"])
    Diary(store, organisation).opens(
        at, team=line.get("team") or line["line"], reporter=line["from"], mail=told, service=line.get("service")
    )
