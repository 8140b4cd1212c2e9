"""Two desks that answer each other: it dies out by itself, whatever is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from models.profiles import Profile
from models.store import open_store
from run.dovecot import DovecotServer
from run.settings import Environment
from tests.conftest import USERS
from tests.support.desk import Office
from tests.support.inbox import Inbox
from tests.support.mails import content
from tests.support.smtp import SmtpSink

OURS = "ikt@siv.no"
THEIRS = "helpdesk@kommune.example"
MOST_ROUNDS = 60
MARKS = re.compile(rb"^(?:Auto-Submitted|X-Auto-Response-Suppress|X-Saksgang|In-Reply-To|References):.*\r\n", re.MULTILINE)
SIGNED = re.compile(rb"\[?(?:SIV|KOM)-\d+-[a-z2-7]{8}\]?")


@pytest.fixture
def theirs(siv: Profile, dovecot: DovecotServer, tmp_path: Path) -> Iterator[Office]:
    """The other town's desk: the same program, its own address, numbers, database and mailbox."""
    desk = siv.desk.model_copy(update={"addresses": [THEIRS], "case_prefix": "KOM", "staff_domains": ["kommune.example"]})
    inbox = Inbox(dovecot, f"user{next(USERS)}")
    store, smtp = open_store(f"sqlite:///{tmp_path / 'theirs.db'}"), SmtpSink().start()
    yield Office(siv.model_copy(update={"desk": desk}), store, [inbox], smtp, Environment(home=tmp_path / "theirs"), [inbox.account()])
    smtp.stop()
    store.close()


def as_it_is(letter: bytes) -> bytes:
    return letter


def without_marks(letter: bytes) -> bytes:
    """What a gateway leaves that knows better."""
    return MARKS.sub(b"", letter)


def without_marks_and_numbers(letter: bytes) -> bytes:
    return SIGNED.sub(b"", MARKS.sub(b"", letter))


def carry(sender: Office, to: Office, address: str, already: int, on_the_way: Callable[[bytes], bytes]) -> int:
    """Bring what one desk sent to the other's mailbox; how many mails that are by now."""
    letters = [body for recipient, body in sender.smtp.contents() if recipient == address]
    to.inboxes[0].deliver(*(on_the_way(letter) for letter in letters[already:]))
    return len(letters)


@pytest.mark.parametrize(
    ("on_the_way", "most"), [(as_it_is, 1), (without_marks, 2), (without_marks_and_numbers, 40)], ids=["as it is", "no marks", "no numbers"]
)
def test_two_desks_that_answer_each_other_fall_silent(
    office: Office, theirs: Office, on_the_way: Callable[[bytes], bytes], most: int
) -> None:
    office.inboxes[0].deliver(content("Vi får ikke sendt henvisninger til dere.", sender=f"Helpdesk <{THEIRS}>", to=OURS))
    to_them = to_us = 0
    for _ in range(MOST_ROUNDS):
        office.work()
        before = (to_them, to_us)
        to_them = carry(office, theirs, THEIRS, to_them, on_the_way)
        theirs.work()
        to_us = carry(theirs, office, OURS, to_us, on_the_way)
        if (to_them, to_us) == before:
            break
    else:
        pytest.fail("they still talk")
    assert 1 <= to_them + to_us <= most


def test_a_machine_that_answers_everything_without_saying_so_is_answered_no_more_than_the_cap(office: Office) -> None:
    numbers = count(4711)
    answered = -1
    office.inboxes[0].deliver(content("Sak 4710 er mottatt.", sender=THEIRS, subject="Kvittering 4710"))
    for _ in range(MOST_ROUNDS):
        office.work()
        receipts = len(office.sent(THEIRS))
        if receipts == answered:
            break
        answered = receipts
        number = next(numbers)
        office.inboxes[0].deliver(content(f"Sak {number} er mottatt.", sender=THEIRS, subject=f"Kvittering {number}"))
    assert answered == office.profile.outgoing.cap_per_hour
