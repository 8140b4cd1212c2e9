"""The only place where features become rows of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer

from classify.features import Features

CUE_WEIGHT = 0.35
"""Cues count this much of a word: chosen by hand; the comparison of designs is still to come."""

WORDS_REMEMBERED = 50_000
"""Words whose letters are not taken apart again; some 15 MB."""

Matrix = Any
"""A scipy sparse matrix, one row a mail; scipy has no types for it."""


class Letters:
    """Rows of two to five letters inside words, weighed by TF-IDF.

    scikit-learn's `char_wb`, but each word is taken apart once and then remembered: no such row reaches over a word's
    edge, and people use few words often.
    """

    def __init__(self) -> None:
        self.counter = CountVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, max_features=80_000)
        self.weigher = TfidfTransformer(sublinear_tf=True)
        self._columns = lru_cache(WORDS_REMEMBERED)(self._taken_apart)

    def fit_transform(self, texts: Sequence[str]) -> Matrix:
        self._columns.cache_clear()
        return self.weigher.fit_transform(self.counter.fit_transform(texts))

    def transform(self, texts: Sequence[str]) -> Matrix:
        return self.weigher.transform(self._counts(texts))

    def _counts(self, texts: Sequence[str]) -> Matrix:
        found = [[self._columns(word) for word in text.split()] for text in texts]
        ends = np.cumsum([0, *(sum(map(len, columns)) for columns in found)])
        columns = np.concatenate([np.zeros(0, np.int32), *(part for parts in found for part in parts)])
        counts = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(texts), len(self.counter.vocabulary_)))
        counts.sum_duplicates()
        return counts

    def _taken_apart(self, word: str) -> NDArray[np.int32]:
        places = map(self.counter.vocabulary_.get, self.counter.build_analyzer()(word))
        return np.array([place for place in places if place is not None], np.int32)


def _words() -> TfidfVectorizer:
    return TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")  # noqa: S106  no password


def _cues() -> CountVectorizer:
    return CountVectorizer(binary=True, token_pattern=r"\S+", dtype=np.float64)  # noqa: S106  no password


@dataclass(frozen=True, slots=True)
class Vectorizers:
    """Three views of a mail: its words, its letters, its cues; side by side in this order."""

    words: TfidfVectorizer = field(default_factory=_words)
    letters: Letters = field(default_factory=Letters)
    cues: CountVectorizer = field(default_factory=_cues)

    def fit(self, features: Sequence[Features]) -> Matrix:
        texts, cues = _views(features)
        return _side_by_side(self.words.fit_transform(texts), self.letters.fit_transform(texts), self.cues.fit_transform(cues))

    def transform(self, features: Sequence[Features]) -> Matrix:
        texts, cues = _views(features)
        return _side_by_side(self.words.transform(texts), self.letters.transform(texts), self.cues.transform(cues))


def _views(features: Sequence[Features]) -> tuple[list[str], list[str]]:
    return [feature.text for feature in features], [feature.cues for feature in features]


def _side_by_side(words: Matrix, letters: Matrix, cues: Matrix) -> Matrix:
    return hstack([words, letters, cues * CUE_WEIGHT], format="csr")
