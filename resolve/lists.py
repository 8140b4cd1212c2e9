"""The only place for numbers laid end to end: lists of lists as two arrays, and arrays that grow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from models.spots import spots

Places = NDArray[np.int64]
Weights = NDArray[np.float32]
ROOM = 64
"""Numbers an array has room for at first."""
LISTS_AT_ONCE = 100_000
LARGER_THAN_A_QUESTION = 30 << 20
"""Bytes; from 32 MB on the C library learns nothing from it."""


class Growing:
    """Numbers that can be added to at the end. What `array` gave stays as it was when more come."""

    def __init__(self, start: NDArray[Any]) -> None:
        self._room, self._used = start, len(start)

    @property
    def array(self) -> NDArray[Any]:
        return self._room[: self._used]

    def __len__(self) -> int:
        return self._used

    def extend(self, numbers: NDArray[Any]) -> None:
        end = self._used + len(numbers)
        if end > len(self._room):
            wider = np.empty(max(ROOM, end + end // 2), self._room.dtype)
            wider[: self._used] = self.array
            self._room = wider
        self._room[self._used : end] = numbers
        self._used = end


class Numbering:
    """At which place each key stands; of a key that came twice the later place."""

    def __init__(self, keys: Places) -> None:
        self._places = np.argsort(keys, kind="stable")
        self._keys = keys[self._places]
        self._later: dict[int, int] = {}

    def add(self, key: int, place: int) -> None:
        self._later[key] = place

    def find(self, keys: Iterable[int]) -> Places:
        """The place of each key, -1 for what is not known."""
        asked = list(keys)
        later = np.array([self._later.get(key, -1) for key in asked], np.int64)
        if not len(self._keys):
            return later
        at = np.minimum(np.searchsorted(self._keys, asked), len(self._keys) - 1)
        return np.where((later < 0) & (self._keys[at] == asked), self._places[at], later)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """List `n` is `values[starts[n] : starts[n + 1]]`."""

    starts: Places
    values: NDArray[Any]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def lengths(self, which: Places) -> Places:
        return np.asarray(self.starts[which + 1] - self.starts[which])

    def sums(self, which: Places, weights: Weights, size: int) -> NDArray[np.float64]:
        """For each number below `size`, the weights of those of the lists that hold it."""
        at, lengths = spots(self.starts, which)
        return np.asarray(np.bincount(self.values[at], np.repeat(weights, lengths), minlength=size), np.float64)


def turned(lists: Lists, names: NDArray[np.int32], size: int) -> Lists:
    """For each number below `size` the names of the lists that hold it; `names` ascend, lists with a negative name are left out.

    Many at once would take several times the memory of what is made.
    """
    lengths = np.diff(lists.starts)
    times = np.zeros(size, np.int64)
    for _, numbers in _pieces(lists, names, lengths):
        times += np.bincount(numbers, minlength=size)
    starts = np.concatenate([[0], np.cumsum(times)])
    free, made = starts[:-1].copy(), np.empty(starts[-1], np.uint32)
    for of, numbers in _pieces(lists, names, lengths):
        keys = np.sort(numbers.astype(np.int64) << 32 | of)
        firsts = np.flatnonzero(np.diff(keys >> 32, prepend=-1))
        found, each = keys[firsts] >> 32, np.diff(firsts, append=len(keys))
        made[np.arange(len(keys)) + np.repeat(free[found] - firsts, each)] = keys & 0xFFFFFFFF
        free[found] += each
    return Lists(starts=starts, values=made)


def _pieces(lists: Lists, names: NDArray[np.int32], lengths: Places) -> Iterator[tuple[NDArray[np.int32], NDArray[Any]]]:
    """Some lists at a time: the name that belongs to each value, and the values."""
    for first in range(0, len(lists), LISTS_AT_ONCE):
        some = slice(first, first + LISTS_AT_ONCE)
        values = lists.values[lists.starts[first] : lists.starts[min(first + LISTS_AT_ONCE, len(lists))]]
        of = np.repeat(names[some], lengths[some])
        yield of[of >= 0], values[of >= 0]


def highest(scores: NDArray[np.float64], most: int) -> Places:
    """The places of the highest scores above 0, in ascending order. Most of a million are far below the highest: these are passed over."""
    peak = floor = float(scores.max(initial=0))
    places = np.zeros(0, np.int64)
    while len(places) < most and floor > 0:
        floor = floor / 2 if floor > peak / 64 else 0.0
        places = np.flatnonzero(scores > floor)
    return places if len(places) <= most else np.sort(places[np.argpartition(-scores[places], most)[:most]])


def keep_freed_memory() -> None:
    """Let the arrays of one question have the memory of the last one's.

    The usual C library gives what is freed back to the system, and gets it again page by page, until a block larger than
    those was freed once (mallopt(3), M_MMAP_THRESHOLD): measured, that was half the time of a question.
    """
    np.empty(LARGER_THAN_A_QUESTION, np.uint8)


def empty(kind: DTypeLike) -> NDArray[Any]:
    return np.zeros(0, kind)
