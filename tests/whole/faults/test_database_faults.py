"""The database locked, full, cut off or away while the program works: nothing is lost, nothing doubled, and all goes on by itself."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

import psycopg

from models.kinds import ParcelState
from review.judging import let_go
from tests.support.faults import (
    assert_each_once,
    away,
    box_of,
    database_url,
    files_up_to,
    kill,
    locked,
    looking_into,
    numbered,
    numbers_in,
    polled,
    ready_with_mails,
    revive,
    room_for,
    wait_until_done,
)
from tests.support.inbox import Inbox
from tests.support.postgres import PostgresServer
from tests.support.program import ROOT, Program, until
from tests.support.smtp import SmtpSink

MANY = 300
SOME = 30
LOCKED_SECONDS = 3.0
DISK_LEFT = 200_000
JOURNAL_LEFT = 150_000
"""Room for the first mails' being begun, not for all."""


def test_a_database_locked_by_another_process_is_waited_for(program: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    with program.running():
        polled(program)
        inbox.deliver(*(numbered(number) for number in range(SOME)))
        end = time.monotonic() + LOCKED_SECONDS
        with locked(program):
            inbox.deliver(*(numbered(number) for number in range(SOME, 2 * SOME)))
            until(lambda: time.monotonic() > end, "the lock held long enough")
        wait_until_done(program, inbox, 2 * SOME)
        assert box_of(program.status(), inbox)["error"] is None
    assert_each_once(program, smtp, 2 * SOME)


def test_status_tells_while_the_database_is_locked(program: Program) -> None:
    program.status()
    with locked(program):
        asked = subprocess.Popen(
            [sys.executable, "-m", "run", "status", "--json"], cwd=ROOT, env=program.environment, stdout=subprocess.PIPE, text=True
        )
        try:
            answer, _ = asked.communicate(timeout=LOCKED_SECONDS)
        finally:
            asked.kill()
            asked.communicate()
    assert "outbox" in json.loads(answer)


def test_on_a_full_disk_mails_stay_in_the_mailbox_and_are_handled_once_there_is_room(
    program: Program, inbox: Inbox, smtp: SmtpSink
) -> None:
    assert program.once().returncode == 0
    room = (program.home / "saksgang.db").stat().st_size + DISK_LEFT
    inbox.deliver(*(numbered(number, attached=40_000) for number in range(SOME)))
    with program.running(limits=files_up_to(room)) as process, looking_into(program) as store:
        until(lambda: any(health.error for health in store.health.all()), "the fault written down")
        told = box_of(program.status(), inbox)
        assert told["error"].startswith("database: ")
        assert told["failing_since"] is not None
        assert process.poll() is None, "the program goes on"
        assert len(inbox.files()) == SOME, "what is not kept stays where it is"
    with program.running():
        wait_until_done(program, inbox, SOME)
        until(lambda: box_of(program.status(), inbox)["error"] is None, "well again")
    assert len(numbers_in(inbox, "Handled")) == SOME
    assert_each_once(program, smtp, SOME)


def test_on_a_disk_that_fills_while_mails_are_sent_each_is_sent_once(program: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    program.config.write_text(program.config.read_text().replace('mode = "auto"', 'mode = "assist"'))
    inbox.deliver(*(numbered(number) for number in range(SOME)))
    assert program.once().returncode == 0
    with looking_into(program) as store:
        for line in store.tickets.latest(SOME):
            assert let_go(store, line.id, "lea", datetime.now(UTC)) == 2
        assert store.outbox.counts()[ParcelState.WAITING] == 2 * SOME
    with program.running(limits=files_up_to(JOURNAL_LEFT)) as process:
        until(lambda: b"delivering failed" in (program.home / "log").read_bytes(), "the fault in the log")
        assert 0 < len(smtp.contents()) < 2 * SOME, "it struck amid the sending"
        assert process.poll() is None, "the program goes on"
        room_for(process)
        wait_until_done(program, inbox, SOME)
        assert len(smtp.contents()) == 2 * SOME, "what was sent is known to the program that goes on"
    assert_each_once(program, smtp, SOME)


def test_postgresql_connections_cut_while_it_works_cost_nothing(on_postgres: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    inbox.deliver(*(numbered(number) for number in range(MANY)))
    with on_postgres.running() as process:
        until(lambda: ready_with_mails(on_postgres), "the first batch kept")
        with psycopg.connect(database_url(on_postgres), autocommit=True) as connection:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            assert connection.execute(cut).rowcount > 0
        wait_until_done(on_postgres, inbox, MANY)
        assert process.poll() is None
        until(lambda: box_of(on_postgres.status(), inbox)["error"] is None, "well again")
    assert_each_once(on_postgres, smtp, MANY)


def test_postgresql_killed_and_started_again_costs_nothing(
    on_postgres: Program, inbox: Inbox, smtp: SmtpSink, postgres: PostgresServer
) -> None:
    with on_postgres.running() as process:
        polled(on_postgres)
        with away(postgres):
            inbox.deliver(*(numbered(number) for number in range(SOME)))
            until(lambda: b"health not written" in (on_postgres.home / "log").read_bytes(), "the fault in the log")
            answer = on_postgres.call("status", "--json")
            assert answer.returncode == 1
            assert answer.stderr.startswith("saksgang: database: ")
            assert len(answer.stderr.splitlines()) == 1
            assert len(inbox.files()) == SOME
        wait_until_done(on_postgres, inbox, SOME)
        assert process.poll() is None
    assert_each_once(on_postgres, smtp, SOME)


class CuttingSink(SmtpSink):
    """Takes the first mail, and the database is gone before it says so."""

    def __init__(self, postgres: PostgresServer) -> None:
        super().__init__()
        self._postgres = postgres

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.received) == 1:
            kill(self._postgres)
        return answer


def test_postgresql_gone_between_a_mail_sent_and_its_note_keeps_no_mail_waiting(
    on_postgres: Program, inbox: Inbox, postgres: PostgresServer
) -> None:
    sink = CuttingSink(postgres)
    sink.start()
    on_postgres.environment["SAKSGANG_SMTP_PORT"] = str(sink.port)
    inbox.deliver(*(numbered(number) for number in range(SOME)))
    try:
        with on_postgres.running():
            try:
                until(lambda: b"delivering failed" in (on_postgres.home / "log").read_bytes(), "the fault in the log")
            finally:
                revive(postgres)
            wait_until_done(on_postgres, inbox, SOME, seconds=6)
        names = [str(message["Message-ID"]) for message in sink.messages()]
        assert len(set(names)) == 2 * SOME
        assert len(names) == 2 * SOME, "what was sent is known to the program that goes on"
    finally:
        sink.stop()


def test_two_processes_on_one_mailbox_and_one_database_double_nothing(on_each: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    inbox.deliver(*(numbered(number) for number in range(100)))
    with on_each.running() as first, on_each.running() as second:
        until(lambda: ready_with_mails(on_each), "the first mails kept")
        inbox.deliver(*(numbered(number) for number in range(100, 200)))
        wait_until_done(on_each, inbox, 200)
        assert (first.poll(), second.poll()) == (None, None)
    assert_each_once(on_each, smtp, 200)
    assert len(numbers_in(inbox, "Handled")) == 200
