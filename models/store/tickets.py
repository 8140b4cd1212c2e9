"""The only place where tickets, their threads and events are read and written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from models.cases import sought_of
from models.judgements import JUDGED
from models.kinds import EventKind, MailState, Mode, TicketStatus, TicketType
from models.outcomes import JoinTicket, NewTicket, Outcome, Quarantine, Scene, SetAside, Step, TicketChange
from models.records import MailId, TicketId
from models.store.deeds import Deed, write_deeds
from models.store.engine import Database
from models.store.mails import insert_new
from models.tables import MailRow, ParticipantRow, ThreadRow, TicketRow, TimerRow
from models.timers import TimerKind
from models.views import TicketLine, TicketView

SAID_KEPT = 2_000
"""Characters of a reporter's words, without personal data, by which later cases are compared."""
NAMED_TOGETHER = 5_000
"""Message-IDs asked for in one query: both databases limit a statement's values."""


class TicketShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, outcomes: Sequence[Outcome], scene: Scene) -> dict[MailId, TicketId | None]:
        """Write what was decided, all in one transaction; a mail that another process settled meanwhile is left out.

        Returns the mails that were settled here, with the ticket each belongs to.
        """
        with self._database.writing() as connection:
            mine = _take(connection, [outcome.mail_id for outcome in outcomes], scene)
            outcomes = [outcome for outcome in outcomes if outcome.mail_id in mine]
            opened = [outcome for outcome in outcomes if isinstance(outcome, NewTicket)]
            joined = [outcome for outcome in outcomes if isinstance(outcome, JoinTicket)]
            tickets = _open(connection, opened, scene) | {outcome.mail_id: outcome.ticket for outcome in joined}
            _write_threads(self._database, connection, [*opened, *joined], tickets)
            deeds = [*(_opening(outcome, tickets) for outcome in opened), *(_joining(outcome) for outcome in joined)]
            write_deeds(self._database, connection, deeds, scene)
            _note(connection, outcomes, tickets)
        return {outcome.mail_id: tickets.get(outcome.mail_id) for outcome in outcomes}

    def by_message_ids(self, message_ids: Iterable[str]) -> dict[str, TicketId]:
        wanted = list(set(message_ids))
        found: dict[str, TicketId] = {}
        with self._database.reading() as connection:
            for start in range(0, len(wanted), NAMED_TOGETHER):
                some = wanted[start : start + NAMED_TOGETHER]
                query = select(ThreadRow.message_id, ThreadRow.ticket_id).where(ThreadRow.message_id.in_(some))
                found |= {message_id: TicketId(ticket) for message_id, ticket in connection.execute(query)}
        return found

    def find(self, id: TicketId) -> TicketView | None:
        with self._database.reading() as connection:
            row = connection.execute(select(TicketRow).where(TicketRow.id == id)).one_or_none()
            if row is None:
                return None
            people = connection.scalars(select(ParticipantRow.address).where(ParticipantRow.ticket_id == id)).all()
            threads = connection.execute(select(ThreadRow.message_id, ThreadRow.to_team).where(ThreadRow.ticket_id == id)).all()
            waits = (TimerRow.ticket_id == id, TimerRow.kind == TimerKind.FAQ_HELPED, TimerRow.done_at.is_(None))
            offered = connection.scalar(select(TimerRow.id).where(*waits))
            first = connection.scalar(select(MailRow.message_id).where(MailRow.ticket_id == id).order_by(MailRow.id).limit(1))
        return TicketView(
            id=TicketId(row.id),
            account=row.account,
            status=TicketStatus(row.status),
            type=TicketType(row.type),
            priority=row.priority,
            team=row.team,
            previous_team=row.previous_team,
            service=row.service,
            reporter_kind=row.reporter_kind,
            subject=row.subject,
            language=row.language,
            reporter=row.reporter,
            solution=row.solution,
            risk=row.risk,
            patient_safety=row.patient_safety,
            scope=row.scope,
            incident=row.incident_id,
            offered=bool(offered),
            solution_id=row.solution_id,
            opened_at=row.opened_at,
            due_at=row.due_at,
            waiting_since=row.waiting_since,
            acknowledged_at=row.acknowledged_at,
            message_id=first or "",
            participants=frozenset(people),
            team_message_ids=frozenset(message_id for message_id, to_team in threads if to_team),
        )

    def find_all(self, ids: Iterable[TicketId]) -> list[TicketView]:
        """Those of these tickets that exist, in the order given."""
        return [view for id in ids if (view := self.find(id))]

    def latest(self, limit: int) -> list[TicketLine]:
        """The newest tickets in the database that came to a desk itself, newest first, without a word of the mails themselves."""
        return self._lines(select(TicketRow).order_by(TicketRow.id.desc()), limit)

    def newest(self, profile: str, sees: Collection[str] | None, limit: int) -> list[TicketLine]:
        """The same of one organisation; of `sees` alone where a person sees only these teams' cases."""
        query = select(TicketRow).where(TicketRow.profile == profile)
        if sees is not None:
            query = query.where(TicketRow.team.in_(sorted(sees)))
        return self._lines(query.order_by(TicketRow.opened_at.desc(), TicketRow.id.desc()), limit)

    def _lines(self, query: Select[Any], limit: int) -> list[TicketLine]:
        with self._database.reading() as connection:
            return [_line(row) for row in connection.execute(query.where(TicketRow.source_id.is_(None)).limit(limit))]


