"""Repeat problems are sought while the desk works: all where a person asks, the newest after new ones came, and what a person said holds at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.profiles import Profile
from models.records import Redacted, TicketId
from models.repeats import Repeat, RepeatId
from models.store import Store
from run.seeking import SOUGHT_EVERY, seek_again, seek_newest, settle
from tests.support.repeated import DAY, LATE, fault, ordinary, tell

NOW = datetime(2026, 2, 24, 13, tzinfo=UTC)


@pytest.fixture
def sought(store: Store, siv: Profile) -> list[TicketId]:
    """A fault of three cases among thirty others, found."""
    ordinary(store)
    tickets = fault(store)
    assert seek_again(store, siv, NOW)
    return tickets


def the(store: Store) -> Repeat:
    [found] = store.repeats.found("siv")
    return found


def test_a_desk_without_cases_seeks_nothing(store: Store, siv: Profile) -> None:
    assert not seek_again(store, siv, NOW)
    assert store.repeats.searched("siv").at is None


def test_what_is_found_first_is_kept_with_its_figures(store: Store, siv: Profile, sought: list[TicketId]) -> None:
    assert the(store).tickets == tuple(sought)
    [summed] = store.repeats.listed("siv", 10)
    assert summed.account
    assert (summed.account.count, summed.account.reporters) == (3, 3)
    assert summed.account.median_hours_to_solve == pytest.approx(3 - 1 / 6)
    assert summed.account.known_solution is None, "nobody has confirmed it"
    assert store.repeats.teams_of("siv", [the(store).id]) == {the(store).id: {"kliniske-systemer": 3}}


def test_a_new_case_joins_when_a_quarter_of_an_hour_is_over_and_not_before(store: Store, siv: Profile, sought: list[TicketId]) -> None:
    assert not seek_again(store, siv, NOW + SOUGHT_EVERY), "nothing new came"
    late = tell(store, f"{DAY} 14:05", LATE, "p9")
    assert not seek_again(store, siv, NOW + SOUGHT_EVERY - timedelta(minutes=1))
    assert seek_again(store, siv, NOW + SOUGHT_EVERY)
    assert the(store).tickets == (*sought, late)
    assert the(store).id == RepeatId(sought[0])


def test_all_cases_are_looked_at_where_a_person_asks(store: Store, siv: Profile, sought: list[TicketId]) -> None:
    store.repeats.ask("siv", NOW + timedelta(minutes=1))
    assert seek_again(store, siv, NOW + timedelta(minutes=2))
    assert store.repeats.searched("siv").whole_at == NOW + timedelta(minutes=2)
    assert not seek_again(store, siv, NOW + timedelta(minutes=3))


def test_what_was_found_long_ago_stays_as_it_was(store: Store, siv: Profile, sought: list[TicketId]) -> None:
    later = NOW + timedelta(days=100)
    tell(store, f"{later:%Y-%m-%d %H:%M}", "Jeg får ikke logget på e-posten hjemmefra.", "q1")
    assert seek_newest(store, siv, later + timedelta(hours=2)) == []
    assert the(store).tickets == tuple(sought)


def test_a_repeat_of_the_newest_finds_its_old_members_again(store: Store, siv: Profile, sought: list[TicketId]) -> None:
    """Its first cases lie before the newest ones: it neither loses them nor its number."""
    late = tell(store, "2026-05-20 14:00", LATE, "p9")
    store.repeats.merge("siv", [the(store), replace(the(store), tickets=(late,))], "ana", NOW)
    [found] = seek_newest(store, siv, datetime(2026, 6, 15, 12, tzinfo=UTC))
    assert the(store).tickets == found.repeat.tickets == (*sought, late)
    assert found.repeat.id == RepeatId(sought[0])


def test_what_a_person_split_and_merged_holds_at_once_and_after_every_search(store: Store, siv: Profile, sought: list[TicketId]) -> None:
    store.repeats.split("siv", the(store), [sought[2]], "ana", NOW)
    settle(store, siv, sought, NOW)
    assert the(store).tickets == tuple(sought[:2])
    store.repeats.ask("siv", NOW + timedelta(minutes=1))
    assert seek_again(store, siv, NOW + timedelta(minutes=2))
    assert the(store).tickets == tuple(sought[:2])


def test_a_name_holds_at_once_and_after_every_search(store: Store, siv: Profile, sought: list[TicketId]) -> None:

    store.repeats.name("siv", the(store).id, Redacted("Svart MetaVision"), "ana", NOW)
    assert the(store).name == "Svart MetaVision"
    settle(store, siv, sought, NOW)
    assert the(store).name == "Svart MetaVision"
