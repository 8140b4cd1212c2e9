"""What a provider says is believed only where it holds: from whom, for whom, for how long, for which attempt."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import OctKey, RSAKey

from models.errors import ProviderError
from review.attempt import Attempt, unseal
from review.lines import is_safe
from review.provider import OpenIdProvider, Registration
from tests.support.forger import Forger, forger

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ATTEMPT = Attempt.begin("/", NOW)


@pytest.fixture(scope="module")
def running() -> Iterator[Forger]:
    with forger() as found:
        yield found


@pytest.fixture
def liar(running: Forger) -> Forger:
    running.speak_true()
    running.asked.clear()
    return running


def asking(liar: Forger) -> OpenIdProvider:
    own = Registration(
        issuer=liar.address, client_id="desk", client_secret="hemmelig", scopes=("openid",), title="X", back="http://127.0.0.1/sign-in/back"
    )
    return OpenIdProvider(own)


def claims(liar: Forger, **others: Any) -> dict[str, Any]:
    said = {
        "iss": liar.address, "sub": "1", "aud": "desk", "nonce": ATTEMPT.nonce, "groups": [],
        "iat": int(NOW.timestamp()), "exp": int((NOW + timedelta(minutes=5)).timestamp()),
    }  # fmt: skip
    return {key: value for key, value in (said | others).items() if value is not None}


def read(liar: Forger) -> Any:
    return asking(liar).claims("a code", ATTEMPT, NOW, "groups")


def refusal(liar: Forger) -> str:
    with pytest.raises(ProviderError) as caught:
        read(liar)
    return str(caught.value)


def test_what_holds_is_believed(liar: Forger) -> None:
    liar.give(claims(liar))
    assert read(liar)["sub"] == "1"


@pytest.mark.parametrize(
    "others",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another", "third"]},
        {"aud": ["desk", "another"]},
        {"aud": None},
        {"azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": int((NOW - timedelta(minutes=2)).timestamp())},
        {"exp": None},
        {"exp": "tomorrow"},
        {"nbf": int((NOW + timedelta(minutes=5)).timestamp())},
        {"iat": int((NOW + timedelta(minutes=5)).timestamp())},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"at_hash": "another"},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_and_now_is_refused(liar: Forger, others: dict[str, Any]) -> None:
    liar.give(claims(liar, **others))
    assert refusal(liar).startswith("the identity provider's ID token does not hold: ")


def test_clocks_may_differ_by_a_minute(liar: Forger) -> None:
    liar.give(claims(liar, exp=int((NOW - timedelta(seconds=50)).timestamp()), iat=int((NOW - timedelta(minutes=5)).timestamp())))
    assert read(liar)["sub"] == "1"


def test_a_token_of_a_key_that_is_not_the_providers_is_refused(liar: Forger) -> None:
    liar.give(claims(liar), RSAKey.generate_key(2048, {"kid": liar.key.kid or ""}))
    assert "BadSignatureError" in refusal(liar)
    liar.give(claims(liar), RSAKey.generate_key(2048, auto_kid=True))
    assert "InvalidKeyIdError" in refusal(liar)


def test_a_token_without_a_signature_or_signed_with_a_shared_secret_is_refused(liar: Forger) -> None:
    bare = ".".join((*(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "none"}, claims(liar))), ""))
    liar.said["/token"] = {"access_token": "opaque", "id_token": bare}
    assert "does not hold" in refusal(liar)
    liar.give(claims(liar), OctKey.import_key("x" * 32, {"kid": liar.key.kid or ""}), "HS256")
    assert "does not hold" in refusal(liar)


def test_a_new_key_is_asked_for_once(liar: Forger) -> None:
    provider, new = asking(liar), RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)
    liar.give(claims(liar))
    provider.claims("a code", ATTEMPT, NOW, "groups")
    liar.give(claims(liar), new)
    liar.said["/keys"]["keys"].append(new.as_dict(private=False))
    assert provider.claims("a code", ATTEMPT, NOW, "groups")["sub"] == "1"


@pytest.mark.parametrize(
    ("published", "told"),
    [
        ({"issuer": "https://evil.example"}, "calls itself otherwise"),
        ({"token_endpoint": "http://evil.example/token"}, "no token_endpoint that can be trusted"),
        ({"jwks_uri": "http://evil.example/keys"}, "no jwks_uri that can be trusted"),
        ({"jwks_uri": None}, "no jwks_uri that can be trusted"),
    ],
)
def test_a_provider_that_would_take_secrets_elsewhere_is_refused(liar: Forger, published: dict[str, Any], told: str) -> None:
    liar.give(claims(liar))
    liar.publish(**published)
    assert told in refusal(liar)


@pytest.mark.parametrize(
    "said", [b"<html>", b"[]", b'{"access_token": "x"}', b'{"id_token": 7}', b'{"id_token": "x.y.z"}', b'{"id_token": ""}']
)
def test_an_answer_that_is_none_is_refused(liar: Forger, said: bytes) -> None:
    liar.said["/token"] = said
    assert refusal(liar).startswith("the identity provider")


def test_the_secret_goes_by_basic_and_in_the_form_only_where_nothing_else_is_taken(liar: Forger) -> None:
    liar.give(claims(liar))
    read(liar)
    assert liar.asked[-1][1].startswith("Basic ")
    assert "hemmelig" not in liar.asked[-1][2]
    liar.publish(token_endpoint_auth_methods_supported=["client_secret_post"])
    read(liar)
    assert (liar.asked[-1][1], "client_secret=hemmelig" in liar.asked[-1][2]) == ("", True)


def test_what_the_token_lacks_is_asked_for_and_must_be_of_the_same_person(liar: Forger) -> None:
    liar.publish(userinfo_endpoint=f"{liar.address}/userinfo")
    liar.give(claims(liar, groups=None))
    liar.said["/userinfo"] = {"sub": "1", "groups": ["leads"], "nonce": "theirs"}
    assert read(liar)["groups"] == ["leads"]
    assert read(liar)["nonce"] == ATTEMPT.nonce, "what was signed comes first"
    liar.said["/userinfo"] = {"sub": "2", "groups": ["admins"]}
    assert "another person" in refusal(liar)


def test_a_provider_without_a_sign_out_of_its_own_has_none(liar: Forger) -> None:
    assert asking(liar).farewell("lea", "http://127.0.0.1/sign-in") is None
    liar.publish(end_session_endpoint=f"{liar.address}/out?x=1")
    found = asking(liar).farewell("lea", "http://127.0.0.1/sign-in")
    assert found == f"{liar.address}/out?x=1&client_id=desk&logout_hint=lea&post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%2Fsign-in"


def test_one_that_is_not_there_is_away_and_the_secret_is_in_no_error(liar: Forger) -> None:
    liar.said = {}
    assert "answered 404" in refusal(liar)
    nowhere = asking(Forger(address="http://127.0.0.1:9", key=liar.key))
    with pytest.raises(ProviderError) as caught:
        nowhere.check()
    assert caught.value.away
    assert "hemmelig" not in repr(nowhere.registration)


@pytest.mark.parametrize("address", ["https://sso.example/x", "http://localhost:8080"])
def test_secrets_travel_encrypted_or_within_this_machine(address: str) -> None:
    assert is_safe(address)


@pytest.mark.parametrize("address", ["http://sso.example", "ftp://localhost", "https://", "http://[", ""])
def test_secrets_travel_no_other_way(address: str) -> None:
    assert not is_safe(address)


def test_an_attempt_is_what_it_was_until_its_time_is_over() -> None:
    sealed = ATTEMPT.seal(b"key")
    assert unseal(sealed, b"key", NOW + timedelta(minutes=9)) == ATTEMPT
    assert unseal(sealed, b"key", NOW + timedelta(minutes=10)) is None
    assert unseal(sealed, b"another key", NOW) is None
    assert unseal("x" + sealed, b"key", NOW) is None
    assert unseal("", b"key", NOW) is None
    assert unseal("ø.ø", b"key", NOW) is None


def test_no_two_attempts_share_a_secret() -> None:
    other = Attempt.begin("/", NOW)
    assert {ATTEMPT.state, ATTEMPT.nonce, ATTEMPT.verifier}.isdisjoint({other.state, other.nonce, other.verifier})
