"""The only place that numbers the words of all cases and knows the letters of each, and how many cases hold either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from models.spots import spots
from models.terms import COLUMNS, letters_of, words_of
from resolve.lists import Growing, Lists, Numbering, Places, Weights, empty, turned

MOST_TIMES = 255
"""A word that stands more often in a text counts as so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of some texts by their numbers, one text after the other, each word of a text once; how often it stands there; how many a text has."""

    words: Places
    times: Places
    lengths: Places

    @property
    def texts(self) -> Places:
        """For each word the number of its text."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)


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
        letters = Lists(starts=self._starts.array, values=self._letters.array)
        self.by_letters = turned(letters, np.arange(len(self), dtype=np.int32), COLUMNS)
        self.packed = len(self)

    def learn(self, texts: Sequence[str]) -> Words:
        """The words of some texts, the unknown ones numbered now."""
        found = [Counter(words_of(text)) for text in texts]
        names = list(chain.from_iterable(found))
        sums = list(map(_checksum, names))
        places = self._places.find(sums)
        unknown = np.flatnonzero(places < 0)
        self._number({sums[at]: names[at] for at in unknown.tolist()})
        places[unknown] = self._places.find(sums[at] for at in unknown.tolist())
        return _words(places, found)

    def read(self, text: str) -> Words:
        """The words of a text; those that no case ever held have the number -1."""
        times = Counter(words_of(text))
        return _words(self._places.find(map(_checksum, times)), [times])

    def count(self, cases: Places, words: Places, more: int) -> None:
        """Cases came (1) or went (-1): each of these words is held by the case whose number stands beside it."""
        keys = _each(cases << 32 | words)
        columns, lengths = self.letters(keys & 0xFFFFFFFF)
        held = _each(np.repeat(keys >> 32, lengths) * COLUMNS + columns) % COLUMNS
        for cases_by, numbers in ((self._cases.array, keys & 0xFFFFFFFF), (self._cases_by_letters, held)):
            found, times = np.unique(numbers, return_counts=True)
            cases_by[found] += (more * times).astype(np.int32)

    def letters(self, words: Places) -> tuple[Places, Places]:
        """The columns of the letters of these words, one word after the other; and how many each has."""
        at, lengths = spots(self._starts.array, words)
        return self._letters.array[at].astype(np.int64), lengths

    def word_rarity(self, words: Places, cases: int) -> Weights:
        """The idf of these words; of -1 that of a word no case holds."""
        return rarity(np.where(words < 0, 0, self._cases.array[words]) if len(self) else np.zeros(len(words), np.int32), cases)

    def letter_rarity(self, columns: Places, cases: int) -> Weights:
        return rarity(self._cases_by_letters[columns], cases)

    def _number(self, unknown: Mapping[int, str]) -> None:
        letters = list(map(letters_of, unknown.values()))
        for place, sum in enumerate(unknown, len(self)):
            self._places.add(sum, place)
        self._sums.extend(np.array(list(unknown), np.int64))
        self._starts.extend(len(self._letters) + np.cumsum(list(map(len, letters)), dtype=np.int64))
        self._letters.extend(np.concatenate([empty(np.int64), *letters]))
        self._cases.extend(np.zeros(len(unknown), np.int32))


def rarity(held: NDArray[np.int32], cases: int) -> Weights:
    """The idf of what so many cases hold."""
    return np.asarray(np.log((cases + 1) / (held + np.float32(0.5))), np.float32)


def _each(numbers: Places) -> Places:
    """Each number once."""
    numbers.sort()
    return numbers[np.flatnonzero(np.diff(numbers, prepend=-1))]


def _checksum(word: str) -> int:
    return crc32(word.encode())


def _words(places: Places, found: Sequence[Counter[str]]) -> Words:
    times = np.array(list(chain.from_iterable(times.values() for times in found)), np.int64)
    return Words(words=places, times=np.minimum(times, MOST_TIMES), lengths=np.array(list(map(len, found)), np.int64))


def _nothing() -> dict[str, NDArray[Any]]:
    return {
        "sums": empty(np.int64),
        "letter_starts": np.zeros(1, np.int64),
        "letters": empty(np.uint32),
        "word_cases": empty(np.int32),
        "letter_cases": np.zeros(COLUMNS, np.int32),
    }
