"""The only place for what pages show of tickets: a list by filter, and the whole story of one. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.incidents import IncidentId
from models.judgements import Decided
from models.kinds import CameBy, Channel, EventKind, MailState, Mode, ParcelKind, ParcelState, TicketStatus
from models.records import MailId, ParcelId, TicketId
from models.solutions import SolutionId

SOUGHT_KEPT = 200
"""Characters of a subject that are searched: an index holds them."""


def sought_of(subject: str) -> str:
    """A subject as it is searched: without regard to case, and to how many spaces there are."""
    return " ".join(subject.casefold().split())[:SOUGHT_KEPT]


class Order(StrEnum):
    """In which order a list stands; of equals the newest comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    GRAVEST = "gravest"
    DUE = "due"  # by due time; tickets without one are left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of an organisation's tickets are listed. An empty set asks nothing; `sees` are the teams that may be seen, None for all.

    `text` stands in the subject, or is the ticket's number, here (`number`) or in the system it was imported from.
    """

    profile: str
    sees: frozenset[str] | None = None
    teams: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    priorities: frozenset[int] = frozenset()
    statuses: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    unsure: bool = False
    text: str = ""
    number: TicketId | None = None
    since: datetime | None = None
    until: datetime | None = None
    order: Order = Order.NEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A ticket in a list. `subject` is without personal data."""

    id: TicketId
    opened_at: datetime
    due_at: datetime | None
    status: TicketStatus
    mode: Mode
    type: str
    priority: int
    scope: str
    service: str | None
    team: str
    unsure: bool
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseList:
    """A page of a list. `more`: there are others after the last of these."""

    lines: tuple[CaseLine, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """What happened. `by` is who did it at a page, `mail` the mail that did."""

    at: datetime
    kind: EventKind
    by: str | None
    mail: MailId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMail:
    """A mail that came in."""

    id: MailId
    received_at: datetime
    state: MailState
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseParcel:
    """A mail of ours, sent or not."""

    id: ParcelId
    kind: ParcelKind
    channel: Channel
    state: ParcelState
    recipient: str
    to_team: bool
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A ticket as its own page shows it: `said` is what the machine decided when it came, `stands` what holds now.

    `said` is empty for tickets that are older than it is kept, `solved_at` for one that is open (again). `version` grows with each change. `subject` and `words` are without
    personal data; `reporter` is an address and `solution` a team's own words: personal data, for those who may see the ticket.
    """

    id: TicketId
    profile: str
    account: str
    mode: Mode
    status: TicketStatus
    came_by: CameBy
    source_id: str | None
    opened_at: datetime
    solved_at: datetime | None
    due_at: datetime | None
    waiting_since: datetime | None
    acknowledged_at: datetime | None
    judged_at: datetime | None
    subject: str
    words: str
    reporter: str
    language: str
    said: Decided
    stands: Decided
    guessed_team: str
    previous_team: str | None
    unsure: bool
    doubtful: bool
    sampled: bool
    patient_safety: bool
    change_request: bool
    confidence: Mapping[str, float]
    reasons: tuple[str, ...]
    risk: str | None
    solution: str | None
    solution_id: SolutionId | None
    unsolved: str | None
    incident: IncidentId | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A ticket with all that came, left and happened, each in the order of time."""

    case: Case
    mails: tuple[CaseMail, ...] = ()
    parcels: tuple[CaseParcel, ...] = ()
    events: tuple[CaseEvent, ...] = ()
