"""The only place where timers ring: what must be looked at when its time has come. May be repeated without harm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from models.kinds import Mode
from models.outcomes import Rang
from models.records import TicketId
from models.timers import OF_INCIDENTS, Timer, TimerKind
from models.views import TicketView
from route.clock import NOTHING, Ring, ring, ring_for
from run.desk import Desk
from run.guard import Failure, attempt
from run.sharing import shared
from run.surges import look

RUNG_TOGETHER = 50
AFTER_A_BUG = timedelta(hours=1)

log = structlog.get_logger()


def watch(desk: Desk) -> int:
    """Ring what is due, and write what follows in one transaction; how many timers that were."""
    due = desk.store.timers.due(desk.profile.name, desk.clock(), RUNG_TOGETHER)
    for together in _rung_together(due):
        desk.store.timers.record([_rung(timer, ticket, desk) for timer, ticket in together], desk.scene())
    return len(due)


def _rung_together(due: Sequence[tuple[Timer, TicketId]]) -> list[list[tuple[Timer, TicketId]]]:
    """Whether an incident is one of many is asked of each alone: the next must know what the last was told."""
    looks = [[one] for one in due if one[0].kind is TimerKind.SURGE]
    others = [one for one in due if one[0].kind is not TimerKind.SURGE]
    return [others, *looks] if others else looks


def _rung(timer: Timer, id: TicketId, desk: Desk) -> Rang:
    """What the timer does; one that a bug strikes rings again later, so that the others are heard."""
    ticket = desk.store.tickets.find(id)
    if ticket is None:
        return Rang(timer=timer, ticket=id, step=None, again_at=None, mode=Mode.SHADOW)
    rung = attempt(lambda: _ring(timer, ticket, desk))
    if isinstance(rung, Failure):
        log.error("timer failed", ticket=id, error=rung.words)
        rung = Ring(step=None, again_at=desk.clock() + AFTER_A_BUG)
    return Rang(timer=timer, ticket=id, step=rung.step, again_at=rung.again_at, mode=desk.mode_of(ticket.account))


def _ring(timer: Timer, ticket: TicketView, desk: Desk) -> Ring:
    if timer.kind is TimerKind.SURGE:
        return Ring(step=look(ticket, desk))
    if timer.kind not in OF_INCIDENTS:
        rung = ring(timer, ticket, desk.routine, desk.clock())
        return replace(rung, step=shared(rung.step, ticket.id, desk)) if rung.step else rung
    affair = desk.affair_of(ticket)
    return ring_for(timer, affair) if affair else NOTHING
