"""The only place that makes groups out of pairs: whole groups are held against each other, so that nothing hangs on by one link."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analyse.links import Links
from analyse.traits import DAY, Numbers

LEAST = -5.0
"""Log-odds that a pair counts with where it has less, or lies outside of the window."""
ENOUGH = -1.5
"""From which score on two groups are one."""
CROWD_HELPS = 1.0
"""Many cases that point weakly at one fault are better proof than two: the logarithm of the number of pairs counts so much."""
MOST = 12
"""A group of ordinary traffic is not larger."""
OUTAGE = 3.0
"""A larger one is an outage: so many times what its services usually get in its time, and in no less than `SHORTEST` days."""
SHORTEST = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """When each case came (hours), and how many incidents of its service come a day at that time."""

    at: Numbers
    usual: Numbers


@dataclass(slots=True)
class _Group:
    members: list[int]
    first: float
    last: float
    usual: float
    """Summed over the members."""
    links: dict[int, tuple[float, int]]
    """To each other group the log-odds of pairs in sum, and how many pairs these are."""


def groups_of(links: Links, traffic: Traffic, together: Iterable[Sequence[int]], apart: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The places of the cases of each group, groups of one left out. The same for any order of links.

    Two groups are one where the mean log-odds of all pairs across them, helped by their number, is high enough; the surest are put together first.
    """
    growing = _Growing(traffic)
    for one, other, log_odds in zip(links.one.tolist(), links.other.tolist(), links.log_odds.tolist(), strict=True):
        growing.link(one, other, max(log_odds, LEAST), 1)
    for one, other in apart:
        growing.link(one, other, -math.inf, 1)
    for places in together:
        for other in places[1:]:
            growing.bind(places[0], other)
    return growing.grown()


class _Growing:
    """Groups while they are put together, by numbers; a group that went into another is gone."""

    def __init__(self, traffic: Traffic) -> None:
        at, usual = traffic.at.tolist(), traffic.usual.tolist()
        self._groups = {place: _Group([place], at[place], at[place], usual[place], {}) for place in range(len(at))}
        self._of = list(range(len(at)))

    def link(self, one: int, other: int, log_odds: float, pairs: int) -> None:
        for here, there in ((one, other), (other, one)):
            known, count = self._groups[here].links.get(there, (0.0, 0))
            self._groups[here].links[there] = (known + log_odds, count + pairs)

    def bind(self, one: int, other: int) -> None:
        if self._of[one] != self._of[other]:
            self._join(self._of[one], self._of[other])

    def grown(self) -> list[list[int]]:
        waiting = [
            entry
            for number, group in self._groups.items()
            for other in group.links
            if number < other
            for entry in self._scored(number, other)
        ]
        heapq.heapify(waiting)
        while waiting:
            _, one, other, size = heapq.heappop(waiting)
            if one in self._groups and other in self._groups and size == self._size(one, other) and self._fits(one, other):
                kept = self._join(one, other)
                for near in self._groups[kept].links:
                    for entry in self._scored(*sorted((kept, near))):
                        heapq.heappush(waiting, entry)
        return sorted(sorted(group.members) for group in self._groups.values() if len(group.members) > 1)

    def _scored(self, one: int, other: int) -> list[tuple[float, int, int, int]]:
        """An entry for the queue, where the two may become one. The number of members tells later whether it still holds."""
        known, count = self._groups[one].links[other]
        pairs = len(self._groups[one].members) * len(self._groups[other].members)
        score = (known + LEAST * (pairs - count)) / pairs + CROWD_HELPS * math.log(pairs)
        return [(-score, one, other, self._size(one, other))] if score >= ENOUGH else []

    def _size(self, one: int, other: int) -> int:
        return len(self._groups[one].members) + len(self._groups[other].members)

    def _fits(self, one: int, other: int) -> bool:
        """Whether the two together are small, or more than ordinary traffic brings."""
        size = self._size(one, other)
        if size <= MOST:
            return True
        here, there = self._groups[one], self._groups[other]
        days = max((max(here.last, there.last) - min(here.first, there.first)) / DAY, SHORTEST)
        return size > OUTAGE * days * (here.usual + there.usual) / size

    def _join(self, one: int, other: int) -> int:
        """Put the second into the first; the smaller number stays, so that the order does not matter."""
        kept, gone = min(one, other), max(one, other)
        group, lost = self._groups[kept], self._groups.pop(gone)
        for place in lost.members:
            self._of[place] = kept
        group.members += lost.members
        group.first, group.last, group.usual = min(group.first, lost.first), max(group.last, lost.last), group.usual + lost.usual
        group.links.pop(gone, None)
        for near, (log_odds, pairs) in lost.links.items():
            if near != kept:
                self._groups[near].links.pop(gone)
                self.link(kept, near, log_odds, pairs)
        return kept
