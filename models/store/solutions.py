"""The only place where solutions are read and written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, func, insert, select, update

from models.errors import ChangedMeanwhileError, StoreError
from models.outcomes import Scene
from models.records import Redacted, TicketId
from models.solutions import Solution, SolutionId, SolutionQuery, SolutionSeen, SolutionState, SolutionVersion
from models.store.engine import Database
from models.tables import SolutionRow, SolutionVersionRow, TicketRow


class SolutionShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, profile: str, id: SolutionId, teams: frozenset[str] | None = None) -> Solution | None:
        """As `those`: None too for one that these teams may not see."""
        query = _with_cases(teams).where(SolutionRow.profile == profile, SolutionRow.id == id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return _solution(row) if row else None

    def find_all(self, profile: str, ids: Iterable[SolutionId]) -> list[Solution]:
        """Those of these that the organisation has, in ascending order."""
        query = _with_cases(None).where(SolutionRow.profile == profile, SolutionRow.id.in_(set(ids)))
        with self._database.reading() as connection:
            return [_solution(row) for row in connection.execute(query)]

    def those(self, profile: str, states: Collection[SolutionState], teams: frozenset[str] | None = None) -> list[Solution]:
        """The organisation's solutions in these states, those that solved most cases first.

        Where teams are named: what is confirmed, and what solved cases of theirs; only these are counted.
        """
        query = _with_cases(teams).where(SolutionRow.profile == profile, SolutionRow.state.in_(states))
        with self._database.reading() as connection:
            found = [_solution(row) for row in connection.execute(query)]
        return sorted(found, key=lambda solution: (-solution.cases, solution.id))

    def listed(self, profile: str, wanted: SolutionQuery) -> list[Solution]:
        """Those that are asked for: what waits for a lead first, then what is confirmed, then what is retired; most cases first."""
        cases = _cases(wanted.teams)
        query = _with_cases(wanted.teams).where(SolutionRow.profile == profile, SolutionRow.state.in_(wanted.states))
        if wanted.words:
            query = query.where(SolutionRow.text.icontains(wanted.words, autoescape=True))
        places = case({state: place for place, state in enumerate(SolutionState)}, value=SolutionRow.state)
        query = query.order_by(None).order_by(places, cases.desc(), SolutionRow.id).limit(wanted.limit).offset(wanted.offset)
        with self._database.reading() as connection:
            return [_solution(row) for row in connection.execute(query)]

    def solved_with(self, id: SolutionId, teams: frozenset[str] | None, limit: int) -> list[TicketId]:
        """The newest cases of these teams, or of all, that it solved."""
        query = select(TicketRow.id).where(TicketRow.solution_id == id).order_by(TicketRow.id.desc()).limit(limit)
        if teams is not None:
            query = query.where(TicketRow.team.in_(teams))
        with self._database.reading() as connection:
            return [TicketId(ticket) for ticket in connection.scalars(query)]

    def of_tickets(self, tickets: Collection[TicketId], states: Collection[SolutionState]) -> dict[TicketId, SolutionId]:
        """Which solution in these states each of the tickets was solved with; tickets without one are left out."""
        query = (
            select(TicketRow.id, TicketRow.solution_id)
            .join(SolutionRow, SolutionRow.id == TicketRow.solution_id)
            .where(TicketRow.id.in_(tickets), SolutionRow.state.in_(states))
        )
        with self._database.reading() as connection:
            return {TicketId(row.id): SolutionId(row.solution_id) for row in connection.execute(query)}

    def any_confirmed(self, profile: str) -> bool:
        confirmed = select(SolutionRow.id).where(SolutionRow.profile == profile, SolutionRow.state == SolutionState.CONFIRMED).limit(1)
        with self._database.reading() as connection:
            return connection.scalar(confirmed) is not None

    def versions(self, id: SolutionId) -> list[SolutionVersion]:
        """Every text that a solution had, the first first."""
        query = select(SolutionVersionRow).where(SolutionVersionRow.solution_id == id).order_by(SolutionVersionRow.number)
        with self._database.reading() as connection:
            return [
                SolutionVersion(number=row.number, text=Redacted(row.text), written_at=row.written_at, written_by=row.written_by)
                for row in connection.execute(query)
            ]

    def tried(self, profile: str, id: SolutionId, now: datetime, *, worked: bool) -> None:
        """What a person found when they tried it in some case. `StoreError` where there is no such solution."""
        found = {"worked": SolutionRow.worked + 1, "used_at": now} if worked else {"failed": SolutionRow.failed + 1}
        with self._database.writing() as connection:
            _change(connection, profile, id, found, None)

    def judge(
        self, profile: str, id: SolutionId, state: SolutionState, *, public: bool | None = None, seen: SolutionSeen | None = None
    ) -> None:
        """A lead's word on a solution; `public` stays as it is where it is None.

        `StoreError` where there is no such solution, `ChangedMeanwhileError` where it is no more as it was seen.
        """
        values: dict[str, Any] = {"state": state} | ({} if public is None else {"public": public})
        with self._database.writing() as connection:
            _change(connection, profile, id, values, seen)

    def rewrite(self, profile: str, id: SolutionId, new: SolutionVersion) -> None:
        """The next version of a solution's text; the earlier ones are kept. Errors as of `judge`: `new` must have the next number."""
        with self._database.writing() as connection:
            known = connection.scalar(select(SolutionRow.version).where(SolutionRow.id == id, SolutionRow.profile == profile))
            if known is not None and known != new.number - 1:
                raise ChangedMeanwhileError(f"solution {id} has changed since it was shown")
            _change(connection, profile, id, {"text": new.text, "version": new.number}, None)
            connection.execute(
                insert(SolutionVersionRow).values(
                    solution_id=id, number=new.number, text=new.text, written_at=new.written_at, written_by=new.written_by
                )
            )

    def unite(self, profile: str, id: SolutionId, into: SolutionId, seen: SolutionSeen | None = None) -> None:
        """One solution for the cases of both; the first is retired. Errors as of `judge`: `seen` is of the first."""
        if id == into:
            raise StoreError(f"solution {id} cannot be united with itself")
        with self._database.writing() as connection:
            _change(connection, profile, id, {"state": SolutionState.RETIRED}, seen)
            counts = connection.execute(select(SolutionRow.worked, SolutionRow.failed).where(SolutionRow.id == id)).one()
            more = {"worked": SolutionRow.worked + counts.worked, "failed": SolutionRow.failed + counts.failed}
            _change(connection, profile, into, more, None)
            connection.execute(update(TicketRow).where(TicketRow.solution_id == id).values(solution_id=into))
            _change(connection, profile, id, {"worked": 0, "failed": 0}, None)

    def adopt(self, profile: str, least: int, by: str, now: datetime) -> int:
        """Propose the solutions of imported cases that solved at least so many of them in the same words; how many these are."""
        loose = (TicketRow.profile == profile, TicketRow.source_id.is_not(None), TicketRow.solution_id.is_(None), TicketRow.solution != "")
        often = (
            select(TicketRow.solution, func.count().label("cases"), func.max(TicketRow.solved_at).label("last"))
            .where(*loose)
            .group_by(TicketRow.solution)
            .having(func.count() >= least)
        )
        with self._database.writing() as connection:
            found = connection.execute(often).all()
            for row in found:
                new = {"profile": profile, "state": SolutionState.PROPOSED, "public": False, "text": row.solution, "version": 1}
                id = connection.scalar(
                    insert(SolutionRow).values(**new, worked=row.cases, failed=0, used_at=row.last or now).returning(SolutionRow.id)
                )
                connection.execute(
                    insert(SolutionVersionRow).values(solution_id=id, number=1, text=row.solution, written_at=now, written_by=by)
                )
                connection.execute(update(TicketRow).where(*loose, TicketRow.solution == row.solution).values(solution_id=id))
        return len(found)


