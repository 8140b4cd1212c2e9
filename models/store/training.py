"""The only place where trainings are asked for, followed and ended, and where judged cases are counted for quality over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, func, insert, or_, select, update

from models.kinds import CameBy
from models.people_tables import JudgementRow, TrainingRow
from models.store.engine import Database
from models.store.judgements import judged_of, standing
from models.tables import TicketRow
from models.training import AT_WORK, Intake, Training, TrainingId, TrainingState, Witness

SILENT = timedelta(hours=1)
"""A training that told nothing for so long has died."""
BY_ITSELF = ("nightly",)
"""Who asks where nobody did."""


class TrainingShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, profile: str, by: str, now: datetime) -> TrainingId:
        """A training that will begin soon: the one that waits or runs already, where there is one."""
        with self._database.writing() as connection:
            died = update(TrainingRow).where(TrainingRow.profile == profile, TrainingRow.state == TrainingState.RUNNING)
            connection.execute(
                died.where(TrainingRow.told_at < now - SILENT).values(state=TrainingState.FAILED, why="it ended without a word")
            )
            there = select(TrainingRow.id).where(TrainingRow.profile == profile, TrainingRow.state.in_(AT_WORK))
            found = connection.scalar(there.order_by(TrainingRow.id.desc()).limit(1))
            if found is None:
                blank = {"state": TrainingState.ASKED, "doing": "", "share": 0.0, "version": "", "why": ""}
                values = blank | {"profile": profile, "by": by, "asked_at": now, "told_at": now}
                found = connection.scalar(insert(TrainingRow).values(values).returning(TrainingRow.id))
        return TrainingId(int(found or 0))

    def claim(self, profile: str, now: datetime) -> TrainingId | None:
        """The training that waits, now this process's to do; None where none waits."""
        waiting = select(func.min(TrainingRow.id)).where(TrainingRow.profile == profile, TrainingRow.state == TrainingState.ASKED)
        with self._database.reading() as connection:  # asked again and again: only a find takes the lock
            id = connection.scalar(waiting)
        if id is None:
            return None
        with self._database.writing() as connection:
            mine = update(TrainingRow).where(TrainingRow.id == id, TrainingRow.state == TrainingState.ASKED)
            taken = connection.execute(mine.values(state=TrainingState.RUNNING, told_at=now)).rowcount == 1
        return TrainingId(id) if taken else None

    def tell(self, id: TrainingId, doing: str, share: float, now: datetime) -> None:
        """How far it is."""
        with self._database.writing() as connection:
            running = update(TrainingRow).where(TrainingRow.id == id, TrainingRow.state == TrainingState.RUNNING)
            connection.execute(running.values(doing=doing, share=share, told_at=now))

    def end(self, id: TrainingId, state: TrainingState, now: datetime, *, version: str = "", why: str = "") -> None:
        """What came of it, once."""
        with self._database.writing() as connection:
            open_ = update(TrainingRow).where(TrainingRow.id == id, TrainingRow.state.in_(AT_WORK))
            connection.execute(open_.values(state=state, told_at=now, version=version, why=why))

    def latest(self, profile: str, limit: int) -> list[Training]:
        """The newest first."""
        query = select(TrainingRow).where(TrainingRow.profile == profile).order_by(TrainingRow.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_training(row) for row in connection.execute(query)]

    def asked_since(self, profile: str, since: datetime) -> bool:
        """Whether the program itself has asked for one since."""
        own = select(TrainingRow.id).where(TrainingRow.profile == profile, TrainingRow.by.in_(BY_ITSELF), TrainingRow.asked_at >= since)
        with self._database.reading() as connection:
            return connection.scalar(own.limit(1)) is not None

    def confirmed_after(self, profile: str, last: int) -> int:
        """How many cases people have judged since that judgement, and not taken back."""
        query = select(JudgementRow.ticket_id, JudgementRow.meant).where(JudgementRow.profile == profile, JudgementRow.id > last)
        with self._database.reading() as connection:
            return len(standing(connection.execute(query.order_by(JudgementRow.id))))

    def witnesses(self, profile: str, since: datetime, until: datetime, most: int) -> list[Witness]:
        """The last judgements of cases that were judged in a time and stand, the newest `most`; the first first."""
        query = (
            select(JudgementRow, TicketRow.opened_at, TicketRow.language, TicketRow.guessed_team, TicketRow.doubtful, TicketRow.sampled)
            .add_columns(TicketRow.confidence)
            .join(TicketRow, TicketRow.id == JudgementRow.ticket_id)
            .where(JudgementRow.profile == profile, JudgementRow.at >= since, JudgementRow.at < until)
            .order_by(JudgementRow.at.desc(), JudgementRow.id.desc())
            .limit(most)
        )
        with self._database.reading() as connection:
            words = standing(reversed(connection.execute(query).all()))
        return sorted(map(_witness, words.values()), key=lambda witness: witness.judged.id)

    def intake(self, profile: str, weeks: Sequence[date], bounds: Sequence[datetime]) -> list[Intake]:
        """Of each week what came by mail; `bounds` are the weeks' ends on the desk's own clock, one more than there are weeks."""
        doubtful, judged = _many(TicketRow.doubtful), _many(TicketRow.judged_at.is_not(None))
        seen = _many(or_(TicketRow.doubtful, TicketRow.judged_at.is_not(None)))
        keys = (TicketRow.guessed_team, TicketRow.language)
        counts = select(*keys, func.count(), doubtful, judged, seen).where(TicketRow.profile == profile, TicketRow.came_by == CameBy.MAIL)
        found = []
        with self._database.reading() as connection:
            for week, since, until in zip(weeks, bounds[:-1], bounds[1:], strict=True):
                of_week = counts.where(TicketRow.opened_at >= since, TicketRow.opened_at < until).group_by(*keys).order_by(*keys)
                for team, language, cases, doubts, looks, eyes in connection.execute(of_week):
                    counted = {"cases": cases, "doubtful": doubts, "judged": looks, "unseen": cases - eyes}
                    found.append(Intake(week=week, team=team, language=language, **counted))
        return found


def _many(holds: Any) -> Any:
    return func.sum(case((holds, 1), else_=0))


def _training(row: Row[Any]) -> Training:
    return Training(
        id=TrainingId(row.id),
        by=row.by,
        asked_at=row.asked_at,
        told_at=row.told_at,
        state=TrainingState(row.state),
        doing=row.doing,
        share=row.share,
        version=row.version,
        why=row.why,
    )


def _witness(row: Row[Any]) -> Witness:
    return Witness(
        judged=judged_of(row),
        opened_at=row.opened_at,
        language=row.language,
        team=row.guessed_team,
        doubtful=row.doubtful,
        sure={field: float(value) for field, value in row.confidence.items()},
    )
