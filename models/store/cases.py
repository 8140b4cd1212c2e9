"""The only place where tickets are listed, counted and told in full for the pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from models.cases import Case, CaseEvent, CaseLine, CaseList, CaseMail, CaseParcel, Order, Story, Wanted, sought_of
from models.judgements import JUDGED
from models.kinds import CameBy, Channel, EventKind, MailState, Mode, ParcelKind, ParcelState, TicketStatus
from models.records import MailId, ParcelId, TicketId
from models.solutions import SolutionId
from models.store.engine import Database
from models.tables import EventRow, MailRow, ParcelRow, TicketRow

NEWEST = ((TicketRow.opened_at, True), (TicketRow.id, True))
ORDERS = {
    Order.NEWEST: NEWEST,
    Order.OLDEST: ((TicketRow.opened_at, False), (TicketRow.id, False)),
    Order.GRAVEST: ((TicketRow.priority, False), *NEWEST),
    Order.DUE: ((TicketRow.due_at, False), *NEWEST),
}
"""By order the columns, and whether each goes down: all of them stand in `ix_ticket_opened`, so that a list reads no other row."""


class CaseShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, wanted: Wanted, after: TicketId | None, limit: int) -> CaseList:
        """At most so many tickets, those after the one named: one that has moved on meanwhile still has its place."""
        with self._database.reading() as connection:
            query = select(TicketRow.id).where(*_asked(connection, wanted))
            if after is not None:
                query = query.where(_behind(connection, wanted, after))
            ids = connection.scalars(query.order_by(*_sorting(wanted.order)).limit(limit + 1)).all()
            lines = _lines(connection, ids[:limit])
        return CaseList(lines=tuple(lines), more=len(ids) > limit)

    def counts(self, wanted: Wanted) -> dict[TicketStatus, int]:
        """How many tickets there are of each status; statuses asked for are passed over."""
        with self._database.reading() as connection:
            query = select(TicketRow.status, func.count()).where(*_asked(connection, wanted, statuses=False)).group_by(TicketRow.status)
            found = {TicketStatus(status): count for status, count in connection.execute(query)}
        return {status: found.get(status, 0) for status in TicketStatus}

    def lines(self, ids: Collection[TicketId]) -> list[CaseLine]:
        """Those of these tickets that exist, in the order given."""
        with self._database.reading() as connection:
            return _lines(connection, list(ids))

    def story(self, profile: str, ticket: TicketId) -> Story | None:
        """All of a ticket of the organisation's."""
        with self._database.reading() as connection:
            row = connection.execute(select(TicketRow).where(TicketRow.id == ticket, TicketRow.profile == profile)).one_or_none()
            if row is None:
                return None
            return Story(
                case=case_of(row),
                mails=tuple(map(_mail, connection.execute(_of(MailRow, ticket)))),
                parcels=tuple(map(_parcel, connection.execute(_of(ParcelRow, ticket)))),
                events=tuple(map(_event, connection.execute(_of(EventRow, ticket)))),
            )


def _of(table: type[MailRow | ParcelRow | EventRow], ticket: TicketId) -> Select[Any]:
    return select(table.__table__).where(table.ticket_id == ticket).order_by(table.id)


def _asked(connection: Connection, wanted: Wanted, *, statuses: bool = True) -> list[Any]:
    chosen = (
        (TicketRow.team, wanted.teams),
        (TicketRow.type, wanted.types),
        (TicketRow.priority, wanted.priorities),
        (TicketRow.status, wanted.statuses if statuses else ()),
        (TicketRow.service, wanted.services),
    )
    others = (
        (wanted.sees is not None, lambda: TicketRow.team.in_(sorted(wanted.sees or ()))),
        (wanted.unsure, lambda: TicketRow.unsure),
        (wanted.since, lambda: TicketRow.opened_at >= wanted.since),
        (wanted.until, lambda: TicketRow.opened_at < wanted.until),
        (wanted.order is Order.DUE, lambda: TicketRow.due_at.is_not(None)),
        (wanted.text, lambda: _says(connection, wanted)),
    )
    among = [column.in_(sorted(values)) for column, values in chosen if values]
    return [TicketRow.profile == wanted.profile, *among, *(condition() for is_asked, condition in others if is_asked)]


def _says(connection: Connection, wanted: Wanted) -> Any:
    """In the subject, or its number: its own, or that of the system it was imported from."""
    elsewhere = select(TicketRow.id).where(TicketRow.profile == wanted.profile, TicketRow.source_id == wanted.text).limit(1)
    numbers = [number for number in (wanted.number, connection.scalar(elsewhere)) if number is not None]
    told = TicketRow.sought.contains(sought_of(wanted.text), autoescape=True)
    return or_(TicketRow.id.in_(numbers), told) if numbers else told


