"""The only place for the pages of solutions: what waits for a lead's yes, what is offered, what is out of date; each with its cases and versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.responses import Response

from ingest.redact import redact
from models.errors import ChangedMeanwhileError
from models.people import Noted, Role
from models.solutions import (
    Solution,
    SolutionQuery,
    SolutionSeen,
    SolutionState,
    SolutionVersion,
    read_solution_number,
    solution_number,
)
from review.cases_table import table_of
from review.doors import Door
from review.turning import leaf_of
from review.visit import Visit

READERS = frozenset({Role.LEAD, Role.ANALYST, Role.MEMBER})
LEADS = frozenset({Role.LEAD})
WORKERS = frozenset({Role.LEAD, Role.MEMBER})
ON_A_PAGE = 50
MOST_CASES = 200
LONGEST = 5_000
"""Letters of a solution."""
PATH = "/solutions"


def next_version(solution: Solution, text: str, by: str, now: datetime) -> SolutionVersion:
    """A solution's text as a person wrote it anew, without personal data."""
    return SolutionVersion(number=solution.version + 1, text=redact(text.strip()), written_at=now, written_by=by)


def show(visit: Visit) -> Response:
    """A list; state, words and page stand in the address."""
    state = visit.query.get("state", "")
    if state and state not in set(SolutionState):
        visit.refuse(404)
    words, leaf = visit.query.get("words", "").strip()[:200], leaf_of(visit, ON_A_PAGE)
    wanted = SolutionQuery(
        states=[SolutionState(state)] if state else list(SolutionState),
        words=words,
        teams=visit.sees,
        limit=leaf.asked,
        offset=leaf.offset,
    )
    found = visit.store.solutions.listed(visit.profile.name, wanted)
    visit.note(Noted.LIST_SEEN, about="solutions")
    return visit.page(
        "solutions.html",
        solutions=[_row(visit, solution) for solution in leaf.shown(found)],
        leaf=leaf.turned(found, visit),
        state=state,
        states=list(SolutionState),
        asked=words,
    )


def one(visit: Visit) -> Response:
    return _page(visit, _existing(visit))


def _page(visit: Visit, solution: Solution, *, status: int = 200, draft: str | None = None, wrong: str = "") -> Response:
    """`draft` is what a lead wrote and could not be kept, `wrong` the key of the sentence that says why."""
    tickets = visit.store.solutions.solved_with(solution.id, visit.sees, MOST_CASES)
    visit.note(Noted.LIST_SEEN, about=solution_number(solution.id))
    return visit.page(
        "solution.html",
        status=status,
        solution=_row(visit, solution),
        versions=[_version(visit, version) for version in reversed(visit.store.solutions.versions(solution.id))],
        cases=table_of(visit, tickets),
        most=MOST_CASES,
        acts=visit.is_a(Role.LEAD),
        tries=solution.state is SolutionState.CONFIRMED and visit.is_a(*WORKERS),
        draft=str(solution.text) if draft is None else draft,
        wrong=wrong,
        longest=LONGEST,
        State=SolutionState,
    )


def edit(visit: Visit) -> Response:
    """A new version; one that somebody else wrote meanwhile stays, and the lead's words are shown again."""
    solution, text = _existing(visit), visit.text("text")
    seen = _seen(visit)
    if not text or len(text) > LONGEST:
        return _page(visit, solution, status=422, draft=text, wrong="empty" if not text else "long")
    version = next_version(solution, text, visit.person.login, visit.now)
    try:
        if seen.version != solution.version:
            raise ChangedMeanwhileError(f"solution {solution.id} has changed since it was shown")
        visit.store.solutions.rewrite(visit.profile.name, solution.id, version)
    except ChangedMeanwhileError:
        return _page(visit, _existing(visit), status=409, draft=text, wrong="changed")
    return _done(visit, solution, "rewritten", str(version.number))


