"""The pages, really served over a store, and people of the desk at their browsers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx

from models.case_numbers import CaseNumbers
from models.people import NewPerson, Note, NoteSearch, Person, Role
from models.profiles import Profile
from models.store import Store
from review.app import make_app
from review.visit import Site
from route.routine import Routine
from run.later import press_of, settler
from run.web import Place, WebServer

CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Clock:
    """The site's hour, moved by hand."""

    now: datetime = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_on(self, time: timedelta) -> None:
        self.now += time


class Browser:
    """One browser: it keeps its cookies and says where its forms come from. Redirects are shown, not followed."""

    def __init__(self, address: str) -> None:
        self.client = httpx.Client(base_url=address, headers={"origin": address, "accept-language": "nb"}, timeout=60, trust_env=False)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def text(self, path: str) -> str:
        """The page as HTML; it must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text

    def csrf(self) -> str:
        found = CSRF.search(self.text("/"))
        assert found, "nobody is signed in"
        return found[1]

    def send(self, path: str, **form: str) -> httpx.Response:
        """A form of a page of ours."""
        return self.client.post(path, data={"csrf": self.csrf()} | form)


@dataclass
class Desk:
    """The pages of one organisation. `browser()` is a stranger's, `person(...)` that of somebody signed in."""

    store: Store
    site: Site
    served_at: str
    clock: Clock
    closing: list[httpx.Client]

    @property
    def address(self) -> str:
        return self.site.address

    def browser(self) -> Browser:
        browser = Browser(self.address)
        self.closing.append(browser.client)
        return browser

    def hire(self, login: str, *roles: Role, teams: frozenset[str] = frozenset()) -> Person:
        return self.store.people.add(NewPerson(login=login, name=login.title(), roles=frozenset(roles), teams=teams), self.clock())

    def link(self, person: Person) -> str:
        """The path of a link that lets them in once."""
        return f"/invitation/{self.store.people.invite(person.id, self.clock() + timedelta(days=1))}"

    def person(self, login: str, *roles: Role, teams: frozenset[str] = frozenset()) -> Browser:
        """A browser in which this person, who is new, is signed in."""
        browser = self.browser()
        answer = browser.client.post(self.link(self.hire(login, *roles, teams=teams)))
        assert answer.status_code == 303
        return browser


def wired(site: Site) -> Site:
    """With all that the program gives its pages from other floors."""
    kept = site.store, site.profile, site.clock
    return replace(site, settle=settler(*kept), reports=press_of(*kept))


@contextmanager
def served(profile: Profile, store: Store, change: Callable[[Site], Site] = lambda site: site) -> Iterator[Desk]:
    """The pages on a port of their own, until the block ends."""
    clock, place = Clock(), Place("127.0.0.1", 0)
    numbers = CaseNumbers(profile.desk.case_prefix, b"x" * 32)
    site = change(Site(routine=Routine.of(profile), store=store, numbers=numbers, address=place.address, clock=clock))
    server, closing = WebServer(make_app(site), place), list[httpx.Client]()
    server.start()
    try:
        yield Desk(store=store, site=site, served_at=place.address, clock=clock, closing=closing)
    finally:
        for client in closing:
            client.close()
        server.stop()


def all_noted(store: Store) -> list[Note]:
    """The log of access, the oldest first."""
    return list(store.audit.read(NoteSearch(since=datetime(2000, 1, 1, tzinfo=UTC), until=datetime(2100, 1, 1, tzinfo=UTC))))
