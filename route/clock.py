"""The only place that decides what happens when a timer's time has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.incidents import IncidentState
from models.kinds import EventKind, ParcelKind, TicketStatus
from models.outcomes import Step
from models.parts import Ladder
from models.timers import Timer, TimerKind
from models.views import TicketView
from route.affair import Affair
from route.answers import answer_stood, offer_helped
from route.incident import begin, repeat_status, review_due, should_be_over
from route.post import Post
from route.routine import Routine


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """What a timer does: one step of its ticket, or None; `again_at` where it will ring once more."""

    step: Step | None
    again_at: datetime | None = None


NOTHING = Ring(step=None)


def ring(timer: Timer, ticket: TicketView, routine: Routine, now: datetime) -> Ring:
    """Nothing for a ticket that is solved; a warning, a word up the ladder, a call to the duty or a reminder else."""
    post = Post(ticket=ticket, routine=routine, now=now)
    return NOTHING if ticket.status is TicketStatus.SOLVED else RUNG[timer.kind](timer, post)


def ring_for(timer: Timer, affair: Affair) -> Ring:
    """What is due of a major incident or outage."""
    if timer.kind is TimerKind.REVIEW_DUE:
        return Ring(step=review_due(affair))
    if affair.incident.state in (IncidentState.OVER, IncidentState.DECLINED):
        return NOTHING
    if timer.kind is TimerKind.OUTAGE_BEGINS:
        return Ring(step=begin(affair))
    if timer.kind is TimerKind.OUTAGE_ENDS:
        return Ring(step=should_be_over(affair))
    minutes = affair.profile.incidents.update_minutes
    return Ring(step=repeat_status(affair), again_at=affair.now + timedelta(minutes=minutes)) if minutes else NOTHING


def _due_soon(_timer: Timer, post: Post) -> Ring:
    return Ring(step=Step(event=EventKind.WARNED, parcels=(post.tell_team(ParcelKind.DUE_SOON),)))


def _overdue(timer: Timer, post: Post) -> Ring:
    """The team first; with it one rung more of the ladder each time."""
    ladder = post.profile.escalation
    parcels = (
        post.tell_team(ParcelKind.OVERDUE),
        *post.to_contacts(ParcelKind.OVERDUE, ladder.called(timer.round)),
    )
    more = timer.round < len(ladder.rungs)
    return Ring(step=Step(event=EventKind.ESCALATED, parcels=parcels), again_at=next_call(ladder, post) if more else None)


def _alarm(timer: Timer, post: Post) -> Ring:
    """Again and again until somebody takes it."""
    alarm = post.profile.alarm
    if post.ticket.acknowledged_at is not None:
        return NOTHING
    parcels = post.to_contacts(ParcelKind.ALARM, alarm.called(timer.round))
    return Ring(step=Step(event=EventKind.ALARMED, parcels=parcels), again_at=next_call(alarm, post))


def _unanswered(timer: Timer, post: Post) -> Ring:
    """The reporter is reminded once; after that the team is told that nothing came."""
    asked_at = post.ticket.waiting_since
    if asked_at is None:
        return NOTHING
    if timer.round == 0:
        reminder = post.to_reporter(ParcelKind.REMINDER)
        return Ring(step=Step(event=EventKind.REMINDED, parcels=(reminder,)), again_at=post.now + (timer.due_at - asked_at))
    return Ring(step=Step(event=EventKind.WARNED, parcels=(post.tell_team(ParcelKind.UNANSWERED),)))


def _faq_helped(_timer: Timer, post: Post) -> Ring:
    """Nobody objected to the answer that was offered."""
    if post.ticket.status is not TicketStatus.ANSWERED:
        return NOTHING
    return Ring(step=offer_helped(post.ticket))


def _answer_stands(_timer: Timer, post: Post) -> Ring:
    return Ring(step=answer_stood(post.ticket))


def next_call(ladder: Ladder, post: Post) -> datetime:
    pause = timedelta(minutes=ladder.every_minutes)
    return post.routine.clocks[ladder.hours].after(post.now, pause) if ladder.hours else post.now + pause


RUNG: Mapping[TimerKind, Callable[[Timer, Post], Ring]] = {
    TimerKind.DUE_SOON: _due_soon,
    TimerKind.OVERDUE: _overdue,
    TimerKind.ALARM: _alarm,
    TimerKind.UNANSWERED: _unanswered,
    TimerKind.FAQ_HELPED: _faq_helped,
    TimerKind.ANSWER_STANDS: _answer_stands,
}
