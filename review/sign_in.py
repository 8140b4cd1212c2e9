"""The only place where people come in and go out: by password, or by a link that works once and sets one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from starlette.responses import Response

from models.errors import ProviderError
from models.people import EVERYONE, Noted, Person
from review.doors import SIGN_IN, Door, cookie_name, drop_cookie, set_cookie
from review.passwords import SHORTEST, person_with, set_password
from review.staffing import Hand
from review.tries import forgive, may_try
from review.visit import LANGUAGES, Visit, inside

LASTS = timedelta(hours=12)


def show(visit: Visit) -> Response:
    return visit.page("sign_in.html", failed=False, next=inside(visit.query.get("next", "")))


def enter(visit: Visit) -> Response:
    """A person and a password. Whichever of them is wrong, the answer is the same."""
    login = visit.text("login").lower()
    if not may_try(visit.peer, login):
        visit.refuse(429)
    person = person_with(visit.store, login, str(visit.form.get("password", "")))
    if person is None:
        visit.note(Noted.REFUSED, about="password")
        return visit.page("sign_in.html", status=403, failed=True, next=inside(visit.text("next")))
    forgive(visit.peer, login)
    return welcome(visit, person, inside(visit.text("next")), "password")


def welcome(visit: Visit, person: Person, next: str, how: str) -> Response:
    """A session of their own, new with each sign-in, so that none can be planted; the one that this browser had is over."""
    if visit.session:
        visit.store.people.end_session(visit.session.person.id, visit.session.key)
    ends_at = visit.now + LASTS
    token = visit.store.people.begin_session(person.id, visit.now, ends_at, visit.browser)
    Hand(store=visit.store, by=person.login, now=visit.now).note(Noted.SIGNED_IN, how, {})
    answer = visit.go(next)
    set_cookie(answer, visit.site, cookie_name(visit.site), token, LASTS)
    return answer


def leave(visit: Visit) -> Response:
    """This browser's session ends, and the provider's: the next one at a shared machine would come in by it.

    The way there is a page and no redirect, for our own policy lets no form lead elsewhere.
    """
    visit.note(Noted.SIGNED_OUT)
    if visit.session:
        visit.store.people.end_session(visit.session.person.id, visit.session.key)
    elsewhere = _farewell(visit)
    answer = replace(visit, session=None).page("signed_out.html", elsewhere=elsewhere) if elsewhere else visit.go(SIGN_IN)
    drop_cookie(answer, visit.site, cookie_name(visit.site))
    return answer


def _farewell(visit: Visit) -> str | None:
    """Where the provider ends its session too; None for a local account, and where the provider is away or knows no such thing."""
    entrance = visit.site.entrance
    if entrance is None or visit.person.subject is None:
        return None
    try:
        return entrance.provider.farewell(visit.person.login, f"{visit.site.address}{SIGN_IN}")
    except ProviderError:
        return None


def invited(visit: Visit) -> Response:
    """The page of a one-time link: it is used up only by the form, for mail scanners open links too."""
    return _invitation(visit)


def accept(visit: Visit) -> Response:
    """In by the link; a password that is given with it holds from now on."""
    password = str(visit.form.get("password", ""))
    if password and len(password) < SHORTEST:
        return _invitation(visit, too_short=True)
    person = visit.store.people.accept(visit.asked["token"], visit.now)
    if person is None:
        return _invitation(visit)
    if password:
        set_password(visit.store, person.id, password)
    return welcome(visit, person, "/", "link")


def _invitation(visit: Visit, *, too_short: bool = False) -> Response:
    """Whom the link is for; that it is used or too old where it is for nobody any more."""
    person = visit.store.people.invited(visit.asked["token"], visit.now)
    status = 404 if person is None else 422 if too_short else 200
    return visit.page("invited.html", status=status, person=person, too_short=too_short, shortest=SHORTEST)


def speak(visit: Visit) -> Response:
    """The language of this person's pages."""
    language = visit.text("language")
    if language not in LANGUAGES:
        visit.refuse(422)
    visit.store.people.speak(visit.person.id, language)
    return visit.go(inside(visit.text("next")))


DOORS = (
    Door(path=SIGN_IN, visit=show, roles=frozenset()),
    Door(path=SIGN_IN, visit=enter, roles=frozenset(), method="POST"),
    Door(path="/sign-out", visit=leave, roles=EVERYONE, method="POST"),
    Door(path="/invitation/{token}", visit=invited, roles=frozenset()),
    Door(path="/invitation/{token}", visit=accept, roles=frozenset(), method="POST"),
    Door(path="/language", visit=speak, roles=EVERYONE, method="POST"),
)
