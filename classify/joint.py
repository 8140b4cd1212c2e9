"""The only place where fields that the policy ties together are decided together."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from classify.fields import Value
from models.parts import Agreement
from models.profiles import Profile, all_hold

TIED = ("type", "priority", "scope", "team", "patient_safety")
"""The fields that agreements and clauses may name, in the order they are decided."""
LEAST = 1e-6
"""No probability counts as less: what a model never saw may still be demanded by policy."""

Chances = Mapping[str, NDArray[np.float64]]
"""Of each field the probability of each of its values."""


@dataclass(frozen=True, slots=True)
class Sureness:
    """A line through log-odds (Platt, 1999): probability as claimed to probability as held-out mails showed it."""

    slope: float
    offset: float

    def of(self, claimed: float) -> float:
        return 1 / (1 + math.exp(-(self.slope * log_odds(claimed) + self.offset)))


AS_IT_IS = Sureness(1.0, 0.0)


def log_odds(probability: float) -> float:
    inside = min(max(probability, LEAST), 1 - LEAST)
    return math.log(inside / (1 - inside))


@dataclass(frozen=True, kw_only=True)
class Joint:
    """Every combination of the tied fields' values that an organisation's agreements allow.

    `values` are each field's, in the order of its probabilities. `independence` is how far the fields count as witnesses of
    their own: 1 where they are, less where they say the same thing twice; measured on held-out mails. `sureness` corrects how
    likely each field's value is said to be: what is said to be safe, and what agreements bring about, is not as likely as it looks.
    """

    profile: Profile
    values: Mapping[str, Sequence[Value]]
    independence: float = 1.0
    sureness: Mapping[str, Sureness] = field(default_factory=dict)

    @cached_property
    def _fields(self) -> list[str]:
        return [field for field in TIED if field in self.values]

    @cached_property
    def _places(self) -> dict[str, NDArray[np.int64]]:
        """Of each field, for each allowed combination, the place of its value in `values`."""
        everything = product(*(range(len(self.values[field])) for field in self._fields))
        agreements = tuple(self.profile.agreements.values())
        kept = [row for row in everything if agrees({f: self.values[f][p] for f, p in zip(self._fields, row, strict=True)}, agreements)]
        rows = np.array(kept or list(product(*(range(len(self.values[field])) for field in self._fields))), dtype=np.int64)
        return {field: np.ascontiguousarray(rows[:, column]) for column, field in enumerate(self._fields)}

    @cached_property
    def _members(self) -> dict[str, NDArray[np.float64]]:
        """Of each field one row a value: 1 for each combination that holds it."""
        return {
            field: np.array([self._places[field] == place for place in range(len(self.values[field]))], float) for field in self._fields
        }

    @cached_property
    def _grave(self) -> NDArray[np.bool_]:
        """Of each combination whether its priority is grave."""
        return self._levels <= self.profile.grave_priority

    @cached_property
    def _levels(self) -> NDArray[np.int64]:
        """Of each combination its priority."""
        return np.array([int(value or 0) for value in self.values["priority"]])[self._places["priority"]]

    def decide(self, chances: Chances, most: int | None = None) -> tuple[dict[str, Value], dict[str, float]]:
        """The likeliest allowed combination, and of each of its values how likely it is, the agreements counted in.

        A grave priority counts `miss_cost` times: a miss costs more. `most` is the mildest priority that may be said.
        """
        shares = self._shares(chances)
        best = int(self._weighed(shares, most).argmax())
        places = {field: int(self._places[field][best]) for field in self._fields}
        sure = {
            field: self.sureness.get(field, AS_IT_IS).of(float(self._members[field][place] @ shares)) for field, place in places.items()
        }
        return {field: self.values[field][place] for field, place in places.items()}, sure

    def chance_of(self, chances: Chances, truth: Mapping[str, Value]) -> float:
        """How likely the fields together make a true combination; 0 where agreements forbid it."""
        true = np.all([self._places[field] == self.values[field].index(truth[field]) for field in self._fields], axis=0)
        return float(self._shares(chances)[true].sum())

    def _shares(self, chances: Chances) -> NDArray[np.float64]:
        """Of each allowed combination how likely it is; together 1."""
        logs = np.zeros(len(self._grave))
        for name in self._fields:
            logs += np.log(np.maximum(chances[name], LEAST))[self._places[name]]
        shares = np.exp((logs - logs.max()) * self.independence)
        return np.asarray(shares / shares.sum())

    def _weighed(self, shares: NDArray[np.float64], most: int | None) -> NDArray[np.float64]:
        weighed = np.where(self._grave, shares * self.profile.miss_cost, shares)
        if most is None:
            return weighed
        possible = self._levels <= most
        return np.where(possible, weighed, -1.0) if possible.any() else weighed


def agrees(labels: Mapping[str, Value], agreements: Collection[Agreement]) -> bool:
    """Whether no agreement is broken; one that names a field which is not given is not asked."""
    return not any(broken(labels, agreement) for agreement in agreements)


def broken(labels: Mapping[str, Value], agreement: Agreement) -> bool:
    """Whether all that it asks holds and something that follows from it does not."""
    given = {condition.partition("=")[0] for condition in (*agreement.when, *agreement.then)}
    if not given <= labels.keys():
        return False
    return all_hold(agreement.when, labels) and not all_hold(agreement.then, labels)


def decides(agreement: Agreement, values: Mapping[str, Value], changed: Collection[str]) -> bool:
    """Whether it holds and one of the fields that follow from it was changed from what it would have been alone."""
    followers = {condition.partition("=")[0] for condition in agreement.then}
    return not followers.isdisjoint(changed) and all_hold(agreement.when, values)
