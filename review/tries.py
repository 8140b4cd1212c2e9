"""The only place that says how often a sign-in may be tried: by a person, from a machine, and both together."""

from __future__ import annotations

import hashlib

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

TRIES = MovingWindowRateLimiter(MemoryStorage())
PER_PEER = RateLimitItemPerMinute(30, 5)
PER_ASKER = RateLimitItemPerMinute(120, 5)
"""People of one house may come through one machine, and the provider counts what they try there."""
PER_PAIR = RateLimitItemPerMinute(5, 5)
PER_LOGIN = RateLimitItemPerMinute(20, 5)
"""Higher than for one machine: who guesses from one shuts out themselves, not the person."""


def may_try(peer: str, login: str = "") -> bool:
    """Counts the try. The machine comes first: what it is refused fills no memory with names."""
    name = _name(login)
    return TRIES.hit(PER_PEER, "peer", peer) and TRIES.hit(PER_PAIR, "pair", peer, name) and TRIES.hit(PER_LOGIN, "login", name)


def may_ask(peer: str) -> bool:
    """Whether a machine may make us ask the identity provider once more."""
    return TRIES.hit(PER_ASKER, "asker", peer)


def forgive(peer: str, login: str) -> None:
    """Who came in was no guesser."""
    TRIES.clear(PER_PAIR, "pair", peer, _name(login))


def _name(login: str) -> str:
    """As short for a name of a hundred thousand letters as for any other."""
    return hashlib.sha256(login.encode(errors="replace")).hexdigest()
