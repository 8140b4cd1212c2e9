"""The only place that puts a repeat problem and its figures together as people see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analyse.accounts import account_of
from models.records import TicketId
from models.repeats import Account, Case, Direction, Family, Repeat, reason_of, repeat_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A repeat problem, or what keeps coming back over months, with its figures.

    `repeat` is the number that people say, `label` too where no word tells the cases from others. `trend` is in cases a week, more each week than the week before; `automation` is 0 to 1.
    """

    repeat: str
    label: str
    tickets: tuple[TicketId, ...]
    reporters: int
    first: datetime
    last: datetime
    direction: Direction
    trend: float
    service: str
    median_hours_to_solve: float | None
    known_solution: str | None
    automation: float
    reason: str


def listing(found: Sequence[Repeat | Family], cases: Sequence[Case], sentences: Mapping[str, str]) -> list[Listed]:
    """The most frequent first. `cases` are all that were looked at, first come first; `sentences` is the table `[automation]` of `data/pages`."""
    by_ticket = {case.ticket: case for case in cases}
    return [
        listed(one, account_of([by_ticket[ticket] for ticket in one.tickets], cases[0].at, cases[-1].at), sentences)
        for one in sorted(found, key=lambda one: (-len(one.tickets), one.first))
    ]


def listed(one: Repeat | Family, account: Account, sentences: Mapping[str, str]) -> Listed:
    """One, with figures that are known already."""
    named = one.name if isinstance(one, Repeat) else None
    number = repeat_number(one.id) if isinstance(one, Repeat) else f"F-{one.tickets[0]}"
    return Listed(
        repeat=number,
        label=named or ", ".join(one.label) or number,
        tickets=one.tickets,
        reporters=account.reporters,
        first=account.first,
        last=account.last,
        direction=account.trend.direction,
        trend=account.trend.a_week,
        service=one.service,
        median_hours_to_solve=account.median_hours_to_solve,
        known_solution=account.known_solution.text if account.known_solution else None,
        automation=account.automation.score,
        reason=reason_of(account, sentences),
    )
