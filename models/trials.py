"""The only place for trial runs: what the machine decided in a mailbox in shadow, held against what people did with the same matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.judgements import JUDGED, Decided
from models.kinds import ParcelKind
from models.records import TicketId


class TrialSource(StrEnum):
    """How it is known what people did."""

    JUDGED = "judged"  # somebody said so at a page
    IMPORTED = "imported"  # the same matter was taken over from the system that people work in
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A ticket of a mailbox in shadow. `said` is what the machine decided, `people` what they did: the fields of which something is known.

    `unsure`: the doubt team would have got it. `withheld` counts the mails that would have left, by kind.
    """

    ticket: TicketId
    opened_at: datetime
    unsure: bool
    said: Decided
    people: Decided
    source: TrialSource
    withheld: Mapping[ParcelKind, int]

    @property
    def differs(self) -> tuple[str, ...]:
        """The fields that people decided otherwise."""
        return tuple(field for field in JUDGED if field in self.people and self.people[field] != self.said.get(field))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of so many tickets of which it is known what people did, how often they did as the machine said."""

    field: str
    known: int
    alike: int

    @property
    def share(self) -> float | None:
        """0 to 1; None where nothing is known."""
        return self.alike / self.known if self.known else None


def agreement_of(trials: Iterable[Trial]) -> list[Agreement]:
    """By field."""
    counted = list(trials)
    return [
        Agreement(
            field=field,
            known=sum(field in trial.people for trial in counted),
            alike=sum(field in trial.people and field not in trial.differs for trial in counted),
        )
        for field in JUDGED
    ]
