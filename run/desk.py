"""The only place for what one organisation needs to be at work: made once, handed to every stage that wants it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from classify.chain import Classifiers
from models.case_numbers import CaseNumbers
from models.kinds import Mode
from models.outcomes import Scene
from models.profiles import Profile
from models.scenes import scene_of
from models.store import Store
from models.views import TicketView
from route.affair import Affair
from route.call import Hooks
from route.routine import Routine
from route.templates import Templates
from run.current import CurrentModel
from run.lookout import Lookout
from run.memory import Memory
from run.teacher import Teacher

Clock = Callable[[], datetime]
"""Says what hour it is, in UTC."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One organisation at work. `modes` says per account how far to go; `worker` is this process's name in the outbox."""

    routine: Routine
    store: Store
    current: CurrentModel
    teacher: Teacher
    templates: Templates
    numbers: CaseNumbers
    modes: Mapping[str, Mode]
    worker: str
    hooks: Hooks
    lookout: Lookout
    memory: Memory
    home: Path
    clock: Clock = utc_now

    @property
    def profile(self) -> Profile:
        return self.routine.profile

    @property
    def classifiers(self) -> Classifiers:
        return self.current.classifiers()

    def affair_of(self, ticket: TicketView) -> Affair | None:
        """The major incident or outage that a ticket belongs to, with its tickets."""
        incident = self.store.incidents.of_ticket(ticket.id) if ticket.incident else None
        parent = self.store.tickets.find(incident.parent) if incident else None
        if incident is None or parent is None:
            return None
        attached = self.store.tickets.find_all(incident.members)
        return Affair(incident=incident, parent=parent, attached=attached, routine=self.routine, now=self.clock())

    def own_addresses(self) -> frozenset[str]:
        return frozenset(address.lower() for address in self.profile.desk.addresses)

    def mode_of(self, account: str) -> Mode:
        """An account that is no longer configured may send nothing."""
        return self.modes.get(account, Mode.SHADOW)

    def scene(self) -> Scene:
        return scene_of(self.profile, self.clock())
