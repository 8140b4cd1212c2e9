"""The only place for the past by the column: what every ticket, event and outgoing mail of a time has, one value each in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketColumns:
    """Tickets by number, as they stand now.

    `reporter` is a number in place of an address: the same for the same reporter among these tickets, and meaningless elsewhere. The
    three confidences are calibrated probabilities, NaN where a person said what it is.
    """

    ticket: Sequence[int]
    opened: Sequence[datetime]
    solved: Sequence[datetime | None]
    due: Sequence[datetime | None]
    status: Sequence[str]
    mode: Sequence[str]
    came_by: Sequence[str]
    type: Sequence[str]
    priority: Sequence[int]
    scope: Sequence[str]
    service: Sequence[str | None]
    team: Sequence[str]
    guessed_team: Sequence[str]
    reporter: Sequence[int]
    reporter_kind: Sequence[str | None]
    language: Sequence[str]
    incident: Sequence[int | None]
    unsure: Sequence[bool]
    patient_safety: Sequence[bool]
    change_request: Sequence[bool]
    confidence_type: Sequence[float]
    confidence_priority: Sequence[float]
    confidence_team: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventColumns:
    """What happened, in the order in which it was written."""

    ticket: Sequence[int]
    at: Sequence[datetime]
    kind: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelColumns:
    """Outgoing mails. `created` is from when they might leave, `sent` is None where they have not."""

    ticket: Sequence[int]
    kind: Sequence[str]
    to_team: Sequence[bool]
    channel: Sequence[str]
    state: Sequence[str]
    created: Sequence[datetime]
    sent: Sequence[datetime | None]
