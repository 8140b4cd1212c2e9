"""The only place that takes cases apart into what they may have in common: words, things, signs of failure, codes; and knows how rare each is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from analyse.matters import SIGNS, THINGS, matter_finder
from models.kinds import TicketType
from models.repeats import Case
from models.terms import COLUMNS, LONGEST, column_of

VIEWS = ("words", THINGS, SIGNS, "codes")
COMMON = {"words": 0.3, THINGS: 0.5, SIGNS: 0.6, "codes": 0.2}
"""A trait that stands in more of the past than this share tells nothing."""
SELDOM = 2
"""No trait counts as rarer than one in so many past cases."""
STEM, SHORTEST = 6, 3
"""Words that begin with the same letters are one word."""
LEAST_DIGITS, MOST_DIGITS = 3, 6
HOUR, DAY = 3600.0, 24.0
SPREAD_DAYS = 28.0
"""Traffic is counted over so many days before and after."""
LEAST_DAYS, LEAST_RATE = 7.0, 0.1
_TOKEN = re.compile(r"\w+")

Numbers = NDArray[np.float64]
Columns = NDArray[np.int32]
_NONE = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the desk usually gets: how many cases hold each trait, when incidents came (hours), and what share each service has of them."""

    cases: int
    times: dict[str, NDArray[np.int64]]
    came: Numbers
    shares: dict[str, float]

    @classmethod
    def learn(cls, cases: Sequence[Case]) -> Past:
        """The cases that are searched may be among them. Some thousands are plenty for traits; rates need the last eight weeks."""
        traits = [traits_of(case) for case in cases]
        times = {view: np.bincount(np.concatenate([_NONE, *(np.unique(one[view]) for one in traits)]), minlength=COLUMNS) for view in VIEWS}
        incidents = [case for case in cases if case.type is TicketType.INCIDENT]
        services, counts = np.unique([case.about for case in incidents], return_counts=True)
        shares = {str(service): count / len(incidents) for service, count in zip(services, counts, strict=True)}
        return cls(cases=len(cases), times=times, came=np.sort(hours_of(incidents)), shares=shares)

    def rates(self, at: Numbers) -> Numbers:
        """Incidents a day around each hour; before and after what is known, as at its end."""
        if not len(self.came):
            return np.full(len(at), LEAST_RATE)
        at = np.clip(at, self.came[0], self.came[-1])
        spread = SPREAD_DAYS * DAY
        begin, end = np.maximum(at - spread, self.came[0]), np.minimum(at + spread, self.came[-1])
        count = np.searchsorted(self.came, at + spread) - np.searchsorted(self.came, at - spread)
        return np.asarray(np.maximum(count / np.maximum((end - begin) / DAY, LEAST_DAYS), LEAST_RATE))

    def weighed(self, view: str, traits: Sequence[dict[str, Columns]]) -> Any:
        """TF-IDF, a row of length 1 for each case; scipy has no types for its matrices."""
        columns = np.concatenate([_NONE, *(case[view] for case in traits)])
        starts = np.cumsum([0, *(len(case[view]) for case in traits)])
        matrix = csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=(len(traits), COLUMNS))
        matrix.sum_duplicates()
        matrix.data = (1 + np.log(matrix.data)) * self._rarity(view)[matrix.indices].astype(np.float32)
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        matrix.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(matrix.indptr)).astype(np.float32)
        return matrix

    def _rarity(self, view: str) -> Numbers:
        times = self.times[view]
        rarity = np.log((self.cases + 1) / (np.maximum(times, min(SELDOM, self.cases)) + 0.5))
        return np.where(times > COMMON[view] * max(self.cases, SELDOM), 0.0, np.maximum(rarity, 0.0))


def hours_of(cases: Sequence[Case]) -> Numbers:
    return np.array([case.at.timestamp() / HOUR for case in cases], float)


def traits_of(case: Case) -> dict[str, Columns]:
    """The columns of each view's traits, each as often as it stands there."""
    tokens = _TOKEN.findall(case.text[:LONGEST].lower())
    found = {
        "words": [token[:STEM] for token in tokens if len(token) >= SHORTEST and token.isalpha()],
        "codes": [token for token in tokens if _is_code(token)],
        THINGS: list[str](),
        SIGNS: list[str](),
    }
    for (kind, name), said in matter_finder().find(case.text[:LONGEST]).items():
        found[kind] += [name] * len(said)
    return {view: np.array([column_of(trait) for trait in found[view]], np.int32) for view in VIEWS}


def _is_code(token: str) -> bool:
    """A ward or a room (6C), a number of an error (502), a model (T14); no hour and no small number."""
    return token[0].isdigit() != token[-1].isdigit() or (token.isdigit() and LEAST_DIGITS <= len(token) <= MOST_DIGITS)