def propose(connection: Connection, scene: Scene, ticket: TicketId, text: Redacted) -> None:
    """The solution of a ticket: one of the very same words, used once more, or a new one that a lead has to look at. Twice in one ticket is once."""
    known = (SolutionRow.profile == scene.profile, SolutionRow.text == text, SolutionRow.state != SolutionState.RETIRED)
    found = connection.scalar(select(SolutionRow.id).where(*known).limit(1))
    if found is not None:
        if found != connection.scalar(select(TicketRow.solution_id).where(TicketRow.id == ticket)):
            note_use(connection, ticket, SolutionId(found), scene.now)
        return
    team = connection.scalar(select(TicketRow.team).where(TicketRow.id == ticket))
    new = {"profile": scene.profile, "state": SolutionState.PROPOSED, "public": False, "text": text, "version": 1, "used_at": scene.now}
    made = connection.scalars(insert(SolutionRow).values(**new, worked=1, failed=0).returning(SolutionRow.id)).one()
    connection.execute(insert(SolutionVersionRow).values(solution_id=made, number=1, text=text, written_at=scene.now, written_by=team))
    _give(connection, ticket, SolutionId(made))


def note_use(connection: Connection, ticket: TicketId, used: SolutionId, now: datetime) -> None:
    """It worked again."""
    _give(connection, ticket, used)
    connection.execute(update(SolutionRow).where(SolutionRow.id == used).values(worked=SolutionRow.worked + 1, used_at=now))


