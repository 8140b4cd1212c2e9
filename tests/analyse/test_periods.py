"""Days and weeks on an organisation's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyse.periods import Period, last_whole_week, week_of

OSLO = ZoneInfo("Europe/Oslo")


def period(first: str, after: str) -> Period:
    return Period(first=date.fromisoformat(first), after=date.fromisoformat(after), zone=OSLO)


def test_a_week_is_monday_to_sunday() -> None:
    week = week_of("2026-W07", OSLO)
    assert (week.first, week.last, week.days, week.is_week) == (date(2026, 2, 9), date(2026, 2, 15), 7, True)


def test_the_first_week_of_a_year_may_begin_in_the_old_one() -> None:
    assert week_of("2026-W01", OSLO).first == date(2025, 12, 29)
    assert week_of("2026-W53", OSLO).first == date(2026, 12, 28)


@pytest.mark.parametrize("written", ["2025-W53", "2026-W60", "2026-07", "W07", "", "2026-W07-1"])
def test_what_is_no_week_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        week_of(written, OSLO)


def test_a_period_begins_and_ends_at_local_midnight_in_winter_and_in_summer() -> None:
    spring = period("2026-03-23", "2026-03-30")
    assert spring.since == datetime(2026, 3, 22, 23, tzinfo=UTC)
    assert spring.until == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert spring.until - spring.since == timedelta(hours=167)


def test_the_last_whole_week_is_over_on_the_organisations_clock() -> None:
    sunday_late = datetime(2026, 2, 15, 22, 59, tzinfo=UTC)
    assert last_whole_week(sunday_late, OSLO).first == date(2026, 2, 2)
    assert last_whole_week(sunday_late + timedelta(minutes=1), OSLO).first == date(2026, 2, 9)


def test_a_period_without_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no day"):
        period("2026-02-09", "2026-02-09")


def test_whole_weeks_end_with_the_last_week_that_is_over() -> None:
    assert period("2026-02-04", "2026-02-12").whole_weeks(1) == period("2026-02-02", "2026-02-09")
    assert period("2026-02-09", "2026-02-16").whole_weeks(4) == period("2026-01-19", "2026-02-16")


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(DAYS, st.integers(1, 800), st.integers(1, 20))
def test_whole_weeks_are_whole_and_never_too_few(first: date, days: int, fewest: int) -> None:
    asked = Period(first=first, after=first + timedelta(days=days), zone=OSLO)
    weeks = asked.whole_weeks(fewest)
    assert (weeks.first.weekday(), weeks.days % 7) == (0, 0)
    assert weeks.days >= 7 * fewest
    assert asked.after - timedelta(days=6) <= weeks.after <= asked.after
