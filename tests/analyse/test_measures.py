"""Cases counted, each figure computed by hand."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd

from analyse import measures
from analyse.courses import stays
from analyse.periods import Period, week_of
from models.kinds import CameBy, EventKind, ParcelKind, TicketType
from tests.support.frames import OSLO, events, parcels, tickets

WEEK = week_of("2026-W07", ZoneInfo(OSLO))
TWO_WEEKS = Period(first=date(2026, 2, 2), after=date(2026, 2, 16), zone=ZoneInfo(OSLO))
MIDNIGHTS = pd.date_range("2026-02-10", "2026-02-16", tz=OSLO)
"""The ends of the days of `WEEK`."""
INCIDENT, ORDER = TicketType.INCIDENT.value, TicketType.ORDER.value


def days(frame: pd.DataFrame) -> list[str]:
    return [f"{moment:%d}" for moment in frame.index]


def test_cases_by_day_have_a_row_for_every_day() -> None:
    cases = tickets({}, {}, {"opened": "2026-02-11 23:59", "type": ORDER}, {"opened": "2026-02-16 00:00"})
    found = measures.by_day(cases, WEEK, "type")
    assert days(found) == ["09", "10", "11", "12", "13", "14", "15"]
    assert found[INCIDENT].tolist() == [2, 0, 0, 0, 0, 0, 0]
    assert found[ORDER].tolist() == [0, 0, 1, 0, 0, 0, 0]


def test_a_day_is_the_organisations_own() -> None:
    """A quarter to midnight in Oslo is a quarter to eleven in UTC, in summer a quarter to ten."""
    cases = tickets({"opened": "2026-02-09T22:45:00+00:00"}, {"opened": "2026-02-09T23:15:00+00:00"})
    assert measures.by_day(cases, WEEK, "type")[INCIDENT].tolist()[:2] == [1, 1]


def test_a_day_of_summer_time_loses_no_case() -> None:
    spring = Period(first=date(2026, 3, 28), after=date(2026, 3, 31), zone=ZoneInfo(OSLO))
    cases = tickets({"opened": "2026-03-29 01:59"}, {"opened": "2026-03-29 03:00"}, {"opened": "2026-03-30 00:00"})
    assert measures.by_day(cases, spring, "type")[INCIDENT].tolist() == [0, 2, 1]
    autumn = Period(first=date(2026, 10, 25), after=date(2026, 10, 26), zone=ZoneInfo(OSLO))
    twice = tickets({"opened": "2026-10-25T00:30:00+00:00"}, {"opened": "2026-10-25T01:30:00+00:00"})
    assert measures.by_day(twice, autumn, "type")[INCIDENT].tolist() == [2]
    assert (
        measures.arrivals(twice, Period(first=date(2026, 10, 19), after=date(2026, 10, 26), zone=ZoneInfo(OSLO))).loc[
            ("arbeidsplass", 6), 2
        ]
        == 2
    )


def test_cases_by_week_are_counted_under_its_monday() -> None:
    cases = tickets({"opened": "2026-02-08 23:00"}, {"opened": "2026-02-09 00:00"}, {"opened": "2026-02-15 12:00"})
    found = measures.by_week(cases, "opened", "team", TWO_WEEKS)
    assert days(found) == ["02", "09"]
    assert found["arbeidsplass"].tolist() == [1, 2]


def test_values_are_counted_and_those_that_are_missing_too() -> None:
    found = measures.by_value(tickets({"service": "DIPS"}, {"service": "DIPS"}, {}, {"opened": "2026-01-01 10:00"}), WEEK, "service")
    assert found["cases"].to_dict() == {"DIPS": 2, measures.NONE: 1}
    assert found["share"].sum() == 1


def test_values_that_did_not_occur_are_left_out() -> None:
    found = measures.by_value(tickets({"priority": 2}, {"opened": "2026-01-01 10:00", "priority": 1}), WEEK, "priority")
    assert found["cases"].to_dict() == {2: 1}


def test_arrivals_are_an_average_over_the_weeks() -> None:
    cases = tickets(
        {"opened": "2026-02-02 10:05"},
        {"opened": "2026-02-09 10:55"},
        {"opened": "2026-02-09 11:00", "team": "nett"},
        {"opened": "2025-01-01 10:00"},
    )
    found = measures.arrivals(cases, TWO_WEEKS)
    assert found.loc[("arbeidsplass", 0), 10] == 1
    assert found.loc[("nett", 0), 11] == 0.5
    assert found.to_numpy().sum() == 1.5
    assert found.shape == (14, 24)


def test_weeks_before_the_first_case_of_all_do_not_make_arrivals_fewer() -> None:
    assert measures.arrivals(tickets({"opened": "2026-02-09 10:00"}), TWO_WEEKS).loc[("arbeidsplass", 0), 10] == 1


def test_no_cases_make_no_arrivals() -> None:
    assert measures.arrivals(tickets(), TWO_WEEKS).empty


def test_open_cases_are_those_that_have_begun_and_not_ended() -> None:
    cases = tickets({}, {}, {"team": "nett"})
    happened = events((1, "2026-02-10 00:00", EventKind.SOLVED), (2, "2026-02-11 08:00", EventKind.SOLVED))
    found = measures.open_at(cases, stays(cases, happened), MIDNIGHTS)
    assert days(found)[0] == "10"
    assert found["arbeidsplass"].tolist()[:3] == [1, 1, 0]
    assert found["nett"].tolist() == [1] * 7


def test_a_teams_load() -> None:
    cases = tickets(
        {"due": "2026-02-10 10:00"},
        {"due": "2026-02-20 10:00"},
        {"opened": "2026-02-01 10:00"},
        {"team": "nett", "opened": "2026-02-20 10:00"},
    )
    happened = events((3, "2026-02-12 10:00", EventKind.SOLVED))
    found = measures.load_by_team(cases, stays(cases, happened), WEEK)
    assert found.loc["arbeidsplass"].to_dict() == {"opened": 2, "closed": 1, "open": 2, "overdue": 1}
    assert "nett" not in found.index, "it came later"


def test_sorted_alone_is_told_of_mails() -> None:
    cases = tickets({}, {}, {"unsure": True}, {"came_by": CameBy.PHONE})
    found = measures.sorted_alone(cases, TWO_WEEKS)
    assert found["mails"].tolist() == [0, 3]
    assert found["sorted"].tolist() == [0, 2]
    assert pd.isna(found["share"].iloc[0])
    assert found["share"].iloc[1] == 2 / 3


def test_corrections_stand_under_the_team_that_was_guessed() -> None:
    cases = tickets({"team": "nett"}, {}, {"guessed_team": "nett"})
    happened = events(
        (1, "2026-02-09 11:00", EventKind.MOVED),
        (1, "2026-02-09 12:00", EventKind.PRIORITY_CHANGED),
        (2, "2026-02-09 12:00", EventKind.TYPE_CHANGED),
        (3, "2026-02-08 12:00", EventKind.MOVED),
        (3, "2026-02-09 12:00", EventKind.ACKNOWLEDGED),
    )
    found = measures.corrections(cases, happened, WEEK)
    assert found.loc["arbeidsplass"].to_dict() == {"moved": 1, "priority": 1, "type": 1, "risk": 0}
    assert list(found.index) == ["arbeidsplass"]


def test_the_first_move_of_a_doubtful_case_is_its_sorting() -> None:
    cases = tickets({"unsure": True}, {"unsure": True})
    happened = events(
        (1, "2026-02-09 11:00", EventKind.MOVED),
        (1, "2026-02-09 12:00", EventKind.MOVED),
        (2, "2026-02-08 11:00", EventKind.MOVED),
        (2, "2026-02-09 11:00", EventKind.MOVED),
        (2, "2026-02-09 11:00", EventKind.PRIORITY_CHANGED),
    )
    assert measures.corrections(cases, happened, WEEK).loc["arbeidsplass"].to_dict() == {"moved": 2, "priority": 1, "type": 0, "risk": 0}


def test_an_offered_answer_helped_failed_or_waits() -> None:
    sent = parcels(*((number, "2026-02-10 10:00", ParcelKind.FAQ) for number in range(1, 5)), (5, None, ParcelKind.FAQ))
    happened = events(
        (1, "2026-02-15 10:00", EventKind.FAQ_HELPED),
        (2, "2026-02-11 10:00", EventKind.FAQ_FAILED),
        (3, "2026-02-15 10:00", EventKind.FAQ_HELPED),
        (3, "2026-02-15 11:00", EventKind.REOPENED),
    )
    found = measures.deflections(happened, sent, TWO_WEEKS).iloc[1]
    assert found.to_dict() == {"helped": 1, "failed": 2, "waiting": 1, "share": 1 / 3}


def test_reopenings_are_held_against_the_closings_of_their_week() -> None:
    cases = tickets({}, {})
    happened = events(
        (1, "2026-02-09 11:00", EventKind.SOLVED),
        (2, "2026-02-09 11:00", EventKind.SOLVED),
        (1, "2026-02-10 11:00", EventKind.REOPENED),
        (1, "2026-02-10 12:00", EventKind.SOLVED),
    )
    found = measures.reopenings(happened, stays(cases, happened), TWO_WEEKS)
    assert found["closed"].tolist() == [0, 3]
    assert found["reopened"].tolist() == [0, 1]
    assert found["share"].iloc[1] == 1 / 3


def test_measures_of_nothing_are_empty_and_no_error() -> None:
    none = tickets()
    happened, sent = events(), parcels()
    ended = stays(none, happened)
    assert measures.by_day(none, WEEK, "type").shape == (7, 0)
    assert measures.sorted_alone(none, TWO_WEEKS)["mails"].sum() == 0
    assert measures.corrections(none, happened, WEEK).empty
    assert measures.deflections(happened, sent, TWO_WEEKS)["helped"].sum() == 0
    assert measures.reopenings(happened, ended, TWO_WEEKS)["closed"].sum() == 0
    assert measures.load_by_team(none, ended, WEEK).empty
    assert measures.open_at(none, ended, MIDNIGHTS).to_numpy().sum() == 0
