"""The only place where a step in a ticket's way is written: event, changes, timers and outgoing mails, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from models.case_numbers import OUR_MESSAGE_IDS
from models.incidents import IncidentChange, IncidentState
from models.kinds import Channel, EventKind, HookEvent, Mode, ParcelKind, ParcelState, TicketStatus
from models.outcomes import ParcelDraft, Scene, Step, TicketChange
from models.records import MailId, TicketId
from models.store.engine import Database
from models.store.mails import insert_new
from models.store.solutions import note_failure, note_failure_of, note_use, propose
from models.tables import EventRow, IncidentRow, ParcelRow, ThreadRow, TicketRow, TimerRow

FIRST_STATE = {Mode.AUTO: ParcelState.WAITING, Mode.ASSIST: ParcelState.HELD, Mode.SHADOW: ParcelState.WITHHELD}


DID_NOT_HELP = frozenset({EventKind.REOPENED, EventKind.FAQ_FAILED})
"""What a ticket was solved with, or offered, did not help after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A step of one ticket, to be written; `mail_id` is the mail that caused it, None where a timer or a person at a page (`by`) did.

    `original` is the mail that goes with what is sent where no mail caused it.
    """

    ticket: TicketId
    mail_id: MailId | None
    step: Step
    mode: Mode
    by: str | None = None
    original: MailId | None = None


def write_deeds(database: Database, connection: Connection, deeds: Sequence[Deed], scene: Scene) -> None:
    deeds = [*deeds, *(other for deed in deeds for other in _others(deed))]
    for deed in deeds:
        _change(connection, deed.ticket, deed.step.change, scene)
        _remember(connection, deed, scene)
        if deed.step.change.release is not None and deed.mode is Mode.AUTO:
            _release(connection, deed, scene)
        if deed.step.incident:
            _change_incident(connection, deed.ticket, deed.step.incident, scene)
    _tell_hooks(connection, deeds, _write_events(connection, deeds, scene), scene)
    _insert(connection, TimerRow, [timer for deed in deeds for timer in _timers(deed)])
    parcels = [_parcel(draft, deed, scene) for deed in deeds for draft in deed.step.parcels]
    _insert(connection, ParcelRow, parcels)
    if parcels:
        threads = [{key: parcel[key] for key in ("message_id", "ticket_id", "to_team")} for parcel in parcels]
        connection.execute(insert_new(database, ThreadRow), threads)


def _release(connection: Connection, deed: Deed, scene: Scene) -> None:
    """What was kept for later goes now, or never. In `assist` a lead decides that."""
    state = ParcelState.WAITING if deed.step.change.release else ParcelState.WITHHELD
    kept = update(ParcelRow).where(ParcelRow.ticket_id == deed.ticket, ParcelRow.state == ParcelState.HELD)
    connection.execute(kept.values(state=state, due_at=scene.now, created_at=scene.now))


def _others(deed: Deed) -> Iterator[Deed]:
    """Steps of other tickets; none of them carries the mail that caused it."""
    for other in deed.step.others:
        yield Deed(ticket=other.ticket, mail_id=None, step=other.step, mode=deed.mode, by=deed.by)


def _change_incident(connection: Connection, parent: TicketId, change: IncidentChange, scene: Scene) -> None:
    """The incident of this parent, begun where there is none."""
    named = ("state", "announced", "manager", "status", "prognosis", "starts_at", "ends_at")
    values: dict[str, Any] = {name: value for name in named if (value := getattr(change, name)) is not None}
    if change.status is not None:
        values["told_at"] = scene.now
    found = connection.scalar(select(IncidentRow.id).where(IncidentRow.ticket_id == parent))
    if found is None:
        blank = {"state": IncidentState.ONGOING, "announced": False, "manager": "", "status": "", "prognosis": "", "starts_at": scene.now}
        found = connection.scalar(insert(IncidentRow).values(ticket_id=parent, **(blank | values)).returning(IncidentRow.id))
        connection.execute(update(TicketRow).where(TicketRow.id == parent).values(incident_id=found))
    elif values:
        connection.execute(update(IncidentRow).where(IncidentRow.id == found).values(values))
    if change.attach:
        loose = update(TicketRow).where(TicketRow.id.in_(change.attach), TicketRow.incident_id.is_(None))
        connection.execute(loose.values(incident_id=found))


def _event(deed: Deed, scene: Scene) -> dict[str, Any]:
    return {"ticket_id": deed.ticket, "mail_id": deed.mail_id, "at": scene.now, "kind": deed.step.event, "by": deed.by}


def _write_events(connection: Connection, deeds: Sequence[Deed], scene: Scene) -> Sequence[int]:
    """Their numbers, where somebody is told of them."""
    events = [_event(deed, scene) for deed in deeds]
    if not (scene.hooks and events):
        _insert(connection, EventRow, events)
        return ()
    return connection.scalars(insert(EventRow).returning(EventRow.id, sort_by_parameter_order=True), events).all()


def _tell_hooks(connection: Connection, deeds: Sequence[Deed], events: Sequence[int], scene: Scene) -> None:
    """A parcel for each webhook that wants to know, with how the ticket stands now."""
    told = [(deed, event, what) for deed, event in zip(deeds, events, strict=False) for what in _news(deed) if what in scene.hooks]
    if not told:
        return
    named = (TicketRow.id, TicketRow.type, TicketRow.priority, TicketRow.team, TicketRow.previous_team, TicketRow.status)
    found = connection.execute(select(*named).where(TicketRow.id.in_({deed.ticket for deed, _, _ in told})))
    tickets = {row.id: row for row in found}
    rows = [
        _call(deed, hook, {"event": what, "id": str(event), "at": scene.now.isoformat()} | _standing(tickets[deed.ticket]), scene)
        for deed, event, what in told
        if what is not HookEvent.MOVED or tickets[deed.ticket].team != tickets[deed.ticket].previous_team
        for hook in scene.hooks[what]
    ]
    _insert(connection, ParcelRow, rows)


def _news(deed: Deed) -> Iterator[HookEvent]:
    """What other systems may want to know of a step."""
    change, incident = deed.step.change, deed.step.incident
    happened = {
        HookEvent.OPENED: deed.step.event is EventKind.OPENED,
        HookEvent.MOVED: change.team is not None,
        HookEvent.SOLVED: change.status is TicketStatus.SOLVED,
        HookEvent.REOPENED: deed.step.event is EventKind.REOPENED,
        HookEvent.DECLARED: incident is not None and incident.state is IncidentState.ONGOING,
        HookEvent.OVER: incident is not None and incident.state is IncidentState.OVER,
    }
    yield from (what for what, so in happened.items() if so)


def _standing(ticket: Any) -> dict[str, str]:
    return {"type": ticket.type, "priority": str(ticket.priority), "team": ticket.team, "status": ticket.status}


def _call(deed: Deed, hook: str, facts: dict[str, str], scene: Scene) -> dict[str, Any]:
    draft = ParcelDraft(kind=ParcelKind.EVENT, channel=Channel.WEBHOOK, to=hook, language="", facts=facts)
    return parcel_values(draft, scene) | {"ticket_id": deed.ticket, "mail_id": None, "state": FIRST_STATE[deed.mode]}


def _insert(connection: Connection, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _change(connection: Connection, ticket: TicketId, change: TicketChange, scene: Scene) -> None:
    named = ("status", "solution", "unsolved", "type", "priority", "scope", "risk", "due_at", "team")
    values: dict[str, Any] = {name: value for name in named if (value := getattr(change, name)) is not None}
    if change.status is TicketStatus.SOLVED:
        values["solved_at"] = scene.now
    if change.team is not None:
        values["previous_team"] = TicketRow.team
    if change.waits is not None:
        values["waiting_since"] = scene.now if change.waits else None
    if change.acknowledged is not None:
        values["acknowledged_at"] = scene.now if change.acknowledged else None
    if change.undue:
        values["due_at"] = None
    if values:
        connection.execute(update(TicketRow).where(TicketRow.id == ticket).values(values | {"version": TicketRow.version + 1}))
    if change.stop:
        ended = update(TimerRow).where(TimerRow.ticket_id == ticket, TimerRow.kind.in_(change.stop), TimerRow.done_at.is_(None))
        connection.execute(ended.values(done_at=scene.now))


def _remember(connection: Connection, deed: Deed, scene: Scene) -> None:
    """What a step says of solutions: used again, written anew, or of no help."""
    change = deed.step.change
    if change.status is TicketStatus.SOLVED and change.used is not None:
        note_use(connection, deed.ticket, change.used, scene.now)
    elif change.shared and (change.status is TicketStatus.SOLVED or change.helped):
        propose(connection, scene, deed.ticket, change.shared)
    if change.failed is not None:
        note_failure(connection, change.failed)
    if deed.step.event in DID_NOT_HELP:
        note_failure_of(connection, deed.ticket, was_solved=deed.step.event is EventKind.REOPENED)


def _timers(deed: Deed) -> Iterator[dict[str, Any]]:
    for timer in deed.step.change.start:
        yield {"ticket_id": deed.ticket, "kind": timer.kind, "due_at": timer.due_at, "round": timer.round}


def _parcel(draft: ParcelDraft, deed: Deed, scene: Scene) -> dict[str, Any]:
    return parcel_values(draft, scene) | {
        "ticket_id": deed.ticket,
        "mail_id": (deed.mail_id or deed.original) if draft.with_original else None,
        "state": ParcelState.HELD if draft.later and deed.mode is Mode.AUTO else FIRST_STATE[deed.mode],
    }


def parcel_values(draft: ParcelDraft, scene: Scene) -> dict[str, Any]:
    """A parcel of no ticket that may leave. Its age, by which it is given up, counts from when it may leave."""
    leaves_at = max(scene.now, draft.not_before or scene.now)
    return {
        "profile": scene.profile,
        "kind": draft.kind,
        "channel": draft.channel,
        "state": ParcelState.WAITING,
        "recipient": draft.to,
        "language": draft.language,
        "facts": dict(draft.facts),
        "in_reply_to": draft.in_reply_to,
        "message_id": f"<{OUR_MESSAGE_IDS}{uuid4().hex}@{scene.message_id_domain}>",
        "to_team": draft.to_team,
        "attempts": 0,
        "doubts": 0,
        "created_at": leaves_at,
        "due_at": leaves_at,
    }
