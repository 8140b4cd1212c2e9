"""The only place where one field is learned: two linear classifiers, and how far the two together are to be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

MARGIN_STRENGTH = 0.5
MARGIN_STRENGTH_OF_MANY = 0.2
MANY = 10_000
"""From so many mails on each of them may be fitted less closely."""
COUNT_SMOOTHING = 0.1
BELIEF_STRENGTH = 1.0
"""Chosen by held-out writers; docs/decisions/0012-which-classifier.md."""

Scores = NDArray[np.float64]
Targets = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Linear:
    """One row of weights and one offset a value."""

    weights: Scores
    offsets: Scores

    def of(self, rows: Any) -> Scores:
        """One score a mail and value; `rows` is a sparse matrix, one row a mail."""
        return np.asarray(rows @ self.weights.T + self.offsets)


@dataclass(frozen=True, slots=True)
class Span:
    """How many values a field has, and which columns it may look at: all up to `end`; the counting classifier only those up to `counted`."""

    values: int
    counted: int
    end: int


def learn(rows: Any, targets: Targets, worth: Scores, span: Span) -> Linear:
    """Both classifiers' scores of each value side by side: first those by margin, then those by counting. `worth`: of each mail how much it counts."""
    count = span.values
    counted = _by_count(rows[:, : span.counted], targets, worth, count)
    margin = _by_margin(rows[:, : span.end] if span.end < rows.shape[1] else rows, targets, worth, count)
    weights = np.zeros((2 * count, rows.shape[1]))
    weights[:count, : span.end] = margin.weights
    weights[count:, : span.counted] = counted.weights
    return Linear(weights, np.concatenate([margin.offsets, counted.offsets]))


def _by_margin(rows: Any, targets: Targets, worth: Scores, count: int) -> Linear:
    """Support vectors, each value against the rest; a value that no mail has here is always on the wrong side."""
    strength = MARGIN_STRENGTH if len(targets) < MANY else MARGIN_STRENGTH_OF_MANY
    found = LinearSVC(C=strength, random_state=0).fit(rows, targets, worth)
    weights, offsets = np.zeros((count, rows.shape[1])), np.full(count, -1.0)
    if len(found.classes_) == 2:
        weights[found.classes_] = np.vstack([-found.coef_, found.coef_])
        offsets[found.classes_] = np.concatenate([-found.intercept_, found.intercept_])
    else:
        weights[found.classes_], offsets[found.classes_] = found.coef_, found.intercept_
    return Linear(weights, offsets)


def _by_count(rows: Any, targets: Targets, worth: Scores, count: int) -> Linear:
    """Complement naive Bayes (Rennie and others, 2003): strong where mails are few and values unequal."""
    found = ComplementNB(alpha=COUNT_SMOOTHING).fit(rows, targets, worth)
    weights = np.zeros((count, rows.shape[1]))
    weights[found.classes_] = found.feature_log_prob_ - found.feature_log_prob_.mean(axis=0)
    return Linear(weights, np.zeros(count))


@dataclass(frozen=True, slots=True)
class Belief:
    """Turns scores into log-odds: what held-out mails showed the scores to be worth. `settings` are marks of the organisation."""

    centre: Scores
    spread: Scores
    weights: Scores
    offsets: Scores

    @classmethod
    def learned(cls, scores: Scores, settings: Scores, targets: Targets, worth: Scores) -> Belief:
        count = scores.shape[1] // 2
        centre, spread = scores.mean(axis=0), scores.std(axis=0) + 1e-9
        given = np.hstack([(scores - centre) / spread, settings])
        found = LogisticRegression(C=BELIEF_STRENGTH, max_iter=1000).fit(given, targets, worth)
        weights, offsets = np.zeros((count, given.shape[1])), np.full(count, -20.0)
        if len(found.classes_) == 2:
            weights[found.classes_[1]], offsets[found.classes_] = found.coef_[0], (0.0, found.intercept_[0])
        else:
            weights[found.classes_], offsets[found.classes_] = found.coef_, found.intercept_
        return cls(centre, spread, weights, offsets)

    def log_odds(self, scores: Scores, settings: Scores) -> Scores:
        return np.asarray(np.hstack([(scores - self.centre) / self.spread, settings]) @ self.weights.T + self.offsets)

    def through(self, scores: Linear, settings: Scores) -> Linear:
        """Scores and belief as one: weights that give the log-odds at once, for mails of one organisation."""
        scaled = self.weights[:, : len(self.centre)] / self.spread
        offsets = scaled @ (scores.offsets - self.centre) + self.weights[:, len(self.centre) :] @ settings + self.offsets
        return Linear(scaled @ scores.weights, offsets)