def _take(connection: Connection, ids: Sequence[MailId], scene: Scene) -> set[int]:
    """The mails among these that nobody has settled yet; from here on they are ours or, on a rollback, nobody's."""
    claim = (
        update(MailRow)
        .where(MailRow.id.in_(ids), MailRow.state == MailState.RECEIVED)
        .values(state=MailState.HANDLED, handled_at=scene.now, attempts=MailRow.attempts + 1)
        .returning(MailRow.id)
    )
    return set(connection.scalars(claim))


def _open(connection: Connection, opened: Sequence[NewTicket], scene: Scene) -> dict[MailId, TicketId]:
    if not opened:
        return {}
    statement = insert(TicketRow).returning(TicketRow.id, sort_by_parameter_order=True)
    ids = connection.scalars(statement, [_ticket_values(outcome, scene) for outcome in opened]).all()
    tickets = {outcome.mail_id: TicketId(id) for outcome, id in zip(opened, ids, strict=True)}
    people = [{"ticket_id": tickets[outcome.mail_id], "address": address} for outcome in opened for address in outcome.participants]
    if people:
        connection.execute(insert(ParticipantRow), people)
    return tickets


def _opening(outcome: NewTicket, tickets: Mapping[MailId, TicketId]) -> Deed:
    change = TicketChange(start=outcome.timers)
    step = Step(event=EventKind.OPENED, change=change, parcels=outcome.parcels)
    return Deed(ticket=tickets[outcome.mail_id], mail_id=outcome.mail_id, step=step, mode=outcome.mode)


def _joining(outcome: JoinTicket) -> Deed:
    return Deed(ticket=outcome.ticket, mail_id=outcome.mail_id, step=outcome.step, mode=outcome.mode)


def _ticket_values(outcome: NewTicket, scene: Scene) -> dict[str, Any]:
    verdict, assignment, mail = outcome.verdict, outcome.assignment, outcome.mail
    return {
        "profile": scene.profile,
        "account": outcome.account,
        "mode": outcome.mode,
        "status": outcome.status,
        "opened_at": scene.now,
        "subject": mail.safe_subject,
        "sought": sought_of(mail.safe_subject),
        "reporter": outcome.reporter,
        "language": verdict.language,
        "type": verdict.type.value,
        "priority": verdict.priority.value,
        "scope": verdict.scope.value,
        "service": verdict.service,
        "reporter_kind": verdict.reporter,
        "came_by": outcome.came_by,
        "risk": outcome.risk,
        "incident_id": outcome.incident,
        "solution_id": outcome.offered,
        "said": mail.safe_reply[:SAID_KEPT],
        "due_at": outcome.due_at,
        "team": assignment.team,
        "guessed_team": assignment.guessed_team,
        "unsure": assignment.unsure,
        "doubtful": verdict.review,
        "sampled": outcome.sampled,
        "verdict": {field: verdict.values[field] for field in JUDGED},
        "patient_safety": verdict.patient_safety,
        "change_request": verdict.change_request,
        "confidence": {
            "type": verdict.type.confidence,
            "priority": verdict.priority.confidence,
            "scope": verdict.scope.confidence,
            "team": verdict.team.confidence,
        },
        "reasons": {"reasons": list(verdict.reasons)},
    }


def _write_threads(
    database: Database, connection: Connection, outcomes: Sequence[NewTicket | JoinTicket], tickets: Mapping[MailId, TicketId]
) -> None:
    rows = [{"message_id": outcome.mail.message_id, "ticket_id": tickets[outcome.mail_id], "to_team": False} for outcome in outcomes]
    if rows:
        connection.execute(insert_new(database, ThreadRow), rows)


def _note(connection: Connection, outcomes: Sequence[Outcome], tickets: Mapping[MailId, TicketId]) -> None:
    """Write on each mail what became of it."""
    rows = [_mail_fate(outcome, tickets.get(outcome.mail_id)) for outcome in outcomes]
    if rows:
        change = (
            update(MailRow)
            .where(MailRow.id == bindparam("b_id"))
            .values(
                state=bindparam("b_state"),
                message_id=bindparam("b_message_id"),
                ticket_id=bindparam("b_ticket"),
                refusal=bindparam("b_refusal"),
                error=bindparam("b_error"),
            )
        )
        connection.execute(change, rows)


def _mail_fate(outcome: Outcome, ticket: TicketId | None) -> dict[str, Any]:
    fate: dict[str, Any] = {
        "b_id": outcome.mail_id,
        "b_state": MailState.HANDLED,
        "b_message_id": None,
        "b_ticket": ticket,
        "b_refusal": None,
        "b_error": None,
    }
    match outcome:
        case NewTicket() | JoinTicket():
            fate["b_message_id"] = outcome.mail.message_id
        case SetAside():
            fate |= {"b_message_id": outcome.message_id, "b_refusal": outcome.refusal.kind}
        case Quarantine():
            fate |= {"b_state": MailState.QUARANTINED, "b_error": outcome.error}
    return fate


def _line(row: Row[Any]) -> TicketLine:
    return TicketLine(
        id=TicketId(row.id),
        opened_at=row.opened_at,
        status=TicketStatus(row.status),
        mode=Mode(row.mode),
        type=row.type,
        priority=row.priority,
        scope=row.scope,
        team=row.team,
        guessed_team=row.guessed_team,
        unsure=row.unsure,
        confidence={key: float(value) for key, value in row.confidence.items()},
    )
