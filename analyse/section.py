"""The only place for what a report's page is made of: sections of tables, each with its picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyse.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A table and the picture that it is of, if any.

    A `folded` table is opened by its reader; one without a picture never is. A `narrow` exhibit stands beside another.
    """

    table: Table
    picture: str = ""
    folded: bool = True
    narrow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One question that the report answers. `note` says how it is counted, and stands alone where there is nothing to show."""

    name: str
    title: str
    note: str
    exhibits: Sequence[Exhibit] = ()
