"""The only place that keeps which words each case holds: a large part that is packed, and what came since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resolve.lists import Growing, Lists, Places, Weights, empty, spots, turned
from resolve.vocabulary import Bag


class Text(IntEnum):
    """The texts of a case, in the order in which they are kept. `WHOLE` is subject and own words."""

    SUBJECT, WHOLE, SOLUTION = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of some texts, one text after the other, how often each stands there, and how many words each text has."""

    words: Places
    times: Places
    lengths: Places


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

    def __len__(self) -> int:
        return self.packed + (len(self._starts) - 1) // len(Text)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The packed part, as `Shelf` takes it."""
        return self._old

    def add(self, texts: Sequence[Bag]) -> None:
        self._starts.extend(len(self._words) + np.cumsum([len(bag.words) for bag in texts]))
        self._words.extend(np.concatenate([bag.words for bag in texts]))
        self._times.extend(np.concatenate([bag.times for bag in texts]))

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

    def words_of(self, slot: int) -> Places:
        """The words of a case's texts."""
        return np.concatenate([self.take(np.array([slot]), text).words for text in Text])

    def sizes(self, slots: Places) -> Places:
        """How many words whole and solution of these cases have together; the slots ascend."""
        rows = slots * len(Text)
        old, later = np.split(rows, [np.searchsorted(slots, self.packed)])
        parts = ((self._old["starts"], old), (self._starts.array, later - self.packed * len(Text)))
        return np.concatenate([starts[at + len(Text)] - starts[at + Text.WHOLE] for starts, at in parts])

    def sums(self, weights: Weights, most: int) -> NDArray[np.float64]:
        """For each slot the weights of the words of whole and solution.

        Of the packed cases only the heaviest words count, so many that their lists together hold no more than `most` cases.
        """
        words = np.flatnonzero(weights[: len(self._by_word)])
        lengths = self._by_word.lengths(words)
        words, lengths = words[lengths <= most // 4], lengths[lengths <= most // 4]
        order = np.argsort(-weights[words], kind="stable")
        heaviest = words[order[np.cumsum(lengths[order]) <= most]]
        return np.concatenate([self._by_word.sums(heaviest, weights[heaviest], self.packed), self._later_sums(weights)])

    def pack(self, kept: NDArray[np.bool_], words: int) -> None:
        """Take out the slots that are not kept, and make the lists of the cases by word; words are numbered below `words`."""
        rows = np.repeat(kept, len(Text))
        old, later = np.split(rows, [self.packed * len(Text)])
        parts = (
            _kept(self._old["starts"], self._old["words"], self._old["times"], old),
            _kept(self._starts.array, self._words.array, self._times.array, later),
        )
        lengths, found, times = (np.concatenate(pair) for pair in zip(*parts, strict=True))
        del parts
        starts = np.concatenate([[0], np.cumsum(lengths)])
        by_word = _by_word(lengths, found, words)
        self._stand_on({"starts": starts, "words": found, "times": times, "by_word_starts": by_word.starts, "by_word": by_word.values})

    def _later_sums(self, weights: Weights) -> NDArray[np.float64]:
        starts = self._starts.array
        if len(starts) == 1:
            return np.zeros(0)
        sums = np.add.reduceat(np.append(weights[self._words.array], 0), starts[:-1])
        by_text = np.where(np.diff(starts) > 0, sums, 0).reshape(-1, len(Text))
        return np.asarray(by_text[:, Text.WHOLE :].sum(axis=1))


def _taken(starts: Places, words: NDArray[Any], times: NDArray[Any], rows: Places) -> tuple[NDArray[Any], NDArray[Any], Places]:
    at, lengths = spots(starts, rows)
    return words[at], times[at], lengths


def _kept(starts: Places, words: NDArray[Any], times: NDArray[Any], rows: NDArray[np.bool_]) -> tuple[Places, NDArray[Any], NDArray[Any]]:
    lengths = np.diff(starts)
    kept = np.repeat(rows, lengths)
    return lengths[rows], words[kept], times[kept]


def _by_word(lengths: Places, found: NDArray[Any], words: int) -> Lists:
    """Only whole and solution: the subject's words stand in the whole."""
    rows = np.arange(len(lengths), dtype=np.uint32)
    wanted = rows % len(Text) != Text.SUBJECT
    return turned(np.repeat((rows // len(Text))[wanted], lengths[wanted]), found[np.repeat(wanted, lengths)], words)


def _nothing() -> dict[str, NDArray[Any]]:
    lists = {"starts": np.zeros(1, np.int64), "by_word_starts": np.zeros(1, np.int64)}
    return lists | {"words": empty(np.uint32), "times": empty(np.uint8), "by_word": empty(np.uint32)}
