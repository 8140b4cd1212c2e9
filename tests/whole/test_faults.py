"""What surrounds the program fails while it works: nothing is lost, nothing doubled, all goes on by itself, and `status` tells of it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from models.kinds import MailState, ParcelState
from models.outcomes import ParcelFate, Quarantine, Scene
from run.delivery import deliver
from run.dovecot import DovecotServer
from run.pipeline import poll
from run.wire import make_desk, open_mailbox
from tests.support.desk import Office
from tests.support.faults import (
    answering,
    assert_each_once,
    away,
    box_of,
    count_of,
    crash,
    database_url,
    files_up_to,
    forget_uids,
    keep_what_is_committed,
    kept_in,
    kill,
    locked,
    long_id,
    looking_into,
    make_folder,
    numbered,
    numbers_in,
    poisons,
    revive,
    room_for,
    uidvalidity,
    wait_until_done,
)
from tests.support.inbox import PASSWORD, Inbox
from tests.support.mails import content
from tests.support.postgres import PostgresServer
from tests.support.program import ROOT, Program, mails_in, until
from tests.support.smtp import SmtpSink

MANY = 300
SOME = 30
LOCKED_SECONDS = 3.0
DISK_LEFT = 200_000
JOURNAL_LEFT = 150_000
"""Room for the first mails' being begun, not for all."""


@pytest.fixture
def program(tmp_path: Path, inbox: Inbox, smtp: SmtpSink) -> Program:
    return Program(tmp_path / "home", [inbox], smtp.port)


@pytest.fixture
def on_postgres(tmp_path: Path, inbox: Inbox, smtp: SmtpSink, postgres: PostgresServer) -> Program:
    url = postgres.database()
    keep_what_is_committed(url)
    return Program(tmp_path / "home", [inbox], smtp.port, database_url=url)


@pytest.fixture(params=["sqlite", "postgresql"])
def on_each(request: pytest.FixtureRequest) -> Program:
    made: Program = request.getfixturevalue("program" if request.param == "sqlite" else "on_postgres")
    return made


@pytest.fixture
def own_server(open_folder: Path, tmp_path: Path) -> Iterator[DovecotServer]:
    """A Dovecot that a test may stop: nobody else uses it."""
    with DovecotServer(open_folder / tmp_path.name, {"kari": PASSWORD}) as server:
        yield server


def polled(program: Program) -> None:
    """Wait until the program has looked into all its mailboxes once."""
    with looking_into(program) as store:
        until(lambda: _ready(program) and all(health.polled_at for health in store.health.all()), "the first look")


def _ready(program: Program) -> bool:
    with looking_into(program) as store:
        return bool(store.database.schema_versions()[0] and store.health.all())


def test_an_imap_server_that_goes_away_in_mid_fetch_costs_nothing(tmp_path: Path, own_server: DovecotServer, smtp: SmtpSink) -> None:
    inbox = Inbox(own_server, "kari")
    program = Program(tmp_path / "home", [inbox], smtp.port)
    inbox.deliver(*(numbered(number, attached=20_000) for number in range(MANY)))
    with program.running() as process:
        until(lambda: kept_in(program) > 0, "the first batch kept")
        process.send_signal(signal.SIGSTOP)
        assert kept_in(program) < MANY, "the server is to go before the last batch"
        crash(own_server)
        process.send_signal(signal.SIGCONT)
        with looking_into(program) as store:
            until(lambda: any(health.error for health in store.health.all()), "the fault written down")
        inbox.deliver(numbered(MANY))
        told = box_of(program.status(), inbox)
        assert told["error"].startswith(f"kari: 127.0.0.1:{own_server.port}: ")
        assert told["failing_since"] is not None
        own_server.start()
        wait_until_done(program, inbox, MANY + 1)
        until(lambda: box_of(program.status(), inbox)["error"] is None, "well again")
        well = box_of(program.status(), inbox)
        assert (well["failing_since"], well["handled"]) == (None, MANY + 1)
        assert well["lag_seconds"] < 30
    assert_each_once(program, smtp, MANY + 1)
    assert len(numbers_in(inbox, "Handled")) == MANY + 1


