"""The only place that numbers the words of all cases and knows the letters of each, and how many cases hold either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from models.terms import COLUMNS, letters_of, words_of
from resolve.lists import Growing, Numbering, Places, Weights, empty, spots, turned

MOST_TIMES = 255
"""A word that stands more often in a text counts as so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """The words of a text by their numbers, each once, and how often it stands there."""

    words: Places
    times: Places


class Vocabulary:
    """Words are known by a checksum of 32 bits: of a million, some hundred share one with another.

    A word stays when the last case that holds it is gone.
    """

    def __init__(self, saved: Mapping[str, NDArray[Any]] | None = None) -> None:
        found = saved or _nothing()
        self._sums = Growing(found["sums"])
        self._starts, self._letters = Growing(found["letter_starts"]), Growing(found["letters"])
        self._cases, self._cases_by_letters = Growing(found["word_cases"]), found["letter_cases"]
        self.pack()

    def __len__(self) -> int:
        return len(self._sums)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All it knows, as `Vocabulary` takes it."""
        growing = {"sums": self._sums, "letter_starts": self._starts, "letters": self._letters, "word_cases": self._cases}
        return {name: grown.array for name, grown in growing.items()} | {"letter_cases": self._cases_by_letters}

    def pack(self) -> None:
        """Make the search for words by their letters quick for all words known now."""
        self._places = Numbering(self._sums.array)
        starts = self._starts.array
        self.by_letters = turned(np.repeat(np.arange(len(self), dtype=np.uint32), np.diff(starts)), self._letters.array, COLUMNS)
        self.packed = len(self)

    def learn(self, text: str) -> Bag:
        """The words of a text, the unknown ones numbered now."""
        times = Counter(words_of(text))
        places, words = self._places.find(map(_checksum, times)), list(times)
        for at in np.flatnonzero(places < 0).tolist():
            places[at] = self._number(words[at])
        return _bag(places, times)

    def read(self, text: str) -> Bag:
        """The words of a text; those that no case ever held have the number -1."""
        times = Counter(words_of(text))
        return _bag(self._places.find(map(_checksum, times)), times)

    def count(self, words: Places, more: int) -> None:
        """A case that holds these words came (1) or went (-1)."""
        held = np.unique(words)
        self._cases.array[held] += more
        self._cases_by_letters[np.unique(self.letters(held)[0])] += more

    def letters(self, words: Places) -> tuple[Places, Places]:
        """The columns of the letters of these words, one word after the other; and how many each has."""
        at, lengths = spots(self._starts.array, words)
        return self._letters.array[at].astype(np.int64), lengths

    def word_rarity(self, words: Places, cases: int) -> Weights:
        """The idf of these words; of -1 that of a word no case holds."""
        return rarity(np.where(words < 0, 0, self._cases.array[words]) if len(self) else np.zeros(len(words), np.int32), cases)

    def letter_rarity(self, columns: Places, cases: int) -> Weights:
        return rarity(self._cases_by_letters[columns], cases)

    def _number(self, word: str) -> int:
        place, key, letters = len(self), _checksum(word), letters_of(word)
        self._places.add(key, place)
        self._sums.extend(np.array([key]))
        self._letters.extend(letters)
        self._starts.extend(np.array([len(self._letters)]))
        self._cases.extend(np.zeros(1, np.int32))
        return place


def rarity(held: NDArray[np.int32], cases: int) -> Weights:
    """The idf of what so many cases hold."""
    return np.asarray(np.log((cases + 1) / (held + np.float32(0.5))), np.float32)


def _checksum(word: str) -> int:
    return crc32(word.encode())


def _bag(places: Places, times: Counter[str]) -> Bag:
    return Bag(words=places, times=np.minimum(np.fromiter(times.values(), np.int64, len(times)), MOST_TIMES))


def _nothing() -> dict[str, NDArray[Any]]:
    return {
        "sums": empty(np.int64),
        "letter_starts": np.zeros(1, np.int64),
        "letters": empty(np.uint32),
        "word_cases": empty(np.int32),
        "letter_cases": np.zeros(COLUMNS, np.int32),
    }
