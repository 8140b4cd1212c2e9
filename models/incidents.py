"""The only place for major incidents and outages as values: one parent ticket, the others attached to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from models.records import Redacted, TicketId

IncidentId = NewType("IncidentId", int)


class IncidentState(StrEnum):
    """How far a major incident or an outage has come."""

    PROPOSED = "proposed"  # a surge: a lead has not said yet what it is
    DECLINED = "declined"  # none, says a lead
    PLANNED = "planned"  # announced, not yet begun
    ONGOING = "ongoing"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentChange:
    """What becomes of the incident whose parent the step's ticket is; None leaves a value as it is.

    `status` and `prognosis` are what those who are hit were told last. `attach`: tickets that belong to it from now on, where they
    belong to no other.
    """

    state: IncidentState | None = None
    announced: bool | None = None
    manager: str | None = None
    status: str | None = None
    prognosis: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    attach: tuple[TicketId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A major incident, or an outage that was announced, as it stands. `members` are the tickets attached, without the parent; `told_at` is when its status was told last."""

    id: IncidentId
    parent: TicketId
    state: IncidentState
    announced: bool
    service: str | None
    manager: str
    status: str
    prognosis: str
    starts_at: datetime
    ends_at: datetime | None
    told_at: datetime | None
    members: tuple[TicketId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A reported incident as the look for surges sees it: subject and own words without personal data, when it came, from whom.

    `service` is what it is about (`Verdict.about`). `incident` is the major incident that it belongs to.
    """

    ticket: TicketId
    at: datetime
    service: str
    reporter: str
    text: Redacted
    incident: IncidentId | None = None
