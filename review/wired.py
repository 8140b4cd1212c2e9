"""The only place that says what pages need from floors that they may not see: the program wires it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from models.records import TicketId
from models.repeats import RepeatId

Settle = Callable[[Sequence[TicketId]], RepeatId | None]
"""Makes what a person said of these cases hold at once; the repeat that the first of them is in now, None where it is in none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days on the organisation's calendar, from `first` up to `after`, which is not one of them."""

    first: date
    after: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The report of some days: a page of its own, and the policy under which a browser may show it (CSP)."""

    title: str
    span: str
    page: str
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file for other programs."""

    name: str
    kind: str
    content: bytes


class Reports(Protocol):
    """Reports as they are built: one at a time, each once."""

    def days(self, week: str, since: str, until: str) -> Days:
        """The days that an address asks for: a week (`2026-W07`), or days (`2026-02-01`, the last among them); the newest week that is over.

        `ValueError` where they are none, or too many.
        """

    def weeks(self) -> Sequence[str]:
        """The weeks that can be chosen, the newest that is over first."""

    def built(self, days: Days, wait: float) -> Built | None:
        """The report, or None where it is not ready after so many seconds: it is being built, ask again."""

    def tables(self, days: Days, form: str, wait: float) -> Download | None:
        """Its tables as `csv`, `excel` or `parquet`; None as above. `ValueError` for any other form."""
