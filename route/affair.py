"""The only place for what a decision about a major incident or outage needs at hand: the incident, its tickets, the hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.incidents import Incident, IncidentState
from models.kinds import ParcelKind, TicketStatus
from models.outcomes import ParcelDraft
from models.profiles import Profile
from models.views import TicketView
from route.post import Post
from route.routine import Routine


@dataclass(frozen=True, slots=True, kw_only=True)
class Affair:
    """A major incident or outage with its tickets, at an hour. `attached` are the tickets besides the parent."""

    incident: Incident
    parent: TicketView
    attached: Sequence[TicketView]
    routine: Routine
    now: datetime

    @property
    def is_proposed(self) -> bool:
        """A lead has not said yet whether it is one."""
        return self.incident.state is IncidentState.PROPOSED

    @property
    def stands(self) -> bool:
        """It is one: planned, going on or over."""
        return self.incident.state not in (IncidentState.PROPOSED, IncidentState.DECLINED)

    @property
    def profile(self) -> Profile:
        return self.routine.profile

    @property
    def post(self) -> Post:
        return Post(ticket=self.parent, routine=self.routine, now=self.now)

    def of(self, ticket: TicketView) -> Post:
        return Post(ticket=ticket, routine=self.routine, now=self.now)

    def to_manager(self, kind: ParcelKind, /, **facts: str) -> ParcelDraft:
        """To who manages it; to the parent's team where nobody does."""
        return self.post.to_address(kind, self.incident.manager or self.post.team_address, **facts)

    def unsolved(self) -> list[TicketView]:
        return [ticket for ticket in self.attached if ticket.status is not TicketStatus.SOLVED]

    def hit(self) -> list[TicketView]:
        """Whose reporters are told how it stands, one ticket each; the parent of an outage is only the notice of it."""
        told = self.unsolved() if self.incident.announced else [self.parent, *self.unsolved()]
        return list({ticket.reporter: ticket for ticket in reversed(told)}.values())[::-1]
