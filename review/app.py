"""The only place where the pages become one application: every door, the headers of every answer, and what is shown when something fails."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.errors import ChangedMeanwhileError, StoreError, ValuesRefusedError
from models.pages import load_words
from review import (
    analysis,
    audit,
    by_provider,
    case,
    cases,
    home,
    incidents,
    learning,
    people,
    post,
    repeats,
    sessions,
    settings,
    shadow,
    sign_in,
    solutions,
    to_judge,
)
from review.api.mounted import make_api
from review.doors import Door, route
from review.visit import TEMPLATES, Site

PAGES = (
    sign_in,
    by_provider,
    home,
    to_judge,
    cases,
    case,
    post,
    incidents,
    settings,
    shadow,
    solutions,
    repeats,
    analysis,
    learning,
    people,
    audit,
    sessions,
)
DOORS: Sequence[Door] = tuple(door for page in PAGES for door in page.DOORS)
STATIC = TEMPLATES.parent / "static"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # "no-referrer" makes browsers send our own forms with `Origin: null` (Fetch, 3.2)
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}
"""RFC 6797, where the site is reached by TLS."""


def make_app(site: Site) -> ASGIApp:
    """The headers stand outermost: an answer to a bug has them too."""
    static = Mount("/static", StaticFiles(directory=STATIC))
    headers = HEADERS | (ENCRYPTED if site.is_secure else {})

    async def failed(_: Request, error: Exception) -> Response:
        status = _status_of(error)
        return await run_in_threadpool(_failure, site, status)

    answered = dict.fromkeys((HTTPException, StoreError, UnicodeError, Exception), failed)
    return _Headers(
        Starlette(routes=[*(route(door, site) for door in DOORS), static, make_api(site)], exception_handlers=answered), headers
    )


def _status_of(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, ChangedMeanwhileError):
        return HTTPStatus.CONFLICT
    if isinstance(error, ValuesRefusedError | UnicodeError):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.SERVICE_UNAVAILABLE if isinstance(error, StoreError) else HTTPStatus.INTERNAL_SERVER_ERROR


def _failure(site: Site, status: int) -> Response:
    """One clear sentence for what went wrong, in the organisation's language."""
    language = site.profile.default_language
    words = load_words(language)["failures"]
    page = site.templates.get_template("failure.html")
    told = words.get(f"status_{status}", words["other"])
    return HTMLResponse(page.render(title=site.profile.desk.title, language=language, told=told, words=words), status_code=status)


class _Headers:
    """Adds the headers to every answer; a page that says one of them otherwise is left its own word."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    given.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, told)
