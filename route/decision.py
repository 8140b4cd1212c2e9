"""The only place for what a yes or no to a major incident does: to one case, or to cases that read alike."""

from __future__ import annotations

from dataclasses import replace

from models.incidents import IncidentChange, IncidentState
from models.kinds import EventKind, ParcelKind, TicketStatus
from models.outcomes import Step, TicketChange
from models.profiles import all_hold
from models.timers import TimerKind
from route.affair import Affair
from route.answers import TAKEN, Said, given_to, opened_for
from route.due import opened_again, with_new_priority
from route.gathering import told_of_it
from route.incident import next_status, on_parent

NO_MORE_STATUS = frozenset({TimerKind.STATUS_DUE})


def declare(said: Said, words: str) -> Step:
    """It is a major incident, and who says so manages it: its team is told, and everyone whose case belongs to it.

    A case of one that goes on begins no other.
    """
    if said.proposal is None:
        return _declared(said, words)
    proposal = said.proposal
    step = _declared(replace(said, ticket=proposal.parent), words)
    told = told_of_it(proposal.parent, proposal.attached, said.routine, said.now)
    return on_parent(proposal.parent, said.ticket, replace(step, parcels=(*step.parcels, *told.parcels), others=told.others))


def _declared(said: Said, words: str) -> Step:
    """The team that handles major incidents gets the case, where the organisation has one."""
    decision = said.profile.decision
    step = Step(event=EventKind.DECLARED, change=TicketChange(acknowledged=True, stop=TAKEN))
    if decision.team:
        parcel = said.post.to_team(ParcelKind.DECLARED, decision.team, with_original=True, text=words, by=said.mail.sender.name)
        told = replace(parcel, to=decision.address or parcel.to)
        step = replace(step, change=opened_for(decision.team, said), parcels=(told,))
    if said.affair:
        return step
    begun = replace(step.change, start=(*step.change.start, *next_status(said.routine, said.now)))
    return replace(step, change=begun, incident=IncidentChange(state=IncidentState.ONGOING, manager=said.mail.sender.address))


def decline(said: Said, words: str) -> Step | None:
    """It is none: cases that were gathered go their own ways, and one that waited for the decision is an ordinary case again.

    None where there was nothing to decide.
    """
    gathered = said.proposal or _declared_by_itself(said)
    ordinary = _ordinary_again(said, words)
    if gathered is None:
        return ordinary
    change = TicketChange(acknowledged=True, stop=NO_MORE_STATUS)
    step = Step(event=EventKind.DECLINED, change=change, incident=IncidentChange(state=IncidentState.DECLINED))
    if ordinary and gathered.parent.id == said.ticket.id and all_hold(said.profile.decision.when, said.ticket.values):
        both = replace(ordinary.change, stop=ordinary.change.stop | NO_MORE_STATUS)
        return replace(ordinary, change=both, incident=step.incident)
    return on_parent(gathered.parent, said.ticket, step)


def _declared_by_itself(said: Said) -> Affair | None:
    """The major incident that the measure declared and nobody has taken."""
    affair = said.affair
    return affair if affair and not affair.incident.announced and not affair.incident.manager else None


def _ordinary_again(said: Said, words: str) -> Step | None:
    """To the team for what is none, and milder; None where the organisation names no such team."""
    decision = said.profile.decision
    if not decision.no_team:
        return None
    given = given_to(decision.no_team, said, words)
    level = decision.no_priority or said.ticket.priority
    timed = _timed(said, level)
    change = replace(
        given.change, priority=level, due_at=timed.due_at, undue=timed.undue, stop=given.change.stop | timed.stop, start=timed.start
    )
    return replace(given, event=EventKind.DECLINED, change=change)


def _timed(said: Said, priority: int) -> TicketChange:
    """The time of this priority: all of it for a case that was solved and is open again, else what is left since it was opened."""
    if said.ticket.status is TicketStatus.SOLVED:
        return opened_again(replace(said.ticket, priority=priority), said.now, said.routine)
    return with_new_priority(said.ticket, priority, said.now, said.routine)
