"""The only place for a sign-in that is on its way to the identity provider and back: its secrets, sealed into a cookie that lives ten minutes."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

LASTS = timedelta(minutes=10)
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What ties the answer to this browser: `state` (RFC 6749, 10.12), `nonce` (OpenID Connect Core, 3.1.2.1), `verifier` (RFC 7636).

    `next` is where the person wanted to go; `ends_at` in seconds since 1970.
    """

    state: str
    nonce: str
    verifier: str
    next: str
    ends_at: int

    @classmethod
    def begin(cls, next: str, now: datetime) -> Attempt:
        state, nonce, verifier = (secrets.token_urlsafe(SECRET_BYTES) for _ in range(3))
        return cls(state=state, nonce=nonce, verifier=verifier, next=next, ends_at=int((now + LASTS).timestamp()))

    def seal(self, key: bytes) -> str:
        """As a cookie holds it: whoever changes a letter breaks the seal (HMAC-SHA256, RFC 2104)."""
        words = urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode().rstrip("=")  # no letter that a cookie must quote
        return f"{words}.{_seal_of(words, key)}"


def unseal(sealed: str, key: bytes, now: datetime) -> Attempt | None:
    """The attempt; None where the seal is broken or its time is over."""
    words, _, seal = sealed.partition(".")
    if not hmac.compare_digest(seal.encode(errors="replace"), _seal_of(words, key).encode()):
        return None
    try:
        found = Attempt(**json.loads(urlsafe_b64decode(words + "==")))
    except (NotBase64, ValueError, TypeError):  # sealed by us, in an earlier form
        return None
    return found if now.timestamp() < found.ends_at else None


def _seal_of(words: str, key: bytes) -> str:
    return hmac.new(key, words.encode(errors="replace"), hashlib.sha256).hexdigest()
