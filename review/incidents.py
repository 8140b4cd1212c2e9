"""The only place for the page of major incidents and outages that stand: how they are, who leads them, which cases belong to them."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from models.cases import CaseLine
from models.incidents import Incident, IncidentState
from models.pages import load_words
from models.people import Noted
from models.records import TicketId
from review.cases import line_of
from review.doors import Door
from review.visit import Visit, is_seen

PATH = "/incidents"
FIRST = (IncidentState.ONGOING, IncidentState.PROPOSED, IncidentState.PLANNED)
"""In this order they stand on the page."""
SHOWN = 200
"""Cases of one incident on the page; the number of all of them is told."""


def show(visit: Visit) -> Response:
    standing = visit.store.incidents.standing(visit.profile.name)
    every = [ticket for incident in standing for ticket in _tickets(incident)]
    known = {line.id: line for line in visit.store.cases.lines(every) if is_seen(line.team, visit.sees)}
    seen = [incident for incident in standing if not known.keys().isdisjoint(_tickets(incident))]
    visit.note(Noted.LIST_SEEN, about="incidents")
    return visit.page(
        "incidents.html", incidents=[_told(visit, one, known) for one in sorted(seen, key=lambda one: FIRST.index(one.state))]
    )


def _tickets(incident: Incident) -> tuple[TicketId, ...]:
    return incident.parent, *incident.members


def _told(visit: Visit, incident: Incident, known: dict[TicketId, CaseLine]) -> dict[str, Any]:
    parent = known.get(incident.parent)
    number = visit.site.numbers.short(incident.parent)
    return {
        "id": incident.id,
        "title": f"{number} {parent.subject if parent else ''}".strip(),
        "caption": f"{number}: {load_words(visit.language)['cases']['heading']}",
        "state": incident.state,
        "is_outage": incident.announced,
        "service": visit.said(visit.profile.services, incident.service) if incident.service else "",
        "manager": incident.manager,
        "status": incident.status,
        "prognosis": incident.prognosis,
        "starts": visit.told(incident.starts_at),
        "ends": visit.told(incident.ends_at),
        "told": visit.told(incident.told_at),
        "count": len(_tickets(incident)),
        "cases": [line_of(visit, known[ticket]) for ticket in _tickets(incident) if ticket in known][:SHOWN],
    }


DOORS = (Door(path=PATH, visit=show),)
