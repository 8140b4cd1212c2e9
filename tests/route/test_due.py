"""When a ticket must be solved, and what waiting, another priority and opening again do to that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from models.hours import Hours
from models.outcomes import TicketChange
from models.parts import Deadline
from models.profiles import load_profile
from models.timers import CLOCK, TimerDraft, TimerKind
from route.due import clock_timers, due_at, opened_again, running_again, with_new_priority
from route.routine import Routine
from tests.support.cases import ticket

OSLO = ZoneInfo("Europe/Oslo")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HOURS = {"office": Hours(week={"mon-fri": "08:00-16:00"}, country="NO"), "always": Hours(week={"mon-sun": "00:00-24:00"})}
DEADLINES = {
    "1": Deadline(hours="always", minutes=240, warn_minutes=60),
    "2": Deadline(hours="office", minutes=240, warn_minutes=60),
    "3": Deadline(hours="office", minutes=960, warn_minutes=120),
}
"""None for priority 4."""
ROUTINE = Routine.of(load_profile("siv").model_copy(update={"hours": HOURS, "deadlines": DEADLINES}))
OFFICE = ROUTINE.clocks["office"]


def moment(text: str) -> datetime:
    """A moment on the clocks of Oslo; 2026-03-02 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=OSLO).astimezone(UTC)


def times(timers: tuple[TimerDraft, ...]) -> dict[TimerKind, datetime]:
    return {timer.kind: timer.due_at for timer in timers}


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC))  # noqa: DTZ001  the zone is put on
LEVELS = st.sampled_from([1, 2, 3])


def test_a_time_by_day_and_night_runs_through_a_weekend() -> None:
    assert due_at(1, moment("2026-03-06T23:00"), ROUTINE) == moment("2026-03-07T03:00")


def test_a_time_in_office_hours_stands_at_night_and_over_a_weekend() -> None:
    assert due_at(3, moment("2026-03-06T14:00"), ROUTINE) == moment("2026-03-10T14:00")


def test_a_time_in_office_hours_stands_on_public_holidays() -> None:
    assert due_at(3, moment("2026-04-01T14:00"), ROUTINE) == moment("2026-04-08T14:00")


def test_a_ticket_that_comes_in_at_night_has_its_time_from_the_morning_on() -> None:
    assert due_at(2, moment("2026-03-02T22:15"), ROUTINE) == moment("2026-03-03T12:00")


def test_a_priority_without_a_deadline_has_no_due_time_and_no_timers() -> None:
    now = moment("2026-03-02T10:00")

    assert due_at(4, now, ROUTINE) is None
    assert clock_timers(4, None, now, ROUTINE) == clock_timers(4, now, now, ROUTINE) == clock_timers(3, None, now, ROUTINE) == ()


def test_the_team_is_warned_ahead_of_the_time_and_told_when_it_is_up() -> None:
    due = moment("2026-03-02T14:00")

    assert clock_timers(2, due, moment("2026-03-02T10:00"), ROUTINE) == (
        TimerDraft(kind=TimerKind.DUE_SOON, due_at=moment("2026-03-02T13:00")),
        TimerDraft(kind=TimerKind.OVERDUE, due_at=due),
    )


def test_so_long_ahead_is_counted_in_open_time() -> None:
    timers = times(clock_timers(3, moment("2026-03-09T09:00"), moment("2026-03-05T09:00"), ROUTINE))

    assert timers[TimerKind.DUE_SOON] == moment("2026-03-06T15:00")


def test_there_is_no_warning_whose_time_has_passed_or_is_now() -> None:
    due = moment("2026-03-02T14:00")

    for now in ("2026-03-02T13:00", "2026-03-02T13:30", "2026-03-02T14:00", "2026-03-02T15:00"):
        assert clock_timers(2, due, moment(now), ROUTINE) == (TimerDraft(kind=TimerKind.OVERDUE, due_at=due),)


@given(MOMENTS, LEVELS)
def test_a_new_ticket_has_its_whole_time_and_is_warned_so_much_open_time_ahead(opened: datetime, priority: int) -> None:
    deadline = DEADLINES[str(priority)]
    clock = ROUTINE.clocks[deadline.hours]
    due = due_at(priority, opened, ROUTINE)

    timers = times(clock_timers(priority, due, opened, ROUTINE))

    assert due == timers[TimerKind.OVERDUE]
    assert clock.between(opened, timers[TimerKind.OVERDUE]) == deadline.minutes * MINUTE
    assert clock.between(timers[TimerKind.DUE_SOON], timers[TimerKind.OVERDUE]) == deadline.warn_minutes * MINUTE


def test_another_priority_counts_from_when_the_ticket_was_opened() -> None:
    opened, now = moment("2026-03-02T09:00"), moment("2026-03-02T11:00")

    change = with_new_priority(ticket(opened_at=opened, due_at=moment("2026-03-03T17:00")), 1, now, ROUTINE)

    assert (change.priority, change.due_at, change.stop) == (1, opened + 4 * HOUR, CLOCK | {TimerKind.ALARM})
    assert times(change.start) == {TimerKind.DUE_SOON: opened + 3 * HOUR, TimerKind.OVERDUE: opened + 4 * HOUR}


def test_a_priority_whose_time_is_up_already_rings_at_once_and_warns_no_more() -> None:
    opened = moment("2026-03-02T09:00")

    change = with_new_priority(ticket(opened_at=opened), 1, moment("2026-03-03T10:00"), ROUTINE)

    assert change.start == (TimerDraft(kind=TimerKind.OVERDUE, due_at=opened + 4 * HOUR),)


