"""The only place for the first page: how the mails, the outbox and the team queues stand, and the newest cases, without a word of a mail."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from models.kinds import MailState
from models.views import TicketLine
from review.cases import case_path
from review.doors import Door
from review.visit import Visit

MOST_TICKETS = 200


def show(visit: Visit) -> Response:
    profile, store = visit.profile, visit.store
    tickets = [ticket for ticket in store.tickets.latest(MOST_TICKETS) if visit.sees is None or ticket.team in visit.sees]
    counts = store.mails.counts().values()
    return visit.page(
        "home.html",
        mails={state: sum(found[state] for found in counts) for state in MailState},
        outbox={state: count for state, count in store.outbox.counts().items() if count},
        queues=[(profile.team_title(team, visit.language), sum(ticket.team == team for ticket in tickets)) for team in profile.teams],
        tickets=[_line(visit, ticket) for ticket in tickets],
    )


def _line(visit: Visit, ticket: TicketLine) -> dict[str, Any]:
    profile = visit.profile
    return {
        "number": visit.site.numbers.short(ticket.id),
        "path": case_path(visit, ticket.id),
        "opened": visit.told(ticket.opened_at),
        "type": visit.said(profile.types, ticket.type),
        "level": ticket.priority,
        "priority": visit.said(profile.priorities, ticket.priority),
        "scope": visit.said(profile.scopes, ticket.scope),
        "team": profile.team_title(ticket.team, visit.language),
        "guess": profile.team_title(ticket.guessed_team, visit.language) if ticket.unsure else "",
        "sure": f"{min(ticket.confidence.values(), default=0):.0%}",
        "status": ticket.status.value,
    }


DOORS = (Door(path="/", visit=show),)
