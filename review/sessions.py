"""The only place where a person sees where they are signed in, and ends it there."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from models.people import Noted, SessionLine
from review.doors import IDLE, Door
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
    """Their own, and nobody else's."""
    found = visit.store.people.sessions(visit.person.id, visit.now, IDLE)
    return visit.page("sessions.html", sessions=[_line(visit, session) for session in found])


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
)
