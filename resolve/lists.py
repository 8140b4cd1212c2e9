"""The only place for numbers laid end to end: lists of lists as two arrays, and arrays that grow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Places = NDArray[np.int64]
Weights = NDArray[np.float32]
ROOM = 64
"""Numbers an array has room for at first."""


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


def spots(starts: Places, which: Places) -> tuple[Places, Places]:
    """Where the values of these lists stand, one list after the other; and how many each has."""
    lengths = starts[which + 1] - starts[which]
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts[which] - ends + lengths, lengths), lengths


def turned(of: NDArray[np.uint32], values: NDArray[Any], size: int) -> Lists:
    """For each number below `size` the list of those it stands with, in ascending order: `of` says with which each value stands."""
    keys = values.astype(np.int64)
    keys <<= 32
    keys |= of
    keys.sort()
    return Lists(starts=np.searchsorted(keys, np.arange(size + 1) << 32), values=keys.astype(np.uint32))


def empty(kind: DTypeLike) -> NDArray[Any]:
    return np.zeros(0, kind)