def test_a_milder_priority_gives_more_time() -> None:
    opened = moment("2026-03-02T09:00")

    change = with_new_priority(ticket(priority=1, opened_at=opened, due_at=opened + 4 * HOUR), 3, opened + HOUR, ROUTINE)

    assert change.due_at == moment("2026-03-04T09:00")


def test_a_priority_without_a_deadline_ends_the_timers_of_the_one_before() -> None:
    change = with_new_priority(ticket(due_at=moment("2026-03-03T14:00")), 4, moment("2026-03-02T10:00"), ROUTINE)

    assert (change.priority, change.stop, change.start) == (4, CLOCK | {TimerKind.ALARM}, ())
    assert change.undue


def test_a_wait_within_office_hours_moves_the_time_by_as_much() -> None:
    waiting = ticket(priority=2, due_at=moment("2026-03-02T13:00"), waiting_since=moment("2026-03-02T10:00"))

    change = running_again(waiting, moment("2026-03-02T12:00"), ROUTINE)

    assert (change.waits, change.due_at, change.stop) == (False, moment("2026-03-02T15:00"), CLOCK)
    assert times(change.start) == {TimerKind.DUE_SOON: moment("2026-03-02T14:00"), TimerKind.OVERDUE: moment("2026-03-02T15:00")}


def test_a_wait_outside_office_hours_moves_nothing() -> None:
    due = moment("2026-03-10T10:00")
    waiting = ticket(due_at=due, waiting_since=moment("2026-03-06T16:00"))

    assert running_again(waiting, moment("2026-03-09T08:00"), ROUTINE).due_at == due


def test_a_ticket_whose_time_was_up_before_the_wait_is_due_at_once_after_it() -> None:
    waiting = ticket(due_at=moment("2026-03-02T09:00"), waiting_since=moment("2026-03-02T10:00"))
    now = moment("2026-03-04T11:00")

    change = running_again(waiting, now, ROUTINE)

    assert (change.due_at, change.start) == (now, (TimerDraft(kind=TimerKind.OVERDUE, due_at=now),))


def test_no_clock_is_set_for_a_ticket_that_does_not_wait_or_has_no_time() -> None:
    now, due = moment("2026-03-03T10:00"), moment("2026-03-05T10:00")

    for standing in (ticket(due_at=due), ticket(waiting_since=now), ticket(priority=4, due_at=due, waiting_since=now)):
        assert running_again(standing, now, ROUTINE) == TicketChange(waits=False)


@given(MOMENTS, st.integers(0, 10 * 24 * 60), st.integers(0, 60 * 24 * 60), LEVELS)
def test_after_a_wait_the_open_time_that_was_left_is_left(opened: datetime, until_asked: int, waited: int, priority: int) -> None:
    clock = ROUTINE.clocks[DEADLINES[str(priority)].hours]
    due = due_at(priority, opened, ROUTINE)
    asked = opened + until_asked * MINUTE
    now = asked + waited * MINUTE
    assert due is not None

    change = running_again(ticket(priority=priority, opened_at=opened, due_at=due, waiting_since=asked), now, ROUTINE)

    assert change.due_at is not None
    assert clock.between(now, change.due_at) == clock.between(asked, due)
    assert times(change.start)[TimerKind.OVERDUE] == change.due_at


@given(MOMENTS, st.lists(st.tuples(st.integers(0, 8 * 60), st.integers(0, 5 * 24 * 60)), max_size=5))
def test_however_often_a_ticket_waits_its_team_has_the_whole_time_in_the_end(opened: datetime, waits: list[tuple[int, int]]) -> None:
    due = due_at(3, opened, ROUTINE)
    at, worked = opened, timedelta()
    assert due is not None

    for working, waiting in waits:
        asked = at + working * MINUTE
        worked += OFFICE.between(at, asked)
        at = asked + waiting * MINUTE
        due = running_again(ticket(opened_at=opened, due_at=due, waiting_since=asked), at, ROUTINE).due_at
        assert due is not None

    assert OFFICE.between(at, due) == max(16 * HOUR - worked, timedelta())


def test_a_ticket_that_is_opened_again_has_its_whole_time_once_more() -> None:
    now = moment("2026-03-06T14:00")

    change = opened_again(ticket(due_at=moment("2026-03-03T10:00"), waiting_since=moment("2026-03-02T12:00")), now, ROUTINE)

    assert (change.waits, change.due_at, change.stop) == (False, moment("2026-03-10T14:00"), CLOCK | {TimerKind.ALARM})
    assert times(change.start) == {TimerKind.DUE_SOON: moment("2026-03-10T12:00"), TimerKind.OVERDUE: moment("2026-03-10T14:00")}


def test_a_ticket_without_a_time_has_none_when_it_is_opened_again() -> None:
    change = opened_again(ticket(priority=4, due_at=moment("2026-03-03T10:00")), moment("2026-03-06T14:00"), ROUTINE)

    assert (change.start, change.due_at, change.undue) == ((), None, True)


def test_nothing_warns_of_a_time_that_is_up_or_nearer_than_the_warning() -> None:
    saturday = moment("2026-03-07T12:00")
    for due in (moment("2026-03-06T12:00"), moment("2026-03-09T08:30")):
        kinds = [timer.kind for timer in clock_timers(2, due, saturday, ROUTINE)]
        assert kinds == [TimerKind.OVERDUE]
