"""The only place where a trained model reads features and answers with probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression

from classify.features import Describer
from classify.fields import FieldGuess, Value
from classify.vectors import Matrix, Vectorizers
from models.records import Mail, Method

MOST_WORDS = 4
EXPLAINED = ("type", "priority", "team")
"""Fields whose telling words are looked for: the others' are shown to nobody."""


@dataclass(frozen=True, slots=True)
class FieldModel:
    """One field's estimator. `temperature` evens its probabilities to what held-out mails showed (1.0: as they are)."""

    estimator: LogisticRegression
    values: tuple[Value, ...]
    temperature: float

    def probabilities(self, rows: Matrix) -> NDArray[np.float64]:
        """One row a mail, one column a value; each row adds up to 1."""
        return calibrated(scores(self.estimator, rows), self.temperature)


class TrainedModel:
    """What `train` made and `artefact` loads: guesses every field that its labels taught."""

    method = Method.MODEL

    def __init__(self, describer: Describer, vectorizers: Vectorizers, fields: Mapping[str, FieldModel]) -> None:
        self.vectorizers = vectorizers
        self.fields = fields
        self._describer = describer
        self._names = vectorizers.words.get_feature_names_out()

    def guess(self, mails: Sequence[Mail]) -> list[dict[str, FieldGuess]]:
        rows = self.vectorizers.transform([self._describer.describe(mail) for mail in mails])
        guesses: list[dict[str, FieldGuess]] = [{} for _ in mails]
        for name, field in self.fields.items():
            table = field.probabilities(rows)
            for row, chances in enumerate(table):
                best = int(chances.argmax())
                words = self._weighed(field, best, rows, row) if name in EXPLAINED else ()
                guesses[row][name] = _guess(field, best, chances, words)
        return guesses

    def _weighed(self, field: FieldModel, best: int, rows: Matrix, row: int) -> tuple[str, ...]:
        """The words of this mail that spoke most for the value, without those that only stand in a longer one."""
        inside = slice(rows.indptr[row], rows.indptr[row + 1])
        columns, values = rows.indices[inside], rows.data[inside]
        words = columns < len(self._names)
        columns, values = columns[words], values[words]
        coefficients = field.estimator.coef_
        weights = coefficients[best][columns] if len(coefficients) > 1 else coefficients[0][columns] * (1 if best else -1)
        worth = weights * values
        found: list[str] = []
        for place in worth.argsort()[::-1][: MOST_WORDS * 3]:
            name = str(self._names[columns[place]])
            if worth[place] > 0 and not any(name in longer or longer in name for longer in found):
                found.append(name)
        return tuple(found[:MOST_WORDS])


def _guess(field: FieldModel, best: int, chances: NDArray[np.float64], words: tuple[str, ...]) -> FieldGuess:
    return FieldGuess(
        value=field.values[best],
        confidence=float(chances[best]),
        words=words,
        probabilities=dict(zip(field.values, chances.tolist(), strict=True)),
    )


def scores(estimator: LogisticRegression, rows: Matrix) -> NDArray[np.float64]:
    """Unscaled log-odds, one column a value, also where there are only two."""
    found = np.asarray(estimator.decision_function(csr_matrix(rows)), dtype=np.float64)
    return np.column_stack([np.zeros_like(found), found]) if found.ndim == 1 else found


def calibrated(found: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    return np.asarray(softmax(found / temperature, axis=1), dtype=np.float64)
