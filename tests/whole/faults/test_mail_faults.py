"""Mails that are poison, or strike a bug, harm no other and are not lost."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.kinds import MailState
from models.outcomes import Quarantine, Scene
from run.pipeline import poll
from run.wire import open_mailbox
from tests.support.desk import Office
from tests.support.faults import (
    answering,
    assert_each_once,
    box_of,
    count_of,
    long_id,
    looking_into,
    numbered,
    numbers_in,
    poisons,
    ready_with_mails,
)
from tests.support.inbox import Inbox
from tests.support.program import Program, mails_in, until
from tests.support.smtp import SmtpSink


def test_poison_amid_thirty_mails_harms_none_of_them(on_each: Program, inbox: Inbox, smtp: SmtpSink) -> None:
    poison = poisons()
    inbox.deliver(*(numbered(number) for number in range(15)))
    inbox.deliver(*poison.values(), b"")
    inbox.deliver(*(numbered(number) for number in range(15, 30)))
    with on_each.running() as process:
        until(lambda: ready_with_mails(on_each), "the first mails kept")
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
