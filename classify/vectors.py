"""The only place where features become numbers: which terms a mail holds and what each weighs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from classify.features import Features

MARK_WEIGHT = 0.15
"""A mark counts this much of a mail's whole length in words."""
SHORTEST_GRAM, LONGEST_GRAM = 2, 5
NEAR = 7
"""Words apart."""
WORDS_REMEMBERED = 50_000
"""Words whose letters are not taken apart again; some 15 MB."""

Columns = NDArray[np.int32]
Weights = NDArray[np.float64]
_WORD = re.compile(r"\b\w+\b")


def words_of(features: Features) -> list[str]:
    """Words and pairs of words."""
    words = _WORD.findall(features.text)
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def pairs_of(features: Features) -> list[str]:
    """Two words that stand near each other, in either order, with at least one between them."""
    words = _WORD.findall(features.text)
    near = ((word, other) for place, word in enumerate(words) for other in words[place + 2 : place + NEAR + 1])
    return [f"{word} .. {other}" if word < other else f"{other} .. {word}" for word, other in near]


def letters_of(features: Features) -> list[str]:
    """Rows of two to five letters inside words, a word's edge counting as a letter."""
    return [gram for word in features.text.split() for gram in _grams(word)]


def _grams(word: str) -> Iterator[str]:
    padded = f" {word} "
    for length in range(SHORTEST_GRAM, LONGEST_GRAM + 1):
        if len(padded) <= length:
            yield padded
            return
        yield from (padded[place : place + length] for place in range(len(padded) - length + 1))


@dataclass(frozen=True, slots=True)
class Terms:
    """What training kept of one view: terms in the order of their columns, and how rare each is (idf)."""

    names: tuple[str, ...]
    rarity: Weights

    def __post_init__(self) -> None:
        if len(self.names) != len(self.rarity):
            raise ValueError("as many terms as weights are needed")


class Vectors:
    """Views of a mail side by side: words, letters and pairs (each TF-IDF of length 1), then marks: keys, cues, sender.

    `ends` says at which column each view ends.
    """

    def __init__(self, words: Terms, letters: Terms, pairs: Terms, keys: Terms, cues: Terms, sender: Terms) -> None:
        self.words, self.letters, self.pairs, self.keys, self.cues, self.sender = words, letters, pairs, keys, cues, sender
        sizes = [len(view.names) for view in (words, letters, pairs, keys, cues, sender)]
        self.ends = tuple(int(end) for end in np.cumsum(sizes))
        self.width = self.ends[-1]
        self._word_places = _places(words)
        self._letter_places = _places(letters)
        self._pair_places = _places(pairs)
        marks = (*keys.names, *cues.names, *sender.names)
        self._mark_places = {name: self.ends[2] + place for place, name in enumerate(marks)}
        self._columns_of = lru_cache(WORDS_REMEMBERED)(self._taken_apart)

    def row(self, features: Features) -> tuple[Columns, Weights]:
        """The columns that the mail has, and what stands in them."""
        words = _found(words_of(features), self._word_places)
        parts = [self._columns_of(word) for word in features.text.split()]
        letters = np.concatenate([np.zeros(0, np.int32), *parts])
        marks = np.unique(_found((*features.keys, *features.cues, *features.sender), self._mark_places))
        word_columns, word_weights = _weighed(words, self.words.rarity)
        letter_columns, letter_weights = _weighed(letters, self.letters.rarity)
        pair_columns, pair_weights = _weighed(_found(pairs_of(features), self._pair_places), self.pairs.rarity)
        columns = np.concatenate([word_columns, letter_columns + self.ends[0], pair_columns + self.ends[1], marks])
        weights = np.concatenate([word_weights, letter_weights, pair_weights, np.full(len(marks), MARK_WEIGHT)])
        return columns.astype(np.int32), weights

    def familiarity(self, features: Features) -> float:
        """The share of the mail's words that are known; 1 for a mail without words."""
        words = _WORD.findall(features.text)
        return sum(word in self._word_places for word in words) / len(words) if words else 1.0

    def _taken_apart(self, word: str) -> Columns:
        return _found(list(_grams(word)), self._letter_places)


def _places(terms: Terms) -> dict[str, int]:
    return {name: place for place, name in enumerate(terms.names)}


def _found(said: Sequence[str], places: dict[str, int]) -> Columns:
    return np.array([places[term] for term in said if term in places], np.int32)


def _weighed(columns: Columns, rarity: Weights) -> tuple[Columns, Weights]:
    """Sublinear TF-IDF, the row's length made 1."""
    found, times = np.unique(columns, return_counts=True)
    weights = (1.0 + np.log(times)) * rarity[found]
    length = np.sqrt(np.dot(weights, weights))
    return found, weights / length if length else weights
