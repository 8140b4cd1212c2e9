"""The only place for what waits for its hour: timers as values. A timer is a row; it rings again after a crash until what it asks for is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

TimerId = NewType("TimerId", int)


class TimerKind(StrEnum):
    """What must be looked at when the time has come."""

    DUE_SOON = "due-soon"  # the time to solve it is nearly up: word to the team
    OVERDUE = "overdue"  # the time is up: word to the team and up the ladder
    ALARM = "alarm"  # nobody has taken a grave matter yet: the next rung of the duty is called
    UNANSWERED = "unanswered"  # the reporter was asked and has not answered
    FAQ_HELPED = "faq-helped"  # an offered answer to which nobody objected
    ANSWER_STANDS = "answer-stands"  # a team's answer after which nobody wrote any more
    SURGE = "surge"  # a new incident: whether it is one of many
    STATUS_DUE = "status-due"  # those whom a major incident hits are told again how it stands
    OUTAGE_BEGINS = "outage-begins"  # a planned outage
    OUTAGE_ENDS = "outage-ends"  # it should be over: its manager is asked
    REVIEW_DUE = "review-due"  # of a major incident that is over


CLOCK = frozenset({TimerKind.DUE_SOON, TimerKind.OVERDUE})
"""These stand still while a ticket waits for its reporter."""
OF_INCIDENTS = frozenset({TimerKind.STATUS_DUE, TimerKind.OUTAGE_BEGINS, TimerKind.OUTAGE_ENDS, TimerKind.REVIEW_DUE})
"""These stand on the parent ticket of a major incident or outage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerDraft:
    """A timer to set. `round` counts how often it has rung for the same thing."""

    kind: TimerKind
    due_at: datetime
    round: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A timer whose time has come."""

    id: TimerId
    kind: TimerKind
    due_at: datetime
    round: int
