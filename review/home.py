"""The only place for the first page: how the mails, the outbox and the team queues stand, and the newest cases, without a word of a mail."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from models.kinds import MailState
from models.people import Role
from models.views import TicketLine
from review.cases import AT_WORK_ALL, PATH, case_path
from review.doors import Door
from review.visit import Visit, is_seen

MOST_TICKETS = 200


def show(visit: Visit) -> Response:
    profile, store = visit.profile, visit.store
    counts = store.mails.counts().values()
    return visit.page(
        "home.html",
        mails={state: sum(found[state] for found in counts) for state in MailState},
        outbox={state: count for state, count in store.outbox.counts().items() if count},
        queues=_queues(visit),
        to_judge=sum(store.pile.counts(profile.name)) if visit.is_a(Role.LEAD) else 0,
        tickets=[_line(visit, ticket) for ticket in store.tickets.newest(profile.name, visit.sees, MOST_TICKETS)],
    )


def _queues(visit: Visit) -> list[dict[str, Any]]:
    """The teams whose cases may be seen, each with how many cases it works on and where they are listed."""
    at_work = visit.store.figures.at_work(visit.profile.name)
    return [
        {
            "team": visit.profile.team_title(team, visit.language),
            "count": at_work.get(team, 0),
            "path": f"{PATH}?{urlencode({'team': team, 'status': AT_WORK_ALL})}",
        }
        for team in visit.profile.teams
        if is_seen(team, visit.sees)
    ]


def _line(visit: Visit, ticket: TicketLine) -> dict[str, Any]:
    profile = visit.profile
    is_guessed = ticket.unsure and ticket.guessed_team != ticket.team
    return {
        "number": visit.site.numbers.short(ticket.id),
        "path": case_path(visit, ticket.id),
        "opened": visit.told(ticket.opened_at),
        "type": visit.said(profile.types, ticket.type),
        "level": ticket.priority,
        "priority": visit.said(profile.priorities, ticket.priority),
        "scope": visit.said(profile.scopes, ticket.scope),
        "team": profile.team_title(ticket.team, visit.language),
        "guess": profile.team_title(ticket.guessed_team, visit.language) if is_guessed else "",
        "sure": visit.percent(min(ticket.confidence.values(), default=0)),
        "status": ticket.status.value,
    }


DOORS = (Door(path="/", visit=show),)
