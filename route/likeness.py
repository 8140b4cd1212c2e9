"""The only place that says how alike two incidents read, and what share of ordinary ones reads as alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.records import Redacted
from models.spots import spots
from models.terms import COLUMNS, Places, column_of, terms_of

WORDS_WEIGH = 0.25
"""The words' part of the likeness; the letters have the rest."""
COMMON = 0.2
"""A term that stands in more of the past than this share tells nothing."""
SELDOM = 3
"""No term counts as rarer than one in so many past incidents: a name in one signature must not outweigh the matter."""
SAME_SERVICE = 0.1
"""Added to the likeness of two incidents of one service. Not more: a service may be wrong."""
LEAST = 0.02
"""Two incidents that read less alike are not alike at all, be the service the same or not. Half of all pairs reach it."""
READINGS_REMEMBERED = 1_000
"""Some 10 kB each with 2,000 past incidents."""

Weights = NDArray[np.float32]
Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What likeness sees of an incident: the terms it holds and their weights (two views, each TF-IDF of length 1), and how alike each past incident is."""

    service: str
    terms: Places
    weights: Weights
    beside: Weights


class Likeness:
    """Learned from past incidents, service and text of each: which terms tell, and how alike ordinary incidents are.

    2,000 past incidents are plenty. Take surges out first, but for one incident of each.
    """

    def __init__(self, past: Sequence[tuple[str, Redacted]]) -> None:
        self.services, self._service_of = np.unique(np.array([service for service, _ in past], np.str_), return_inverse=True)
        found = [terms_of(text) for _, text in past]
        self._times = np.bincount(np.concatenate([_NO_TERMS, *map(np.unique, map(np.concatenate, found))]), minlength=COLUMNS)
        self._rarity = _rarity(self._times, len(past))
        rows = [self._weighed(views) for views in found]
        self._starts, self._texts, self._weights = _by_term(rows)
        self.read = lru_cache(READINGS_REMEMBERED)(self._read)

    def standing_for(self, expected: Mapping[str, float]) -> Shares:
        """How much each past incident stands for where so many of each service are expected; together 1.

        What is expected under the empty name goes for services that `expected` does not know.
        """
        each = np.array([expected.get(service, expected[""]) for service in self.services.tolist()])
        weights = (each / np.bincount(self._service_of, minlength=len(each)))[self._service_of]
        return np.asarray(weights / weights.sum())

    def share_with(self, word: str) -> float:
        """The share of past incidents in which the word stands; half an incident more, for what has not been seen yet."""
        return float((self._times[column_of(word)] + 0.5) / (len(self._service_of) + 1))

    def _read(self, service: str, text: Redacted) -> Reading:
        terms, weights = self._weighed(terms_of(text))
        beside = _with_service(self._beside(terms, weights), (self.services == service)[self._service_of])
        return Reading(service=service, terms=terms, weights=weights, beside=beside.astype(np.float32))

    def _weighed(self, views: tuple[Places, Places]) -> tuple[Places, Weights]:
        parts = (_unit(views[0], self._rarity, WORDS_WEIGH), _unit(views[1], self._rarity, 1 - WORDS_WEIGH))
        return np.concatenate([terms for terms, _ in parts]), np.concatenate([weights for _, weights in parts])

    def _beside(self, terms: Places, weights: Weights) -> Shares:
        """The likeness to each past incident, through the lists of where each term stands."""
        at, lengths = spots(self._starts, terms)
        return np.asarray(
            np.bincount(self._texts[at], self._weights[at] * np.repeat(weights, lengths), minlength=len(self._service_of)), float
        )


def alike(ones: Sequence[Reading], others: Sequence[Reading]) -> Shares:
    """How alike each of the ones and each of the others is, a row for each of the ones.

    0 where they have next to nothing in common, 1 for the same words, more where the service is the same too.
    """
    terms = np.concatenate([_NO_TERMS, *(other.terms for other in others)])
    weights = np.concatenate([_NO_WEIGHTS, *(other.weights for other in others)])
    of = np.repeat(np.arange(len(others)), [len(other.terms) for other in others])
    rows, mine = np.zeros((len(ones), len(others))), np.zeros(COLUMNS, np.float32)
    for row, one in zip(rows, ones, strict=True):
        mine[one.terms] = one.weights
        row[:] = np.bincount(of, mine.take(terms) * weights, minlength=len(others))
        mine[one.terms] = 0
    same = np.array([one.service for one in ones])[:, None] == np.array([other.service for other in others])
    return _with_service(rows, same)


def _with_service(likeness: Shares, same: NDArray[np.bool_]) -> Shares:
    return np.where(likeness < LEAST, 0.0, likeness + SAME_SERVICE * same)


def shares(beside: Weights, levels: Shares, weights: Shares) -> Shares:
    """Of each level, the share of the past that is at least as alike; half an incident more, for what has not been seen yet.

    `weights` say how much each past incident stands for; they sum to 1.
    """
    if not len(beside):
        return np.ones(len(levels))
    order = np.argsort(-beside)
    reached = np.searchsorted(-beside[order], -levels, side="right")
    sums = np.concatenate([[0.0], np.cumsum(weights[order])])
    return np.asarray((sums[reached] + 0.5 / len(beside)) / (1 + 1 / len(beside)))


_NO_TERMS, _NO_WEIGHTS = np.zeros(0, np.int64), np.zeros(0, np.float32)


def _rarity(times: Places, past: int) -> Weights:
    """The idf of each column; 0 for what is common."""
    rarity = np.log((past + 1) / (np.maximum(times, min(SELDOM, past)) + 0.5))
    return np.where(times > max(COMMON * past, SELDOM), 0, np.maximum(rarity, 0)).astype(np.float32)


def _unit(columns: Places, rarity: Weights, part: float) -> tuple[Places, Weights]:
    """Sublinear TF-IDF without what weighs nothing; the square of its length is `part`."""
    terms, times = np.unique(columns, return_counts=True)
    weights = (1 + np.log(times)) * rarity[terms]
    kept = weights > 0
    length = np.sqrt(np.dot(weights, weights))
    return terms[kept], (weights[kept] * (np.sqrt(part) / length if length else 0)).astype(np.float32)


def _by_term(rows: Sequence[tuple[Places, Weights]]) -> tuple[Places, Places, Weights]:
    """Where the list of each term begins, and the lists: numbers of texts, and weights."""
    terms = np.concatenate([_NO_TERMS, *(terms for terms, _ in rows)])
    texts = np.repeat(np.arange(len(rows)), [len(terms) for terms, _ in rows])
    weights = np.concatenate([_NO_WEIGHTS, *(weights for _, weights in rows)])
    order = np.argsort(terms, kind="stable")
    return np.searchsorted(terms[order], np.arange(COLUMNS + 1)), texts[order], weights[order]
