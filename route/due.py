"""The only place that decides when a ticket must be solved, and which timers follow from it."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.outcomes import TicketChange
from models.timers import CLOCK, TimerDraft, TimerKind
from models.views import TicketView
from route.hours import OfficeHours
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
    overdue = TimerDraft(kind=TimerKind.OVERDUE, due_at=due)
    warn_at = _before(due, timedelta(minutes=deadline.warn_minutes), now, routine.clocks[deadline.hours])
    return (TimerDraft(kind=TimerKind.DUE_SOON, due_at=warn_at), overdue) if warn_at > now else (overdue,)


def _before(due: datetime, ahead: timedelta, now: datetime, clock: OfficeHours) -> datetime:
    """So much open time ahead of `due`."""
    return clock.after(now, max(clock.between(now, due) - ahead, timedelta()))


def with_new_priority(ticket: TicketView, priority: int, now: datetime, routine: Routine) -> TicketChange:
    """Another priority has another time, counted from when the ticket was opened."""
    due = due_at(priority, ticket.opened_at, routine)
    return TicketChange(priority=priority, due_at=due, stop=CLOCK, start=clock_timers(priority, due, now, routine))


def running_again(ticket: TicketView, now: datetime, routine: Routine) -> TicketChange:
    """After waiting for the reporter: the open time that was left then is left now."""
    deadline = routine.profile.deadlines.get(str(ticket.priority))
    if ticket.waiting_since is None or ticket.due_at is None or deadline is None:
        return TicketChange(waits=False)
    clock = routine.clocks[deadline.hours]
    due = clock.after(now, clock.between(ticket.waiting_since, ticket.due_at))
    return TicketChange(waits=False, due_at=due, stop=CLOCK, start=clock_timers(ticket.priority, due, now, routine))


def opened_again(ticket: TicketView, now: datetime, routine: Routine) -> TicketChange:
    """A solved ticket that is open again has its whole time once more."""
    due = due_at(ticket.priority, now, routine)
    return TicketChange(waits=False, due_at=due, stop=CLOCK, start=clock_timers(ticket.priority, due, now, routine))
