"""The only place that keeps what is ordinary at a desk: learned from its own past, anew every night."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.profiles import Profile
from models.store import Store
from route.likeness import Likeness
from route.rates import Period, Rates
from route.surge import Ordinary

LEARNED = timedelta(days=84)
"""So far back a desk looks: twelve weeks tell an hour of the week from the next, and are not last winter."""
MOST_READ = 2_000
"""Incidents from which likeness is learned: more tell little more, and each costs memory."""
FEWEST, SHORTEST = 200, timedelta(days=14)
"""With less behind it a desk does not know what is ordinary, and sees no surge."""
LEARNED_FOR, ASKED_AGAIN = timedelta(days=1), timedelta(hours=1)


class Lookout:
    """What is ordinary at one desk. Threads may share it."""

    def __init__(self, store: Store, profile: Profile) -> None:
        self._incidents = store.incidents
        self._profile = profile
        self._ordinary: Ordinary | None = None
        self._stale_at: datetime | None = None
        self._lock = threading.Lock()

    def ordinary(self, now: datetime) -> Ordinary | None:
        """None where surges are not looked for, or too little is known yet."""
        if not self._profile.surges.proposed_a_month:
            return None
        with self._lock:
            if self._stale_at is None or now >= self._stale_at:
                self._ordinary = self._learned(now)
                self._stale_at = now + (LEARNED_FOR if self._ordinary else ASKED_AGAIN)
            return self._ordinary

    def _learned(self, now: datetime) -> Ordinary | None:
        came = self._incidents.came(self._profile.name, now - LEARNED)
        if len(came) < FEWEST or now - came[0][0] < SHORTEST:
            return None
        past = self._incidents.ordinary(self._profile.name, now - LEARNED, MOST_READ)
        period = Period(since=came[0][0], until=now)
        return Ordinary(
            rates=Rates.learn(came, period, ZoneInfo(self._profile.timezone)),
            likeness=Likeness([(one.service, one.text) for one in past]),
        )
