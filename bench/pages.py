"""The only place that measures lists of tickets as the pages show them: `python -m bench.pages [tickets]`, CPU milliseconds of store and page, each the least of five."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from models.cases import Order, Wanted, sought_of
from models.kinds import Mode, TicketStatus, TicketType
from models.profiles import Profile, load_profile
from models.store import Store, open_store
from models.tables import TicketRow
from run.sandbox import first_sampled_profile

TICKETS = 100_000
TOGETHER = 5_000
TIMES = 5
SHOWN = 200
MATTERS = ("Skriveren på rom", "Får ikke logget inn på", "Bestilling av skjerm til", "Journalen henger i avdeling", "Tilgang til mappe")
WORDS = "Det har vart siden i morges og gjelder flere av oss på avdelingen. Vi har startet på nytt uten at det hjalp. "
NEWEST = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def fill(store: Store, profile: Profile, tickets: int) -> None:
    """Tickets of two years, one in ten of them open, with words as long as real ones."""
    rows = _rows(profile, tickets)
    with store.database.writing() as connection:
        while some := list(islice(rows, TOGETHER)):
            connection.execute(insert(TicketRow), some)


def _rows(profile: Profile, tickets: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(1)
    teams, services = list(profile.teams), [None, *profile.services]
    for number in range(tickets):
        opened = NEWEST - timedelta(days=730) * (1 - number / tickets)
        subject = f"{draw.choice(MATTERS)} {draw.randrange(2000)}"
        yield {
            "profile": profile.name, "account": "desk", "mode": Mode.AUTO, "opened_at": opened, "subject": subject, "sought": sought_of(subject),
            "status": TicketStatus.OPEN if draw.random() < 0.1 else TicketStatus.SOLVED, "reporter": "person@example.test", "language": "nb",
            "type": draw.choice(list(TicketType)), "priority": draw.choice(profile.levels), "scope": profile.default_scope,
            "service": draw.choice(services), "team": draw.choice(teams), "guessed_team": draw.choice(teams), "unsure": draw.random() < 0.2,
            "patient_safety": False, "change_request": False, "confidence": {}, "reasons": {}, "said": WORDS * draw.randrange(1, 10),
            "due_at": opened + timedelta(days=2),
        }  # fmt: skip


def least(act: Callable[[], object]) -> float:
    """CPU milliseconds."""
    taken = []
    for _ in range(TIMES):
        begun = time.process_time()
        act()
        taken.append(time.process_time() - begun)
    return min(taken) * 1000


def main() -> None:
    tickets = int(sys.argv[1]) if len(sys.argv) > 1 else TICKETS
    profile = load_profile(first_sampled_profile())
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'pages.db'}")
        fill(store, profile, tickets)
        team, service = next(iter(profile.teams)), next(iter(profile.services), "none")
        asked: dict[str, dict[str, Any]] = {
            "all": {},
            "one team": {"teams": frozenset({team})},
            "one service, unsure": {"services": frozenset({service}), "unsure": True},
            "open, gravest first": {"statuses": frozenset({TicketStatus.OPEN}), "order": Order.GRAVEST},
            "by due time": {"order": Order.DUE},
            "text, many": {"text": "skriveren"},
            "text, none": {"text": "finnes ikke"},
        }
        for name, values in asked.items():
            wanted = Wanted(profile=profile.name, **values)
            listed = least(partial(store.cases.page, wanted, None, SHOWN))
            counted = least(partial(store.cases.counts, wanted))
            print(f"{name:24} list {listed:6.1f} ms  counts {counted:6.1f} ms")
        store.close()


if __name__ == "__main__":
    main()
