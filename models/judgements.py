"""The only place for what people said of the machine's decisions: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NewType

from models.kinds import Mode
from models.outcomes import Step
from models.records import ParcelId, TicketId

JudgementId = NewType("JudgementId", int)

TOLD_TO_LEADS = ("type", "priority", "scope", "team")
"""What a lead sees of a decision, and judges."""
JUDGED = (*TOLD_TO_LEADS, "service")
"""What a person may say otherwise."""

Decided = Mapping[str, Any]
"""Values of `JUDGED` by field, as labels files have them (data/README.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A person's word on one case: `said` is what the machine had said, `meant` what they say is right; equal where they accept.

    `example` is the mail without personal data as a line of a labels file, `meant` among its labels: what is learned from.
    `stood` is what the ticket had before, so that the word can be taken back; one that takes the last back means nothing.
    """

    said: Decided
    meant: Decided
    example: Mapping[str, Any]
    stood: Decided = field(default_factory=dict)

    @property
    def is_withdrawal(self) -> bool:
        return not self.meant


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
    for a lead's yes may leave, or wait again where it is False. `withhold` names mails that must not have left and never shall.
    """

    ticket: TicketId
    seen: int
    by: str
    step: Step
    mode: Mode
    judgement: Judgement | None = None
    release: bool | None = None
    withhold: frozenset[ParcelId] = frozenset()