def confirm(visit: Visit) -> Response:
    """A lead's yes: for teams, or for reporters too."""
    solution, public = _existing(visit), visit.text("public") == "yes"
    visit.store.solutions.judge(visit.profile.name, solution.id, SolutionState.CONFIRMED, public=public, seen=_seen(visit))
    return _done(visit, solution, "confirmed", "public" if public else "for teams")


def retire(visit: Visit) -> Response:
    solution = _existing(visit)
    visit.store.solutions.judge(visit.profile.name, solution.id, SolutionState.RETIRED, seen=_seen(visit))
    return _done(visit, solution, "retired")


def unite(visit: Visit) -> Response:
    """Its cases and counts go to the one that is named."""
    solution, named = _existing(visit), visit.text("into")
    into = read_solution_number(named if named[:1] in "lL" else f"L-{named}")
    if into is None or into == solution.id or visit.store.solutions.find(visit.profile.name, into) is None:
        return _page(visit, solution, status=422, wrong="into")
    visit.store.solutions.unite(visit.profile.name, solution.id, into, seen=_seen(visit))
    _note(visit, solution, "united", solution_number(into))
    return visit.go(f"{PATH}/{solution_number(into)}")


def tried(visit: Visit) -> Response:
    """Whether it helped where somebody tried it: what fails oftener than it works is offered no more."""
    solution, worked = _existing(visit), visit.text("worked")
    if solution.state is not SolutionState.CONFIRMED or worked not in ("yes", "no"):
        visit.refuse(422)
    visit.store.solutions.tried(visit.profile.name, solution.id, visit.now, worked=worked == "yes")
    return _done(visit, solution, "tried", "worked" if worked == "yes" else "failed")


def _existing(visit: Visit) -> Solution:
    """404 too for one of cases that this person does not see."""
    number = read_solution_number(visit.asked["number"])
    found = visit.store.solutions.find(visit.profile.name, number, visit.sees) if number is not None else None
    return found or visit.refuse(404)


def _seen(visit: Visit) -> SolutionSeen:
    """What stood in the form's page."""
    version, state = visit.text("version"), visit.text("state")
    if not version.isdecimal() or len(version) > 9 or state not in set(SolutionState):
        visit.refuse(422)
    return SolutionSeen(version=int(version), state=SolutionState(state))


def _done(visit: Visit, solution: Solution, what: str, how: str = "") -> Response:
    _note(visit, solution, what, how)
    return visit.go(f"{PATH}/{solution_number(solution.id)}")


def _note(visit: Visit, solution: Solution, what: str, how: str) -> None:
    visit.note(Noted.SOLUTION_CHANGED, about=solution_number(solution.id), done=what, was=solution.state.value, how=how)


def _row(visit: Visit, solution: Solution) -> dict[str, Any]:
    return {
        "number": solution_number(solution.id),
        "text": solution.text,
        "state": solution.state,
        "public": solution.public,
        "version": solution.version,
        "cases": solution.cases,
        "worked": solution.worked,
        "failed": solution.failed,
        "used": visit.told(solution.used_at),
    }


def _version(visit: Visit, version: SolutionVersion) -> dict[str, Any]:
    profile = visit.profile
    by = profile.team_title(version.written_by, visit.language) if version.written_by in profile.teams else version.written_by
    return {"number": version.number, "text": version.text, "at": visit.told(version.written_at), "by": by}


DOORS = (
    Door(path=PATH, visit=show, roles=READERS),
    Door(path=f"{PATH}/{{number}}", visit=one, roles=READERS),
    Door(path=f"{PATH}/{{number}}/tried", visit=tried, roles=WORKERS, method="POST"),
    Door(path=f"{PATH}/{{number}}/edit", visit=edit, roles=LEADS, method="POST"),
    Door(path=f"{PATH}/{{number}}/confirm", visit=confirm, roles=LEADS, method="POST"),
    Door(path=f"{PATH}/{{number}}/retire", visit=retire, roles=LEADS, method="POST"),
    Door(path=f"{PATH}/{{number}}/unite", visit=unite, roles=LEADS, method="POST"),
)
