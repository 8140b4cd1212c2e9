"""The only place for one field's guess as classifiers hand it on inside this package, and for the fields' names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Value = str | int | bool | None

FIELDS = ("type", "priority", "scope", "team", "service", "reporter", "patient_safety", "change_request", "is_auto")
"""What a labels file may teach and what is scored, in the order of the contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGuess:
    """A value with the probability that it is right, the words that weighed most, and every value's probability."""

    value: Value
    confidence: float
    words: tuple[str, ...]
    probabilities: Mapping[Value, float]
