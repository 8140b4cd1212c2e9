"""Killed with SIGKILL at every step and at random moments: no mail lost, no ticket doubled, no mail sent more than twice."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from models.kinds import ParcelState
from models.store import open_store
from models.tables import ParcelRow
from tests.support.inbox import Inbox
from tests.support.mails import content
from tests.support.postgres import PostgresServer
from tests.support.program import PATIENCE, ROOT, Program, mails_in, until
from tests.support.smtp import SmtpSink

DOORS = (
    "MailShelf.keep",
    "TicketShelf.record",
    "Outbox.claim",
    "Outbox.begin",
    "Sender.send",
    "Outbox.settle",
    "ImapMailbox.file",
    "MailShelf.mark_filed",
)
KILLS = int(os.environ.get("SAKSGANG_KILLS", "10"))
NUMBER = re.compile(r"torturmail (\d+)")


@pytest.fixture(params=["sqlite", "postgresql"])
def program(request: pytest.FixtureRequest, tmp_path: Path, inbox: Inbox, smtp: SmtpSink) -> Program:
    url = None
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.database()
    return Program(tmp_path / "home", [inbox], smtp.port, database_url=url)


def numbered(number: int) -> bytes:
    return content(f"Dette er torturmail {number} om en skriver som står.", subject=f"torturmail {number}", sender=f"kari{number}@siv.no")


def assert_nothing_lost_or_doubled(program: Program, inbox: Inbox, smtp: SmtpSink, sent_in: int) -> Counter[str]:
    """Every mail has one ticket and its outgoing mails, none of them more than twice, a repeat under the same Message-ID."""
    store = open_store(program.environment.get("SAKSGANG_DATABASE") or f"sqlite:///{program.home / 'saksgang.db'}")
    try:
        tickets = store.tickets.latest(100_000)
        with store.database.reading() as connection:
            dead = connection.scalars(select(ParcelRow.message_id).where(ParcelRow.state == ParcelState.DEAD)).all()
    finally:
        store.close()
    assert len(tickets) == sent_in
    times: Counter[str] = Counter()
    by_mail: Counter[tuple[str, str]] = Counter()
    for recipient, body in smtp.contents():
        found = re.search(rb"^Message-ID: (\S+)", body, re.MULTILINE)
        number = NUMBER.search(body.decode("utf-8", "replace"))
        assert found
        assert number
        times[found[1].decode()] += 1
        by_mail[recipient, number[1]] += times[found[1].decode()] == 1
    assert max(times.values()) <= 2
    assert set(by_mail.values()) == {1}, "one outgoing mail under two Message-IDs"
    assert len({*times, *dead}) == 2 * sent_in, "a forward and a receipt for each"
    assert inbox.files() == []
    filed = {match[1] for file in inbox.files("Handled") if (match := NUMBER.search(file.read_text()))}
    assert len(filed) == sent_in, "a mail whose move was cut short may lie there twice, none may be missing"
    return Counter(repeated=sum(count - 1 for count in times.values()), dead=len(dead))


@pytest.mark.parametrize("moment", ["call", "return"])
@pytest.mark.parametrize("door", DOORS)
def test_killed_at_a_door_nothing_is_lost_or_doubled(tmp_path: Path, inbox: Inbox, smtp: SmtpSink, door: str, moment: str) -> None:
    program = Program(tmp_path / "home", [inbox], smtp.port)
    inbox.deliver(*(numbered(number) for number in range(3)))
    words = ["tests.support.killed_at", door, moment, "1", "run", "--config", str(program.config), "--once"]
    killed = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, env=program.environment, timeout=PATIENCE, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    recovered = program.once()
    assert recovered.returncode == 0, recovered.stderr
    assert_nothing_lost_or_doubled(program, inbox, smtp, 3)


def test_killed_at_random_moments_nothing_is_lost_or_doubled(program: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    chance = random.Random(2026)
    with _arriving(inbox) as arrived:
        for _ in range(KILLS):
            process = program.start()
            began = len(smtp.contents())
            until(lambda began=began: len(smtp.contents()) > began, "the program at work")  # type: ignore[misc]
            time.sleep(chance.uniform(0.0, 1.5))
            process.kill()
            process.wait()
    with program.running():
        until(lambda: mails_in(program.status(), "handled") == len(arrived), "every mail handled")
        until(lambda: not inbox.files() and program.status()["oldest_unsent"] is None, "everything filed and sent")
    found = assert_nothing_lost_or_doubled(program, inbox, smtp, len(arrived))
    print(f"\n{KILLS} kills, {len(arrived)} mails: 0 lost, 0 doubled, {found['repeated']} sent twice, {found['dead']} left for a person")


@contextmanager
def _arriving(inbox: Inbox) -> Iterator[list[int]]:
    """Mails that keep coming in, a few a second, until the block ends."""
    arrived: list[int] = []
    stop = threading.Event()

    def post() -> None:
        while not stop.wait(0.05):
            inbox.deliver(numbered(len(arrived)))
            arrived.append(len(arrived))

    thread = threading.Thread(target=post)
    thread.start()
    try:
        yield arrived
    finally:
        stop.set()
        thread.join()
