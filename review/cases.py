"""The only place for the list of all cases: filtered by what stands in the address, counted by status, in pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams
from starlette.responses import Response

from models.cases import CaseLine, Order, Wanted
from models.kinds import AT_WORK, TicketStatus
from models.people import Noted
from models.profiles import Profile
from models.records import TicketId
from review.doors import Door
from review.visit import Visit

A_PAGE = 200
LONGEST_TEXT = 200
AT_WORK_ALL = "at-work"
"""Stands for every status of a case that somebody has to do something about."""
PATH = "/cases"


def show(visit: Visit) -> Response:
    wanted = _wanted(visit)
    after = visit.site.numbers.read_short(visit.query["after"]) if visit.query.get("after") else None
    found = visit.store.cases.page(wanted, after, A_PAGE)
    counts = visit.store.cases.counts(wanted)
    visit.note(Noted.LIST_SEEN, about="cases")
    return visit.page(
        "cases.html",
        choices=_choices(visit.profile, visit),
        query=visit.query,
        orders=list(Order),
        statuses=_statuses(visit, counts),
        total=sum(count for status, count in counts.items() if not wanted.statuses or status in wanted.statuses),
        cases=[line_of(visit, line) for line in found.lines],
        first=_address(visit.query, after="") if after else "",
        next=_address(visit.query, after=visit.site.numbers.short(found.lines[-1].id)) if found.more else "",
    )


def case_path(visit: Visit, ticket: TicketId) -> str:
    """The page of one case."""
    return f"{PATH}/{visit.site.numbers.short(ticket)}"


def line_of(visit: Visit, line: CaseLine) -> dict[str, Any]:
    """A case in a list, in the words of the page."""
    profile = visit.profile
    return {
        "id": line.id,
        "number": visit.site.numbers.short(line.id),
        "path": case_path(visit, line.id),
        "subject": line.subject,
        "opened": visit.told(line.opened_at),
        "due": visit.told(line.due_at),
        "is_late": line.due_at is not None and line.due_at < visit.now and line.status in AT_WORK,
        "type": visit.said(profile.types, line.type),
        "level": line.priority,
        "priority": visit.said(profile.priorities, line.priority),
        "service": visit.said(profile.services, line.service) if line.service else "",
        "team": profile.team_title(line.team, visit.language),
        "unsure": line.unsure,
        "mode": line.mode,
        "status": line.status,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A filter that is chosen from a list; `words` by value."""

    key: str
    words: Mapping[str, str]


def _choices(profile: Profile, visit: Visit) -> list[Choice]:
    seen = profile.teams if visit.sees is None else sorted(visit.sees)
    found = [
        Choice(key="team", words={team: profile.team_title(team, visit.language) for team in seen}),
        Choice(key="type", words={kind: visit.said(profile.types, kind) for kind in profile.types}),
        Choice(key="priority", words={str(level): visit.said(profile.priorities, level) for level in profile.levels}),
        Choice(key="service", words={service: visit.said(profile.services, service) for service in profile.services}),
    ]
    return [choice for choice in found if choice.words]


def _wanted(visit: Visit) -> Wanted:
    """What the address asks for. A value that is unknown here finds nothing; one that is no day or no order is refused."""
    query = visit.query
    text = query.get("text", "").strip()[:LONGEST_TEXT]
    asked = Wanted(
        profile=visit.profile.name,
        sees=visit.sees,
        teams=_all(query, "team"),
        types=_all(query, "type"),
        statuses=_statuses_of(query),
        services=_all(query, "service"),
        unsure=bool(query.get("unsure")),
        text=text,
        number=visit.site.numbers.read_short(text),
    )
    zone = ZoneInfo(visit.profile.timezone)
    try:
        return replace(
            asked,
            priorities=frozenset(map(int, _all(query, "priority"))),
            since=_midnight(query.get("since", ""), zone),
            until=_midnight(query.get("until", ""), zone, days=1),
            order=Order(query.get("order") or Order.NEWEST),
        )
    except (ValueError, OverflowError):
        visit.refuse(422)


def _all(query: QueryParams, key: str) -> frozenset[str]:
    return frozenset(value for value in query.getlist(key) if value)


def _statuses_of(query: QueryParams) -> frozenset[str]:
    asked = _all(query, "status")
    return asked - {AT_WORK_ALL} | (AT_WORK if AT_WORK_ALL in asked else frozenset())


def _midnight(text: str, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    """When the day begins, or one some days later."""
    return datetime.combine(date.fromisoformat(text) + timedelta(days=days), time(), zone) if text else None


def _statuses(visit: Visit, counts: Mapping[TicketStatus, int]) -> list[dict[str, Any]]:
    """How many cases stand how, each with the address that shows them alone."""
    chosen = _all(visit.query, "status")
    at_work = sum(counts[status] for status in AT_WORK)
    every: dict[str, int] = {"": sum(counts.values()), AT_WORK_ALL: at_work} | {str(status): count for status, count in counts.items()}
    return [
        {
            "status": status,
            "count": count,
            "path": _address(visit.query, status=status, after=""),
            "chosen": status in chosen or not (status or chosen),
        }
        for status, count in every.items()
    ]


def _address(query: QueryParams, **changes: str) -> str:
    """The same list with other values; what is empty is left out."""
    kept = [(key, value) for key, value in query.multi_items() if value and key not in changes]
    asked = urlencode([*kept, *((key, value) for key, value in changes.items() if value)])
    return f"{PATH}?{asked}" if asked else PATH


DOORS = (Door(path=PATH, visit=show),)
