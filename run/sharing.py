"""The only place where a team's own words become a solution for other cases too: without personal data, for a lead to look at."""

from __future__ import annotations

from dataclasses import replace

from ingest.redact import redact
from models.kinds import EventKind, ParcelKind
from models.outcomes import OtherStep, Step
from models.records import Redacted, TicketId
from run.desk import Desk

SHORTEST = 40
"""Letters of an answer from which anybody else may learn something; one that asks is none."""


def shared(step: Step, ticket: TicketId, desk: Desk) -> Step:
    """How a team solved a case is kept for other cases too; so is an answer that was enough. An answer from the list that helped is none of that."""
    others = tuple(OtherStep(ticket=other.ticket, step=shared(other.step, other.ticket, desk)) for other in step.others)
    words = _words(step, ticket, desk)
    change = replace(step.change, shared=words) if words else step.change
    return replace(step, change=change, others=others)


def _words(step: Step, ticket: TicketId, desk: Desk) -> Redacted | None:
    if step.event is EventKind.SOLVED and step.change.solution:
        return redact(step.change.solution)
    answer = desk.store.outbox.last_words(ticket, ParcelKind.ANSWER).strip() if step.change.helped else ""
    return redact(answer) if len(answer) >= SHORTEST and "?" not in answer else None