def _sorting(order: Order) -> list[Any]:
    return [column.desc() if down else column.asc() for column, down in ORDERS[order]]


def _behind(connection: Connection, wanted: Wanted, after: TicketId) -> Any:
    """What comes after a ticket in an order (keyset: no row before it is counted again).

    Of another organisation's, or of a team's whose cases are not seen, it tells nothing, for a place in the order tells priority and hours;
    one that has just moved away was seen.
    """
    columns, known = ORDERS[wanted.order], [TicketRow.id == after, TicketRow.profile == wanted.profile]
    if wanted.sees is not None:
        known.append(TicketRow.team.in_(wanted.sees) | TicketRow.previous_team.in_(wanted.sees))
    row = connection.execute(select(*(column for column, _ in columns)).where(*known)).one_or_none()
    if row is None or row[0] is None:
        return TicketRow.id.is_(None)
    steps = [
        and_(
            *(before == value for (before, _), value in zip(columns[:place], row, strict=False)),
            column < row[place] if down else column > row[place],
        )
        for place, (column, down) in enumerate(columns)
    ]
    first, down = columns[0]
    return and_(first <= row[0] if down else first >= row[0], or_(*steps))


def _lines(connection: Connection, ids: Sequence[int]) -> list[CaseLine]:
    if not ids:
        return []
    named: tuple[Any, ...] = (
        TicketRow.id, TicketRow.opened_at, TicketRow.due_at, TicketRow.status, TicketRow.mode, TicketRow.type, TicketRow.priority,
        TicketRow.scope, TicketRow.service, TicketRow.team, TicketRow.unsure, TicketRow.subject,
    )  # fmt: skip
    found = {row.id: _line(row) for row in connection.execute(select(*named).where(TicketRow.id.in_(ids)))}
    return [found[id] for id in ids if id in found]


def _line(row: Row[Any]) -> CaseLine:
    return CaseLine(
        id=TicketId(row.id),
        opened_at=row.opened_at,
        due_at=row.due_at,
        status=TicketStatus(row.status),
        mode=Mode(row.mode),
        type=row.type,
        priority=row.priority,
        scope=row.scope,
        service=row.service,
        team=row.team,
        unsure=row.unsure,
        subject=row.subject,
    )


def case_of(row: Row[Any]) -> Case:
    """From a row with every column of `TicketRow`."""
    return Case(
        id=TicketId(row.id),
        profile=row.profile,
        account=row.account,
        mode=Mode(row.mode),
        status=TicketStatus(row.status),
        came_by=CameBy(row.came_by),
        source_id=row.source_id,
        opened_at=row.opened_at,
        solved_at=row.solved_at if row.status == TicketStatus.SOLVED else None,
        due_at=row.due_at,
        waiting_since=row.waiting_since,
        acknowledged_at=row.acknowledged_at,
        judged_at=row.judged_at,
        subject=row.subject,
        words=row.said,
        reporter=row.reporter,
        language=row.language,
        said=row.verdict,
        stands={field: getattr(row, field) for field in JUDGED},
        guessed_team=row.guessed_team,
        previous_team=row.previous_team,
        unsure=row.unsure,
        doubtful=row.doubtful,
        sampled=row.sampled,
        patient_safety=row.patient_safety,
        change_request=row.change_request,
        confidence={key: float(value) for key, value in row.confidence.items()},
        reasons=tuple(row.reasons.get("reasons", ())),
        risk=row.risk,
        solution=row.solution,
        solution_id=SolutionId(row.solution_id) if row.solution_id is not None else None,
        unsolved=row.unsolved,
        incident=row.incident_id,
        version=row.version,
    )


def _mail(row: Row[Any]) -> CaseMail:
    return CaseMail(id=MailId(row.id), received_at=row.received_at, state=MailState(row.state), size=row.size)


def _parcel(row: Row[Any]) -> CaseParcel:
    return CaseParcel(
        id=ParcelId(row.id),
        kind=ParcelKind(row.kind),
        channel=Channel(row.channel),
        state=ParcelState(row.state),
        recipient=row.recipient,
        to_team=row.to_team,
        created_at=row.created_at,
        due_at=row.due_at,
        sent_at=row.sent_at,
        error=row.error,
    )


def _event(row: Row[Any]) -> CaseEvent:
    return CaseEvent(at=row.at, kind=EventKind(row.kind), by=row.by, mail=MailId(row.mail_id) if row.mail_id is not None else None)
