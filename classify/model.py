"""The only place where a trained model reads features and answers with probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from scipy.special import softmax
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from classify.features import Describer, Features
from classify.fields import FieldGuess, Value
from models.records import Mail, Method

MOST_WORDS = 4
Matrix = Any
"""A scipy sparse matrix, one row a mail; scipy has no types for it."""


@dataclass(frozen=True, slots=True)
class Vectorizers:
    """Three views of a mail: its words, its letters, its cues."""

    words: TfidfVectorizer
    letters: TfidfVectorizer
    cues: CountVectorizer

    @classmethod
    def fresh(cls) -> Vectorizers:
        return cls(
            words=TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"(?u)\b\w+\b"),  # noqa: S106  no password
            letters=TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True, max_features=80_000),
            cues=CountVectorizer(binary=True, token_pattern=r"\S+", dtype=np.float64),  # noqa: S106  no password
        )

    def fit(self, features: Sequence[Features]) -> Matrix:
        texts, cues = [feature.text for feature in features], [feature.cues for feature in features]
        return _side_by_side(self.words.fit_transform(texts), self.letters.fit_transform(texts), self.cues.fit_transform(cues))

    def transform(self, features: Sequence[Features]) -> Matrix:
        texts, cues = [feature.text for feature in features], [feature.cues for feature in features]
        return _side_by_side(self.words.transform(texts), self.letters.transform(texts), self.cues.transform(cues))


CUE_WEIGHT = 0.35
"""Cues count this much of a word: chosen by hand; the comparison of designs is still to come."""


def _side_by_side(words: Matrix, letters: Matrix, cues: Matrix) -> Matrix:
    return hstack([words, letters, cues * CUE_WEIGHT], format="csr")


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
                guesses[row][name] = self._guess(field, chances, rows, row)
        return guesses

    def _guess(self, field: FieldModel, chances: NDArray[np.float64], rows: Matrix, row: int) -> FieldGuess:
        best = int(chances.argmax())
        return FieldGuess(
            value=field.values[best],
            confidence=float(chances[best]),
            words=self._weighed(field, best, rows, row),
            probabilities=dict(zip(field.values, map(float, chances), strict=True)),
        )

    def _weighed(self, field: FieldModel, best: int, rows: Matrix, row: int) -> tuple[str, ...]:
        """The words of this mail that spoke most for the value, without those that only stand in a longer one."""
        if len(field.values) < 2:
            return ()
        inside = slice(rows.indptr[row], rows.indptr[row + 1])
        columns, values = rows.indices[inside], rows.data[inside]
        words = columns < len(self._names)
        columns, values = columns[words], values[words]
        coefficients = field.estimator.coef_
        weights = coefficients[best] if len(coefficients) > 1 else coefficients[0] * (1 if best else -1)
        worth = weights[columns] * values
        found: list[str] = []
        for place in worth.argsort()[::-1][: MOST_WORDS * 3]:
            name = str(self._names[columns[place]])
            if worth[place] > 0 and not any(name in longer or longer in name for longer in found):
                found.append(name)
        return tuple(found[:MOST_WORDS])


def scores(estimator: LogisticRegression, rows: Matrix) -> NDArray[np.float64]:
    """Unscaled log-odds, one column a value, also where there are only two."""
    found = np.asarray(estimator.decision_function(csr_matrix(rows)), dtype=np.float64)
    return np.column_stack([np.zeros_like(found), found]) if found.ndim == 1 else found


def calibrated(found: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    return np.asarray(softmax(found / temperature, axis=1), dtype=np.float64)
