"""Frames read from a real store, SQLite and PostgreSQL: what is in them, of which kind, and what must not be."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd

from analyse import frames
from analyse.periods import Period, week_of
from models.kinds import EventKind, ParcelKind, TicketStatus
from models.profiles import Profile
from models.store import Store
from tests.support.diary import Diary
from tests.support.mails import mail

OSLO = ZoneInfo("Europe/Oslo")
WEEK = week_of("2026-W07", OSLO)
CLOCK = "datetime64[us, Europe/Oslo]"
TICKETS = {
    "ticket": "int64", "opened": CLOCK, "solved": CLOCK, "due": CLOCK, "status": "category", "mode": "category", "came_by": "category",
    "type": "category", "priority": "int8", "scope": "category", "service": "category", "team": "category", "guessed_team": "category",
    "reporter": "int64", "reporter_kind": "category", "language": "category", "incident": "Int64", "unsure": "bool",
    "patient_safety": "bool", "change_request": "bool", "confidence_type": "float64", "confidence_priority": "float64",
    "confidence_team": "float64",
}  # fmt: skip
EVENTS = {"ticket": "int64", "at": CLOCK, "kind": "category"}
PARCELS = {
    "ticket": "int64",
    "kind": "category",
    "to_team": "bool",
    "channel": "category",
    "state": "category",
    "created": CLOCK,
    "sent": CLOCK,
}


def kinds(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(kind) for name, kind in frame.dtypes.items()}


def test_columns_have_the_kinds_that_are_promised_also_where_there_is_nothing(siv: Profile, store: Store) -> None:
    for _ in range(2):
        assert kinds(frames.tickets(store, siv, WEEK)) == TICKETS
        assert kinds(frames.events(store, siv, WEEK)) == EVENTS
        assert kinds(frames.parcels(store, siv, WEEK)) == PARCELS
        Diary(store).opens("2026-02-09 10:00", parcels=(ParcelKind.FORWARD, ParcelKind.RECEIPT))


def test_a_case_is_there_while_it_is_open_and_when_it_is_solved(siv: Profile, store: Store) -> None:
    diary = Diary(store)
    before, over, open_still, again, later = (
        diary.opens(at) for at in ("2026-02-01 10:00", "2026-02-01 10:00", "2026-02-01 10:00", "2026-02-01 10:00", "2026-02-16 00:00")
    )
    diary.solves(before, "2026-02-08 23:59")
    diary.solves(over, "2026-02-09 00:00")
    diary.solves(again, "2026-02-02 10:00")
    diary.happens(again, "2026-02-03 10:00", EventKind.REOPENED, status=TicketStatus.OPEN)
    found = frames.tickets(store, siv, WEEK)["ticket"].tolist()
    assert found == [over, open_still, again]
    assert later not in found


def test_events_and_mails_are_those_of_the_cases_up_to_the_end(siv: Profile, store: Store) -> None:
    diary = Diary(store)
    gone, case = diary.opens("2026-02-01 10:00"), diary.opens("2026-02-02 10:00", parcels=(ParcelKind.RECEIPT,))
    diary.sends("2026-02-02 10:01")
    diary.solves(gone, "2026-02-03 10:00")
    diary.happens(case, "2026-02-10 10:00", EventKind.TEAM_ANSWERED)
    diary.happens(case, "2026-02-16 00:00", EventKind.MOVED)
    found = frames.events(store, siv, WEEK)
    assert list(zip(found["ticket"], found["kind"], strict=True)) == [(case, EventKind.OPENED), (case, EventKind.TEAM_ANSWERED)]
    [sent] = frames.parcels(store, siv, WEEK).itertuples()
    assert (sent.ticket, sent.kind, sent.to_team, f"{sent.sent:%d. %H:%M}") == (case, ParcelKind.RECEIPT, False, "02. 10:01")


def test_another_organisations_cases_are_not_among_them(siv: Profile, store: Store) -> None:
    Diary(store, "ehm").opens("2026-02-09 10:00")
    assert frames.tickets(store, siv, WEEK).empty
    assert frames.events(store, siv, WEEK).empty


def test_moments_are_on_the_organisations_clock_in_winter_and_in_summer(siv: Profile, store: Store) -> None:
    diary = Diary(store)
    for at in ("2026-03-29 01:30", "2026-03-29 03:30"):
        diary.opens(at)
    spring = Period(first=date(2026, 3, 23), after=date(2026, 3, 30), zone=OSLO)
    assert [f"{at:%H:%M%z}" for at in frames.tickets(store, siv, spring)["opened"]] == ["01:30+0100", "03:30+0200"]


def test_a_reporter_is_a_number_and_nothing_personal_is_in_a_frame(siv: Profile, store: Store) -> None:
    diary = Diary(store)
    secret = "Skriver hos Kari Moe"
    for reporter in ("b@siv.no", "a@siv.no", "b@siv.no"):
        diary.opens("2026-02-09 10:00", reporter=reporter, mail=mail(subject=secret, text=secret), parcels=(ParcelKind.RECEIPT,))
    read = [frame(store, siv, WEEK) for frame in (frames.tickets, frames.events, frames.parcels)]
    assert read[0]["reporter"].tolist() == [1, 2, 1]
    for frame in read:
        assert "@" not in frame.to_csv()
        assert secret not in frame.to_csv()


def test_sureness_is_in_the_frame(siv: Profile, store: Store) -> None:
    Diary(store).opens("2026-02-09 10:00")
    [case] = frames.tickets(store, siv, WEEK).itertuples()
    assert (case.confidence_type, case.confidence_priority, case.confidence_team) == (0.9, 0.8, 0.9)
