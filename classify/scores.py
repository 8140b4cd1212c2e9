"""The only place for how a classifier did, as values: reading a model's card needs nothing that computes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classify.joint import Sureness
from classify.trust import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReport:
    """How one field did: shares are 0..1, None where the labels hold no such case.

    `confusion` has one row a true value and one column a said one, in the order of `values`.
    """

    field: str
    n: int
    accuracy: float
    macro_f1: float
    quadratic_kappa: float | None
    recall_p1: float | None
    recall_p12: float | None
    said_p12_per_true: float | None
    ece: float | None
    sent_to_review: float | None
    accuracy_of_the_rest: float | None
    values: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How a field did on a part of the mails: those in one language, or of one length."""

    name: str
    n: int
    accuracy: float


@dataclass(frozen=True, slots=True)
class Proof:
    """Scores on mails of unseen writers, limits of trust, and how far the tied fields are witnesses of their own, and how their
    sureness is corrected.

    `right`: of each such mail, by its place in the labels, which fields were right.
    """

    scores: Mapping[str, FieldReport]
    trust: Mapping[str, Sequence[Limit]]
    independence: float
    sureness: Mapping[str, Sureness]
    right: Mapping[int, Mapping[str, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Decisions about equally sure: their mean probability, the share that was right, and their share of all."""

    stated: float
    right: float
    share: float
