"""The running program finds repeat problems by itself: in every single round where it is time, and beside all else while it goes on."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from time import monotonic

import pytest

from run.desk import utc_now
from run.loop import Loop
from run.seeking import KNOWN_AFTER, SOUGHT_EVERY
from run.wire import make_desk
from tests.support.desk import Office
from tests.support.mails import content
from tests.support.repeated import DOWN, LATE

PATIENCE = 60.0
A_WHILE = 0.05


@pytest.fixture
def at_work(office: Office) -> Office:
    """Days after a first case three people tell one fault."""
    earlier = replace(office, clock=lambda: utc_now() - KNOWN_AFTER - timedelta(hours=1))
    tell(earlier, "Jeg trenger en ny mus til kontoret, kan dere bestille?")
    assert earlier.work()
    tell(office, *DOWN)
    return office


def test_of_the_first_days_nothing_is_said_by_itself(office: Office) -> None:
    tell(office, *DOWN)
    assert office.work()
    assert cases(office) == []


def tell(office: Office, *texts: str) -> None:
    first = len(office.told)
    office.inboxes[0].deliver(*(content(text, subject="MetaVision", sender=f"p{first + place}@siv.no") for place, text in enumerate(texts)))


def cases(office: Office) -> list[int]:
    return [len(repeat.tickets) for repeat in office.store.repeats.found("siv")]


def test_a_single_round_finds_what_repeats_and_a_later_one_what_joins(at_work: Office) -> None:
    assert at_work.work()
    assert cases(at_work) == [3]
    tell(at_work, LATE)
    assert at_work.work()
    assert cases(at_work) == [3], "not so soon again"
    later = utc_now() + SOUGHT_EVERY + timedelta(minutes=1)
    assert replace(at_work, clock=lambda: later).work()
    assert cases(at_work) == [4]


def test_a_service_that_goes_on_seeks_beside_all_else(at_work: Office) -> None:
    assert at_work.work()
    at_work.store.repeats.ask("siv", utc_now())
    desk = make_desk(at_work.profile, at_work.store, at_work.model, at_work.accounts, at_work.environment)
    loop = Loop(desk, at_work.accounts, at_work.smtp.server)
    running = threading.Thread(target=loop.forever)
    running.start()
    deadline, ready = monotonic() + PATIENCE, threading.Event()
    while not _sought(at_work) and monotonic() < deadline:
        ready.wait(A_WHILE)
    loop.stop()
    running.join()
    assert _sought(at_work)


def _sought(office: Office) -> bool:
    found = office.store.repeats.searched("siv")
    return bool(found.whole_at and found.asked_at and found.whole_at > found.asked_at)
