"""The only place that says in a few words what cases are about, and no word that one person alone used."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from analyse.traits import SHORTEST, STEM, Past
from models.repeats import Case
from models.terms import column_of, shown_form, words_of

MOST_WORDS = 4
LEAST_RARITY = 2.0
"""A word in more than a seventh of all cases tells nothing."""
_NAME = re.compile(r"[^\W\d_]+")


def label_of(cases: Sequence[Case], past: Past) -> tuple[str, ...]:
    """The words that most reporters used and few cases of the past hold, the most telling first; none that stands in a reporter's address.

    Not as in `route/surge.py`, which names a surge for the lead who looks at it now: this stands in reports that many read, so what is
    common in all the past tells nothing, however many use it here.
    """
    held = defaultdict[str, set[str]](set)
    people = {part for case in cases for part in _NAME.findall(case.reporter.lower())}
    for case in cases:
        held[case.reporter].update(word for word in words_of(case.text) if word.isalpha() and len(word) >= SHORTEST and word not in people)
    users = Counter(stem for words in held.values() for stem in {word[:STEM] for word in words})
    telling = {stem: count * _rarity(stem, past) for stem, count in users.items() if count > 1}
    best = sorted((stem for stem in telling if telling[stem] >= LEAST_RARITY * users[stem]), key=lambda stem: (-telling[stem], stem))[
        :MOST_WORDS
    ]
    return tuple(shown_form([word for words in held.values() for word in words if word[:STEM] == stem]) for stem in best)


def _rarity(stem: str, past: Past) -> float:
    return math.log((past.cases + 1) / (int(past.times["words"][column_of(stem)]) + 0.5))