def _give(connection: Connection, ticket: TicketId, solution: SolutionId) -> None:
    """The ticket's solution from now on. One that was only proposed for it is taken back, and goes where it solved nothing else."""
    before = connection.scalar(select(TicketRow.solution_id).where(TicketRow.id == ticket))
    connection.execute(update(TicketRow).where(TicketRow.id == ticket).values(solution_id=solution))
    if before is None or before == solution:
        return
    proposed = update(SolutionRow).where(SolutionRow.id == before, SolutionRow.state == SolutionState.PROPOSED)
    if connection.execute(proposed.values(worked=SolutionRow.worked - 1)).rowcount:
        used = select(TicketRow.id).where(TicketRow.solution_id == before).exists()
        connection.execute(proposed.where(~used, SolutionRow.version == 1).values(state=SolutionState.RETIRED))


def note_failure(connection: Connection, failed: SolutionId) -> None:
    connection.execute(update(SolutionRow).where(SolutionRow.id == failed).values(failed=SolutionRow.failed + 1))


def note_failure_of(connection: Connection, ticket: TicketId, *, was_solved: bool) -> None:
    """What a ticket was solved with, or offered, did not help: where it was solved, that it had worked is taken back."""
    known = connection.scalar(select(TicketRow.solution_id).where(TicketRow.id == ticket))
    if known is not None:
        note_failure(connection, SolutionId(known))
        connection.execute(update(TicketRow).where(TicketRow.id == ticket).values(solution_id=None))
        if was_solved:
            connection.execute(update(SolutionRow).where(SolutionRow.id == known).values(worked=SolutionRow.worked - 1))


def _change(connection: Connection, profile: str, id: SolutionId, values: dict[str, Any], seen: SolutionSeen | None) -> None:
    ours = update(SolutionRow).where(SolutionRow.id == id, SolutionRow.profile == profile)
    if seen is not None:
        ours = ours.where(SolutionRow.version == seen.version, SolutionRow.state == seen.state)
    if connection.execute(ours.values(values)).rowcount == 1:
        return
    there = connection.scalar(select(SolutionRow.id).where(SolutionRow.id == id, SolutionRow.profile == profile))
    if there is None:
        raise StoreError(f"there is no solution {id}")
    raise ChangedMeanwhileError(f"solution {id} has changed since it was shown")


def _with_cases(teams: frozenset[str] | None) -> Any:
    """Solutions that these teams, or all, may see, each with the number of their cases."""
    cases = _cases(teams)
    query = select(SolutionRow, cases.label("cases")).order_by(SolutionRow.id)
    return query if teams is None else query.where((SolutionRow.state == SolutionState.CONFIRMED) | (cases > 0))


def _cases(teams: frozenset[str] | None) -> Any:
    """How many cases of these teams, or of all, a solution has."""
    own = select(func.count()).where(TicketRow.solution_id == SolutionRow.id)
    counted = own if teams is None else own.where(TicketRow.team.in_(teams))
    return counted.correlate(SolutionRow).scalar_subquery()


def _solution(row: Row[Any]) -> Solution:
    return Solution(
        id=SolutionId(row.id),
        state=SolutionState(row.state),
        public=row.public,
        text=Redacted(row.text),
        version=row.version,
        cases=row.cases,
        worked=row.worked,
        failed=row.failed,
        used_at=row.used_at,
    )
