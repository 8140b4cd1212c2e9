"""The only place for what is told of learning anew: trainings asked for and done, and what people said of a time's cases. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from models.judgements import Judged

TrainingId = NewType("TrainingId", int)


class TrainingState(StrEnum):
    """How far a training is."""

    ASKED = "asked"
    RUNNING = "running"
    PROMOTED = "promoted"  # done: its model judges from now on
    ASIDE = "aside"  # done: its model is worse and kept aside
    FAILED = "failed"


AT_WORK = (TrainingState.ASKED, TrainingState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """One training of an organisation's model. `share` of it (0 to 1) is behind, `doing` what is being learned.

    `version` is the model that came of it; `why` the one line that says why it was promoted, kept aside, or failed.
    """

    id: TrainingId
    by: str
    asked_at: datetime
    told_at: datetime
    state: TrainingState
    doing: str
    share: float
    version: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A judged case with what the machine had said of itself. `doubtful`: it asked for a person by itself.

    `sure` holds its probabilities by field, 0 to 1; `team` is the one that it meant, `opened_at` when the case came.
    """

    judged: Judged
    opened_at: datetime
    language: str
    team: str
    doubtful: bool
    sure: Mapping[str, float]

    @property
    def by_lot(self) -> bool:
        """It speaks for all that nobody looks at; one that a lead picked out does not."""
        return self.judged.sampled and not self.doubtful


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Cases that mail opened in the week that begins on `week` (a Monday), of a team and language.

    `doubtful` ones went to a lead; `judged` were looked at by one, for doubt or by lot; `unseen` by nobody.
    """

    week: date
    team: str
    language: str
    cases: int
    doubtful: int
    judged: int
    unseen: int
