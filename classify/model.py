"""The only place where a trained model reads features and answers with probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.features import Describer
from classify.fields import FieldGuess, Value
from classify.vectors import Columns, Vectors, Weights
from models.records import Mail, Method

MOST_WORDS = 4
EXPLAINED = ("type", "priority", "team")
"""Fields whose telling words are looked for: the others' are shown to nobody."""


@dataclass(frozen=True, slots=True)
class FieldModel:
    """One field's linear model: a row of weights a value (one row where there are only two values: for the second).

    `temperature` evens its probabilities to what held-out mails showed (1.0: as they are).
    """

    weights: NDArray[np.float32]
    offsets: NDArray[np.float32]
    values: tuple[Value, ...]
    temperature: float

    def probabilities(self, found: Weights) -> Weights:
        """Of each value, from what the rows of weights found; together 1."""
        return calibrated(np.append(0.0, found) if len(found) == 1 else found, self.temperature)


class TrainedModel:
    """What `train` made and `artefact` loads: guesses every field that its labels taught."""

    method = Method.MODEL

    def __init__(self, describer: Describer, vectors: Vectors, fields: Mapping[str, FieldModel]) -> None:
        self.vectors = vectors
        self.fields = fields
        self._describer = describer
        self._weights = np.concatenate([field.weights for field in fields.values()]).T.copy()
        self._offsets = np.concatenate([field.offsets for field in fields.values()])

    def guess(self, mails: Sequence[Mail]) -> list[dict[str, FieldGuess]]:
        return [self._guess(*self.vectors.row(self._describer.describe(mail))) for mail in mails]

    def _guess(self, columns: Columns, weights: Weights) -> dict[str, FieldGuess]:
        found = weights @ self._weights[columns] + self._offsets
        guesses = {}
        start = 0
        for name, field in self.fields.items():
            end = start + len(field.weights)
            chances = field.probabilities(found[start:end])
            start = end
            best = int(chances.argmax())
            guesses[name] = FieldGuess(
                value=field.values[best],
                confidence=float(chances[best]),
                words=self._telling(field, best, columns, weights) if name in EXPLAINED else (),
                probabilities=dict(zip(field.values, chances.tolist(), strict=True)),
            )
        return guesses

    def _telling(self, field: FieldModel, best: int, columns: Columns, weights: Weights) -> tuple[str, ...]:
        """The words of this mail that spoke most for the value, without those that only stand in a longer one."""
        names = self.vectors.words.names
        words = columns < len(names)
        columns, weights = columns[words], weights[words]
        side = field.weights[best][columns] if len(field.weights) > 1 else field.weights[0][columns] * (1 if best else -1)
        worth = side * weights
        found: list[str] = []
        for place in worth.argsort()[::-1][: MOST_WORDS * 3]:
            name = names[columns[place]]
            if worth[place] > 0 and not any(name in longer or longer in name for longer in found):
                found.append(name)
        return tuple(found[:MOST_WORDS])


def calibrated(found: Weights, temperature: float) -> Weights:
    """Log-odds as probabilities, along the last axis."""
    scaled = found / temperature
    raised = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float64)
