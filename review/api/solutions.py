"""The only place for solutions in the API: read by everyone, confirmed and retired by leads."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from pydantic import Field

from models.people import Noted, Role
from models.solutions import Solution, SolutionId, SolutionSeen, SolutionState, solution_number
from review.api.operations import Answer, Asked, AskedOne, Call, Operation, RowNumber, not_there

LEADS = frozenset({Role.LEAD})


class AskedSolutions(Asked):
    """Which solutions."""

    state: SolutionState | None = Field(default=None, description="Only these; all where it is not given.")


class AskedConfirmation(Asked):
    """A lead's yes."""

    id: RowNumber
    version: RowNumber = Field(description="Of the text that was read.")
    public: bool | None = Field(default=None, description="Whether reporters may be offered it too; as it was where it is null.")


class AskedRetirement(Asked):
    """Offered no more."""

    id: RowNumber
    version: RowNumber = Field(description="Of the text that was read.")


class SolutionShown(Answer):
    """How cases were solved. `cases` counts those that the token's person sees; `worked` and `failed` count what people said of it afterwards."""

    id: int
    number: str
    state: SolutionState
    public: bool
    text: str
    version: int
    cases: int
    worked: int
    failed: int
    used_at: datetime


class Solutions(Answer):
    """Those that solved most cases first."""

    solutions: list[SolutionShown]


class VersionShown(Answer):
    """What a solution said from a time on."""

    number: int
    text: str
    written_at: datetime
    written_by: str


class SolutionStory(Answer):
    """A solution with every text that it had, the first first."""

    solution: SolutionShown
    versions: list[VersionShown]


def read_all(call: Call, asked: AskedSolutions) -> Solutions:
    """The solutions, without personal data.

    Those that solved most cases come first.
    """
    states = [asked.state] if asked.state else list(SolutionState)
    found = call.store.solutions.those(call.profile.name, states, call.sees)
    call.note(Noted.LIST_SEEN, about="solutions")
    return Solutions(solutions=[_shown(solution) for solution in found])


def read_one(call: Call, asked: AskedOne) -> SolutionStory:
    """One solution and its earlier texts."""
    found = _existing(call, asked.id)
    versions = [
        VersionShown(number=one.number, text=one.text, written_at=one.written_at, written_by=one.written_by)
        for one in call.store.solutions.versions(found.id)
    ]
    return SolutionStory(solution=_shown(found), versions=versions)


def confirm(call: Call, asked: AskedConfirmation) -> SolutionShown:
    """A lead's yes: from now on it is offered.

    Refused with 409 where its text has changed since it was read.
    """
    return _judge(call, asked.id, asked.version, SolutionState.CONFIRMED, public=asked.public)


def retire(call: Call, asked: AskedRetirement) -> SolutionShown:
    """Out of date or wrong: it is offered no more.

    Refused with 409 where its text has changed since it was read.
    """
    return _judge(call, asked.id, asked.version, SolutionState.RETIRED, public=None)


def _judge(call: Call, id: int, version: int, state: SolutionState, *, public: bool | None) -> SolutionShown:
    before = _existing(call, id)
    seen = SolutionSeen(version=version, state=before.state)
    call.store.solutions.judge(call.profile.name, before.id, state, public=public, seen=seen)
    call.note(Noted.SOLUTION_CHANGED, about=solution_number(before.id), was=before.state, state=state)
    return _shown(_existing(call, id))


def _existing(call: Call, id: int) -> Solution:
    """For who may not see it there is none."""
    found = call.store.solutions.find(call.profile.name, SolutionId(id), call.sees)
    if found is None:
        raise not_there("solution")
    return found


def _shown(solution: Solution) -> SolutionShown:
    return SolutionShown(
        id=solution.id,
        number=solution_number(solution.id),
        state=solution.state,
        public=solution.public,
        text=solution.text,
        version=solution.version,
        cases=solution.cases,
        worked=solution.worked,
        failed=solution.failed,
        used_at=solution.used_at,
    )


MISSING, CHANGED = HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT
OPERATIONS = (
    Operation(name="listSolutions", path="/solutions", run=read_all, asked=AskedSolutions, gives=Solutions),
    Operation(name="readSolution", path="/solutions/{id}", run=read_one, asked=AskedOne, gives=SolutionStory, refuses=frozenset({MISSING})),
    Operation(
        name="confirmSolution", method="POST", path="/solutions/{id}/confirmation", run=confirm, asked=AskedConfirmation,
        gives=SolutionShown, roles=LEADS, refuses=frozenset({MISSING, CHANGED}),
    ),
    Operation(
        name="retireSolution", method="POST", path="/solutions/{id}/retirement", run=retire, asked=AskedRetirement,
        gives=SolutionShown, roles=LEADS, refuses=frozenset({MISSING, CHANGED}),
    ),
)  # fmt: skip
