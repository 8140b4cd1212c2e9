"""The only place where the cases that wait for a lead's word are read: the doubtful ones, and those drawn by lot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, func, select, text

from models.cases import Case
from models.kinds import Mode, ParcelState
from models.records import TicketId
from models.store.cases import case_of
from models.store.engine import Database
from models.tables import DOUBTFUL, DRAWN, ParcelRow, TicketRow

MOST_COUNTED = 1000
"""Nobody judges more in a week: beyond it only that there are many counts."""
NOT_DOUBTFUL = text(f"NOT ({DOUBTFUL.text})")


class PileShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, profile: str, limit: int) -> list[Case]:
        """Doubtful cases and those that wait for a yes first, of these the gravest and the oldest; then those drawn by lot."""
        found: list[Case] = []
        with self._database.reading() as connection:
            for holds, order in _kinds(profile):
                if len(found) < limit:
                    query = select(TicketRow).where(*holds).order_by(*order).limit(limit - len(found))
                    found += [case_of(row) for row in connection.execute(query)]
        return found

    def counts(self, profile: str) -> tuple[int, int]:
        """How many are doubtful or wait for a yes, and how many more were drawn by lot; `MOST_COUNTED` stands for so many or more."""
        with self._database.reading() as connection:
            doubtful, held, drawn = [int(connection.scalar(_count(holds, order)) or 0) for holds, order in _kinds(profile)]
        return min(doubtful + held, MOST_COUNTED), drawn

    def find(self, id: TicketId) -> Case | None:
        """Any case of the desk's own, judged or not."""
        return next(iter(self.find_all([id])), None)

    def find_all(self, ids: Iterable[TicketId]) -> list[Case]:
        """Those that there are, by number; cases taken over from another system are none of the desk's own."""
        query = select(TicketRow).where(TicketRow.id.in_(list(ids)), TicketRow.source_id.is_(None)).order_by(TicketRow.id)
        with self._database.reading() as connection:
            return [case_of(row) for row in connection.execute(query)]


def _kinds(profile: str) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """What waits, in the order in which it is shown: the condition and the order within. None stands in two of them."""
    mine, gravest = TicketRow.profile == profile, (TicketRow.priority, TicketRow.id)
    held = select(ParcelRow.ticket_id).where(ParcelRow.state == ParcelState.HELD, ParcelRow.profile == profile)
    judged = (TicketRow.judged_at.is_not(None), TicketRow.mode == Mode.ASSIST)
    yield (mine, DOUBTFUL), gravest
    yield (mine, *judged, TicketRow.id.in_(held)), gravest
    yield (mine, DRAWN, NOT_DOUBTFUL), (TicketRow.id,)


def _count(holds: Sequence[Any], order: Sequence[Any]) -> Select[Any]:
    """In their order, which is that of an index of what waits: without it SQLite counts by a wider one, through rows that do not wait."""
    some = select(TicketRow.id).where(*holds).order_by(*order).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(some)
