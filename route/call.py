"""The only door to webhooks: parcels that are called out over HTTP, signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from types import TracebackType

import httpx

from models.case_numbers import OUR_MESSAGE_IDS, CaseNumbers
from models.errors import DeliveryError, ProfileError
from models.kinds import ParcelKind
from models.outcomes import Parcel

CALL_SECONDS = 15.0
PASSING = frozenset({408, 425, 429})
"""Answers of the 400s that ask to come again (RFC 9110, 15.5.9; RFC 8470; RFC 6585)."""
KEY_MARK = "whsec_"
UTC_NOW = partial(datetime.now, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Webhooks of the installation: URLs by name in capitals, and what signs calls: a hook's own key of `keys`, else `key`, empty for none."""

    urls: Mapping[str, str]
    key: bytes = field(default=b"", repr=False)
    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def key_of(self, name: str) -> bytes:
        return self.keys.get(name, self.key)


class Caller:
    """Calls webhooks by name, for one round. Their URLs are secrets of the installation, and so are the keys that it shares with those who are called.

    One that does not answer is not called again in the same round: the others, and the mails, need not wait for it.
    """

    def __init__(self, hooks: Hooks, numbers: CaseNumbers, clock: Callable[[], datetime] = UTC_NOW) -> None:
        self._hooks = hooks
        self._numbers = numbers
        self._clock = clock
        self._client: httpx.Client | None = None
        self._silent: set[str] = set()

    def call(self, parcel: Parcel) -> None:
        """POST one parcel as JSON, signed. Raises `DeliveryError`: for now where nobody answers or asks to come again, else for ever."""
        name = variable_of(parcel.draft.to)
        url = self._hooks.urls.get(name)
        if not url:
            raise DeliveryError(f"no webhook is called {parcel.draft.to}: set SAKSGANG_WEBHOOK_{name}", permanent=True)
        if name in self._silent:
            raise DeliveryError(f"webhook {parcel.draft.to}: did not answer a moment ago")
        body = json.dumps(_body(parcel, self._numbers), ensure_ascii=False).encode()
        answer = self._post(parcel.draft.to, url, body, self._headers(parcel, body, self._hooks.key_of(name)))
        if not answer.is_success:
            permanent = not answer.is_server_error and answer.status_code not in PASSING
            raise DeliveryError(f"webhook {parcel.draft.to}: answered {answer.status_code}", permanent=permanent)

    def _post(self, hook: str, url: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        self._client = self._client or httpx.Client(timeout=CALL_SECONDS, follow_redirects=False)
        try:
            return self._client.post(url, content=body, headers=headers)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:  # the last: a host that is no name (RFC 1035)
            raise DeliveryError(f"webhook {hook}: its URL cannot be called", permanent=True) from error
        except httpx.HTTPError as error:
            self._silent.add(variable_of(hook))
            raise DeliveryError(f"webhook {hook}: {type(error).__name__}") from error

    def _headers(self, parcel: Parcel, body: bytes, key: bytes) -> dict[str, str]:
        """`webhook-*` as Standard Webhooks 1.0 has them: the id stays at a repeat, time and signature are this call's."""
        stated, at = _id_of(parcel), str(int(self._clock().timestamp()))
        headers = {"Content-Type": "application/json", "Idempotency-Key": parcel.message_id, "webhook-id": stated, "webhook-timestamp": at}
        if key:
            headers["webhook-signature"] = sign(key, stated, at, body)
            headers["Saksgang-Signature"] = f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"
        return headers

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._client:
            self._client.close()


def variable_of(name: str) -> str:
    """How a webhook's name stands at the end of the environment variable that holds its URL."""
    return name.upper().replace("-", "_")


def read_key(text: str) -> bytes:
    """A signing key as the environment has it: `whsec_` and base64, as Standard Webhooks writes keys, or any other words."""
    if not text.startswith(KEY_MARK):
        return text.encode()
    try:
        return base64.b64decode(text.removeprefix(KEY_MARK), validate=True)
    except ValueError:
        raise ProfileError("environment", "SAKSGANG_SIGNING_KEY", f"what follows {KEY_MARK} is no base64") from None


def sign(key: bytes, id: str, at: str, body: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) over id, time in seconds and body, so that no part can be taken from another call."""
    digest = hmac.new(key, b".".join((id.encode(), at.encode(), body)), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _id_of(parcel: Parcel) -> str:
    """The parcel's own for ever, without a dot: dots part what is signed."""
    return "msg_" + parcel.message_id.partition("@")[0].lstrip("<").removeprefix(OUR_MESSAGE_IDS).replace(".", "-")


def _body(parcel: Parcel, numbers: CaseNumbers) -> dict[str, object]:
    draft, case = parcel.draft, numbers.short(parcel.ticket) if parcel.ticket else ""
    if draft.kind is not ParcelKind.EVENT:
        return {
            "kind": draft.kind.value,
            "case": case,
            "profile": parcel.profile,
            "at": parcel.created_at.isoformat(),
            "facts": dict(draft.facts),
        }
    facts = draft.facts
    return {
        "id": int(facts["id"]),
        "kind": facts["event"],
        "at": facts["at"],
        "profile": parcel.profile,
        "case": case,
        "ticket": parcel.ticket,
        "type": facts["type"],
        "priority": int(facts["priority"]),
        "team": facts["team"],
        "status": facts["status"],
    }
