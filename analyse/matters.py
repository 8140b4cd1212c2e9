"""The only place that knows what words stand for one thing or one way to fail, and how much each sign of one fault weighs."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from classify.cues import CueFinder

FOLDER = Path(__file__).resolve().parent.parent / "data" / "repeats"
MATTERS, WEIGHTS = FOLDER / "matters.toml", FOLDER / "weights.toml"
THINGS, SIGNS = "things", "signs"

Matter = tuple[str, str]
"""Things or signs, and which of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What speaks for one fault and against it, in log-odds of a pair of cases."""

    bias: float
    words: float
    things: float
    signs: float
    codes: float
    gap: float
    rate: float
    other_service: float
    no_incident: float


@cache
def matter_finder() -> CueFinder[Matter]:
    """Finds the things and signs of `data/repeats/matters.toml` in a text."""
    groups: dict[str, dict[str, list[str]]] = tomllib.loads(MATTERS.read_text(encoding="utf-8"))
    return CueFinder({(kind, name): words for kind in (THINGS, SIGNS) for name, words in groups[kind].items()})


@cache
def learned_weights() -> Weights:
    """What `python -m bench.repeats --learn` wrote into `data/repeats/weights.toml`."""
    found: dict[str, Any] = tomllib.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(**found)
