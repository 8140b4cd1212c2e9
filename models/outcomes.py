"""The only place for what was decided about a mail, and for the outgoing mails that follow from it: frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from models.incidents import IncidentChange, IncidentId
from models.kinds import CameBy, Channel, EventKind, HookEvent, Mode, ParcelKind, ParcelState, TicketStatus, TicketType
from models.records import Assignment, Mail, MailId, ParcelId, Redacted, Refusal, TicketId, Verdict
from models.solutions import SolutionId
from models.timers import Timer, TimerDraft, TimerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelDraft:
    """An outgoing mail as decided, before it has an id: words come from the template of its kind when it is sent.

    `facts` are the values the template shows (text to text). `with_original` attaches the mail that caused it; `not_before`
    is set where its reader is to be reached in office hours only.
    `later`: it is kept until its ticket releases what is kept.
    """

    kind: ParcelKind
    to: str
    language: str
    facts: Mapping[str, str]
    with_original: bool = False
    in_reply_to: str | None = None
    to_team: bool = False
    not_before: datetime | None = None
    channel: Channel = Channel.MAIL
    later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One outgoing mail, claimed for sending. `message_id` is fixed when the parcel is made and never changes.

    `ticket` is None for word to the leads of what concerns no ticket. `doubted`: a sender died with it in hand; it may have arrived.
    """

    id: ParcelId
    ticket: TicketId | None
    profile: str
    message_id: str
    draft: ParcelDraft
    original: bytes | None
    attempts: int
    doubted: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """An outgoing mail of a ticket and how it stands, for a decision about the ticket."""

    id: ParcelId
    state: ParcelState
    draft: ParcelDraft
    created_at: datetime

    @property
    def has_left(self) -> bool:
        """It is with its reader, or on the way and cannot be called back."""
        return self.state in (ParcelState.CLAIMED, ParcelState.SENDING, ParcelState.SENT)

    @property
    def still_waits(self) -> bool:
        return self.state in (ParcelState.WAITING, ParcelState.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An outgoing mail in its final form: the envelope (RFC 5321) and the bytes that travel, line ends CRLF."""

    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChange:
    """What becomes of a ticket; None leaves a value as it is.

    `shared` is its solution without personal data, to be used again; `helped`: what the team answered was enough, as far as is known, and
    may be one; `used` the known solution that it was solved with, `failed` one
    that did not help, `unsolved` why it is closed without any. `undue`: it has no due time any more. `waits`: its clock stands from
    now on, or runs again. `acknowledged`: somebody has taken it now, or nobody has. `release`: mails that were kept for later go now,
    or never. `stop` ends timers of these kinds, `start` sets new ones.
    """

    status: TicketStatus | None = None
    solution: str | None = None
    shared: Redacted | None = None
    helped: bool = False
    used: SolutionId | None = None
    failed: SolutionId | None = None
    unsolved: str | None = None
    team: str | None = None
    type: TicketType | None = None
    priority: int | None = None
    scope: str | None = None
    risk: str | None = None
    due_at: datetime | None = None
    undue: bool = False
    waits: bool | None = None
    acknowledged: bool | None = None
    release: bool | None = None
    stop: frozenset[TimerKind] = frozenset()
    start: tuple[TimerDraft, ...] = ()


UNCHANGED = TicketChange()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step in a ticket's way: what happened, what becomes of the ticket, and the mails that go out.

    `incident` is what becomes of the major incident that the ticket is the parent of; one that is not there begins.
    """

    event: EventKind
    change: TicketChange = UNCHANGED
    parcels: tuple[ParcelDraft, ...] = ()
    incident: IncidentChange | None = None
    others: tuple[OtherStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherStep:
    """A step that another ticket takes with it."""

    ticket: TicketId
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """Outcome: the mail opens a ticket, with its outgoing mails, in one transaction. `reporter` is who gets the answers.

    `incident` is the one that it joins, `offered` the solution that the reporter is offered. `sampled`: it comes up to a lead by lot.
    """

    mail_id: MailId
    account: str
    mail: Mail
    reporter: str
    verdict: Verdict
    assignment: Assignment
    participants: tuple[str, ...]
    parcels: tuple[ParcelDraft, ...]
    mode: Mode
    status: TicketStatus = TicketStatus.OPEN
    came_by: CameBy = CameBy.MAIL
    risk: str | None = None
    sampled: bool = False
    incident: IncidentId | None = None
    offered: SolutionId | None = None
    due_at: datetime | None = None
    timers: tuple[TimerDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinTicket:
    """Outcome: the mail belongs to a ticket that exists and takes it one step on."""

    mail_id: MailId
    mail: Mail
    ticket: TicketId
    step: Step
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """Outcome: a timer's time has come. `step` is None where nothing is left to do; `again_at` sets it for another round."""

    timer: Timer
    ticket: TicketId
    step: Step | None
    again_at: datetime | None
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Outcome: kept and filed, no ticket."""

    mail_id: MailId
    message_id: str
    refusal: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """Outcome: handling raised; the mail waits for a person, the rest goes on."""

    mail_id: MailId
    error: str


Outcome = NewTicket | JoinTicket | SetAside | Quarantine


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is the same for all outcomes written together. `message_id_domain` is the right side of our Message-IDs.

    `hooks` are the webhooks that are told, by what they are told of.
    """

    profile: str
    message_id_domain: str
    now: datetime
    hooks: Mapping[HookEvent, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelFate:
    """What became of a claimed parcel. `tried`: the server was asked. `retry_at` is set where it goes back to waiting."""

    id: ParcelId
    state: ParcelState
    tried: bool = False
    error: str | None = None
    retry_at: datetime | None = None
