"""An SMTP server that is down or refuses: what can be sent is sent once, and what cannot is shown."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.kinds import ParcelState
from models.outcomes import ParcelFate
from run.delivery import deliver
from run.wire import make_desk
from tests.support.desk import Office
from tests.support.faults import assert_each_once, box_of, numbered
from tests.support.mails import content
from tests.support.program import Program

SOME = 30


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
