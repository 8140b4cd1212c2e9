"""The only place where a new incident is held against those that go on and those that came before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from models.incidents import Incident, IncidentState, Seen
from models.kinds import TicketType
from models.outcomes import Step
from models.records import Mail, TicketId, Verdict
from models.views import TicketView
from route.gathering import Gathering, gather
from route.incident import is_of_its_service, on_parent
from route.opening import answer_address
from route.surge import NEWEST, Surge, find_surge, joins
from run.desk import Desk

MOST_IN_WINDOW = 500
"""Incidents held against a new one; a desk that gets more in its window knows that something is wrong."""
PROPOSAL_STANDS = timedelta(days=1)
"""A lead who has not said yes or no in so long will not: nothing more is gathered for it."""


def standing_incident(mail: Mail, verdict: Verdict, incidents: Sequence[Incident], desk: Desk) -> Incident | None:
    """The major incident or outage that a new case belongs to: a fault of its service, or one that reads like its cases."""
    if verdict.type.value is not TicketType.INCIDENT or verdict.is_auto:
        return None
    by_service = (incident for incident in incidents if is_of_its_service(verdict, incident, desk.profile))
    return next(by_service, None) or next((incident for incident in incidents if _reads_like(mail, verdict, incident, desk)), None)


def _reads_like(mail: Mail, verdict: Verdict, incident: Incident, desk: Desk) -> bool:
    """Cases that were gathered speak for what comes; one case alone, or the words of an announcement, do not."""
    ordinary = desk.lookout.ordinary(desk.clock())
    if ordinary is None or incident.announced or not incident.members or not _goes_on(incident, desk):
        return False
    new = Seen(
        ticket=TicketId(0),
        at=desk.clock(),
        service=verdict.about,
        reporter=answer_address(mail),
        text=mail.safe_text,
    )
    return joins(new, desk.store.incidents.reported_in(incident.id, NEWEST), ordinary, desk.profile.surges)


def _goes_on(incident: Incident, desk: Desk) -> bool:
    proposed = incident.state is IncidentState.PROPOSED
    return desk.clock() - incident.starts_at < PROPOSAL_STANDS if proposed else incident.state is IncidentState.ONGOING


def look(ticket: TicketView, desk: Desk) -> Step | None:
    """What follows where a new incident is one of many; None where it is not, or all was said before."""
    ordinary, profile = desk.lookout.ordinary(desk.clock()), desk.profile
    if ordinary is None:
        return None
    since = ticket.opened_at - profile.surges.window
    proposals = {one.id: one for one in desk.store.incidents.standing(profile.name, [IncidentState.PROPOSED])}
    window = desk.store.incidents.reported(profile.name, since, ticket.opened_at, MOST_IN_WINDOW)
    recent = [one for one in window if one.incident is None or one.incident in proposals]
    new = next((one for one in recent if one.ticket == ticket.id), None)
    surge = find_surge(new, recent, ordinary, profile.surges) if new else None
    if surge is None:
        return None
    known = {one.ticket: one.incident for one in recent}
    proposal = next((proposals[number] for id in surge.tickets if (number := known[id]) is not None), None)
    return _step(ticket, surge, proposal, desk)


def _step(ticket: TicketView, surge: Surge, proposal: Incident | None, desk: Desk) -> Step | None:
    """The parent's step, taken with the new incident's; cases that were proposed before stay together."""
    before = (proposal.parent, *proposal.members) if proposal else ()
    new = [id for id in surge.tickets if id not in before]
    if proposal and not new and not surge.declared:
        return None
    parent, *others = desk.store.tickets.find_all((*before, *new))
    step = gather(Gathering(surge=surge, parent=parent, others=others, proposal=proposal, routine=desk.routine, now=desk.clock()))
    return on_parent(parent, ticket, step)
