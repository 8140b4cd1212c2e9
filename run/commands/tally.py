"""The only place where an import is counted, and its counts are put into words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.redact import redact
from models.history import LABELS, Column, JudgedCase, PassedOver, RowRefusal

SHOWN = 5
"""Refused rows that are named by their place."""
SAID_OFTEN = 5
"""Times: a word of the file is cited only where so many rows have it. Then it is a label; a name or a text that came to stand there is rarer."""
LONGEST_LABEL = 60
MOST_LABELS = 10
REMEMBERED = 1_000
"""Unknown words that are counted one by one."""


@dataclass(slots=True)
class Tally:
    """What became of the rows so far. It holds no word of a case but labels that the profile does not know."""

    read: int = 0
    kept: int = 0
    passed_over: Counter[PassedOver] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    first_refused: list[RowRefusal] = field(default_factory=list)
    guessed: Counter[str] = field(default_factory=Counter)
    unknown: Counter[Column] = field(default_factory=Counter)
    _words: defaultdict[Column, Counter[str]] = field(init=False, default_factory=lambda: defaultdict(Counter))

    @property
    def already_there(self) -> int:
        return self.read - self.kept - self.refused - self.passed_over.total()

    @property
    def refused(self) -> int:
        return self.faults.total()

    def refuse(self, refusals: Iterable[RowRefusal]) -> None:
        for refusal in refusals:
            self.faults[f"{refusal.key} {refusal.fault}"] += 1
            if len(self.first_refused) < SHOWN:
                self.first_refused.append(refusal)

    def judged(self, cases: Iterable[JudgedCase]) -> None:
        """What had to be guessed of them, and which of their labels nobody here knows."""
        for judged in cases:
            self.guessed.update(label for label in LABELS if label in judged.guessed)
            self.unknown.update(judged.unknown)
            for column in judged.unknown:
                self._remember(column, judged.case.labels[column])

    def report(self) -> dict[str, Any]:
        """The counts as the line of JSON has them."""
        return {
            "read": self.read,
            "kept": self.kept,
            "already_there": self.already_there,
            "passed_over": dict(self.passed_over),
            "refused": self.refused,
            "why": dict(self.faults.most_common()),
            "first_refused": [{"place": one.place, "key": one.key, "reason": one.fault} for one in self.first_refused],
            "guessed": dict(self.guessed),
            "unknown": dict(self.unknown),
            "unknown_labels": {column: self._often(column) for column in self.unknown},
        }

    def lines(self) -> Iterator[str]:
        """The counts as people read them."""
        passed = "".join(f", {count} passed over ({why})" for why, count in self.passed_over.items())
        yield f"{self.read} read, {self.kept} kept, {self.already_there} already there{passed}, {self.refused} refused"
        for why, count in self.faults.most_common():
            yield f"refused: {why}: {count}"
        for one in self.first_refused:
            yield f"refused: {one.place}: {one.key} {one.fault}"
        if self.guessed:
            yield "guessed: " + ", ".join(f"{name} {count}" for name, count in self.guessed.items())
        for column, count in self.unknown.items():
            often = "".join(f", {words!r} {times}" for words, times in self._often(column).items())
            yield f"not known here, so guessed: {column} {count}{often}"

    def _remember(self, column: Column, words: str) -> None:
        known = self._words[column]
        if len(words) <= LONGEST_LABEL and (words in known or len(known) < REMEMBERED):
            known[words] += 1

    def _often(self, column: Column) -> dict[str, int]:
        return {redact(words): times for words, times in self._words[column].most_common(MOST_LABELS) if times >= SAID_OFTEN}
