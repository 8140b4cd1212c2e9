"""The only place where major incidents and outages are read, and the reported incidents in which surges are seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from models.incidents import Incident, IncidentId, IncidentState, Seen
from models.kinds import TicketType
from models.records import TicketId, safe_text
from models.store.engine import Database
from models.tables import IncidentRow, TicketRow

STANDING = (IncidentState.PROPOSED, IncidentState.PLANNED, IncidentState.ONGOING)
ABOUT = func.coalesce(TicketRow.service, TicketRow.guessed_team)
"""What a case is about, as `Verdict.about`."""
FIRST_OF_ITS_KIND = TicketRow.incident_id.is_(None) | TicketRow.id.in_(select(IncidentRow.ticket_id))
"""Of cases that belong together the first; every other case."""


class IncidentShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def of_ticket(self, ticket: TicketId) -> Incident | None:
        """The incident that a ticket belongs to, as its parent or attached."""
        belongs = select(TicketRow.incident_id).where(TicketRow.id == ticket).scalar_subquery()
        with self._database.reading() as connection:
            return next(_incidents(connection, _parents().where(IncidentRow.id == belongs)), None)

    def standing(self, profile: str, states: Collection[IncidentState] = STANDING) -> list[Incident]:
        """The organisation's incidents that are not over, the oldest first."""
        query = _parents().where(TicketRow.profile == profile, IncidentRow.state.in_(states)).order_by(IncidentRow.id)
        with self._database.reading() as connection:
            return list(_incidents(connection, query))

    def reported(self, profile: str, since: datetime, until: datetime, limit: int) -> list[Seen]:
        """The newest incidents that were reported in a time, the oldest of them first."""
        return self._seen(_reports(profile).where(TicketRow.opened_at >= since, TicketRow.opened_at <= until), limit)

    def reported_in(self, incident: IncidentId, limit: int) -> list[Seen]:
        """The newest tickets that belong to a major incident, the oldest of them first."""
        return self._seen(_seen_columns().where(TicketRow.incident_id == incident), limit)

    def ordinary(self, profile: str, since: datetime, limit: int) -> list[Seen]:
        """The newest reported incidents; of those that belong together only the first."""
        return self._seen(_reports(profile).where(TicketRow.opened_at >= since, FIRST_OF_ITS_KIND), limit)

    def came(self, profile: str, since: datetime) -> list[tuple[datetime, str]]:
        """When each reported incident came and what it was about, the oldest first; of those that belong together only the first."""
        query = _reports(profile).where(TicketRow.opened_at >= since, FIRST_OF_ITS_KIND).with_only_columns(TicketRow.opened_at, ABOUT)
        with self._database.reading() as connection:
            return [(at, about) for at, about in connection.execute(query.order_by(TicketRow.opened_at, TicketRow.id))]

    def _seen(self, query: Any, limit: int) -> list[Seen]:
        newest = query.order_by(TicketRow.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_seen(row) for row in reversed(connection.execute(newest).all())]


def _reports(profile: str) -> Any:
    return _seen_columns().where(TicketRow.profile == profile, TicketRow.type == TicketType.INCIDENT)


def _seen_columns() -> Any:
    return select(
        TicketRow.id,
        TicketRow.opened_at,
        ABOUT.label("about"),
        TicketRow.reporter,
        TicketRow.subject,
        TicketRow.said,
        TicketRow.incident_id,
    )


def _seen(row: Row[Any]) -> Seen:
    return Seen(
        ticket=TicketId(row.id),
        at=row.opened_at,
        service=row.about,
        reporter=row.reporter,
        text=safe_text(row.subject, row.said),
        incident=row.incident_id,
    )


def _parents() -> Any:
    return select(IncidentRow, TicketRow.service).join(TicketRow, TicketRow.id == IncidentRow.ticket_id)


def _incidents(connection: Connection, query: Any) -> Iterator[Incident]:
    rows = connection.execute(query).all()
    members = _members(connection, [row.id for row in rows])
    for row in rows:
        yield Incident(
            id=IncidentId(row.id),
            parent=TicketId(row.ticket_id),
            state=IncidentState(row.state),
            announced=row.announced,
            service=row.service,
            manager=row.manager,
            status=row.status,
            prognosis=row.prognosis,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            told_at=row.told_at,
            members=tuple(ticket for ticket in members[row.id] if ticket != row.ticket_id),
        )


def _members(connection: Connection, incidents: Sequence[int]) -> dict[int, list[TicketId]]:
    """The tickets of each, the first opened first."""
    found = defaultdict[int, list[TicketId]](list)
    if incidents:
        query = select(TicketRow.incident_id, TicketRow.id).where(TicketRow.incident_id.in_(incidents)).order_by(TicketRow.id)
        for row in connection.execute(query):
            found[row.incident_id].append(TicketId(row.id))
    return found
