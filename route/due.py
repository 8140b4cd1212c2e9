"""The only place that decides when a ticket must be solved, and which timers follow from it."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.outcomes import TicketChange
from models.timers import CLOCK, TimerDraft, TimerKind
from models.views import TicketView
from route.routine import Routine


def due_at(priority: int, opened_at: datetime, routine: Routine) -> datetime | None:
    """When a ticket of this priority must be solved; None where the profile sets no time for it."""
    deadline = routine.profile.deadlines.get(str(priority))
    return routine.clocks[deadline.hours].after(opened_at, timedelta(minutes=deadline.minutes)) if deadline else None


def clock_timers(priority: int, due: datetime | None, now: datetime, routine: Routine) -> tuple[TimerDraft, ...]:
    """The warning ahead of the time and the word when it is up; no warning whose time has passed."""
    deadline = routine.profile.deadlines.get(str(priority))
    if due is None or deadline is None:
        return ()
    clock, ahead = routine.clocks[deadline.hours], timedelta(minutes=deadline.warn_minutes)
    overdue = TimerDraft(kind=TimerKind.OVERDUE, due_at=due)
    left = clock.between(now, due) - ahead
    if not ahead or left <= timedelta():
        return (overdue,)
    return (TimerDraft(kind=TimerKind.DUE_SOON, due_at=clock.after(now, left)), overdue)


def alarm_timers(priority: int, now: datetime, routine: Routine) -> tuple[TimerDraft, ...]:
    """The call to the duty, at once, for a priority that is worth it."""
    alarm = routine.profile.alarm
    return (TimerDraft(kind=TimerKind.ALARM, due_at=now),) if alarm.rungs and priority <= alarm.priority else ()


def with_new_priority(ticket: TicketView, priority: int, now: datetime, routine: Routine) -> TicketChange:
    """Another priority has another time, counted from when the ticket was opened; raised to one that calls the duty, it does."""
    due = due_at(priority, ticket.opened_at, routine)
    alarm = alarm_timers(priority, now, routine)
    calls = bool(alarm) and not alarm_timers(ticket.priority, now, routine)
    stop = CLOCK if alarm and not calls else CLOCK | {TimerKind.ALARM}
    start = (*clock_timers(priority, due, now, routine), *(alarm if calls else ()))
    return TicketChange(priority=priority, due_at=due, undue=due is None, acknowledged=False if calls else None, stop=stop, start=start)


def running_again(ticket: TicketView, now: datetime, routine: Routine) -> TicketChange:
    """After waiting for the reporter: the open time that was left then is left now."""
    deadline = routine.profile.deadlines.get(str(ticket.priority))
    if ticket.waiting_since is None or ticket.due_at is None or deadline is None:
        return TicketChange(waits=False)
    clock = routine.clocks[deadline.hours]
    due = clock.after(now, clock.between(ticket.waiting_since, ticket.due_at))
    return TicketChange(waits=False, due_at=due, stop=CLOCK, start=clock_timers(ticket.priority, due, now, routine))


def opened_again(ticket: TicketView, now: datetime, routine: Routine) -> TicketChange:
    """A solved ticket that is open again has its whole time once more, and the duty is called again where it is grave."""
    due = due_at(ticket.priority, now, routine)
    start = (*clock_timers(ticket.priority, due, now, routine), *alarm_timers(ticket.priority, now, routine))
    return TicketChange(waits=False, due_at=due, undue=due is None, acknowledged=False, stop=CLOCK | {TimerKind.ALARM}, start=start)
