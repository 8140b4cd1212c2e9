"""The only place that says how likely two cases report one fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyse.matters import THINGS, Weights
from analyse.traits import DAY, VIEWS, Numbers, Past, hours_of, traits_of
from models.kinds import TicketType
from models.repeats import Case

WINDOW = 5 * DAY
"""Hours. Cases farther apart are not one fault: the same kind of fault later is another."""
MOST_BEFORE = 2_000
"""So many cases before one are held against it at most, whatever the traffic."""
BLOCK = 256
SHORTEST_GAP = 0.25
BUSY_HOURS, BUSY_DAYS = 6.0, 48.0
ALIKE = 0.02
SIGNALS = (
    "words", "things", "other_thing", "signs", "codes", "gap", "rate", "busy_hours", "busy_days", "other_service", "no_incident", "same_reporter"
)  # fmt: skip

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
        rates = past.rates(self._at)
        incident = np.array([case.type is TicketType.INCIDENT for case in cases], bool)
        self._rate, self._no_incident = np.log(rates), ~incident
        came = self._at[incident]
        self._busy = {name: _busy(self._at, came, rates, hours) for name, hours in (("busy_hours", BUSY_HOURS), ("busy_days", BUSY_DAYS))}
        self._service = np.unique([case.about for case in cases], return_inverse=True)[1]
        self._reporter = np.unique([case.reporter for case in cases], return_inverse=True)[1]

    def pairs(self, start: int, stop: int) -> Pairs:
        low = max(int(np.searchsorted(self._at, self._at[start] - WINDOW)), start - MOST_BEFORE, 0)
        gaps = self._at[start:stop, None] - self._at[None, low:stop]
        earlier = np.arange(low, stop)[None, :] < np.arange(start, stop)[:, None]
        rows, columns = np.nonzero(earlier & (gaps <= WINDOW))
        one, other = columns + low, rows + start
        signals = self._signals(one, other) | {"gap": np.log(gaps[rows, columns] + SHORTEST_GAP)}
        for view in VIEWS:
            signals[view] = (self._views[view][start:stop] @ self._views[view][low:stop].T).toarray()[rows, columns]
        signals["other_thing"] = signals[THINGS] < ALIKE
        return Pairs(one=one, other=other, signals=np.array([signals[name] for name in SIGNALS], np.float32))

    def _signals(self, one: Places, other: Places) -> dict[str, NDArray[Any]]:
        return {
            "rate": (self._rate[one] + self._rate[other]) / 2,
            "busy_hours": (self._busy["busy_hours"][one] + self._busy["busy_hours"][other]) / 2,
            "busy_days": (self._busy["busy_days"][one] + self._busy["busy_days"][other]) / 2,
            "other_service": self._service[one] != self._service[other],
            "no_incident": self._no_incident[one].astype(float) + self._no_incident[other],
            "same_reporter": self._reporter[one] == self._reporter[other],
        }


def _busy(at: Numbers, came: Numbers, rates: Numbers, hours: float) -> Numbers:
    """How many times as many incidents came in the hours around as usual, as a logarithm; the case itself does not count."""
    around = np.searchsorted(came, at + hours, side="right") - np.searchsorted(came, at - hours) - 1
    return np.asarray(np.log1p(np.maximum(around, 0)) - np.log1p(rates * 2 * hours / DAY))


_NONE = np.zeros(0, np.int64)
