"""The only place that finds a lexicon's words in a text."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import Generic, TypeVar

import ahocorasick

TOKEN = re.compile(r"\w+")


Group = TypeVar("Group", bound=Hashable)


class CueFinder(Generic[Group]):
    """Finds which groups of words a text hits, all of them in one pass.

    A phrase is words in a row; a trailing `*` on its last word stands for any ending. Upper and lower case are one.
    """

    def __init__(self, groups: Mapping[Group, Sequence[str]]) -> None:
        wanted: dict[str, list[tuple[Group, str]]] = {}
        for group, phrases in groups.items():
            for phrase in phrases:
                if needle := _needle(phrase):
                    wanted.setdefault(needle, []).append((group, phrase))
        self._automaton = ahocorasick.Automaton()
        for needle, meanings in wanted.items():
            self._automaton.add_word(needle, tuple(meanings))
        self._empty = not wanted
        if wanted:
            self._automaton.make_automaton()

    def find(self, text: str) -> dict[Group, list[str]]:
        """Group to the phrases of it that stand in the text, in the order they stand there."""
        found: dict[Group, list[str]] = {}
        if self._empty:
            return found
        for _, meanings in self._automaton.iter(flatten(text)):
            for group, phrase in meanings:
                found.setdefault(group, []).append(phrase.rstrip("*"))
        return found


def flatten(text: str) -> str:
    """Words in lower case with one space around each, so that a space is a word's edge."""
    return f" {' '.join(TOKEN.findall(text.lower()))} "


def _needle(phrase: str) -> str:
    flat = flatten(phrase.rstrip("*"))
    if not flat.strip():
        return ""
    return flat.rstrip() if phrase.endswith("*") else flat
