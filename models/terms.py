"""The only place that takes a text apart into what tells how alike two texts are: its words, and letters in a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

GRAM = 4
"""Letters in a row: a word of the North is found again inside its compounds and its inflections."""
SHORTEST = 2
"""Letters of a word that counts; one letter or digit is none."""
LONGEST = 6_000
"""Characters of a text that are read."""
COLUMNS = 1 << 18
"""Terms are numbered by checksum, so that new words need no list; a few share a number."""
WORDS_REMEMBERED = 50_000

Places = NDArray[np.int64]
_WORD = re.compile(r"[^\W\d_]+|\d+")
_NONE = np.zeros(0, np.int64)


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, numbers among them."""
    return [word for word in _WORD.findall(text[:LONGEST].lower()) if len(word) >= SHORTEST]


def shown_form(uses: Sequence[str]) -> str:
    """Of a word's forms, one for each person who used one, what may be shown: the commonest, or what the likest two begin with.

    A form of one person alone may be a name.
    """
    forms = Counter(uses)
    form = min(forms, key=lambda form: (-forms[form], len(form), form))
    if forms[form] > 1 or len(forms) == 1:
        return form
    return max((_common_begin(one, other) for one, other in pairwise(sorted(forms))), key=len)


def _common_begin(one: str, other: str) -> str:
    same = (mine == theirs for mine, theirs in zip(one, other, strict=False))
    return one[: sum(1 for _ in takewhile(bool, same))]


def terms_of(text: str) -> tuple[Places, Places]:
    """The columns (0 to `COLUMNS`) of a text's words, then of its letters; each as often as it stands there."""
    words = words_of(text)
    return np.array([column_of(word) for word in words], np.int64), np.concatenate([_NONE, *map(letters_of, words)])


@lru_cache(WORDS_REMEMBERED)
def column_of(term: str) -> int:
    return crc32(term.encode()) % COLUMNS


@lru_cache(WORDS_REMEMBERED)
def letters_of(word: str) -> Places:
    """The columns of a word's letters in a row."""
    return np.array([column_of(f"<{gram}") for gram in _grams(word)], np.int64)


def _grams(word: str) -> Iterator[str]:
    """A word's edge counts as a letter."""
    padded = f" {word} "
    yield from (padded[place : place + GRAM] for place in range(max(1, len(padded) - GRAM + 1)))
