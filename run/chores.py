"""The only place that says what a running desk does now and then beside the mails, and how often it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from run.desk import Desk
from run.forgetting import forget
from run.notices import give_notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """Work that never waits for anything. `do` says how many mails it put into the outbox."""

    every: timedelta
    do: Callable[[Desk], int]


def teach(desk: Desk) -> int:
    """Begin a training that was asked for or is due."""
    desk.teacher.look(desk.clock())
    return 0


CHORES = (
    Chore(every=timedelta(minutes=1), do=give_notice),
    Chore(every=timedelta(seconds=15), do=teach),
    Chore(every=timedelta(hours=1), do=forget),
)


class Chores:
    """The chores of one desk; whoever asks how often, each is done no oftener than it should be. One that failed is due at once."""

    def __init__(self, desk: Desk, chores: Sequence[Chore] = CHORES) -> None:
        self._desk = desk
        self._chores = chores
        self._done: dict[int, datetime] = {}

    def when_due(self) -> int:
        """How many mails were made. Raises `StoreError`."""
        made, now = 0, self._desk.clock()
        for place, chore in enumerate(self._chores):
            last = self._done.get(place)
            if last is None or now - last >= chore.every:
                made += chore.do(self._desk)
                self._done[place] = now
        return made