def _ready_with_mails(program: Program) -> bool:
    with looking_into(program) as store:
        return bool(store.database.schema_versions()[0] and count_of(store))


def test_a_new_uidvalidity_gives_no_mail_a_second_ticket(tmp_path: Path, own_server: DovecotServer, smtp: SmtpSink) -> None:
    inbox = Inbox(own_server, "kari")
    program = flagging(Program(tmp_path / "home", [inbox], smtp.port))
    inbox.deliver(*(numbered(number) for number in range(SOME)))
    with program.running():
        until(lambda: _ready_with_mails(program), "the first mails kept")
        with looking_into(program) as store:
            until(lambda: count_of(store, MailState.HANDLED) == SOME, "all handled")
            crash(own_server)
            before = uidvalidity(own_server, "kari")
            forget_uids(own_server, "kari")
            inbox.deliver(numbered(SOME))
            own_server.start()
            until(lambda: count_of(store, MailState.HANDLED) == SOME + 1, "the new one handled")
            until(lambda: store.outbox.oldest_unsent() is None, "everything sent")
            now = uidvalidity(own_server, "kari")
            assert now != before
            assert len(store.mails.known_uids("kari", "INBOX", now)) == SOME + 1, "seen anew"
    assert sum(numbers_in(inbox).values()) == SOME + 1
    assert_each_once(program, smtp, SOME + 1)


def test_mails_wait_while_the_smtp_server_is_down_and_go_once_when_it_is_back(office: Office, database_url: str, tmp_path: Path) -> None:
    [inbox] = office.inboxes
    program = Program(tmp_path / "home", [inbox], office.smtp.port, database_url=database_url)
    inbox.deliver(*(numbered(number) for number in range(SOME)))
    office.smtp.stop()
    assert not office.work()
    told = program.status()
    assert (told["outbox"]["waiting"], told["outbox"]["sent"], told["outbox"]["dead"]) == (2 * SOME, 0, 0)
    assert told["oldest_unsent"] is not None
    assert box_of(told, inbox)["handled"] == SOME, "mails are taken in all the same"
    [why] = {line.error for line in office.store.outbox.list([ParcelState.WAITING]) if line.error}
    assert "ConnectionRefusedError" in why
    office.smtp.start()
    deliver_all(office, datetime.now(UTC) + timedelta(hours=1))
    assert program.status()["oldest_unsent"] is None
    assert_each_once(program, office.smtp, SOME)


def test_a_refused_recipient_stops_no_other_and_is_shown(office: Office, database_url: str, tmp_path: Path) -> None:
    [inbox] = office.inboxes
    program = Program(tmp_path / "home", [inbox], office.smtp.port, database_url=database_url)
    good = [content(f"Sak {number}", sender=f"kari{number}@siv.no", subject=f"sak {number}") for number in range(4)]
    bad = [content(f"Ny {sender}", sender=f"{sender}@siv.no", subject="ny") for sender in ("451.kari", "550.kari")]
    inbox.deliver(*good[:2], *bad, *good[2:])
    office.work()
    told = program.status()
    assert (told["outbox"]["sent"], told["outbox"]["waiting"], told["outbox"]["dead"]) == (10, 1, 1)
    shown = {line["state"]: line["error"] for line in map(json.loads, program.call("outbox", "list", "--json").stdout.splitlines())}
    assert shown == {"waiting": "refused with 451 4.3.0", "dead": "refused with 550 5.1.1"}
    given_up = datetime.now(UTC) + timedelta(hours=office.profile.outgoing.dead_after_hours, minutes=1)
    [fate] = deliver_all(office, given_up)
    assert fate.state is ParcelState.DEAD
    assert (fate.error or "").startswith("given up after 2 attempts")
    assert program.status()["oldest_unsent"] is None
    assert program.call("outbox", "retry").stdout == "2 mails back in line\n"
    assert program.status()["outbox"]["waiting"] == 2
    assert len(office.smtp.contents()) == 10


