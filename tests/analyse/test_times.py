"""How long cases take, computed by hand; and office hours for many at once against the clock that counts them one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyse.courses import ANSWER, SOLVED, stages, stays
from analyse.periods import week_of
from analyse.times import clocks_by_priority, durations, in_time, office_minutes, spread, within
from models.hours import Hours
from models.kinds import EventKind
from models.profiles import load_profile
from route.hours import OfficeHours
from tests.support.frames import events, parcels, tickets

OSLO = ZoneInfo("Europe/Oslo")
OFFICE = OfficeHours(Hours(week={"mon-fri": "08:00-12:00, 13:00-16:00"}, country="NO"), OSLO)
ALWAYS = OfficeHours(Hours(week={"mon-sun": "00:00-24:00"}), OSLO)
BEGIN = datetime(2026, 2, 20, tzinfo=UTC)
MOMENTS = st.integers(0, 90 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))


def series(values: list[datetime]) -> pd.Series:
    return pd.Series(values, dtype="datetime64[us, UTC]").dt.tz_convert("Europe/Oslo")


@given(st.lists(st.tuples(MOMENTS, MOMENTS).map(sorted), min_size=1, max_size=20), st.sampled_from([OFFICE, ALWAYS]))
def test_office_minutes_of_many_are_those_of_each(pairs: list[list[datetime]], clock: OfficeHours) -> None:
    """Summer time and Easter lie within."""
    starts, ends = series([start for start, _ in pairs]), series([end for _, end in pairs])
    counted = [clock.between(start, end) / timedelta(minutes=1) for start, end in pairs]
    assert office_minutes(clock, starts, ends).tolist() == pytest.approx(counted, abs=1e-6)


def test_office_minutes_of_none_are_none() -> None:
    assert office_minutes(OFFICE, series([]), series([])).tolist() == []


def solved_cases() -> pd.DataFrame:
    """Friday afternoon until Monday morning, an hour on a Monday, and one that is open."""
    cases = tickets(
        {"opened": "2026-02-06 15:00", "due": "2026-02-09 08:00"},
        {"opened": "2026-02-09 10:00", "due": "2026-02-09 12:00", "priority": 4},
        {"opened": "2026-02-09 10:00"},
    )
    happened = events((1, "2026-02-09 09:00", EventKind.SOLVED), (2, "2026-02-09 11:00", EventKind.SOLVED))
    open_times = stays(cases, happened)
    return durations(cases, stages(cases, happened, parcels(), open_times), {3: OFFICE})


def test_a_time_is_told_on_the_wall_clock_and_in_the_hours_of_its_priority() -> None:
    found = solved_cases().query("stage == @SOLVED").set_index("ticket")
    assert found["minutes"].to_dict() == {1: 66 * 60, 2: 60}
    assert found["office_minutes"].dropna().to_dict() == {1: 120}, "nobody said in which hours priority 4 counts"


def test_in_time_is_told_of_solutions_alone_and_by_the_due_time() -> None:
    found = solved_cases()
    assert found.loc[found["stage"] == SOLVED, "in_time"].tolist() == [False, True]
    assert found.loc[found["stage"] == ANSWER, "in_time"].isna().all()


def test_the_share_in_time_is_of_those_that_have_a_due_time() -> None:
    solved = pd.DataFrame({"priority": [1, 1, 1, 2], "in_time": pd.array([True, False, None, None], dtype="boolean")})
    found = in_time(solved, "priority")
    assert found.loc[1].to_dict() == {"solved": 3, "with_due": 2, "in_time": 1, "share": 0.5}
    assert found["solved"].to_dict() == {1: 3, 2: 1}
    assert found["share"].dropna().to_dict() == {1: 0.5}


def test_half_and_nine_of_ten() -> None:
    minutes = pd.DataFrame({"stage": pd.Categorical(["a"] * 11, ["a", "b"]), "minutes": range(0, 110, 10), "office_minutes": float("nan")})
    found = spread(minutes, "stage").to_dict("index")
    assert [found["a"][key] for key in ("cases", "median", "p90")] == [11, 50, 90]
    assert found["b"]["cases"] == 0


def test_a_period_takes_its_first_moment_and_not_its_last() -> None:
    week = week_of("2026-W07", OSLO)
    rows = tickets(
        {"opened": "2026-02-08 23:59"}, {"opened": "2026-02-09 00:00"}, {"opened": "2026-02-15 23:59"}, {"opened": "2026-02-16 00:00"}
    )
    assert within(rows, "opened", week)["ticket"].tolist() == [2, 3]


def test_priorities_without_a_due_time_have_no_clock() -> None:
    assert clocks_by_priority(load_profile("siv")) == {}
    assert set(clocks_by_priority(load_profile("ehm"))) == {1, 2, 3, 4, 5}
