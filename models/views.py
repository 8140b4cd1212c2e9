"""The only place for what the store shows of itself: mails that wait, tickets, outgoing mails and mailboxes as they stand. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.incidents import IncidentId
from models.kinds import MailState, Mode, ParcelKind, ParcelState, TicketStatus, TicketType
from models.records import Assignment, MailId, ParcelId, TicketId, Verdict
from models.solutions import SolutionId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMail:
    """A mail in the store, with its true bytes."""

    id: MailId
    fingerprint: str
    account: str
    content: bytes
    truncated: bool
    size: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """A ticket as the decision about a later mail needs it.

    `offered`: an answer was offered to the reporter, and no team has the ticket yet. `solution_id` is the known solution that it was
    solved with, or that was offered.
    """

    id: TicketId
    account: str
    status: TicketStatus
    type: TicketType
    priority: int
    team: str
    previous_team: str | None
    service: str | None
    reporter_kind: str | None
    subject: str
    language: str
    reporter: str
    solution: str | None
    risk: str | None
    opened_at: datetime
    due_at: datetime | None
    waiting_since: datetime | None
    acknowledged_at: datetime | None
    message_id: str
    patient_safety: bool
    scope: str
    incident: IncidentId | None
    offered: bool
    solution_id: SolutionId | None
    participants: frozenset[str]
    team_message_ids: frozenset[str]

    @property
    def values(self) -> Mapping[str, object]:
        """What conditions of a profile may ask of a ticket."""
        return {
            "type": self.type, "priority": self.priority, "scope": self.scope, "team": self.team, "patient_safety": self.patient_safety,
            "service": self.service, "reporter": self.reporter_kind,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLine:
    """A ticket in a list: what was decided, no word of the mail."""

    id: TicketId
    opened_at: datetime
    status: TicketStatus
    mode: Mode
    type: str
    priority: int
    scope: str
    team: str
    guessed_team: str
    unsure: bool
    confidence: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelLine:
    """A parcel as `outbox list` shows it."""

    id: ParcelId
    ticket: TicketId | None
    kind: ParcelKind
    state: ParcelState
    attempts: int
    created_at: datetime
    due_at: datetime
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinedMail:
    """A mail that waits for a person, as `quarantine list` shows it."""

    id: MailId
    account: str
    received_at: datetime
    quarantined_at: datetime
    size: int
    error: str
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxHealth:
    """When a mailbox was last polled with success, and since when and why it fails."""

    account: str
    mode: Mode
    polled_at: datetime | None
    failing_since: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxStanding:
    """A mailbox that was ever looked at, or that a mail came from. `mails` has every state; `health` is None where it was never polled."""

    account: str
    health: MailboxHealth | None
    mails: Mapping[MailState, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """One line of what was done with one mail, for the screen and the log: no mail text in it."""

    mail_id: MailId
    account: str
    outcome: str
    ticket: TicketId | None
    verdict: Verdict | None
    assignment: Assignment | None
    seconds: float
