"""The only place where a person sees where they are signed in, ends it there, and sets a new password."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from models.people import Noted, SessionLine
from review.doors import IDLE, Door
from review.passwords import SHORTEST, person_with, set_password
from review.staffing import is_local
from review.tries import forgive, may_try
from review.visit import Visit

PATH = "/sessions"
PROGRAMS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
"""What stands in the name that a browser gives itself; each but the first two names later ones too."""
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def show(visit: Visit) -> Response:
    return _page(visit)


def _page(visit: Visit, *, status: int = 200, outcome: str = "") -> Response:
    """Their own, and nobody else's. `outcome` is the key of the sentence that tells what became of a new password."""
    found = visit.store.people.sessions(visit.person.id, visit.now, IDLE)
    return visit.page(
        "sessions.html",
        status=status,
        sessions=[_line(visit, session) for session in found],
        local=is_local(visit.person),
        has_password=_has_password(visit),
        outcome=outcome,
        shortest=SHORTEST,
    )


def end(visit: Visit) -> Response:
    """One of them; what is nobody's, or another's, is over already as far as this person is told."""
    visit.store.people.end_session(visit.person.id, visit.text("session"))
    visit.note(Noted.SIGNED_OUT, about="another browser")
    return visit.go(PATH)


def end_others(visit: Visit) -> Response:
    """All but this one."""
    visit.store.people.end_sessions(visit.person.id, but=visit.session.key if visit.session else "")
    visit.note(Noted.SIGNED_OUT, about="all other browsers")
    return visit.go(PATH)


def change_password(visit: Visit) -> Response:
    """By whom the old one is known, so that a browser left open gives nobody a way in; where there is none yet, by whoever is signed in."""
    person, new = visit.person, str(visit.form.get("new", ""))
    if not is_local(person):
        visit.refuse(404)
    if len(new) < SHORTEST:
        return _page(visit, status=422, outcome="too_short")
    if _has_password(visit):
        if not may_try(visit.peer, person.login):
            visit.refuse(429)
        if person_with(visit.store, person.login, str(visit.form.get("old", ""))) is None:
            visit.note(Noted.REFUSED, about="password")
            return _page(visit, status=403, outcome="wrong_password")
        forgive(visit.peer, person.login)
    set_password(visit.store, person.id, new, but=visit.session.key if visit.session else "")
    visit.note(Noted.PERSON_CHANGED, about=person.login, done="new password")
    return _page(visit, outcome="password_set")


def _has_password(visit: Visit) -> bool:
    found = visit.store.people.password_of(visit.person.login)
    return found is not None and found[1] is not None


def _line(visit: Visit, session: SessionLine) -> dict[str, Any]:
    return {
        "key": session.key,
        "browser": _named(session.browser, PROGRAMS),
        "system": _named(session.browser, SYSTEMS),
        "begun": visit.told(session.begun_at),
        "seen": visit.told(session.seen_at),
        "here": visit.session is not None and session.key == visit.session.key,
    }


def _named(browser: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in names if sign in browser), "")


DOORS = (
    Door(path=PATH, visit=show),
    Door(path=f"{PATH}/end", visit=end, method="POST"),
    Door(path=f"{PATH}/end-others", visit=end_others, method="POST"),
    Door(path=f"{PATH}/password", visit=change_password, method="POST"),
)
