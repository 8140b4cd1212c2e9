"""The only place that loads, when it is first wanted, what a running desk seldom needs: its start, and a mail, must not wait for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module

from models.profiles import Profile
from models.records import TicketId
from models.repeats import RepeatId
from models.store import Store
from review.wired import Reports, Settle
from run.desk import Clock, Desk


def seek(desk: Desk) -> bool:
    """Seek repeat problems where that is due; where there are no cases there is nothing to load."""
    if desk.store.repeats.span(desk.profile.name) is None:
        return False
    found: bool = import_module("run.seeking").seek(desk)
    return found


def settler(store: Store, profile: Profile, clock: Clock) -> Settle:
    """Makes what a person said of cases hold at once."""

    def settle(tickets: Sequence[TicketId]) -> RepeatId | None:
        found = import_module("run.seeking").settle(store, profile, tickets, clock())
        return next((one.repeat.id for one in found if tickets[0] in one.repeat.tickets), None)

    return settle


def press_of(store: Store, profile: Profile, clock: Clock) -> Callable[[], Reports]:
    """The press of reports, set up by whoever wants the first."""

    @cache
    def press() -> Reports:
        found: Reports = import_module("run.press").Press(store, profile, clock)
        return found

    return press
