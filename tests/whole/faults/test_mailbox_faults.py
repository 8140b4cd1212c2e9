"""Mailboxes that go away, are numbered anew, cannot be opened or have no folders: no mail is lost and none taken twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.kinds import MailState, Mode, Source
from models.records import Account
from run.dovecot import DovecotServer
from tests.support.desk import Office
from tests.support.faults import (
    assert_each_once,
    box_of,
    count_of,
    crash,
    forget_uids,
    kept_in,
    looking_into,
    make_folder,
    numbered,
    numbers_in,
    ready,
    ready_with_mails,
    uidvalidity,
    wait_until_done,
)
from tests.support.inbox import PASSWORD, Inbox
from tests.support.mails import content
from tests.support.program import Program, until
from tests.support.smtp import SmtpSink

MANY = 300
SOME = 30


@pytest.fixture
def own_server(open_folder: Path, tmp_path: Path) -> Iterator[DovecotServer]:
    """A Dovecot that a test may stop: nobody else uses it."""
    with DovecotServer(open_folder / tmp_path.name, {"kari": PASSWORD}) as server:
        yield server


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


def test_a_new_uidvalidity_gives_no_mail_a_second_ticket(tmp_path: Path, own_server: DovecotServer, smtp: SmtpSink) -> None:
    inbox = Inbox(own_server, "kari")
    program = flagging(Program(tmp_path / "home", [inbox], smtp.port))
    inbox.deliver(*(numbered(number) for number in range(SOME)))
    with program.running():
        until(lambda: ready_with_mails(program), "the first mails kept")
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
        until(lambda: ready(program), "the first look")
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


def test_a_mail_that_cannot_be_read_is_told_of_and_stops_no_other(office: Office, tmp_path: Path) -> None:
    box = tmp_path / "box"
    for part in ("new", "cur", "tmp"):
        (box / part).mkdir(parents=True)
    unreadable = box / "new" / "1.unreadable"
    unreadable.symlink_to(unreadable.name)
    (box / "new" / "2.mail").write_bytes(content())
    office.accounts[0] = Account(name="box", profile="siv", source=Source.MAILDIR, mode=Mode.AUTO, path=str(box))
    assert office.work()
    assert len(office.store.tickets.latest(9)) == 1
    [health] = office.store.health.all()
    assert (health.error, health.failing_since) == ("box: mails that could not be read and were passed over: 1", None)
    assert health.polled_at
    unreadable.unlink()
    assert office.work()
    assert office.store.health.all()[0].error is None
