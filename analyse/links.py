"""The only place that says how likely two cases report one fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyse.matters import Weights
from analyse.traits import DAY, VIEWS, Numbers, Past, hours_of, traits_of
from models.kinds import TicketType
from models.repeats import Case

WINDOW = 5 * DAY
"""Hours. Cases farther apart are not one fault: the same kind of fault later is another."""
MOST_BEFORE = 2_000
"""So many cases before one are held against it at most, whatever the traffic."""
BLOCK = 256
SHORTEST_GAP = 0.25
SIGNALS = ("words", "things", "signs", "codes", "gap", "rate", "other_service", "no_incident")

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of cases by their places, the earlier one first, and their signals: a row for each of `SIGNALS`."""

    one: Places
    other: Places
    signals: NDArray[np.float32]

    def log_odds(self, weights: Weights) -> Numbers:
        return np.asarray(np.array([getattr(weights, name) for name in SIGNALS]) @ self.signals + weights.bias)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Pairs of cases that may be one fault, and how likely that is (log-odds)."""

    one: Places
    other: Places
    log_odds: Numbers


def links_of(cases: Sequence[Case], past: Past, weights: Weights, least: float) -> Links:
    """The pairs of at least such log-odds; cases in order of time."""
    found = []
    for pairs in pairs_of(cases, past):
        log_odds = pairs.log_odds(weights)
        kept = log_odds >= least
        found.append((pairs.one[kept], pairs.other[kept], log_odds[kept]))
    one, other, odds = (np.concatenate(parts) for parts in zip(*found, strict=True)) if found else (_NONE, _NONE, np.zeros(0))
    return Links(one=one, other=other, log_odds=odds)


def pairs_of(cases: Sequence[Case], past: Past) -> Iterator[Pairs]:
    """Every pair within the window, block by block."""
    scene = _Scene(cases, past)
    for start in range(0, len(cases), BLOCK):
        yield scene.pairs(start, min(start + BLOCK, len(cases)))


class _Scene:
    """Cases in order of time, with what is needed of each."""

    def __init__(self, cases: Sequence[Case], past: Past) -> None:
        traits = [traits_of(case) for case in cases]
        self._views = {view: past.weighed(view, traits) for view in VIEWS}
        self._at = hours_of(cases)
        self._rate = np.log(past.rates(self._at))
        self._no_incident = np.array([case.type is not TicketType.INCIDENT for case in cases], float)
        self._service = np.unique([case.about for case in cases], return_inverse=True)[1]

    def pairs(self, start: int, stop: int) -> Pairs:
        low = max(int(np.searchsorted(self._at, self._at[start] - WINDOW)), start - MOST_BEFORE, 0)
        gaps = self._at[start:stop, None] - self._at[None, low:stop]
        earlier = np.arange(low, stop)[None, :] < np.arange(start, stop)[:, None]
        rows, columns = np.nonzero(earlier & (gaps <= WINDOW))
        one, other = columns + low, rows + start
        signals = {view: (matrix[start:stop] @ matrix[low:stop].T).toarray()[rows, columns] for view, matrix in self._views.items()}
        signals |= {
            "gap": np.log(gaps[rows, columns] + SHORTEST_GAP),
            "rate": (self._rate[one] + self._rate[other]) / 2,
            "other_service": self._service[one] != self._service[other],
            "no_incident": self._no_incident[one] + self._no_incident[other],
        }
        return Pairs(one=one, other=other, signals=np.array([signals[name] for name in SIGNALS], np.float32))


_NONE = np.zeros(0, np.int64)
