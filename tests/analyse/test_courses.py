"""How cases went, read from what happened in them."""

from __future__ import annotations

import pandas as pd

from analyse.courses import ANSWER, RECEIPT, SOLVED, TO_TEAM, stages, stays
from models.kinds import EventKind, ParcelKind, TicketStatus
from tests.support.frames import events, parcels, tickets


def spans(found: pd.DataFrame) -> list[tuple[int, str, str]]:
    since, until = (found[key].dt.strftime("%d. %H:%M").fillna("") for key in ("since", "until"))
    return list(zip(found["ticket"].tolist(), since, until, strict=True))


def test_a_case_is_open_until_it_is_solved_and_again_from_when_its_reporter_writes() -> None:
    happened = events(
        (1, "2026-02-09 10:00", EventKind.OPENED),
        (1, "2026-02-09 11:00", EventKind.TEAM_ANSWERED),
        (1, "2026-02-09 12:00", EventKind.SOLVED),
        (1, "2026-02-10 08:00", EventKind.REOPENED),
        (1, "2026-02-10 09:00", EventKind.SOLVED),
    )
    assert spans(stays(tickets({}), happened)) == [(1, "09. 10:00", "09. 12:00"), (1, "10. 08:00", "10. 09:00")]


def test_moves_and_questions_in_an_open_case_change_nothing() -> None:
    happened = events(
        (1, "2026-02-09 11:00", EventKind.MOVED), (1, "2026-02-09 12:00", EventKind.ASKED), (1, "2026-02-09 13:00", EventKind.SOLVED)
    )
    assert spans(stays(tickets({}), happened)) == [(1, "09. 10:00", "09. 13:00")]


def test_a_solved_case_that_is_moved_is_open_again() -> None:
    happened = events((1, "2026-02-09 11:00", EventKind.SOLVED), (1, "2026-02-09 12:00", EventKind.MOVED))
    assert spans(stays(tickets({}), happened)) == [(1, "09. 10:00", "09. 11:00"), (1, "09. 12:00", "")]


def test_closed_twice_is_closed_once() -> None:
    happened = events((1, "2026-02-09 11:00", EventKind.SOLVED), (1, "2026-02-09 12:00", EventKind.SOLVED))
    assert spans(stays(tickets({}), happened)) == [(1, "09. 10:00", "09. 11:00")]


def test_cases_do_not_end_each_other() -> None:
    happened = events((2, "2026-02-09 10:30", EventKind.FAQ_HELPED))
    assert spans(stays(tickets({}, {}), happened)) == [(1, "09. 10:00", ""), (2, "09. 10:00", "09. 10:30")]


def test_an_earlier_case_without_events_ends_when_it_was_solved() -> None:
    taken_over = {"status": TicketStatus.SOLVED, "solved": "2026-02-09 15:00"}
    open_again = {"status": TicketStatus.OPEN, "solved": "2026-02-09 15:00"}
    assert spans(stays(tickets(taken_over, open_again), events())) == [(1, "09. 10:00", "09. 15:00"), (2, "09. 10:00", "")]


def test_events_of_other_cases_are_left_out() -> None:
    assert spans(stays(tickets({}), events((9, "2026-02-09 11:00", EventKind.SOLVED)))) == [(1, "09. 10:00", "")]


def test_each_stage_is_reached_when_it_first_was_and_the_solution_each_time() -> None:
    cases = tickets({}, {})
    happened = events(
        (1, "2026-02-09 11:00", EventKind.ASKED),
        (1, "2026-02-09 12:00", EventKind.SOLVED),
        (1, "2026-02-09 13:00", EventKind.REOPENED),
        (1, "2026-02-09 14:00", EventKind.SOLVED),
    )
    sent = parcels(
        (1, "2026-02-09 10:02", ParcelKind.FORWARD),
        (1, "2026-02-09 10:01", ParcelKind.RECEIPT),
        (1, "2026-02-09 10:05", ParcelKind.FORWARD),
        (1, "2026-02-09 11:00", ParcelKind.QUESTION),
        (2, "2026-02-09 10:03", ParcelKind.FAQ),
        (2, None, ParcelKind.FORWARD),
    )
    found = stages(cases, happened, sent, stays(cases, happened))
    reached = zip(found["ticket"], found["stage"], found["at"].dt.strftime("%H:%M"), strict=True)
    assert sorted(reached) == sorted(
        [
            (1, RECEIPT, "10:01"),
            (1, TO_TEAM, "10:02"),
            (1, ANSWER, "11:00"),
            (1, SOLVED, "12:00"),
            (1, SOLVED, "14:00"),
            (2, RECEIPT, "10:03"),
        ]
    )
