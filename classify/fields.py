"""The only place for the fields' names, one field's guess as classifiers hand it on inside this package, and what training takes and tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models.kinds import Method
from models.records import Mail

Value = str | int | bool | None

FIELDS = ("type", "priority", "scope", "team", "service", "reporter", "patient_safety", "change_request", "is_auto")
"""What a labels file may teach and what is scored, in the order of the contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGuess:
    """A value with the probability that it is right, and every value's probability.

    `words` are those that weighed most, for the values that they were looked for.
    """

    value: Value
    confidence: float
    words: Mapping[Value, tuple[str, ...]]
    probabilities: Mapping[Value, float]
    method: Method = Method.KEYWORDS


Progress = Callable[[str, float], None]
"""Told what is being done and which share (0..1) of the whole is behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A labelled mail. `group` is its writer: mails of one writer never lie on both sides of a split.

    `organisation` is the profile whose policy the labels follow. `confirmed`: a person of the desk said so of a case of their own.
    """

    mail: Mail
    labels: Mapping[str, Value]
    group: str
    organisation: str
    confirmed: bool = False
