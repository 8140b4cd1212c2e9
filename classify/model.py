"""The only place where a trained model reads features and answers with probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.features import Describer, Features, as_said
from classify.fields import FieldGuess, Value
from classify.joint import Sureness
from classify.trust import Limit
from classify.vectors import Columns, Vectors, Weights
from models.kinds import Method
from models.records import Mail

MOST_WORDS = 4
FADING = 4
"""How fast belief falls with the share of known words: the words that any text holds are known too."""
MOST_EXPLAINED = 2
"""Values of a field for which words are looked for: what is said, and what spoke against it."""
EXPLAINED = ("type", "priority", "team")
"""Fields whose telling words are looked for: the others' are shown to nobody."""


@dataclass(frozen=True, slots=True)
class FieldModel:
    """One field's linear model: a row of weights and an offset a value, whose sums are log-odds; `base` are those where nothing is known."""

    weights: NDArray[np.float32]
    offsets: NDArray[np.float32]
    base: NDArray[np.float32]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What held-out mails showed: limits of trust by field, how far fields are witnesses of their own, how their sureness is
    corrected, and which share of known words a mail of this organisation has at least (but for a few)."""

    trust: Mapping[str, Sequence[Limit]]
    independence: float
    sureness: Mapping[str, Sureness]
    familiar: float


class TrainedModel:
    """What `train` made and `artefact` loads: guesses every field that its labels taught."""

    def __init__(self, describer: Describer, vectors: Vectors, fields: Mapping[str, FieldModel], measured: Measured) -> None:
        self.vectors = vectors
        self.fields = fields
        self.measured = measured
        self._describer = describer
        self._weights = np.concatenate([field.weights for field in fields.values()]).T.copy()
        self._offsets = np.concatenate([field.offsets for field in fields.values()])
        self._base = np.concatenate([field.base for field in fields.values()])

    def guess(self, mails: Sequence[Mail]) -> list[dict[str, FieldGuess]]:
        return [self._guess(features) for features in map(self._describer.describe, mails)]

    def _guess(self, features: Features) -> dict[str, FieldGuess]:
        columns, weights = self.vectors.row(features)
        there = self._weights[columns]
        belief = self._belief(features)
        found = belief * (weights @ there + self._offsets) + (1.0 - belief) * self._base
        in_words = columns < len(self.vectors.words.names)
        names, worth = columns[in_words], there[in_words] * weights[in_words, None]
        guesses = {}
        start = 0
        for name, field in self.fields.items():
            end = start + len(field.values)
            chances = probabilities(found[start:end])
            explained = chances.argsort()[::-1][:MOST_EXPLAINED].tolist() if name in EXPLAINED else []
            best = int(chances.argmax())
            guesses[name] = FieldGuess(
                value=field.values[best],
                confidence=float(chances[best]),
                words={field.values[place]: self._telling(names, worth[:, start:end], place, features.said) for place in explained},
                probabilities=dict(zip(field.values, chances.tolist(), strict=True)),
                method=Method.MODEL,
            )
            start = end
        return guesses

    def _belief(self, features: Features) -> float:
        """1 for a mail like those that were learned from; towards 0, where values are as likely as they are often, the fewer of its words were."""
        share = self.vectors.familiarity(features)
        return 1.0 if share >= self.measured.familiar else (share / self.measured.familiar) ** FADING

    def _telling(self, columns: Columns, worth: Weights, value: int, said: str) -> tuple[str, ...]:
        """The words of this mail that spoke most for the value against the others, without those that only stand in a longer one."""
        count = worth.shape[1]
        more = (worth[:, value] * count - worth.sum(axis=1)) / max(1, count - 1)
        found: list[str] = []
        for place in more.argsort()[::-1][: MOST_WORDS * 3]:
            name = self.vectors.words.names[columns[place]]
            if more[place] > 0 and not any(name in longer or longer in name for longer in found):
                found.append(name)
        return tuple(as_said(term, said) for term in found[:MOST_WORDS])


def probabilities(log_odds: Weights) -> Weights:
    """Log-odds as probabilities, along the last axis."""
    raised = np.exp(log_odds - log_odds.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float64)
