"""The only place where people are let in, changed and shut out, by whichever way, and where each of these is noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.people import NewPerson, Note, Noted, Person
from models.store import Store

LINK_LASTS = timedelta(days=3)
BY_PROVIDER = "provider"
"""Who did it, in the log, where it is the identity provider that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who does it, where and when."""

    store: Store
    by: str
    now: datetime

    def note(self, what: Noted, about: str, facts: dict[str, str]) -> None:
        self.store.audit.note([Note(at=self.now, who=self.by, what=what, about=about, facts=facts)])


def hire(hand: Hand, new: NewPerson) -> Person:
    """`ValuesRefusedError` where the login is taken."""
    person = hand.store.people.add(new, hand.now)
    hand.note(Noted.PERSON_CHANGED, person.login, {"new": "yes", "roles": _words(new.roles), "teams": _words(new.teams)})
    return person


def change(hand: Hand, person: Person, new: NewPerson, *, disabled: bool = False) -> None:
    """Noted from what to what; not at all where nothing changes. `ValuesRefusedError` where the login is somebody else's."""
    facts = _difference(person, new, disabled=disabled)
    if not facts:
        return
    hand.store.people.change(person.id, new, hand.now, disabled=disabled)
    hand.note(Noted.PERSON_CHANGED, new.login, facts)


def invite(hand: Hand, person: Person) -> str:
    """The path of a link that lets the person in once and lasts three days; not for whom a provider vouches for (`is_local`)."""
    token = hand.store.people.invite(person.id, hand.now + LINK_LASTS)
    hand.note(Noted.INVITED, person.login, {})
    return f"/invitation/{token}"


def is_local(person: Person) -> bool:
    """Whether a password here is their way in. One beside the provider's would still open where the provider has shut."""
    return person.subject is None


def as_before(person: Person) -> NewPerson:
    """What stands, to be said anew with a part of it changed."""
    return NewPerson(login=person.login, name=person.name, roles=person.roles, teams=person.teams, subject=person.subject)


def _difference(person: Person, new: NewPerson, *, disabled: bool) -> dict[str, str]:
    before = {"login": person.login, "name": person.name, "roles": _words(person.roles), "teams": _words(person.teams)}
    after = {"login": new.login, "name": new.name, "roles": _words(new.roles), "teams": _words(new.teams)}
    found = {key: f"{before[key]} > {after[key]}" for key in before if before[key] != after[key]}
    return found | ({"disabled": "yes" if disabled else "no"} if disabled != person.disabled else {})


def _words(values: frozenset[str]) -> str:
    return ",".join(sorted(values))
