"""The only place where a long list is cut into pages that stand in the address bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urlencode

from review.visit import Visit

T = TypeVar("T")
MOST_DIGITS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page of a list, the first being 1. `before` and `after` are addresses, empty where there is no such page."""

    number: int
    size: int
    before: str = ""
    after: str = ""

    @property
    def asked(self) -> int:
        """One more than is shown tells whether there is another page."""
        return self.size + 1

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    def shown(self, found: Sequence[T]) -> Sequence[T]:
        return found[: self.size]

    def turned(self, found: Sequence[T], visit: Visit) -> Leaf:
        """With its neighbours."""
        return replace(
            self,
            before=_address(visit, self.number - 1) if self.number > 1 else "",
            after=_address(visit, self.number + 1) if len(found) > self.size else "",
        )


def leaf_of(visit: Visit, size: int) -> Leaf:
    """The page that the address asks for; 404 where it is no number."""
    number = visit.query.get("page", "1")
    if not (number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS and int(number)):
        visit.refuse(404)
    return Leaf(number=int(number), size=size)


def _address(visit: Visit, number: int) -> str:
    kept = [(key, value) for key, value in visit.query.multi_items() if key != "page" and value]
    return f"{visit.path}?{urlencode([*kept, ('page', number)])}"
