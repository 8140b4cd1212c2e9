"""Incidents to play with: quiet traffic out of the shipped corpora, and bursts of mails about one fault."""

from __future__ import annotations

import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.redact import redact
from models.kinds import TicketType
from models.records import Redacted
from models.terms import words_of

DATA = Path(__file__).resolve().parent.parent / "data"
STEM = 5
TELLING = 0.03
"""A word tells where it stands in no more of the incidents."""
SHARED = 2
"""Telling words that an incident must share with a repeat group to be counted as one more report of its fault."""
SMALLEST, LARGEST = 5, 6
"""Mails of a burst that is made from a repeat group."""
EVERYDAY = 5
"""The commonest telling words stand for everyday matters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One incident of a corpus or of a burst."""

    text: Redacted
    service: str
    group: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """Half of an organisation's writers and half of its bursts; `past` is what the other half of the writers wrote."""

    past: tuple[Line, ...]
    lines: tuple[Line, ...]
    by_hand: tuple[tuple[Line, ...], ...]
    from_corpus: tuple[tuple[Line, ...], ...]

    def everyday(self, lines: Sequence[Line]) -> list[Line]:
        """Those of the lines about everyday matters: they hold one of the commonest telling words, printers here, prescriptions there."""
        shares = _shares([line.text for line in self.past])
        commonest = sorted((word for word in shares if shares[word] <= 2 * TELLING), key=lambda word: (-shares[word], word))[:EVERYDAY]
        return [line for line in lines if not _stems(line.text).isdisjoint(commonest)]


class Deck:
    """Lines drawn at random; a line comes again only after half of the others, so that no window holds it twice."""

    def __init__(self, lines: Sequence[Line], order: random.Random) -> None:
        self._lines = order.sample(list(lines), len(lines))
        self._order = order

    def draw(self) -> Line:
        line = self._lines.pop(self._order.randrange((len(self._lines) + 1) // 2))
        self._lines.append(line)
        return line


def halves(number: int) -> Iterator[Half]:
    """The half of each organisation; every other writer and every other burst."""
    for folder in sorted(path for path in (DATA / "corpus").iterdir() if path.is_dir()):
        files = sorted(folder.glob("*.jsonl"))
        lines = tuple(line for file in files[number::2] for line in _incidents(file))
        bursts = _bursts(DATA / "samples" / "bursts" / f"{folder.name}.jsonl")
        yield Half(
            past=tuple(line for file in files[1 - number :: 2] for line in _incidents(file)),
            lines=lines,
            by_hand=tuple(bursts[number::2]),
            from_corpus=tuple(_grown(lines)),
        )


def _incidents(file: Path) -> Iterator[Line]:
    """Incidents that a person wrote; the team stands for the service where the corpus tells no services apart."""
    for written in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(written)
        if row["type"] == TicketType.INCIDENT and not row["is_auto"]:
            yield _line(row, row.get("service") or row["team"], row["repeat_group"])


def _bursts(file: Path) -> list[tuple[Line, ...]]:
    found = defaultdict[str, list[Line]](list)
    for written in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(written)
        found[row["burst"]].append(_line(row, row["service"], row["burst"]))
    return [tuple(found[name]) for name in found]


def _line(row: dict[str, str], service: str, group: str | None) -> Line:
    return Line(text=redact(f"{row['subject']}\n{row['body']}"), service=service, group=group)


def _grown(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    """Bursts made from repeat groups, which are too small by themselves.

    To a group come the incidents of its service that share the most telling words with it, rarer words counting more. They
    are about like matters, not about one fault: harder to see as one than a true burst.
    """
    shares = _shares([line.text for line in lines])
    groups = defaultdict[str, list[Line]](list)
    for line in lines:
        groups[line.group or ""].append(line)
    for name in sorted(name for name in groups if name and len(groups[name]) > 1):
        group = groups[name]
        told = {stem for line in group for stem in _stems(line.text) if shares[stem] <= TELLING}
        common = {line.text: _stems(line.text) & told for line in lines if line.service == group[0].service and line.group != name}
        weight = {text: sum(-math.log(shares[stem]) for stem in stems) for text, stems in common.items() if len(stems) >= SHARED}
        near = sorted(weight, key=lambda text: (-weight[text], text))[: LARGEST - len(group)]
        burst = (*group, *(line for line in lines if line.text in near))
        if len(burst) >= SMALLEST:
            yield burst


def _stems(text: str) -> set[str]:
    return {word[:STEM] for word in words_of(text) if len(word) >= STEM}


def _shares(texts: Sequence[str]) -> dict[str, float]:
    """Of each stem the share of texts that hold it."""
    times = Counter(stem for text in texts for stem in _stems(text))
    return {stem: count / len(texts) for stem, count in times.items()}
