"""The only place for what an organisation's routine needs at hand: its profile and its clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.profiles import Profile
from route.hours import OfficeHours, clocks_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """How one organisation works; every decision about a ticket's way is made with one of these and the hour."""

    profile: Profile
    clocks: Mapping[str, OfficeHours]

    @classmethod
    def of(cls, profile: Profile) -> Routine:
        """Raises `ProfileError` where the profile's hours cannot be counted."""
        return cls(profile=profile, clocks=clocks_of(profile))

    def reached(self, team: str, priority: int, now: datetime) -> datetime | None:
        """When a team that has office hours may be written to, None for at once; priority 1 always is."""
        hours = self.profile.teams[team].hours
        return None if not hours or priority == 1 else self.clocks[hours].next_open(now)
