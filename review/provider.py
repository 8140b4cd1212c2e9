"""The only door to an identity provider: OpenID Connect (Core, Discovery and RP-Initiated Logout 1.0) by authlib, joserfc and httpx."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from models.errors import ProviderError
from review.attempt import Attempt
from review.lines import is_safe

Claims = Mapping[str, Any]
"""What a provider says of a person (OpenID Connect Core, 5.1)."""

SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that only the provider can make: never `none`, never one by a shared secret."""
KINDS_OF_KEYS = ("RSA", "EC")
SECONDS = 5.0
"""For one call: a person waits for it."""
KNOWN_FOR = 3600.0
"""Seconds after which the provider's addresses and keys are asked for again."""
SKEW = 60
"""Seconds by which two clocks may differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the provider and this installation know of each other. `title` is how people call the provider; `back` is where it sends them."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...]
    title: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the provider says of itself."""

    metadata: Claims
    keys: KeySet
    asked_at: float


class OpenIdProvider:
    """One provider. Every call may raise `ProviderError`."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self._kept: _Known | None = None

    def begin(self, attempt: Attempt) -> str:
        """Where the browser goes to prove who it is: authorization code with PKCE."""
        address: str = prepare_grant_uri(
            self._address("authorization_endpoint"),
            self.registration.client_id,
            "code",
            redirect_uri=self.registration.back,
            scope=list(self.registration.scopes),
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
        )
        return address

    def claims(self, code: str, attempt: Attempt, now: datetime, wanted: str) -> Claims:
        """What the provider says of who came back with this code; asked for further where the ID token lacks the claim that is wanted."""
        given = self._exchange(code, attempt)
        id_token, access_token = given.get("id_token"), given.get("access_token")
        if not isinstance(id_token, str):
            raise ProviderError("the identity provider gave no ID token: is `openid` among the scopes?")
        claims = self._read(id_token, attempt, access_token, now)
        if wanted.partition(".")[0] in claims or not isinstance(access_token, str):
            return claims
        return {**self._more(access_token, claims["sub"]), **claims}

    def farewell(self, login: str, back: str) -> str | None:
        """Where the browser goes to be signed out there too (RP-Initiated Logout, 2); None where the provider has no such place."""
        if not self._known().metadata.get("end_session_endpoint"):
            return None
        asked = {"client_id": self.registration.client_id, "logout_hint": login, "post_logout_redirect_uri": back}
        address = self._address("end_session_endpoint")
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def check(self) -> None:
        """Whether it is there and says what is needed, asked anew."""
        self._kept = None
        for name in ("authorization_endpoint", "token_endpoint"):
            self._address(name)

    def _exchange(self, code: str, attempt: Attempt) -> Claims:
        """RFC 6749, 4.1.3. The secret goes by Basic, which every provider takes, unless it says that it takes the form alone."""
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.registration.back, "code_verifier": attempt.verifier,
        }  # fmt: skip
        own = self.registration.client_id, self.registration.client_secret
        taken = self._known().metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" in taken:
            return _asked("POST", self._address("token_endpoint"), data=form, auth=httpx.BasicAuth(*own))
        return _asked("POST", self._address("token_endpoint"), data=form | dict(zip(("client_id", "client_secret"), own, strict=True)))

    def _read(self, id_token: str, attempt: Attempt, access_token: object, now: datetime) -> Claims:
        """A key that is not known may be new: the keys are asked for once more."""
        try:
            token = _decoded(id_token, self._known().keys)
        except InvalidKeyIdError:
            self._kept = None
            try:
                token = _decoded(id_token, self._known().keys)
            except JoseError as error:
                raise ProviderError(f"the identity provider's ID token does not hold: {type(error).__name__}") from error
        except (JoseError, ValueError) as error:
            raise ProviderError(f"the identity provider's ID token does not hold: {type(error).__name__}") from error
        return self._checked(token, attempt, access_token, now)

    def _checked(self, token: jwt.Token, attempt: Attempt, access_token: object, now: datetime) -> Claims:
        """OpenID Connect Core, 3.1.3.7: from whom, for whom, for how long, for which attempt."""
        own = self.registration
        wanted = {"iss": {"essential": True, "value": own.issuer}, "aud": {"essential": True, "value": own.client_id}}
        asked = {"nonce": attempt.nonce, "client_id": own.client_id, "access_token": access_token}
        claims = CodeIDToken(token.claims, token.header, wanted, asked)
        try:
            claims.validate(now=int(now.timestamp()), leeway=SKEW)
        except (JoseError, TypeError, ValueError) as error:
            named = getattr(error, "claim", None) or type(error).__name__
            raise ProviderError(f"the identity provider's ID token does not hold: {named}") from error
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise ProviderError("the identity provider's ID token does not hold: sub")
        return dict(claims)

    def _more(self, access_token: str, subject: str) -> Claims:
        """Claims from the UserInfo endpoint, where there is one; of another person they are worth nothing (Core, 5.3.2)."""
        if not self._known().metadata.get("userinfo_endpoint"):
            return {}
        said = _asked("GET", self._address("userinfo_endpoint"), headers={"authorization": f"Bearer {access_token}"})
        if said.get("sub") != subject:
            raise ProviderError("the identity provider's UserInfo is of another person")
        return said

    def _address(self, name: str) -> str:
        """An address that the provider names; encrypted, unless the provider is on this machine."""
        address = self._known().metadata.get(name)
        if not isinstance(address, str) or not is_safe(address):
            raise ProviderError(f"the identity provider names no {name} that can be trusted")
        return address

    def _known(self) -> _Known:
        kept = self._kept
        if kept is None or kept.asked_at + KNOWN_FOR < time.monotonic():
            kept = self._kept = self._discover()
        return kept

    def _discover(self) -> _Known:
        """Discovery, 4: a document whose issuer is another is somebody else's."""
        issuer = self.registration.issuer
        metadata = _asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if metadata.get("issuer") != issuer:
            raise ProviderError(
                "the identity provider calls itself otherwise than `issuer` in the configuration: they must be equal to the letter"
            )
        place = metadata.get("jwks_uri")
        if not isinstance(place, str) or not is_safe(place):
            raise ProviderError("the identity provider names no jwks_uri that can be trusted")
        found = _asked("GET", place).get("keys")
        kept = [key for key in found if _signs(key)] if isinstance(found, list) else []
        try:
            return _Known(metadata=metadata, keys=KeySet.import_key_set({"keys": kept}), asked_at=time.monotonic())
        except (JoseError, ValueError) as error:
            raise ProviderError("the identity provider's keys cannot be read") from error


def _signs(key: object) -> bool:
    return isinstance(key, dict) and key.get("kty") in KINDS_OF_KEYS and key.get("use", "sig") == "sig"


def _decoded(id_token: str, keys: KeySet) -> jwt.Token:
    return jwt.decode(id_token, keys, registry=JWSRegistry(algorithms=list(SIGNED_BY), strict_check_header=False))


def _asked(method: str, address: str, **given: Any) -> Claims:
    """A JSON object; what else comes is no answer. The words of an error may name a person: only its status is told."""
    try:
        answer = httpx.request(method, address, timeout=SECONDS, follow_redirects=False, **given)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ProviderError(f"the identity provider does not answer: {type(error).__name__}", away=True) from error
    if not answer.is_success:
        raise ProviderError(f"the identity provider answered {answer.status_code}", away=answer.is_server_error)
    try:
        said = answer.json()
    except ValueError as error:
        raise ProviderError("the identity provider's answer is no JSON") from error
    if not isinstance(said, dict):
        raise ProviderError("the identity provider's answer is no JSON object")
    return said
