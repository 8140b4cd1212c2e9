"""The only place that knows passwords: whether one is somebody's, and that a new one holds from now on."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.people import Person, PersonId
from models.store import Store

SHORTEST = 12
"""Letters of a password (NIST SP 800-63B, 5.1.1.2: length, no composition)."""
HASHER = PasswordHasher()
"""Argon2id with the parameters of RFC 9106, 4."""
HASHING = BoundedSemaphore(2)
"""A digest takes 64 MB: whoever sends many passwords at once waits."""


def person_with(store: Store, login: str, password: str) -> Person | None:
    """Whose password it is; None too where there is no such person or they are shut out, after as long a time."""
    person, digest = store.people.password_of(login) or (None, None)
    try:
        with HASHING:
            HASHER.verify(digest or _decoy(), password)
    except (VerificationError, InvalidHashError):
        return None
    return person if person and digest and not person.disabled else None


def set_password(store: Store, id: PersonId, password: str, *, but: str = "") -> None:
    """Every session of theirs ends, but the one of that key."""
    with HASHING:
        digest = HASHER.hash(password)
    store.people.set_password(id, digest)
    store.people.end_sessions(id, but=but)


@cache
def _decoy() -> str:
    """Checked where there is no such person, so that it takes as long."""
    return HASHER.hash("nobody has this password")
