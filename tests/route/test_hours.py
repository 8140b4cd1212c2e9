"""When people work: against a counter that looks at every minute."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.errors import ProfileError
from models.hours import Hours
from models.profiles import load_profile
from route.hours import OfficeHours, clocks_of

OSLO, STOCKHOLM = ZoneInfo("Europe/Oslo"), ZoneInfo("Europe/Stockholm")
MINUTE = timedelta(minutes=1)
NORWEGIAN = Hours(week={"mon-fri": "08:00-15:30"}, country="NO", days={"12-24": "", "Skjærtorsdag-1": "08:00-12:00"})
SHIFTS = Hours(week={"mon-thu": "07:15-11:00, 12:30-16:00", "sat": "00:00-24:00"}, country="SE", days={"Midsommardagen-1": ""})
ALWAYS = Hours(week={"mon-sun": "00:00-24:00"})
OF_NORWAY = {date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 25)}
"""Written out by hand, those on weekdays."""


def moment(text: str, zone: ZoneInfo = OSLO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def counted(clock: OfficeHours, start: datetime, end: datetime) -> timedelta:
    """Open time, minute by minute."""
    minutes = int((end - start) / MINUTE)
    return sum((MINUTE for number in range(minutes) if clock.is_open(start + number * MINUTE)), timedelta())


def open_by_hand(at: datetime) -> bool:
    """NORWEGIAN's hours, told once more with nothing of ours: 2026, January to June."""
    local = at.astimezone(OSLO)
    closes = 12 * 60 if local.date() == date(2026, 4, 1) else 15 * 60 + 30
    minute = local.hour * 60 + local.minute
    return local.weekday() < 5 and local.date() not in OF_NORWAY and 8 * 60 <= minute < closes


@given(st.integers(0, 181 * 24 * 60 - 1))
def test_a_minute_is_open_where_a_calendar_says_so(minute: int) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC) + minute * MINUTE
    at = min(at, datetime(2026, 6, 30, tzinfo=UTC))

    assert OfficeHours(NORWEGIAN, OSLO).is_open(at) == open_by_hand(at)


MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + minutes * MINUTE)
HOURS = st.sampled_from([NORWEGIAN, SHIFTS, ALWAYS])


@given(MOMENTS, st.integers(0, 14 * 24 * 60), HOURS, st.sampled_from([OSLO, STOCKHOLM]))
def test_open_time_between_two_moments_is_what_a_minute_counter_counts(start: datetime, minutes: int, hours: Hours, zone: ZoneInfo) -> None:
    clock = OfficeHours(hours, zone)
    end = start + minutes * MINUTE

    assert clock.between(start, end) == counted(clock, start, end)


@given(MOMENTS, st.integers(1, 40 * 60), HOURS)
def test_after_so_much_open_time_so_much_has_passed_and_not_a_minute_before(start: datetime, minutes: int, hours: Hours) -> None:
    clock = OfficeHours(hours, OSLO)
    amount = minutes * MINUTE

    end = clock.after(start, amount)

    assert clock.between(start, end) == amount
    assert clock.is_open(end - MINUTE)


@given(MOMENTS, HOURS)
def test_the_next_open_moment_is_open_and_nothing_before_it_was(start: datetime, hours: Hours) -> None:
    clock = OfficeHours(hours, STOCKHOLM)

    at = clock.next_open(start)

    assert clock.is_open(at)
    assert clock.between(start, at) == timedelta()


def test_a_day_is_an_hour_shorter_when_summer_time_begins_and_an_hour_longer_when_it_ends() -> None:
    clock = OfficeHours(ALWAYS, OSLO)

    spring = clock.between(moment("2026-03-29T00:00"), moment("2026-03-30T00:00"))
    autumn = clock.between(moment("2026-10-25T00:00"), moment("2026-10-26T00:00"))

    assert (spring, autumn) == (timedelta(hours=23), timedelta(hours=25))