def deliver_all(office: Office, now: datetime) -> list[ParcelFate]:
    desk = replace(make_desk(office.profile, office.store, None, office.accounts, office.environment), clock=lambda: now)
    fates: list[ParcelFate] = []
    while some := deliver(desk, office.smtp.server, {}).fates:
        fates += some
    return fates


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
            store.outbox.confirm(line.id, datetime.now(UTC))
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
        until(lambda: _ready_with_mails(on_postgres), "the first batch kept")
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


def test_poison_amid_thirty_mails_harms_none_of_them(on_each: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    poison = poisons()
    inbox.deliver(*(numbered(number) for number in range(15)))
    inbox.deliver(*poison.values(), b"")
    inbox.deliver(*(numbered(number) for number in range(15, 30)))
    with on_each.running() as process:
        until(lambda: _ready_with_mails(on_each), "the first mails kept")
        with looking_into(on_each) as store:
            settled = (MailState.HANDLED, MailState.QUARANTINED)
            until(lambda: count_of(store, *settled) == 30 + len(poison), "all settled")
            until(lambda: store.outbox.oldest_unsent() is None, "everything sent")
        until(lambda: len(inbox.files()) <= 1, "all filed but the empty one, which may be on its way yet")
        assert process.poll() is None
        told = on_each.status()
    assert len(numbers_in(inbox, "Handled")) == 30
    for number in range(30):
        assert len(smtp.messages(f"kari{number}@siv.no")) == 1
    assert told["outbox"]["dead"] == 0
    assert told["oldest_unsent"] is None
    assert len(inbox.files("Quarantine")) == mails_in(told, "quarantined")
    shown = quarantined(on_each)
    assert len(shown) == mails_in(told, "quarantined") == 1, "only the one that holds nothing"
    assert (shown[0]["error"], shown[0]["attempts"]) == ("no header and no text", 1)
    assert on_each.call("quarantine", "retry", str(shown[0]["mail"])).stdout == "1 mails back in line\n"
    with looking_into(on_each) as store:
        assert (count_of(store, MailState.RECEIVED), store.mails.quarantined()) == (1, [])


def quarantined(program: Program) -> list[dict[str, Any]]:
    return [json.loads(line) for line in program.call("quarantine", "list", "--json").stdout.splitlines()]


def test_a_mail_quarantined_by_a_bug_gets_its_ticket_when_the_bug_is_mended(office: Office, database_url: str, tmp_path: Path) -> None:
    [inbox] = office.inboxes
    program = Program(tmp_path / "home", [inbox], office.smtp.port, database_url=database_url)
    inbox.deliver(numbered(0))
    box = open_mailbox(office.accounts[0])
    [[id]] = poll(box, inbox.user, "INBOX", office.store)
    box.close()
    scene = Scene(profile="siv", message_id_domain="siv.no", now=datetime.now(UTC))
    office.store.tickets.record([Quarantine(mail_id=id, error="ValueError in classify.chain line 1")], scene)
    assert office.work()
    assert len(inbox.files("Quarantine")) == 1
    assert box_of(program.status(), inbox)["quarantined"] == 1
    assert [line["error"] for line in quarantined(program)] == ["ValueError in classify.chain line 1"]
    assert program.call("quarantine", "retry").stdout == "1 mails back in line\n"
    assert office.work()
    assert quarantined(program) == []
    assert_each_once(program, office.smtp, 1)


def test_a_message_id_longer_than_postgresql_can_index_harms_no_other_mail(on_postgres: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    inbox.deliver(numbered(0), long_id(20_000), numbered(1))
    on_postgres.once()
    with looking_into(on_postgres) as store:
        assert count_of(store, MailState.RECEIVED) == 0
    assert len(smtp.messages("kari0@siv.no")) == len(smtp.messages("kari1@siv.no")) == 1


def test_mails_that_name_more_others_than_a_query_can_hold_are_handled(on_each: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    inbox.deliver(*(answering(number, ancestors=1_000) for number in range(70)))
    assert on_each.once().returncode == 0
    assert_each_once(on_each, smtp, 70)


def test_two_processes_on_one_mailbox_and_one_database_double_nothing(on_each: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    inbox.deliver(*(numbered(number) for number in range(100)))
    with on_each.running() as first, on_each.running() as second:
        until(lambda: _ready_with_mails(on_each), "the first mails kept")
        inbox.deliver(*(numbered(number) for number in range(100, 200)))
        wait_until_done(on_each, inbox, 200)
        assert (first.poll(), second.poll()) == (None, None)
    assert_each_once(on_each, smtp, 200)
    assert len(numbers_in(inbox, "Handled")) == 200


def test_a_mailbox_that_cannot_be_opened_is_told_of_and_stops_no_other(
    tmp_path: Path, dovecot: DovecotServer, inbox: Inbox, smtp: SmtpSink
) -> None:
    locked_out, lacking = Inbox(dovecot, "user298"), Inbox(dovecot, "user299")
    program = Program(tmp_path / "home", [inbox, locked_out, lacking], smtp.port)
    text = program.config.read_text()
    text = text.replace('user = "user298"\npassword_env = "TEST_PASSWORD"', 'user = "user298"\npassword_env = "WRONG_PASSWORD"')
    text = text.replace('user = "user299"\n', 'user = "user299"\nfolder = "Nowhere"\n')
    program.config.write_text(text)
    program.environment["WRONG_PASSWORD"] = "not it"
    inbox.deliver(*(numbered(number) for number in range(3)))
    with program.running():
        until(lambda: _ready(program), "the first look")
        with looking_into(program) as store:
            until(lambda: sorted(bool(health.error) for health in store.health.all()) == [False, True, True], "both faults written down")
        told = program.status()
        assert (box_of(told, inbox)["error"], box_of(told, inbox)["failing_since"]) == (None, None)
        for box, words in ((locked_out, "refuses user and password"), (lacking, "no folder 'Nowhere'")):
            found = box_of(told, box)
            assert words in found["error"]
            assert found["failing_since"] is not None
            assert (found["last_poll"], found["lag_seconds"]) == (None, None)
        wait_until_done(program, inbox, 3)
    make_folder(lacking, "Nowhere")
    assert program.once().returncode == 1
    with looking_into(program) as store:
        assert {health.account for health in store.health.all() if health.error} == {locked_out.user}
    assert_each_once(program, smtp, 3)


def flagging(program: Program) -> Program:
    """The same program without folders to file into."""
    lines = program.config.read_text().splitlines()
    program.config.write_text("\n".join(line for line in lines if "_folder" not in line) + "\n")
    return program


def test_without_folders_mails_are_flagged_where_they_lie_and_never_taken_twice(office: Office) -> None:
    [inbox] = office.inboxes
    office.accounts[0] = inbox.account(handled_folder=None, quarantine_folder=None)
    inbox.deliver(*(content(f"Sak {number}", sender=f"kari{number}@siv.no") for number in range(5)), b"\r\n\r\n")
    for _ in range(3):
        assert office.work()
    files = inbox.files()
    flags = sorted("".join(letter for letter in file.name.partition(":2,")[2] if letter in "SF") for file in files)
    assert flags == ["F", *["S"] * 5]
    assert len(office.store.mails.quarantined()) == 1
    assert len(office.store.tickets.latest(99)) == 5
    assert len(office.smtp.contents()) == 11  # the last tells the leads of the one in quarantine
