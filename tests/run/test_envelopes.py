"""What lies in a mailbox by its headers alone, on a real Dovecot and on a Maildir alike: nothing is marked, moved or fetched whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.envelope import Listing, read_envelope
from ingest.imap import ImapMailbox
from models.kinds import Mode, Source
from models.records import Account
from run.wire import open_mailbox
from tests.support.inbox import Inbox
from tests.support.mails import content

NUMBERS = count(1)


@dataclass
class Place:
    account: Account
    deliver: Callable[[bytes], object]
    files: Callable[[], list[Path]]


@pytest.fixture(params=["imap", "maildir"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A mailbox opened as the reserve list opens it."""
    if request.param == "imap":
        inbox: Inbox = request.getfixturevalue("inbox")
        return Place(inbox.account(mode=Mode.SHADOW), inbox.deliver, inbox.files)
    box = tmp_path / "box"
    for part in ("new", "cur", "tmp"):
        (box / part).mkdir(parents=True)
    account = Account(name="box", profile="siv", source=Source.MAILDIR, mode=Mode.SHADOW, path=str(box))
    return Place(
        account,
        lambda body: (box / "new" / f"{next(NUMBERS):06}.x").write_bytes(body),
        lambda: sorted(file for part in ("new", "cur") for file in (box / part).iterdir()),
    )


def listed(account: Account, handled: frozenset[str] | None = frozenset(), most: int = 1000) -> Listing:
    box = open_mailbox(account)
    try:
        return box.waiting(handled, most)
    finally:
        box.close()


def test_who_when_what_and_how_large(place: Place) -> None:
    body = content("Bildet kommer. " + "x" * 3000, subject="Glømt på øya, fnr 01010112345 eller ring 33 34 35 36")
    place.deliver(body)
    [found] = listed(place.account).newest
    assert (found.sender.name, found.sender.address) == ("Kari Moe", "kari.moe@siv.no")
    assert found.date == datetime(2026, 3, 2, 7, 55, tzinfo=UTC)
    assert found.subject.startswith("Glømt på øya, fnr [")
    assert "33 34 35 36" not in found.subject
    assert found.size == len(body)


def test_a_mail_without_a_date_or_a_sender_is_listed_by_its_arrival(place: Place) -> None:
    place.deliver(b"Subject: uten dato\r\n\r\nHei\r\n")
    place.deliver(b"X-Nothing: at all\r\n\r\nHei\r\n")
    first, second = listed(place.account).newest
    assert (first.subject, first.sender.address, second.subject) == ("uten dato", "", "")
    for found in (first, second):
        assert found.date
        assert abs((datetime.now(UTC) - found.date).total_seconds()) < 600


def test_nothing_is_marked_or_moved_by_looking(place: Place) -> None:
    for number in range(3):
        place.deliver(content(f"nr {number}"))
    before = [(file.parent.name, file.name) for file in place.files()]
    assert listed(place.account).count == 3
    assert listed(place.account, None).count == 3
    assert [(file.parent.name, file.name) for file in place.files()] == before


def test_the_newest_are_listed_the_oldest_first_and_all_are_counted(place: Place) -> None:
    for number in range(7):
        place.deliver(content(subject=f"nr {number}"))
    found = listed(place.account, most=3)
    assert found.count == 7
    assert [mail.subject for mail in found.newest] == ["nr 4", "nr 5", "nr 6"]


def test_what_is_handled_is_left_out(place: Place) -> None:
    for number in range(3):
        place.deliver(content(subject=f"nr {number}"))
    box = open_mailbox(place.account)
    first = next(raw.key.uid for batch in box.unknown(frozenset()) for raw in batch)
    box.close()
    assert [mail.subject for mail in listed(place.account, frozenset({first})).newest] == ["nr 1", "nr 2"]


def test_an_empty_mailbox_has_nothing_to_list(place: Place) -> None:
    assert listed(place.account) == Listing(count=0, newest=())


def test_where_nobody_knows_the_mark_on_the_mail_tells(inbox: Inbox) -> None:
    inbox.deliver(content(subject="ferdig"), content(subject="venter"))
    box = open_mailbox(inbox.account())
    keys = [raw.key for batch in box.unknown(frozenset()) for raw in batch]
    box.file(keys[:1], None, handled=True)
    box.close()
    assert [mail.subject for mail in listed(inbox.account(mode=Mode.SHADOW), None).newest] == ["venter"]


def test_only_headers_cross_the_line(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.deliver(content("x" * 400_000, subject="Stor"))
    box = open_mailbox(inbox.account(mode=Mode.SHADOW))
    assert isinstance(box, ImapMailbox)
    told: list[int] = []
    read = box._box.client.read

    def counted(size: int) -> bytes:
        told.append(size)
        return read(size)

    monkeypatch.setattr(box._box.client, "read", counted)
    [found] = box.waiting(frozenset(), 10).newest
    box.close()
    assert found.size > 400_000
    assert 0 < sum(told) < 2_000


def test_more_mails_than_one_question_may_ask_for(place: Place) -> None:
    for number in range(1005):
        place.deliver(content(subject=f"nr {number}"))
    found = listed(place.account)
    assert (found.count, len(found.newest)) == (1005, 1000)
    assert (found.newest[0].subject, found.newest[-1].subject) == ("nr 5", "nr 1004")


@given(st.binary(max_size=2_000))
def test_any_bytes_have_an_envelope(body: bytes) -> None:
    found = read_envelope(body, len(body), None)
    assert "\n" not in found.subject
    assert found.size == len(body)
