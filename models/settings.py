"""The only place for settings as people look at them: what is set, and which file or variable says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

NOTHING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One value, written for people. `key` is dotted; `is_own`: the organisation says so itself, it is no default of the program's. No secret."""

    key: str
    value: str
    source: str
    is_own: bool

    @property
    def table(self) -> str:
        """The first part of its key."""
        return self.key.partition(".")[0]


def leaves_of(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """Every value of a table and of the tables in it, with its dotted key; a table with nothing in it is a value."""
    for key, value in table.items():
        if isinstance(value, Mapping) and value:
            yield from leaves_of(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def told_value(value: object) -> str:
    """A value as people read it, near to how the file writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(map(told_value, value)) or NOTHING
    if isinstance(value, Mapping):
        return "; ".join(f"{key} = {told_value(inner)}" for key, inner in value.items()) or NOTHING
    return NOTHING if value is None or value == "" else str(value)
