"""The only place where fields that the policy ties together are decided together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from classify.fields import Value
from models.profiles import Agreement, Profile, written

TIED = ("type", "priority", "scope", "team", "patient_safety")
"""The fields that agreements and clauses may name, in the order they are decided."""
LEAST = 1e-6
"""No probability counts as less: what a model never saw may still be demanded by policy."""

Chances = Mapping[str, NDArray[np.float64]]
"""Of each field the probability of each of its values."""


@dataclass(frozen=True, kw_only=True)
class Joint:
    """Every combination of the tied fields' values that an organisation's agreements allow.

    `values` are each field's, in the order of its probabilities. `independence` is how far the fields count as witnesses of
    their own: 1 where they are, less where they say the same thing twice; measured on held-out mails.
    """

    profile: Profile
    values: Mapping[str, Sequence[Value]]
    independence: float = 1.0

    @cached_property
    def _fields(self) -> list[str]:
        return [field for field in TIED if field in self.values]

    @cached_property
    def _allowed(self) -> NDArray[np.int64]:
        """One row a combination, one column a field: places in `values`."""
        everything = product(*(range(len(self.values[field])) for field in self._fields))
        agreements = tuple(self.profile.agreements.values())
        kept = [row for row in everything if agrees({f: self.values[f][p] for f, p in zip(self._fields, row, strict=True)}, agreements)]
        return np.array(kept or list(product(*(range(len(self.values[field])) for field in self._fields))), dtype=np.int64)

    @cached_property
    def _grave(self) -> NDArray[np.bool_]:
        """Of each combination whether its priority is grave."""
        levels = np.array([int(value or 0) for value in self.values["priority"]])
        return np.asarray(levels[self._allowed[:, self._fields.index("priority")]] <= self.profile.grave_priority)

    def decide(self, chances: Chances, most: int | None = None) -> tuple[dict[str, Value], dict[str, float]]:
        """The likeliest allowed combination, and of each of its values how likely it is, the agreements counted in.

        A grave priority counts `miss_cost` times: a miss costs more. `most` is the mildest priority that may be said.
        """
        allowed = self._allowed
        logs = np.sum([np.log(np.maximum(chances[f], LEAST))[allowed[:, n]] for n, f in enumerate(self._fields)], axis=0)
        shares = np.exp((logs - logs.max()) * self.independence)
        shares /= shares.sum()
        best = allowed[int(self._weighed(shares, most).argmax())]
        sure = {field: float(shares[allowed[:, n] == best[n]].sum()) for n, field in enumerate(self._fields)}
        return {field: self.values[field][place] for field, place in zip(self._fields, best, strict=True)}, sure

    def chance_of(self, chances: Chances, truth: Mapping[str, Value]) -> float:
        """How likely the fields together make a true combination; 0 where agreements forbid it."""
        allowed = self._allowed
        logs = np.sum([np.log(np.maximum(chances[f], LEAST))[allowed[:, n]] for n, f in enumerate(self._fields)], axis=0)
        shares = np.exp((logs - logs.max()) * self.independence)
        true = np.all([allowed[:, n] == self.values[f].index(truth[f]) for n, f in enumerate(self._fields)], axis=0)
        return float(shares[true].sum() / shares.sum())

    def _weighed(self, shares: NDArray[np.float64], most: int | None) -> NDArray[np.float64]:
        weighed = np.where(self._grave, shares * self.profile.miss_cost, shares)
        if most is None:
            return weighed
        levels = np.array([int(value or 0) for value in self.values["priority"]])[self._allowed[:, self._fields.index("priority")]]
        possible = levels <= most
        return np.where(possible, weighed + LEAST**4, 0.0) if possible.any() else weighed


def agrees(labels: Mapping[str, Value], agreements: Collection[Agreement]) -> bool:
    """Whether no agreement is broken; one that names a field which is not given is not asked."""
    return not any(broken(labels, agreement) for agreement in agreements)


def broken(labels: Mapping[str, Value], agreement: Agreement) -> bool:
    """Whether all that it asks holds and something that follows from it does not."""
    given = {condition.partition("=")[0] for condition in (*agreement.when, *agreement.then)}
    if not given <= labels.keys():
        return False
    return all(_holds(condition, labels) for condition in agreement.when) and not all(_holds(c, labels) for c in agreement.then)


def decides(agreement: Agreement, values: Mapping[str, Value], changed: Collection[str]) -> bool:
    """Whether it holds and one of the fields that follow from it was changed from what it would have been alone."""
    followers = {condition.partition("=")[0] for condition in agreement.then}
    return not followers.isdisjoint(changed) and all(_holds(condition, values) for condition in agreement.when)


def _holds(condition: str, labels: Mapping[str, Value]) -> bool:
    field, _, values = condition.partition("=")
    return written(labels[field]) in values.split("|")
