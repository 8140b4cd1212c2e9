"""The only door to HTTP: parcels that go to a webhook, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType

import httpx

from models.case_numbers import CaseNumbers
from models.errors import DeliveryError
from models.outcomes import Parcel

CALL_SECONDS = 15.0
PASSING = frozenset({408, 425, 429})
"""Answers of the 400s that ask to come again (RFC 9110, 15.5.9; RFC 8470; RFC 6585)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Webhooks of the installation: URLs by name in capitals, and the key that signs calls, empty where none is set."""

    urls: Mapping[str, str]
    key: bytes = field(default=b"", repr=False)


class Caller:
    """Calls webhooks by name. Their URLs are secrets of the installation, and so is the key that it shares with those who are called."""

    def __init__(self, hooks: Hooks, numbers: CaseNumbers) -> None:
        self._hooks = hooks
        self._numbers = numbers
        self._client: httpx.Client | None = None

    def call(self, parcel: Parcel) -> None:
        """POST one parcel as JSON. Raises `DeliveryError`: for now where nobody answers or asks to come again, else for ever.

        `Idempotency-Key` is the parcel's own and the same at a repeat; `Saksgang-Signature` is the HMAC-SHA256 (RFC 2104) of the
        body under the signing key, absent where there is none.
        """
        name = variable_of(parcel.draft.to)
        url = self._hooks.urls.get(name)
        if not url:
            raise DeliveryError(f"no webhook is called {parcel.draft.to}: set SAKSGANG_WEBHOOK_{name}", permanent=True)
        body = json.dumps(_facts(parcel, self._numbers), ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": parcel.message_id,
        }
        if self._hooks.key:
            headers["Saksgang-Signature"] = f"sha256={hmac.new(self._hooks.key, body, hashlib.sha256).hexdigest()}"
        self._client = self._client or httpx.Client(timeout=CALL_SECONDS, follow_redirects=False)
        try:
            answer = self._client.post(url, content=body, headers=headers)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:  # the last: a host that is no name (RFC 1035)
            raise DeliveryError(f"webhook {parcel.draft.to}: its URL cannot be called", permanent=True) from error
        except httpx.HTTPError as error:
            raise DeliveryError(f"webhook {parcel.draft.to}: {type(error).__name__}") from error
        if not answer.is_success:
            permanent = not answer.is_server_error and answer.status_code not in PASSING
            raise DeliveryError(f"webhook {parcel.draft.to}: answered {answer.status_code}", permanent=permanent)

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._client:
            self._client.close()


def variable_of(name: str) -> str:
    """How a webhook's name stands at the end of the environment variable that holds its URL."""
    return name.upper().replace("-", "_")


def _facts(parcel: Parcel, numbers: CaseNumbers) -> dict[str, object]:
    return {
        "kind": parcel.draft.kind.value,
        "case": numbers.short(parcel.ticket) if parcel.ticket else "",
        "profile": parcel.profile,
        "at": parcel.created_at.isoformat(),
        "facts": dict(parcel.draft.facts),
    }
