"""What every mailbox promises, on a real Dovecot and on a Maildir alike."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import trustme

from models.errors import MailboxError
from models.kinds import Mode, Security, Source
from models.records import Account, MailKey
from run.dovecot import Certificate, DovecotServer
from run.wire import open_mailbox
from tests.support.inbox import PASSWORD, Inbox
from tests.support.mails import content
from tests.support.scripted_imap import ScriptedImap

NUMBERS = count(1)


@dataclass
class Place:
    """A mailbox under test: how to reach it, to put mail in and to look into its folders."""

    account: Account
    deliver: Callable[[bytes], object]
    files: Callable[[str | None], list[Path]]


@pytest.fixture(params=["imap", "maildir"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "imap":
        inbox: Inbox = request.getfixturevalue("inbox")
        return Place(inbox.account(), inbox.deliver, inbox.files)
    box = tmp_path / "box"
    for part in ("new", "cur", "tmp"):
        (box / part).mkdir(parents=True)

    def files(folder: str | None) -> list[Path]:
        root = box / f".{folder}" if folder else box
        return sorted(file for part in ("new", "cur") if (root / part).is_dir() for file in (root / part).iterdir())

    account = Account(
        name="box",
        profile="siv",
        source=Source.MAILDIR,
        mode=Mode.AUTO,
        path=str(box),
        handled_folder="Handled",
        quarantine_folder="Quarantine",
    )
    return Place(account, lambda body: (box / "new" / f"{next(NUMBERS):06}.x").write_bytes(body), files)


def fetch(account: Account, known: frozenset[str] = frozenset()) -> list[Any]:
    box = open_mailbox(account)
    try:
        return [raw for batch in box.unknown(known) for raw in batch]
    finally:
        box.close()


def test_mails_come_in_order_with_their_true_bytes(place: Place) -> None:
    bodies = [content(f"mail {number}", subject="Glømt på øya") for number in range(5)]
    bodies.append(b"From: a@b.no\r\nSubject: Gl\xf8mt\r\n\r\nLatin-1 uten ord om det: \xe6\xf8\xe5\r\n.\r\n")
    for body in bodies:
        place.deliver(body)
    found = fetch(place.account)
    assert [raw.content for raw in found] == bodies
    assert not any(raw.truncated for raw in found)


def test_known_mails_are_not_fetched_again(place: Place) -> None:
    for _ in range(3):
        place.deliver(content())
    first = fetch(place.account)
    place.deliver(content())
    again = fetch(place.account, frozenset(raw.key.uid for raw in first))
    assert len(again) == 1


def test_fetching_marks_nothing_as_read(place: Place) -> None:
    place.deliver(content())
    fetch(place.account)
    [file] = place.files(None)
    assert ":2," not in file.name or "S" not in file.name.partition(":2,")[2]


def test_handled_mails_are_moved_and_quarantined_ones_elsewhere(place: Place) -> None:
    for _ in range(3):
        place.deliver(content())
    keys = [raw.key for raw in fetch(place.account)]
    box = open_mailbox(place.account)
    box.file(keys[:2], "Handled", handled=True)
    box.file(keys[2:], "Quarantine", handled=False)
    box.close()
    assert (len(place.files(None)), len(place.files("Handled")), len(place.files("Quarantine"))) == (0, 2, 1)


def test_handled_mails_are_flagged_where_no_folder_is_named(place: Place) -> None:
    place.deliver(content())
    keys = [raw.key for raw in fetch(place.account)]
    box = open_mailbox(place.account)
    box.file(keys, None, handled=True)
    box.close()
    [file] = place.files(None)
    assert "S" in file.name.partition(":2,")[2]


@pytest.mark.parametrize(
    ("also", "left"),
    [("", 0), ("imap_capability = IMAP4rev1 IDLE UIDPLUS", 0), ("imap_capability = IMAP4rev1 IDLE", 1)],
    ids=["MOVE", "UIDPLUS", "neither"],
)
def test_what_somebody_else_marked_deleted_outlives_our_filing(open_folder: Path, tmp_path: Path, also: str, left: int) -> None:
    with DovecotServer(open_folder / tmp_path.name, {"kari": PASSWORD}, also=also) as server:
        inbox = Inbox(server, "kari")
        inbox.deliver(content("ikke vår"))
        [file] = inbox.files()
        strangers = file.rename(file.parent.parent / "cur" / f"{file.name}:2,T")
        inbox.deliver(content("en"), content("to"), content("tre"))
        _, *ours = [raw.key for raw in fetch(inbox.account())]
        box = open_mailbox(inbox.account())
        box.file(ours[:1], None, handled=True)
        box.file(ours[1:2], "Handled", handled=True)
        box.file(ours[2:], "Behandla på øya", handled=True)
        assert box.waiting(None, 10).count == 0
        box.close()
        assert strangers in inbox.files()
        assert len(inbox.files()) == 2 + 2 * left
        assert len(inbox.files("Handled")) == 1


def test_filing_a_mail_that_somebody_moved_away_does_no_harm(place: Place) -> None:
    place.deliver(content())
    [raw] = fetch(place.account)
    [file] = place.files(None)
    file.unlink()
    box = open_mailbox(place.account)
    box.file([raw.key], "Handled", handled=True)
    box.file([MailKey(account=raw.key.account, folder="INBOX", uidvalidity=raw.key.uidvalidity, uid=raw.key.uid)], None, handled=True)
    box.close()


def test_of_a_mail_over_the_limit_the_beginning_is_taken_with_its_true_size(place: Place) -> None:
    large = content("Hei, her kommer bildene.\n" + "x" * 70_000, subject="Stor")
    place.deliver(large)
    place.deliver(content("liten"))
    found = fetch(replace(place.account, size_limit=20_000))
    assert [raw.truncated for raw in found] == [True, False]
    assert found[0].size == len(large)
    assert found[0].content == large[:20_000]


def test_two_deliveries_of_a_mail_over_the_limit_are_one_mail(place: Place) -> None:
    large = content("x" * 70_000, message_id="<stor@siv.no>")
    place.deliver(large)
    place.deliver(b"Received: by another way\r\n" + large)
    first, second = fetch(replace(place.account, size_limit=20_000))
    assert first.fingerprint == second.fingerprint


def test_waiting_ends_when_a_mail_arrives_or_somebody_says_stop(place: Place) -> None:
    box = open_mailbox(place.account)
    box.wait(30, lambda: True)
    delivered: list[object] = []

    def deliver_once() -> bool:
        if not delivered:
            delivered.append(place.deliver(content()))
        return False

    box.wait(30, deliver_once)
    box.close()
    assert len(fetch(place.account)) == 1


def test_a_connection_that_is_closed_while_waiting_is_told_at_once() -> None:
    looks = count()
    with ScriptedImap({}) as server:
        box = open_mailbox(server.account())
        with pytest.raises(MailboxError, match="the connection was closed"):
            box.wait(30, lambda: next(looks) > 9)
        assert next(looks) < 5
        box.close()


def test_a_mail_that_the_server_refuses_holds_up_no_other() -> None:
    mails = {uid: b"* %d FETCH (UID %d BODY[] {3}\r\n%d\n)\r\n" % (uid - 10, uid, uid) for uid in (11, 13)}
    answers = {
        "UID SEARCH": b"* SEARCH 11 12 13 14\r\n",
        "UID FETCH 11 (UID RFC822.SIZE)": b"* 1 FETCH (UID 11 RFC822.SIZE 3)\r\n",
        "UID FETCH 12 (UID RFC822.SIZE)": b"* 2 FETCH (UID 12 RFC822.SIZE 3)\r\n",
        "UID FETCH 13 (UID RFC822.SIZE)": b"* 3 FETCH (UID 13 RFC822.SIZE 3)\r\n",
        "UID FETCH 11,12,13 (UID BODY": mails[11],
        "UID FETCH 11 (UID BODY": mails[11],
        "UID FETCH 13 (UID BODY": mails[13],
    }
    refuses = ["UID FETCH 11,12,13,14 (UID RFC", "UID FETCH 14 (UID RFC", "UID FETCH 11,12,13 (UID BODY", "UID FETCH 12 (UID BODY"]
    with ScriptedImap(answers, refuses) as server:
        box = open_mailbox(server.account())
        for _ in range(2):
            assert [(raw.key.uid, raw.content) for batch in box.unknown(frozenset()) for raw in batch] == [("11", b"11\n"), ("13", b"13\n")]
            assert box.refused == 2
        box.close()


def test_what_cannot_be_read_in_a_maildir_holds_up_no_mail(tmp_path: Path) -> None:
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    (tmp_path / "new" / "1.folder").mkdir()
    os.mkfifo(tmp_path / "new" / "2.pipe")
    (tmp_path / "new" / "3.unreadable").symlink_to("3.unreadable")
    mail = content("fire")
    (tmp_path / "new" / "4.mail").write_bytes(mail)
    box = open_mailbox(Account(name="box", profile="siv", source=Source.MAILDIR, mode=Mode.AUTO, path=str(tmp_path)))
    for _ in range(2):
        assert [raw.content for batch in box.unknown(frozenset()) for raw in batch] == [mail]
        assert box.refused == 1
    assert len(box.waiting(frozenset(), 10).newest) == 1


@pytest.mark.parametrize(
    "told",
    [
        b"* 1 FETCH (UID 11 BODY[] {3}\r\nen\n)\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 12 BODY[] {3}\r\nto\n)\r\n",
        b"* 1 FETCH (BODY[] {3}\r\nen\n UID 11)\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (BODY[] {3}\r\nto\n UID 12)\r\n",
        b"* 3 FETCH (FLAGS ())\r\n* 2 FETCH (BODY[] {3}\r\nto\n UID 12)\r\n* 1 FETCH (BODY[] {3}\r\nen\n UID 11)\r\n",
    ],
)
def test_news_between_the_mails_mixes_up_no_mails(told: bytes) -> None:
    sizes = b"* 1 FETCH (UID 11 RFC822.SIZE 3)\r\n* 2 FETCH (UID 12 RFC822.SIZE 3)\r\n"
    answers = {"UID SEARCH": b"* SEARCH 11 12\r\n", "UID FETCH 11,12 (UID RFC822.SIZE)": sizes}
    with ScriptedImap(answers | {"UID FETCH 11,12 (UID BODY.PEEK[])": told, "UID FETCH 11,12 (BODY": told}) as server:
        assert [(raw.key.uid, raw.content) for raw in fetch(server.account())] == [("11", b"en\n"), ("12", b"to\n")]


def test_many_mails_come_in_several_batches(place: Place) -> None:
    for number in range(230):
        place.deliver(content(f"nr {number}"))
    box = open_mailbox(place.account)
    sizes = [len(batch) for batch in box.unknown(frozenset())]
    box.close()
    assert sizes == [100, 100, 30]


def test_shadow_mode_opens_the_mailbox_read_only(inbox: Inbox) -> None:
    inbox.deliver(content())
    account = inbox.account(mode=Mode.SHADOW)
    [raw] = fetch(account)
    box = open_mailbox(account)
    box.file([raw.key], None, handled=True)
    box.close()
    [file] = inbox.files()
    assert "S" not in file.name.partition(":2,")[2]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"password": "wrong"}, "refuses user and password"),
        ({"folder": "Nowhere"}, "no folder 'Nowhere'"),
        ({"port": 1}, "ConnectionRefusedError"),
    ],
)
def test_a_mailbox_that_cannot_be_opened_says_why(inbox: Inbox, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(MailboxError, match=words) as caught:
        open_mailbox(inbox.account(**changes))
    assert caught.value.permanent is ("port" not in changes)


def test_a_path_that_is_no_maildir_says_so(tmp_path: Path) -> None:
    account = Account(name="box", profile="siv", source=Source.MAILDIR, mode=Mode.AUTO, path=str(tmp_path))
    with pytest.raises(MailboxError, match="no Maildir"):
        open_mailbox(account)


def test_certificates_are_checked(open_folder: Path) -> None:
    folder = open_folder / "tls"
    folder.mkdir()
    authority, other = trustme.CA(), trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(str(folder / "chain.pem"))
    issued.private_key_pem.write_to_path(str(folder / "key.pem"))
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    other.cert_pem.write_to_path(str(folder / "other.pem"))
    os.chmod(folder / "key.pem", 0o644)  # noqa: PTH101  a throw-away key
    certificate = Certificate(chain=folder / "chain.pem", key=folder / "key.pem")
    with DovecotServer(folder / "imap", {"kari": PASSWORD}, certificate=certificate) as server:
        account = Inbox(server, "kari").account(security=Security.TLS, ca_file=str(folder / "ca.pem"))
        open_mailbox(account).close()
        with pytest.raises(MailboxError, match="not trusted") as caught:
            open_mailbox(replace(account, ca_file=str(folder / "other.pem")))
        assert caught.value.permanent
