"""The only place for what people said of the machine's decisions: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NewType

from models.kinds import Mode
from models.outcomes import Step
from models.records import TicketId

JudgementId = NewType("JudgementId", int)

JUDGED = ("type", "priority", "scope", "team", "service")
"""What a person may say otherwise."""

Decided = Mapping[str, Any]
"""Values of `JUDGED` by field, as labels files have them (data/README.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A person's word on one case: `said` is what stood there, `meant` what they say is right; equal where they accept.

    `example` is the mail without personal data as a line of a labels file, `meant` among its labels: what is learned from.
    """

    said: Decided
    meant: Decided
    example: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement as it is kept. `sampled`: the case came up by lot, so that it speaks for all that nobody looks at."""

    id: JudgementId
    ticket: TicketId
    by: str
    at: datetime
    sampled: bool
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a person at a page does to a ticket, written in one transaction.

    `seen` is the version of the ticket that they saw: where it has changed since, nothing is written. `release`: mails that wait
    for a lead's yes may leave.
    """

    ticket: TicketId
    seen: int
    by: str
    step: Step
    mode: Mode
    judgement: Judgement | None = None
    release: bool = False
