"""The only place that makes groups out of pairs: whole groups are held against each other, so that nothing hangs on by one link."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analyse.links import Links
from analyse.traits import DAY, Numbers

LEAST = -5.0
"""Log-odds that a pair counts with where it has less, or lies outside of the window."""
ENOUGH = -1.25
"""From which score on two groups are one, and from which a group counts."""
BEGIN = {2: -2.25, 3: -1.75}
"""For so few cases together less is enough: many that point weakly at one fault must begin somewhere. What does not grow is dropped."""
MOST = 12
"""A group of ordinary traffic is not larger."""
MOST_ACROSS, MOST_WITHIN = (MOST // 2) ** 2, MOST * (MOST - 1) // 2
"""More pairs prove no more: else anything would join an outage of some forty cases."""
OUTAGE_A_DAY, OUTAGE_TIMES, SHORTEST = 48.0, 3.0, 0.25
"""A larger one is an outage: it came at this pace, and so many times what its services usually get in its time (`SHORTEST` days at least)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """When each case came (hours), and how many incidents of its service come a day at that time."""

    at: Numbers
    usual: Numbers


def groups_of(links: Links, traffic: Traffic, together: Sequence[Sequence[int]], apart: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The places of the cases of each group, groups of one left out. The same for any order of links.

    Two groups are one where the mean log-odds of all pairs across them and the logarithm of their number are together high enough: many
    cases that point weakly at one fault are better proof than two. The surest are put together first. What grew larger than ordinary
    traffic allows and is no outage is put together once more, with the limit.
    """
    growing = _Growing(links, apart)
    found: list[list[int]] = []
    for group in growing.grown(together, range(len(traffic.at)), len(traffic.at)):
        fits = len(group) <= MOST or _is_outage(group, traffic)
        found += [group] if fits else growing.grown(together, group, MOST)
    return sorted(found)


def _is_outage(group: Sequence[int], traffic: Traffic) -> bool:
    at = traffic.at[group]
    days = max(float(at.max() - at.min()) / DAY, SHORTEST)
    return len(group) > days * max(OUTAGE_A_DAY, OUTAGE_TIMES * float(traffic.usual[group].mean()))


Sums = dict[int, tuple[float, int]]
"""To each other group the log-odds of pairs in sum, and how many pairs these are."""


class _Growing:
    """Groups while they are put together, each under the smallest of its places."""

    def __init__(self, links: Links, apart: Iterable[tuple[int, int]]) -> None:
        self._near = defaultdict[int, Sums](dict)
        for one, other, log_odds in zip(links.one.tolist(), links.other.tolist(), links.log_odds.tolist(), strict=True):
            self._near[one][other] = self._near[other][one] = (log_odds, 1)
        for one, other in apart:
            self._near[one][other] = self._near[other][one] = (-math.inf, 1)

    def grown(self, together: Sequence[Sequence[int]], places: Iterable[int], most: int) -> list[list[int]]:
        """Groups among these places. What must be together is, whatever its size."""
        among = set(places)
        self._members = {place: [place] for place in among}
        self._sums = {
            place: {near: sums for near, sums in self._near[place].items() if near in among} for place in among if place in self._near
        }
        self._inner = dict.fromkeys(among, 0.0)
        bound = self._bind([[place for place in bond if place in among] for bond in together])
        waiting = [entry for one, sums in self._sums.items() for other in sums if one < other for entry in self._scored(one, other)]
        heapq.heapify(waiting)
        while waiting:
            _, one, other, size = heapq.heappop(waiting)
            if one in self._members and other in self._members and size == self._size(one, other) <= most:
                self._join(one, other)
                for near in self._sums[one]:
                    for entry in self._scored(min(one, near), max(one, near)):
                        heapq.heappush(waiting, entry)
        return sorted(sorted(members) for number, members in self._members.items() if self._holds(number) or not bound.isdisjoint(members))

    def _bind(self, together: Sequence[Sequence[int]]) -> set[int]:
        """Put together what must be; the places of all of it."""
        holder: dict[int, int] = {}
        for bond in together:
            numbers = sorted({holder.get(place, place) for place in bond})
            for other in numbers[1:]:
                self._join(numbers[0], other)
            holder |= {place: numbers[0] for number in numbers[:1] for place in self._members[number]}
        return {place for number in set(holder.values()) if len(self._members[number]) > 1 for place in self._members[number]}

    def _scored(self, one: int, other: int) -> list[tuple[float, int, int, int]]:
        """An entry for the queue, where the two may become one. The number of members tells later whether it still holds."""
        pairs, size = len(self._members[one]) * len(self._members[other]), self._size(one, other)
        score = self._across(one, other) / pairs + math.log(min(pairs, MOST_ACROSS))
        return [(-score, one, other, size)] if score >= BEGIN.get(size, ENOUGH) else []

    def _across(self, one: int, other: int) -> float:
        """The log-odds of all pairs across two groups, in sum."""
        known, count = self._sums.get(one, {}).get(other, (0.0, 0))
        return known + LEAST * (len(self._members[one]) * len(self._members[other]) - count)

    def _holds(self, number: int) -> bool:
        """Whether its pairs, taken together, say that it is a group."""
        size = len(self._members[number])
        pairs = size * (size - 1) / 2
        return size > 1 and self._inner[number] / pairs + math.log(min(pairs, MOST_WITHIN)) >= ENOUGH

    def _size(self, one: int, other: int) -> int:
        return len(self._members[one]) + len(self._members[other])

    def _join(self, one: int, other: int) -> None:
        """Put the second into the first."""
        self._inner[one] += self._inner.pop(other) + self._across(one, other)
        self._members[one] += self._members.pop(other)
        mine = self._sums.setdefault(one, {})
        mine.pop(other, None)
        for near, (log_odds, pairs) in self._sums.pop(other, {}).items():
            if near != one:
                known, count = mine.get(near, (0.0, 0))
                mine[near] = self._sums[near][one] = (known + log_odds, count + pairs)
                del self._sums[near][other]
