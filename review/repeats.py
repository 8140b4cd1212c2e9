"""The only place for the pages of repeat problems: which errors repeat, what they cost, how they were solved, and a person's word on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from ingest.redact import redact
from models.pages import load_words
from models.people import Noted, Role
from models.records import TicketId
from models.repeats import Account, Repeat, RepeatId, Summed, read_repeat_number, reason_of, repeat_number
from review.cases_table import table_of
from review.doors import Door
from review.turning import leaf_of
from review.visit import Visit

READERS = frozenset({Role.LEAD, Role.ANALYST})
ON_A_PAGE = 50
MOST_CASES = 500
"""Shown of one repeat, the newest: a person splits what they see."""
LONGEST_NAME = 120
PATH = "/repeats"


def show(visit: Visit) -> Response:
    """A list, the most frequent first; the page stands in the address."""
    leaf, name = leaf_of(visit, ON_A_PAGE), visit.profile.name
    found = visit.store.repeats.listed(name, leaf.asked, leaf.offset)
    shown = leaf.shown(found)
    teams = visit.store.repeats.teams_of(name, [one.repeat.id for one in shown])
    searched = visit.store.repeats.searched(name)
    visit.note(Noted.LIST_SEEN, about="repeats")
    return visit.page(
        "repeats.html",
        repeats=[_row(visit, one, teams.get(one.repeat.id, {})) for one in shown],
        leaf=leaf.turned(found, visit),
        sought=visit.told(searched.at),
        waits=searched.asked_at is not None and (searched.whole_at is None or searched.asked_at > searched.whole_at),
    )


def one(visit: Visit) -> Response:
    return _page(visit, _existing(visit))


def _page(visit: Visit, found: Summed, *, status: int = 200, wrong: str = "") -> Response:
    """`wrong` is the key of the sentence that says what was refused."""
    repeat, name = found.repeat, visit.profile.name
    teams = visit.store.repeats.teams_of(name, [repeat.id])
    visit.note(Noted.LIST_SEEN, about=repeat_number(repeat.id))
    return visit.page(
        "repeat.html",
        status=status,
        repeat=_row(visit, found, teams.get(repeat.id, {})),
        cases=table_of(visit, repeat.tickets[-MOST_CASES:]),
        most=MOST_CASES,
        newest=max(repeat.tickets),
        wrong=wrong,
        longest=LONGEST_NAME,
    )


def search(visit: Visit) -> Response:
    """All cases are looked at again, in the background."""
    visit.store.repeats.ask(visit.profile.name, visit.now)
    visit.note(Noted.REPEAT_CHANGED, about="repeats", done="search asked for")
    return visit.go(PATH)


def merge(visit: Visit) -> Response:
    """The repeats that were chosen in the list, or the one that is named beside another, are one."""
    named = [str(value) for value in visit.form.getlist("repeat")]
    numbers = [number for text in named if (number := read_repeat_number(text)) is not None]
    found = [one.repeat for number in dict.fromkeys(numbers) if (one := visit.store.repeats.find(visit.profile.name, number))]
    if len(found) != len(set(named)) or len(found) < 2:
        visit.refuse(422)
    visit.store.repeats.merge(visit.profile.name, found, visit.person.login, visit.now)
    _note(visit, found[0], "merged", " ".join(repeat_number(repeat.id) for repeat in found[1:]))
    return _settled(visit, [ticket for repeat in found for ticket in repeat.tickets], found[0].id)


def split(visit: Visit) -> Response:
    """The cases that were chosen have another cause than the others that stood there; what came meanwhile is not spoken of."""
    found, newest = _existing(visit), visit.text("newest")
    chosen = {str(value) for value in visit.form.getlist("case")}
    stood = [ticket for ticket in found.repeat.tickets if newest.isdecimal() and ticket <= int(newest[:18])]
    taken = [ticket for ticket in stood if str(ticket) in chosen]
    if not taken or len(taken) == len(stood):
        return _page(visit, found, status=422, wrong="all" if taken else "none")
    if len(taken) != len(chosen):
        return _page(visit, found, status=409, wrong="changed")
    visit.store.repeats.split(visit.profile.name, replace(found.repeat, tickets=tuple(stood)), taken, visit.person.login, visit.now)
    _note(visit, found.repeat, "split", f"{len(taken)} of {len(stood)}")
    return _settled(visit, [*(ticket for ticket in stood if ticket not in taken), *taken], found.repeat.id)


def name(visit: Visit) -> Response:
    """What people call it, without personal data."""
    found, given = _existing(visit), visit.text("name")
    if not given or len(given) > LONGEST_NAME:
        return _page(visit, found, status=422, wrong="name")
    visit.store.repeats.name(visit.profile.name, found.repeat.id, redact(given), visit.person.login, visit.now)
    _note(visit, found.repeat, "named", "")
    return visit.go(f"{PATH}/{repeat_number(found.repeat.id)}")


def _settled(visit: Visit, tickets: list[TicketId], before: RepeatId) -> Response:
    """To the repeat as it is now; to the list where nothing is left of it."""
    now = visit.site.settle(tickets) if visit.site.settle else before
    return visit.go(f"{PATH}/{repeat_number(now)}" if now is not None else PATH)


def _existing(visit: Visit) -> Summed:
    number = read_repeat_number(visit.asked["number"])
    found = visit.store.repeats.find(visit.profile.name, number) if number is not None else None
    if found is None:
        visit.refuse(404)
    return found


def _note(visit: Visit, repeat: Repeat, what: str, how: str) -> None:
    visit.note(Noted.REPEAT_CHANGED, about=repeat_number(repeat.id), done=what, how=how)


def _row(visit: Visit, found: Summed, teams: Mapping[str, int]) -> dict[str, Any]:
    repeat, account, profile = found.repeat, found.account, visit.profile
    return {
        "number": repeat_number(repeat.id),
        "name": repeat.name or ", ".join(repeat.label),
        "named": repeat.name or "",
        "cases": sum(teams.values()),
        "reporters": repeat.reporters,
        "first": visit.told(repeat.first),
        "last": visit.told(repeat.last),
        "about": _about(visit, repeat.service),
        "teams": [(profile.team_title(team, visit.language), count) for team, count in teams.items()],
        **(_figures(visit, account) if account else NO_FIGURES),
    }


def _figures(visit: Visit, account: Account) -> dict[str, Any]:
    words = load_words(visit.language)
    known, hours = account.known_solution, account.median_hours_to_solve
    return {
        "trend": account.trend.direction.value,
        "a_week": f"{account.trend.a_week:+.1f}".replace(".", words["report"]["decimal"]),
        "hours": words["report"]["hours"].format(number=f"{hours:.0f}") if hours is not None else "",
        "solution": str(known.text) if known else "",
        "score": visit.percent(account.automation.score),
        "reason": reason_of(account, words["automation"]),
    }


NO_FIGURES = dict.fromkeys(("trend", "a_week", "hours", "solution", "score", "reason"), "")
"""Of a repeat that an earlier version found, until it is sought again."""


def _about(visit: Visit, service: str) -> str:
    """What it springs from: a service, or a team where the desk tells no services apart."""
    profile = visit.profile
    return visit.said(profile.services, service) if service in profile.services else profile.team_title(service, visit.language)


DOORS = (
    Door(path=PATH, visit=show, roles=READERS),
    Door(path=f"{PATH}/search", visit=search, roles=READERS, method="POST"),
    Door(path=f"{PATH}/merge", visit=merge, roles=READERS, method="POST"),
    Door(path=f"{PATH}/{{number}}", visit=one, roles=READERS),
    Door(path=f"{PATH}/{{number}}/split", visit=split, roles=READERS, method="POST"),
    Door(path=f"{PATH}/{{number}}/name", visit=name, roles=READERS, method="POST"),
)
