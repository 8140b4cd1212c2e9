"""The only place that says which column of a file is which of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.errors import ColumnsError
from models.history import Column

NEEDED = (Column.ID, Column.OPENED)

Naming = Mapping[str, Column | None]
"""Their name, folded, to ours; None where a column is to be left out though its name is one of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A file's columns by the names it gives them. `unknown` are those that mean nothing here."""

    columns: Mapping[str, Column]
    unknown: tuple[str, ...]


def read_naming(given: Iterable[str]) -> Naming:
    """From `theirs=ours`, or `theirs=` to leave a column out. `ColumnsError` for what is neither."""
    naming: dict[str, Column | None] = {}
    for words in given:
        theirs, equals, ours = (part.strip() for part in words.rpartition("="))
        if not equals or not theirs:
            raise ColumnsError(f"--map {words}: write theirs=ours")
        if ours and ours not in list(Column):
            raise ColumnsError(f"--map {words}: {ours!r} is none of {', '.join(Column)}")
        if ours and ours in naming.values():
            raise ColumnsError(f"--map {words}: another column is `{ours}` already")
        naming[_folded(theirs)] = Column(ours) if ours else None
    return naming


def read_head(names: Sequence[str], naming: Naming) -> Head:
    """Which columns of a file are ours: first as it was asked for, then those that have our names. `ColumnsError` where that cannot be.

    Until a head has what every head needs, its words may be a row of somebody's data: no error cites them.
    """
    missing = naming.keys() - set(map(_folded, names))
    if missing:
        raise ColumnsError(f"--map: the file has no column {min(missing)!r}")
    columns: dict[str, Column] = {}
    for name in names:
        ours = _ours(_folded(name), naming)
        if ours in columns.values():
            raise ColumnsError(f"two columns are `{ours}`; say which one with --map theirs={ours}")
        if ours:
            columns[name] = ours
    for needed in NEEDED:
        if needed not in columns.values():
            raise ColumnsError(f"no column is `{needed}`; say which one with --map theirs={needed}")
    return Head(columns=columns, unknown=tuple(name for name in names if name not in columns and _folded(name) not in naming))


def _ours(folded: str, naming: Naming) -> Column | None:
    """A column that somebody mapped takes the place of one that only has its name."""
    if folded in naming:
        return naming[folded]
    return Column(folded) if folded in list(Column) and folded not in naming.values() else None


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
