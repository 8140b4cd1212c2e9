"""The only place that measures pages, and the lists of tickets on them: `python -m bench.pages [tickets]`, milliseconds on the wall and of this process, each the least of five."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from models.cases import Order, Wanted, sought_of
from models.kinds import Mode, TicketStatus, TicketType
from models.people import Role
from models.people_tables import JudgementRow
from models.profiles import Profile, load_profile
from models.store import Store, open_store
from models.tables import TicketRow
from run.sandbox import first_sampled_profile
from tests.support.pages import served
from tests.support.postgres import PostgresServer

TICKETS = 100_000
TOGETHER = 5_000
TIMES = 5
SHOWN = 200
JUDGED = 3_000
"""Cases of the last quarter on which a lead gave their word."""
OTHERS = ("/", "/cases/{case}", "/learning", "/shadow", "/incidents", "/post", "/repeats", "/solutions", "/settings")
MATTERS = ("Skriveren på rom", "Får ikke logget inn på", "Bestilling av skjerm til", "Journalen henger i avdeling", "Tilgang til mappe")
WORDS = "Det har vart siden i morges og gjelder flere av oss på avdelingen. Vi har startet på nytt uten at det hjalp. "
NEWEST = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def fill(store: Store, profile: Profile, tickets: int) -> None:
    """Tickets of two years, one in ten of them open, with words as long as real ones."""
    rows = _rows(profile, tickets)
    with store.database.writing() as connection:
        while some := list(islice(rows, TOGETHER)):
            connection.execute(insert(TicketRow), some)


def judge_some(store: Store, profile: Profile) -> None:
    """A lead's words of the last quarter, on the newest cases, one in five a correction."""
    draw = random.Random(2)
    teams = list(profile.teams)
    with store.database.writing() as connection:
        newest = select(TicketRow.id, TicketRow.guessed_team, TicketRow.priority).order_by(TicketRow.id.desc()).limit(JUDGED)
        for number, (ticket, team, priority) in enumerate(connection.execute(newest).all()):
            said = {"type": "hendelse", "priority": priority, "scope": profile.default_scope, "team": team}
            meant = said | ({"team": draw.choice(teams)} if draw.random() < 0.2 else {})
            example = {"subject": MATTERS[0], "body": WORDS * 3, **meant}
            at = NEWEST - timedelta(days=80) * (number / JUDGED)
            row = {"profile": profile.name, "ticket_id": ticket, "by": "lead", "at": at, "sampled": draw.random() < 0.3}
            connection.execute(insert(JudgementRow), [row | {"said": said, "meant": meant, "example": example, "stood": said}])


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
            "due_at": opened + timedelta(days=2), "doubtful": draw.random() < 0.3, "sampled": draw.random() < 0.05,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Milliseconds: on the wall, and of CPU in this process; a database server's own are not among them."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:6.1f} ({self.cpu:5.1f})"


def least(act: Callable[[], object]) -> Taken:
    walls, processes = [], []
    for _ in range(TIMES):
        wall, process = time.perf_counter(), time.process_time()
        act()
        walls.append(time.perf_counter() - wall)
        processes.append(time.process_time() - process)
    return Taken(wall=min(walls) * 1000, cpu=min(processes) * 1000)


def asked_of(profile: Profile) -> dict[str, tuple[Wanted, str]]:
    """By name what is asked of the store, and the same in the address of the page."""
    team, everything = next(iter(profile.teams)), Wanted(profile=profile.name)
    is_open = frozenset({TicketStatus.OPEN})
    return {
        "all": (everything, ""),
        "one team": (replace(everything, teams=frozenset({team})), f"?team={team}"),
        "priority 1, unsure": (replace(everything, priorities=frozenset({1}), unsure=True), "?priority=1&unsure=1"),
        "open, gravest first": (replace(everything, statuses=is_open, order=Order.GRAVEST), "?status=open&order=gravest"),
        "by due time": (replace(everything, order=Order.DUE), "?order=due"),
        "text, many": (replace(everything, text="skriveren"), "?text=skriveren"),
        "text, none": (replace(everything, text="finnes ikke"), "?text=finnes+ikke"),
    }


def measure(name: str, url: str, tickets: int) -> None:
    profile, store = load_profile(first_sampled_profile()), open_store(url)
    fill(store, profile, tickets)
    with served(profile, store) as desk:
        lead = desk.person("lead", Role.LEAD)
        for asked, (wanted, address) in asked_of(profile).items():
            listed = least(partial(store.cases.page, wanted, None, SHOWN))
            counted = least(partial(store.cases.counts, wanted))
            page = least(partial(lead.text, f"/cases{address}"))
            print(f"{name:10} {asked:20} list {listed}  counts {counted}  page {page}")
        listed, counted = least(partial(store.pile.waiting, profile.name, SHOWN)), least(partial(store.pile.counts, profile.name))
        for asked, address in (("queue", "/queue"), ("queue, another open", "/queue?case=500")):
            page = least(partial(lead.text, address))
            print(f"{name:10} {asked:20} list {listed}  counts {counted}  page {page}")
        judge_some(store, profile)
        for address in OTHERS:
            page = least(partial(lead.text, address.format(case=f"{profile.desk.case_prefix}-500")))
            print(f"{name:10} {address:20} page {page}")
    store.close()


def main() -> None:
    tickets = int(sys.argv[1]) if len(sys.argv) > 1 else TICKETS
    print(f"{tickets} tickets, {SHOWN} on a page; ms on the wall (of CPU here)")
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{Path(folder) / 'pages.db'}", tickets)
    server = PostgresServer().start()
    try:
        measure("PostgreSQL", server.database(), tickets)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
