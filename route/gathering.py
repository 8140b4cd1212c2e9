"""The only place for what follows where incidents read alike: proposed to a lead or declared, and gathered under one parent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models.incidents import Incident, IncidentChange, IncidentState
from models.kinds import EventKind, ParcelKind, TicketStatus
from models.outcomes import OtherStep, ParcelDraft, Step, TicketChange
from models.views import TicketView
from route.incident import lines_of, next_status
from route.post import Post, team_address
from route.routine import Routine
from route.surge import Surge


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """A surge with its tickets, the first that came as the parent, at an hour. `proposal` is what a lead was told of it before."""

    surge: Surge
    parent: TicketView
    others: Sequence[TicketView]
    proposal: Incident | None
    routine: Routine
    now: datetime

    @property
    def post(self) -> Post:
        return Post(ticket=self.parent, routine=self.routine, now=self.now)


def gather(gathering: Gathering) -> Step:
    """The parent's step: a lead is asked, once; above the profile's limit the major incident is declared, and the leads and the duty are told."""
    attach = tuple(ticket.id for ticket in gathering.others)
    if gathering.surge.declared:
        step = told_of_it(gathering.parent, gathering.others, gathering.routine, gathering.now)
        parcels = (_to_leads(gathering), *_to_duty(gathering), *step.parcels)
        started = TicketChange(start=next_status(gathering.routine, gathering.now))
        change = IncidentChange(state=IncidentState.ONGOING, starts_at=gathering.parent.opened_at, attach=attach)
        return replace(step, parcels=parcels, change=started, incident=change)
    change = IncidentChange(state=IncidentState.PROPOSED, starts_at=gathering.parent.opened_at, attach=attach)
    parcels = () if gathering.proposal else (_to_leads(gathering),)
    return Step(event=EventKind.SURGE, parcels=parcels, incident=change)


def told_of_it(parent: TicketView, others: Sequence[TicketView], routine: Routine, now: datetime) -> Step:
    """Every reporter besides the parent's hears once that others report the same; every team besides the parent's, which cases of it belong there."""
    posts = [Post(ticket=ticket, routine=routine, now=now) for ticket in others if ticket.status is not TicketStatus.SOLVED]
    told = {post.ticket.reporter: post for post in reversed(posts)} | {parent.reporter: Post(ticket=parent, routine=routine, now=now)}
    steps = tuple(OtherStep(ticket=post.ticket.id, step=_gathered(post, told=told[post.ticket.reporter] is post)) for post in posts)
    return Step(event=EventKind.DECLARED, parcels=tuple(_to_teams(told[parent.reporter], posts)), others=steps)


def _gathered(post: Post, *, told: bool) -> Step:
    return Step(event=EventKind.GATHERED, parcels=(post.to_reporter(ParcelKind.KNOWN_FAULT),) if told else ())


def _to_teams(parent: Post, posts: Sequence[Post]) -> Iterator[ParcelDraft]:
    for team in sorted({post.ticket.team for post in posts} - {parent.ticket.team}):
        mine = [post.ticket for post in posts if post.ticket.team == team]
        yield parent.to_team(ParcelKind.GATHERED, team, cases="\n".join(lines_of(mine, parent.profile)))


def _to_leads(gathering: Gathering) -> ParcelDraft:
    """To who decides on major incidents; to who decides in doubt where nobody is named."""
    profile, parent = gathering.routine.profile, gathering.parent
    team = profile.decision.team or profile.doubt_team
    address = profile.decision.address or team_address(team, parent.reporter, parent.reporter_kind, profile)
    return gathering.post.to_address(ParcelKind.SURGE, address, **_facts(gathering))


def _to_duty(gathering: Gathering) -> tuple[ParcelDraft, ...]:
    """The first who is called for grave matters, where anybody is."""
    called = gathering.routine.profile.alarm.called(0)
    return tuple(replace(parcel, facts=_facts(gathering)) for parcel in gathering.post.to_contacts(ParcelKind.SURGE, called))


def _facts(gathering: Gathering) -> dict[str, str]:
    surge, profile = gathering.surge, gathering.routine.profile
    return {
        **gathering.post.standing(),
        "reporters": str(surge.reporters),
        "words": ", ".join(surge.label),
        "cases": "\n".join(lines_of((gathering.parent, *gathering.others), profile)),
        "declared": "yes" if surge.declared else "",
    }
