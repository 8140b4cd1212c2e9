"""The only place where cases are counted: workload, wishes for change, how and from whom they came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, func, select

from models.figures import Came, Load, Wish
from models.kinds import AT_WORK, TicketStatus
from models.records import TicketId
from models.store.engine import Database
from models.tables import TicketRow


class Figures:
    def __init__(self, database: Database) -> None:
        self._database = database

    def workload(self, profile: str, now: datetime) -> list[Load]:
        """Open cases by team and priority, the gravest first: how many, since when, how many over their time."""
        late = func.sum(case((TicketRow.due_at < now, 1), else_=0))
        waiting = func.sum(case((TicketRow.waiting_since.is_not(None), 1), else_=0))
        query = (
            select(TicketRow.team, TicketRow.priority, func.count(), func.min(TicketRow.opened_at), late, waiting)
            .where(TicketRow.profile == profile, TicketRow.status.in_(AT_WORK))
            .group_by(TicketRow.team, TicketRow.priority)
            .order_by(TicketRow.team, TicketRow.priority)
        )
        with self._database.reading() as connection:
            return [
                Load(team=team, priority=priority, open=count, oldest=oldest, overdue=overdue, waiting=waits)
                for team, priority, count, oldest, overdue, waits in connection.execute(query)
            ]

    def at_work(self, profile: str) -> dict[str, int]:
        """How many open cases each team has; a team without any is left out. It asks for what stands in the index of lists, and no more."""
        query = (
            select(TicketRow.team, func.count()).where(TicketRow.profile == profile, TicketRow.status.in_(AT_WORK)).group_by(TicketRow.team)
        )
        with self._database.reading() as connection:
            return {str(team): int(count) for team, count in connection.execute(query)}

    def wishes(self, profile: str) -> list[Wish]:
        """Wishes for change by the team that owns them, first come first."""
        query = (
            select(TicketRow.id, TicketRow.guessed_team, TicketRow.opened_at, TicketRow.subject, TicketRow.status)
            .where(TicketRow.profile == profile, TicketRow.change_request)
            .order_by(TicketRow.guessed_team, TicketRow.id)
        )
        with self._database.reading() as connection:
            return [
                Wish(ticket=TicketId(id), team=team, opened_at=opened, subject=subject, status=TicketStatus(status))
                for id, team, opened, subject, status in connection.execute(query)
            ]

    def came(self, profile: str, since: datetime, until: datetime) -> list[Came]:
        """Cases opened in a time, counted by how they came, who reported, what kind they are and where the fault springs from."""
        keys = [TicketRow.came_by, TicketRow.reporter_kind, TicketRow.type, TicketRow.service]
        query = (
            select(*keys, func.count().label("cases"))
            .where(TicketRow.profile == profile, TicketRow.opened_at >= since, TicketRow.opened_at < until)
            .group_by(*keys)
            .order_by(*keys)
        )
        with self._database.reading() as connection:
            return [
                Came(came_by=row["came_by"], reporter=row["reporter_kind"], type=row["type"], service=row["service"], count=row["cases"])
                for row in connection.execute(query).mappings()
            ]
