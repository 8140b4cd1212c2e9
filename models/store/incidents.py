"""The only place where major incidents and outages are read."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, select

from models.incidents import Incident, IncidentId, IncidentState
from models.records import TicketId
from models.store.engine import Database
from models.tables import IncidentRow, TicketRow

STANDING = (IncidentState.PLANNED, IncidentState.ONGOING)


class IncidentShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of_ticket(self, ticket: TicketId) -> Incident | None:
        """The incident that a ticket belongs to, as its parent or attached."""
        query = select(IncidentRow).join(TicketRow, TicketRow.incident_id == IncidentRow.id).where(TicketRow.id == ticket)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
            return _incident(connection, row) if row else None

    def standing(self, profile: str, states: Collection[IncidentState] = STANDING) -> list[Incident]:
        """The organisation's incidents that are not over, the oldest first."""
        query = (
            select(IncidentRow)
            .join(TicketRow, TicketRow.id == IncidentRow.ticket_id)
            .where(TicketRow.profile == profile, IncidentRow.state.in_(states))
            .order_by(IncidentRow.id)
        )
        with self._database.reading() as connection:
            return [_incident(connection, row) for row in connection.execute(query).all()]


def _incident(connection: Connection, row: Row[Any]) -> Incident:
    members = select(TicketRow.id).where(TicketRow.incident_id == row.id, TicketRow.id != row.ticket_id).order_by(TicketRow.id)
    service = connection.scalar(select(TicketRow.service).where(TicketRow.id == row.ticket_id))
    return Incident(
        id=IncidentId(row.id),
        parent=TicketId(row.ticket_id),
        state=IncidentState(row.state),
        announced=row.announced,
        service=service,
        manager=row.manager,
        status=row.status,
        prognosis=row.prognosis,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        told_at=row.told_at,
        members=tuple(TicketId(id) for id in connection.scalars(members)),
    )
