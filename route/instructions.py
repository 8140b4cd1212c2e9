"""The only place that reads what a team tells the desk to do: the first line of its answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from models.parts import InstructionKind

BARE = frozenset({InstructionKind.ACKNOWLEDGE, InstructionKind.BACK, InstructionKind.APPROVE, InstructionKind.CLOSE_SILENTLY})
"""These may stand alone; the others name something after a colon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """What to do; `value` stands after the colon on the first line, `rest` is what follows on further lines."""

    kind: InstructionKind
    value: str
    rest: str

    @property
    def text(self) -> str:
        """Everything after the word itself."""
        return "\n".join(part for part in (self.value, self.rest) if part)


def read_instruction(text: str, words: Mapping[InstructionKind, Sequence[str]]) -> Instruction | None:
    """The instruction on the first line that holds anything: `word`, or `word: value`; None where it is none."""
    first, _, rest = normalize("NFC", text).strip().partition("\n")
    name, colon, value = first.strip(" \t>*").partition(":")
    said = _plain(name).strip(" .!*")
    for kind, known in words.items():
        if (colon or kind in BARE) and said in map(_plain, known):
            return Instruction(kind=kind, value=value.strip().strip("*").strip(), rest=rest.strip())
    return None


def _plain(words: str) -> str:
    """One space between words, no capitals."""
    return re.sub(r"\s+", " ", normalize("NFC", words)).casefold()
