"""The only place where a visit begins: who it is, whether they may, whether the form is ours."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import FormData, Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.people import EVERYONE, Role, Session
from review.visit import Site, Visit

IDLE = timedelta(hours=2)
FOLLOWS = "x-follow"
"""A header of what a page asks by itself: nobody sits there for it."""
MOST_FORM = 200_000
"""Bytes of a form: a person's words, no files."""
SIGN_IN = "/sign-in"
OWN_SITES = ("same-origin", "none")
"""Values of Sec-Fetch-Site that a form of ours has; "none" is the address bar."""


class _RowNumber(Convertor[int]):
    """A number in an address, as a row may have it: an endless one is no address of ours, where Starlette's own would fail on it."""

    regex = "[0-9]{1,9}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("row", _RowNumber())


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """An address, what is done there, and for whom: no role means that nobody needs to be signed in. `{name:row}` is a number."""

    path: str
    visit: Callable[[Visit], Response]
    roles: frozenset[Role] = EVERYONE
    method: str = "GET"


def cookie_name(site: Site) -> str:
    """With the prefix that binds a cookie to one host and to TLS (RFC 6265bis, 4.1.3.2), where there is TLS."""
    return "__Host-saksgang" if site.is_secure else "saksgang"


def set_cookie(answer: Response, site: Site, name: str, value: str, lasts: timedelta) -> None:
    """For our own pages alone, unseen by scripts."""
    answer.set_cookie(name, value, max_age=int(lasts.total_seconds()), secure=site.is_secure, httponly=True, samesite="lax")


def drop_cookie(answer: Response, site: Site, name: str) -> None:
    answer.delete_cookie(name, secure=site.is_secure, httponly=True, samesite="lax")


def route(door: Door, site: Site) -> Route:
    async def opened(request: Request) -> Response:
        form = await _form(request) if door.method == "POST" else FormData()
        return await run_in_threadpool(_enter, door, site, request, form)

    return Route(door.path, opened, methods=[door.method], name=f"{door.method} {door.path}")


def _enter(door: Door, site: Site, request: Request, form: FormData) -> Response:
    session = _session(site, request)
    if door.method == "POST":
        _must_come_from_us(request.headers, site)
        if door.roles and session:
            _must_have_its_secret(request.headers, form, session)
    if door.roles and session is None:
        return _to_sign_in(request)
    if door.roles and session and not session.person.roles & door.roles:
        raise HTTPException(403)
    visit = Visit(
        site=site,
        now=site.clock(),
        session=session,
        path=request.url.path,
        here=_here(door, request),
        asked=request.path_params,
        query=request.query_params,
        form=form,
        accepts=request.headers.get("accept-language", ""),
        peer=request.client.host if request.client else "",
        cookies=request.cookies,
        browser=request.headers.get("user-agent", ""),
    )
    return door.visit(visit)


def _here(door: Door, request: Request) -> str:
    """What was drawn by a form cannot be asked for again; where strangers come in, what they bring is not carried on."""
    if door.method != "GET":
        return "/"
    return f"{request.url.path}?{request.url.query}" if request.url.query and door.roles else request.url.path


def _session(site: Site, request: Request) -> Session | None:
    token = request.cookies.get(cookie_name(site))
    return site.store.people.session(token, site.clock(), IDLE, used=FOLLOWS not in request.headers) if token else None


def _to_sign_in(request: Request) -> Response:
    if request.method != "GET":
        raise HTTPException(401)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{SIGN_IN}?next={quote(wanted, safe='')}", status_code=303)


def _must_come_from_us(headers: Headers, site: Site) -> None:
    """The browser says that the form came from a page of ours: all do (Fetch, 3.2), and what says nothing is none."""
    origin, fetched_from = headers.get("origin"), headers.get("sec-fetch-site")
    says_nothing = origin is None and fetched_from is None
    if says_nothing or origin not in (None, site.address) or fetched_from not in (None, *OWN_SITES):
        raise HTTPException(403)


def _must_have_its_secret(headers: Headers, form: FormData, session: Session) -> None:
    """The session's own secret stands in each form that its person is shown. Doors that are open to strangers have none to ask for."""
    given = form.get("csrf", headers.get("x-csrf", ""))
    if not (isinstance(given, str) and hmac.compare_digest(given.encode(errors="replace"), session.csrf.encode())):
        raise HTTPException(403)


async def _form(request: Request) -> FormData:
    """At most so long, whatever is sent."""
    try:
        length = int(request.headers.get("content-length", ""))
    except ValueError:
        raise HTTPException(411) from None
    if length > MOST_FORM:
        raise HTTPException(413)
    return await request.form(max_files=0, max_fields=1000)
