"""The only place that seeks repeat problems and keeps what was found: among all cases, among the newest, or among some that a person spoke of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

import structlog

from analyse.accounts import account_of
from analyse.repeats import Basis, find_repeats
from analyse.traits import Past
from models.profiles import Profile
from models.records import TicketId
from models.repeats import Case, Repeat, Searched, Summed, Told
from models.store import Store
from run.desk import Desk
from run.guard import Failure, attempt

SOUGHT_EVERY = timedelta(minutes=15)
"""New cases are held against the others no oftener than this."""
KNOWN_AFTER = timedelta(days=2)
"""From so much of a past on it is known what is ordinary; before, whatever came in one hour would look like one fault."""
RECENT = timedelta(weeks=13)
"""The newest cases: more than trends look at, so that what is older changes no more, and a fault seldom lasts so long."""
USUAL = timedelta(days=28)
"""Against so much of the past cases are held that a person spoke of."""

log = structlog.get_logger()


def seek(desk: Desk) -> bool:
    """What is due at a desk; a bug in it is told and stops nothing else."""
    sought = attempt(lambda: seek_again(desk.store, desk.profile, desk.clock()))
    if isinstance(sought, Failure):
        log.error("seeking failed", error=sought.words)
        return False
    return sought


def seek_again(store: Store, profile: Profile, now: datetime) -> bool:
    """Seek where it is time: among all the first time and where a person asked, else among the newest after new ones came.

    False where it is not time, or nobody asks and too little came yet to know what is ordinary.
    """
    before, span = store.repeats.searched(profile.name), store.repeats.span(profile.name)
    if span is None:
        return False
    asked = before.asked_at is not None and (before.whole_at is None or before.asked_at > before.whole_at)
    if not asked and span[1] - span[0] < KNOWN_AFTER:
        return False
    if asked or before.whole_at is None or before.at is None:
        found = seek_all(store, profile, store.repeats.cases(profile.name), now)
    elif span[2] > before.newest and now - before.at >= SOUGHT_EVERY:
        found = seek_newest(store, profile, now)
    else:
        return False
    log.info("repeats sought", profile=profile.name, count=len(found))
    return True


def seek_all(store: Store, profile: Profile, cases: Sequence[Case], now: datetime) -> list[Summed]:
    """The repeats among all cases; each keeps the number that it had."""
    found = _found(cases, Basis(past=Past.learn(cases), told=store.repeats.told(profile.name)), store.repeats.found(profile.name))
    summed = _summed(found, cases, _span(store, profile))
    newest = max((case.ticket for case in cases), default=TicketId(0))
    store.repeats.keep(profile.name, summed, Searched(at=now, whole_at=now, newest=newest))
    return summed


def seek_newest(store: Store, profile: Profile, now: datetime) -> list[Summed]:
    """The repeats among the newest cases and those that these may belong to; all others stay as they were found."""
    known, told, before = store.repeats.found(profile.name), store.repeats.told(profile.name), store.repeats.searched(profile.name)
    recent = store.repeats.cases(profile.name, since=now - RECENT)
    new = {case.ticket for case in recent}
    wanted = _bound_to(new, known, told)
    cases = sorted([*recent, *store.repeats.cases_of(profile.name, wanted - new)], key=lambda case: (case.at, case.ticket))
    found = _found(cases, Basis(past=Past.learn(recent), told=told), known)
    summed = _summed(found, cases, _span(store, profile))
    touched = {repeat.id for repeat in known if wanted.intersection(repeat.tickets)}
    searched = Searched(at=now, whole_at=before.whole_at, newest=max([*new, before.newest]))
    store.repeats.keep(profile.name, summed, searched, instead=touched)
    return summed


def settle(store: Store, profile: Profile, tickets: Collection[TicketId], now: datetime) -> list[Summed]:
    """What a person said of these cases holds at once; no other case is looked at."""
    known, told = store.repeats.found(profile.name), store.repeats.told(profile.name)
    cases = store.repeats.cases_of(profile.name, tickets)
    past = Past.learn([*store.repeats.cases(profile.name, since=now - USUAL), *cases])
    summed = _summed(_found(cases, Basis(past=past, told=told), known), cases, _span(store, profile))
    touched = {repeat.id for repeat in known if set(tickets).intersection(repeat.tickets)}
    store.repeats.keep(profile.name, summed, instead=touched)
    return summed


def _found(cases: Sequence[Case], basis: Basis, known: Sequence[Repeat]) -> tuple[Repeat, ...]:
    return find_repeats(cases, basis, known) if cases else ()


def _bound_to(new: set[TicketId], known: Iterable[Repeat], told: Told) -> set[TicketId]:
    """The new cases and all that hang together with one of them, by what was found or by what a person said."""
    wanted = set(new)
    groups = [*(set(repeat.tickets) for repeat in known), *(set(bond) for bond in told.together)]
    while loose := [group for group in groups if wanted & group and not group <= wanted]:
        wanted.update(*loose)
    return wanted


def _span(store: Store, profile: Profile) -> tuple[datetime, datetime] | None:
    span = store.repeats.span(profile.name)
    return span[:2] if span else None


def _summed(found: Sequence[Repeat], cases: Sequence[Case], span: tuple[datetime, datetime] | None) -> list[Summed]:
    """With figures as of all the time in which cases are known."""
    by_ticket = {case.ticket: case for case in cases}
    return [
        Summed(repeat=repeat, account=account_of([by_ticket[ticket] for ticket in repeat.tickets], *span) if span else None)
        for repeat in found
    ]
