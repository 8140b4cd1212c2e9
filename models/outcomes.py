"""The only place for what was decided about a mail, and for the outgoing mails that follow from it: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.records import (
    Assignment,
    EventKind,
    Mail,
    MailId,
    Mode,
    ParcelId,
    ParcelKind,
    ParcelState,
    Refusal,
    TicketId,
    TicketStatus,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelDraft:
    """An outgoing mail as decided, before it has an id: words come from the template of its kind when it is sent.

    `facts` are the values the template shows (text to text). `with_original` attaches the mail that caused it.
    """

    kind: ParcelKind
    to: str
    language: str
    facts: Mapping[str, str]
    with_original: bool = False
    in_reply_to: str | None = None
    to_team: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One outgoing mail, claimed for sending. `message_id` is fixed when the parcel is made and never changes.

    `doubted`: a sender died with it in hand; it may have arrived.
    """

    id: ParcelId
    ticket: TicketId
    profile: str
    message_id: str
    draft: ParcelDraft
    original: bytes | None
    attempts: int
    doubted: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An outgoing mail in its final form: the envelope (RFC 5321) and the bytes that travel, line ends CRLF."""

    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """Outcome: the mail opens a ticket, with its outgoing mails, in one transaction. `reporter` is who gets the answers."""

    mail_id: MailId
    account: str
    mail: Mail
    reporter: str
    verdict: Verdict
    assignment: Assignment
    participants: tuple[str, ...]
    parcels: tuple[ParcelDraft, ...]
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinTicket:
    """Outcome: the mail belongs to a ticket that exists and does `event` to it."""

    mail_id: MailId
    mail: Mail
    ticket: TicketId
    event: EventKind
    status: TicketStatus
    solution: str | None
    parcels: tuple[ParcelDraft, ...]
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
    """What is the same for all outcomes written together. `message_id_domain` is the right side of our Message-IDs."""

    profile: str
    message_id_domain: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelFate:
    """What became of a claimed parcel. `tried`: the server was asked. `retry_at` is set where it goes back to waiting."""

    id: ParcelId
    state: ParcelState
    tried: bool = False
    error: str | None = None
    retry_at: datetime | None = None
