"""The only place that gathers cases about one recurring matter, however far apart: what keeps coming back, fault or not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy.sparse import hstack

from analyse.labels import label_of
from analyse.matters import SIGNS, THINGS
from analyse.traits import Numbers, Past, traits_of
from models.kinds import TicketType
from models.repeats import Case, Family

WEIGH = {"words": 1.0, THINGS: 1.0, SIGNS: 0.7}
"""How much each view counts."""
ALIKE = 0.45
"""A case joins the family whose middle it is so near to (cosine): lower joins unlike matters, higher tears like ones apart."""
FEWEST, FEWEST_REPORTERS = 4, 2
BLOCK = 256


def families_of(cases: Sequence[Case], past: Past) -> tuple[Family, ...]:
    """The largest first. Cases of one service and type are compared; each, as it came, joins the nearest family or begins one."""
    blocks = defaultdict[tuple[str, TicketType], list[Case]](list)
    for case in sorted(cases, key=lambda case: (case.at, case.ticket)):
        blocks[case.about, case.type].append(case)
    found = [_family(members, past) for block in blocks.values() for members in _gathered(block, past) if _counts(members)]
    return tuple(sorted(found, key=lambda family: (-len(family.tickets), family.first, family.tickets)))


def _gathered(cases: Sequence[Case], past: Past) -> list[list[Case]]:
    views = _views(cases, past)
    of = np.zeros(len(cases), np.int64)
    squares = np.zeros(len(cases))
    count = 0
    for place, near in enumerate(_nearness(views)):
        sums = np.bincount(of[:place], near, minlength=max(count, 1))[: max(count, 1)]
        middle = sums / np.sqrt(np.maximum(squares[: max(count, 1)], 1e-9))
        best = int(np.argmax(middle))
        if not count or middle[best] < ALIKE:
            best, count = count, count + 1
            squares[best] = 1.0
        else:
            squares[best] += 1 + 2 * sums[best]
        of[place] = best
    return [[cases[place] for place in np.flatnonzero(of == family).tolist()] for family in range(count)]


def _views(cases: Sequence[Case], past: Past) -> Any:
    traits = [traits_of(case) for case in cases]
    whole = np.sqrt(sum(weight**2 for weight in WEIGH.values()))
    return hstack([past.weighed(view, traits) * (weight / whole) for view, weight in WEIGH.items()]).tocsr()


def _nearness(views: Any) -> Iterator[Numbers]:
    """Of each case its likeness to each case before it."""
    for start in range(0, views.shape[0], BLOCK):
        stop = min(start + BLOCK, views.shape[0])
        rows: Numbers = (views[start:stop] @ views[:stop].T).toarray()
        for place in range(start, stop):
            yield rows[place - start, :place]


def _counts(members: Sequence[Case]) -> bool:
    return len(members) >= FEWEST and len({case.reporter for case in members}) >= FEWEST_REPORTERS


def _family(members: Sequence[Case], past: Past) -> Family:
    return Family(
        tickets=tuple(case.ticket for case in members),
        type=members[0].type,
        service=Counter(case.about for case in members).most_common(1)[0][0],
        reporters=len({case.reporter for case in members}),
        first=members[0].at,
        last=members[-1].at,
        label=label_of(members, past),
    )
