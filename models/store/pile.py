"""The only place where the cases that wait for a lead's word are read: the doubtful ones, and those drawn by lot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, and_, func, not_, select

from models.judgements import JUDGED, CaseToJudge
from models.kinds import Mode, TicketStatus
from models.records import TicketId
from models.store.engine import Database
from models.tables import DOUBTFUL, DRAWN, TicketRow


class PileShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, profile: str, limit: int) -> list[CaseToJudge]:
        """Doubtful cases and those that wait for a yes first, of these the gravest and the oldest; then those drawn by lot."""
        mine = TicketRow.profile == profile
        doubtful = select(TicketRow).where(mine, DOUBTFUL).order_by(TicketRow.priority, TicketRow.id).limit(limit)
        with self._database.reading() as connection:
            found = [_case(row) for row in connection.execute(doubtful)]
            if len(found) < limit:
                drawn = select(TicketRow).where(mine, DRAWN, not_(and_(DOUBTFUL))).order_by(TicketRow.id).limit(limit - len(found))
                found += [_case(row) for row in connection.execute(drawn)]
        return found

    def counts(self, profile: str) -> tuple[int, int]:
        """How many are doubtful, and how many more were drawn by lot."""
        mine = TicketRow.profile == profile
        with self._database.reading() as connection:
            doubtful = connection.scalar(select(func.count()).select_from(TicketRow).where(mine, DOUBTFUL))
            drawn = connection.scalar(select(func.count()).select_from(TicketRow).where(mine, DRAWN, not_(and_(DOUBTFUL))))
        return doubtful or 0, drawn or 0

    def find(self, id: TicketId) -> CaseToJudge | None:
        """Any case of the desk's own, judged or not."""
        return next(iter(self.find_all([id])), None)

    def find_all(self, ids: Iterable[TicketId]) -> list[CaseToJudge]:
        """Those that there are, by number; cases taken over from another system are none of the desk's own."""
        query = select(TicketRow).where(TicketRow.id.in_(list(ids)), TicketRow.source_id.is_(None)).order_by(TicketRow.id)
        with self._database.reading() as connection:
            return [_case(row) for row in connection.execute(query)]


def _case(row: Row[Any]) -> CaseToJudge:
    return CaseToJudge(
        id=TicketId(row.id),
        version=row.version,
        profile=row.profile,
        account=row.account,
        mode=Mode(row.mode),
        status=TicketStatus(row.status),
        opened_at=row.opened_at,
        judged_at=row.judged_at,
        subject=row.subject,
        words=row.said,
        stands={field: getattr(row, field) for field in JUDGED},
        said=row.verdict,
        guessed_team=row.guessed_team,
        unsure=row.unsure,
        sampled=row.sampled,
        confidence={key: float(value) for key, value in row.confidence.items()},
        reasons=tuple(row.reasons.get("reasons", ())),
    )
