"""The only place that keeps which words each case holds: a large part that is packed, and what came since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.spots import spots
from resolve.lists import Growing, Lists, Places, Weights, empty, turned
from resolve.vocabulary import Words

Scores = NDArray[np.float64]


class Text(IntEnum):
    """The texts of a case, in the order in which they are kept. `WHOLE` is subject and own words."""

    SUBJECT, WHOLE, SOLUTION = range(3)


class Shelf:
    """Cases have slots, in the order in which they came; `packed` slots have lists of the cases by word.

    The packed part may lie in mapped files and is never changed.
    """

    def __init__(self, saved: Mapping[str, NDArray[Any]] | None = None) -> None:
        self._stand_on(saved or _nothing())

    def _stand_on(self, packed: Mapping[str, NDArray[Any]]) -> None:
        self._old = {name: packed[name] for name in _nothing()}
        self._by_word = Lists(starts=self._old["by_word_starts"], values=self._old["by_word"])
        self._starts, self._words, self._times = Growing(np.zeros(1, np.int64)), Growing(empty(np.uint32)), Growing(empty(np.uint8))
        self.packed = (len(self._old["starts"]) - 1) // len(Text)
        self._scale = _scale(self._old["starts"])

    def __len__(self) -> int:
        return self.packed + (len(self._starts) - 1) // len(Text)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The packed part, as `Shelf` takes it."""
        return self._old

    def add(self, texts: Words) -> None:
        """Keep the texts of one case after the other, three of each."""
        self._starts.extend(len(self._words) + np.cumsum(texts.lengths))
        self._words.extend(texts.words)
        self._times.extend(texts.times)

    def take(self, slots: Places, text: Text) -> Words:
        """The words of one text of these cases; the slots ascend."""
        rows = slots * len(Text) + text
        old, later = np.split(rows, [np.searchsorted(slots, self.packed)])
        parts = (
            _taken(self._old["starts"], self._old["words"], self._old["times"], old),
            _taken(self._starts.array, self._words.array, self._times.array, later - self.packed * len(Text)),
        )
        words, times, lengths = (np.concatenate(pair).astype(np.int64) for pair in zip(*parts, strict=True))
        return Words(words=words, times=times, lengths=lengths)

    def sums(self, weights: Weights, words: Places, most: int) -> Scores:
        """For each slot the weights of the words of whole and solution, over the root of how many they are.

        Of the packed cases only these words count, the heaviest of them, so many that their lists together hold no more than `most` cases.
        """
        words = words[words < len(self._by_word)]
        lengths = self._by_word.lengths(words)
        words, lengths = words[lengths <= most // 4], lengths[lengths <= most // 4]
        order = np.argsort(-weights[words], kind="stable")
        heaviest = words[order[np.cumsum(lengths[order]) <= most]]
        old = self._by_word.sums(heaviest, weights[heaviest], self.packed)
        starts = self._starts.array
        return np.concatenate([old * self._scale, self._later_sums(weights) * _scale(starts)])

    def pack(self, kept: NDArray[np.bool_], words: int) -> None:
        """Take out the slots that are not kept, and make the lists of the cases by word; words are numbered below `words`."""
        rows = np.split(np.repeat(kept, len(Text)), [self.packed * len(Text)])
        lengths = [np.diff(starts) for starts in (self._old["starts"], self._starts.array)]
        values = [np.repeat(of, each) for of, each in zip(rows, lengths, strict=True)]
        starts = np.concatenate([[0], np.cumsum(np.concatenate([each[of] for of, each in zip(rows, lengths, strict=True)]))])
        found = _merged([self._old["words"], self._words.array], values)
        times = _merged([self._old["times"], self._times.array], values)
        self._stand_on(_nothing())
        names = np.arange(len(starts) - 1, dtype=np.int32)
        names = np.where(names % len(Text) == Text.SUBJECT, -1, names // len(Text)).astype(np.int32)
        by_word = turned(Lists(starts=starts, values=found), names, words)
        self._stand_on({"starts": starts, "words": found, "times": times, "by_word_starts": by_word.starts, "by_word": by_word.values})

    def _later_sums(self, weights: Weights) -> Scores:
        starts = self._starts.array
        if len(starts) == 1:
            return np.zeros(0)
        sums = np.add.reduceat(np.append(weights[self._words.array], 0), starts[:-1])
        by_text = np.where(np.diff(starts) > 0, sums, 0).reshape(-1, len(Text))
        return np.asarray(by_text[:, Text.WHOLE :].sum(axis=1))


def _taken(starts: Places, words: NDArray[Any], times: NDArray[Any], rows: Places) -> tuple[NDArray[Any], NDArray[Any], Places]:
    at, lengths = spots(starts, rows)
    return words[at], times[at], lengths


def _merged(parts: Sequence[NDArray[Any]], kept: Sequence[NDArray[np.bool_]]) -> NDArray[Any]:
    """What is kept of both parts, made in its place: there may be a gigabyte of it."""
    first = int(kept[0].sum())
    merged = np.empty(first + int(kept[1].sum()), parts[0].dtype)
    for part, of, into in zip(parts, kept, (merged[:first], merged[first:]), strict=True):
        into[:] = part if of.all() else part[of]
    return merged


def _scale(starts: Places) -> Weights:
    """For each slot 1 over the root of the words of whole and solution together."""
    sizes = starts[len(Text) :: len(Text)] - starts[Text.WHOLE : -1 : len(Text)]
    return np.asarray(1 / np.sqrt(np.maximum(1, sizes)), np.float32)


def _nothing() -> dict[str, NDArray[Any]]:
    lists = {"starts": np.zeros(1, np.int64), "by_word_starts": np.zeros(1, np.int64)}
    return lists | {"words": empty(np.uint32), "times": empty(np.uint8), "by_word": empty(np.uint32)}
