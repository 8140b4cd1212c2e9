"""The only place for how sure a model must be before nobody looks: measured on held-out mails, chosen by a wanted precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.profiles import Profile

FIELDS_OF_TRUST = ("type", "priority", "team")
NEVER = 1.01
"""No probability reaches it."""
FEWEST = 20
"""Fewer mails above a limit prove nothing."""
LEAST_TRUSTED = {"type": 0.5, "team": 0.4}
"""Less is never trusted, however many surer ones make up for it. A priority has no such floor: a grave one may be said to be safe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """From probability `limit` on, the share `precision` is right; `coverage` is the share of mails that reach it."""

    precision: float
    limit: float
    coverage: float


def limits(confidence: ArrayLike, right: ArrayLike, wanted: Sequence[float]) -> list[Limit]:
    """For each wanted precision the lowest limit that keeps it; a limit that nothing reaches where none does."""
    stated, hits = np.asarray(confidence, float), np.asarray(right, float)
    order = np.argsort(-stated, kind="stable")
    stated, reached = stated[order], np.cumsum(hits[order]) / np.arange(1, len(order) + 1)
    last_of_its_value = np.append(stated[1:] != stated[:-1], True) if len(stated) else np.zeros(0, bool)
    enough = last_of_its_value & (np.arange(1, len(order) + 1) >= FEWEST)
    return [_limit(precision, stated, np.flatnonzero(enough & (reached >= precision))) for precision in wanted]


def _limit(precision: float, stated: np.ndarray, places: np.ndarray) -> Limit:
    if not len(places):
        return Limit(precision=precision, limit=NEVER, coverage=0.0)
    return Limit(precision=precision, limit=float(stated[places[-1]]), coverage=float((places[-1] + 1) / len(stated)))


def chosen_limits(measured: Mapping[str, Sequence[Limit]], profile: Profile) -> dict[str, float]:
    """Of each measured field the limit for the precision that the profile wants; none for a precision that was not measured."""
    return {
        field: max(limit.limit, LEAST_TRUSTED.get(field, 0.0))
        for field, found in measured.items()
        for limit in found
        if limit.precision == getattr(profile.trust, field)
    }


def needs_a_person(confidence: Mapping[str, float], limit: Mapping[str, float], profile: Profile) -> bool:
    """Whether one of the fields that route a mail is less sure than the profile demands.

    Where no limit was measured, the wanted precision itself is the limit.
    """
    return any(confidence[field] < limit.get(field, getattr(profile.trust, field)) for field in FIELDS_OF_TRUST)
