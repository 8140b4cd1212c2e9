"""The only place where a call of another system begins: whose token it bears (RFC 6750), how often it may come, whether it may do this."""

from __future__ import annotations

import time
from http import HTTPStatus

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from models.people import Note, Noted
from models.tokens import Bearer
from review.api.operations import A, Call, Operation
from review.api.problems import RefusedCallError
from review.visit import NOBODY, Site

REALM = 'Bearer realm="saksgang"'
WRONG_TOKENS = RateLimitItemPerMinute(30, 5)
"""From one address: then they are noted no more. Right ones are let in all the same, for a proxy may stand before many."""


class Entrance:
    """The way into one site's API. Counts calls for as long as it lives."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._counts = MovingWindowRateLimiter(MemoryStorage())
        self._calls = RateLimitItemPerMinute(site.calls_a_minute)

    def enter(self, operation: Operation[A], request: Request) -> Call:
        """The call, by somebody who may do this. Raises `RefusedCallError`."""
        bearer = self._bearer(request)
        self._count(self._calls, str(bearer.token))
        if not bearer.person.roles & operation.roles:
            wanted = " or ".join(sorted(operation.roles))
            challenge = {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{" ".join(sorted(operation.roles))}"'}
            raise RefusedCallError(HTTPStatus.FORBIDDEN, f"This is for {wanted}.", headers=challenge)
        return Call(site=self._site, now=self._site.clock(), bearer=bearer)

    def _bearer(self, request: Request) -> Bearer:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise RefusedCallError(HTTPStatus.UNAUTHORIZED, "A bearer token is wanted.", headers={"WWW-Authenticate": REALM})
        bearer = self._site.store.tokens.bearer(token.strip(), self._site.clock())
        if bearer is None:
            self._count(WRONG_TOKENS, request.client.host if request.client else NOBODY)
            self._site.store.audit.note([Note(at=self._site.clock(), who=NOBODY, what=Noted.REFUSED, about="token")])
            challenge = {"WWW-Authenticate": f'{REALM}, error="invalid_token"'}
            raise RefusedCallError(HTTPStatus.UNAUTHORIZED, "This token lets nobody in.", headers=challenge)
        return bearer

    def _count(self, limit: RateLimitItem, key: str) -> None:
        if not self._counts.hit(limit, key):
            raise self._too_many(limit, key)

    def _too_many(self, limit: RateLimitItem, key: str) -> RefusedCallError:
        wait = max(1, round(self._counts.get_window_stats(limit, key).reset_time - time.time()))
        return RefusedCallError(
            HTTPStatus.TOO_MANY_REQUESTS, f"Too often: try again in {wait} seconds.", headers={"Retry-After": str(wait)}
        )