def test_eight_hours_from_wednesday_before_easter_end_on_the_tuesday_after() -> None:
    clock = OfficeHours(NORWEGIAN, OSLO)

    assert clock.after(moment("2026-04-01T10:00"), timedelta(hours=8)) == moment("2026-04-07T14:00")


def test_an_own_day_beats_the_public_holiday_on_it() -> None:
    clock = OfficeHours(Hours(week={"mon-fri": "08:00-16:00"}, country="NO", days={"05-01": "10:00-12:00"}), OSLO)

    assert clock.between(moment("2026-05-01T00:00"), moment("2026-05-02T00:00")) == timedelta(hours=2)


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads take turns after every few steps."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hurried")
def test_every_thread_that_asks_at_once_sees_the_public_holiday() -> None:
    new_year = moment("2027-01-01T10:00")
    hours = Hours(week={"mon-fri": "08:00-15:30"}, country="NO")
    threads = 4
    together = Barrier(threads)

    def asks(clock: OfficeHours) -> bool:
        together.wait()
        return clock.is_open(new_year)

    with ThreadPoolExecutor(threads) as pool:
        found = [is_open for _ in range(100) for is_open in pool.map(asks, [OfficeHours(hours, OSLO)] * threads)]

    assert not any(found)


def test_midsummer_eve_moves_with_midsummer() -> None:
    clock = OfficeHours(SHIFTS, STOCKHOLM)
    open_that_week = Hours(week={"fri": "08:00-12:00"}, country="SE", days={"Midsommardagen-1": ""})

    eves = [day for year in (2025, 2026, 2027) for day in OfficeHours(open_that_week, STOCKHOLM).own_days(year)]

    assert eves == [date(2025, 6, 20), date(2026, 6, 19), date(2027, 6, 25)]
    assert clock.own_days(2026) == {date(2026, 6, 19): ()}


def test_a_leap_day_is_a_day_of_its_own_only_in_leap_years() -> None:
    clock = OfficeHours(Hours(week={"mon-sun": "08:00-16:00"}, days={"02-29": ""}), OSLO)

    assert [len(clock.own_days(year)) for year in (2027, 2028)] == [0, 1]


@pytest.mark.parametrize(
    ("week", "word"),
    [
        ({"mon-fri": "8-16"}, "no span"),
        ({"mon": "16:00-08:00"}, "ends before"),
        ({"mon": "08:00-25:00"}, "after 24:00"),
        ({"monday": "08:00-16:00"}, "no weekday"),
        ({"mon": "08:00-12:00, 11:00-16:00"}, "before the one ahead"),
        ({"mon": ""}, "ever works"),
    ],
)
def test_hours_that_make_no_sense_are_refused_in_one_clear_line(week: dict[str, str], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        Hours.model_validate({"week": week})


@pytest.mark.parametrize(
    ("hours", "word"),
    [
        (Hours(week={"mon": "08:00-16:00"}, country="XX"), "XX"),
        (Hours(week={"mon": "08:00-16:00"}, country="SE", days={"Langfredag-1": ""}), "Långfredagen"),
        (Hours(week={"mon": "08:00-16:00"}, days={"13-41": ""}), "month"),
    ],
)
def test_a_country_or_day_that_is_not_known_is_an_error_of_the_profile(hours: Hours, word: str) -> None:
    profile = load_profile("siv").model_copy(update={"hours": {"office": hours}})

    with pytest.raises(ProfileError, match=rf"hours\.office.*{word}"):
        clocks_of(profile)


@pytest.mark.parametrize("name", ["siv", "inera", "ehm", "regionjh", "sll"])
def test_every_shipped_profile_has_hours_that_can_be_counted(name: str) -> None:
    for clock in clocks_of(load_profile(name)).values():
        assert clock.after(moment("2026-12-23T12:00"), timedelta(hours=40)) < moment("2027-02-01T00:00")
