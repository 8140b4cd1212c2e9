"""The only place where written clauses of the policy act: they may raise a priority and never lower it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from models.parts import Clause
from models.profiles import Profile, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A clause that holds for a mail."""

    name: str
    clause: Clause


def clauses_that_hold(profile: Profile, cues: Collection[str], decided: Mapping[str, object]) -> list[Applied]:
    """Clauses whose needs are all told and whose exceptions are not, the gravest first.

    `cues` are the groups of the lexicon that the mail hits; `decided` what other fields were judged to be, for needs of
    the form `field=value`.
    """
    told = {*cues, *(f"{field}={written(value)}" for field, value in decided.items())}
    held = [
        Applied(name=name, clause=clause)
        for name, clause in profile.clauses.items()
        if told.issuperset(clause.needs) and told.isdisjoint(clause.unless)
    ]
    return sorted(held, key=lambda applied: applied.clause.floor)


def floor_of(held: Collection[Applied], lowest: int) -> int:
    """The priority that must be reached at least; `lowest` where no clause holds."""
    return min((applied.clause.floor for applied in held), default=lowest)
