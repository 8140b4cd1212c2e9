"""The door to HTTP, against a server that takes calls, refuses them, and is silent."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from models.case_numbers import CaseNumbers
from models.errors import DeliveryError, ProfileError
from models.kinds import Channel, ParcelKind
from models.outcomes import Parcel
from route.call import PASSING, Caller, Hooks, read_key, sign
from run.dovecot import free_port
from tests.support.cases import parcel
from tests.support.hooks import CUT, SILENT, TOKEN, HookServer
from tests.support.mails import NOW

SECRET, KEY = b"0123456789abcdef0123456789abcdef", b"shared with those who are called"
NUMBERS = CaseNumbers("SIV", SECRET)
FACTS = {"subject": "Journalen står", "type": "hendelse", "priority": "1 kritisk", "team": "Nett", "opened": "2026-03-02 10:00", "due": ""}


@pytest.fixture
def hook() -> Iterator[HookServer]:
    with HookServer() as server:
        yield server


def alarm(**changes: Any) -> Parcel:
    """A call to the duty by webhook."""
    values: dict[str, Any] = {"kind": ParcelKind.ALARM, "channel": Channel.WEBHOOK, "to": "vakt", "facts": FACTS}
    return parcel(**(values | changes))


def call(url: str, given: Parcel | None = None) -> None:
    with Caller(Hooks(urls={"VAKT": url}, key=KEY), NUMBERS) as caller:
        caller.call(given or alarm())


def refusal(url: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        call(url)
    return caught.value


def test_a_call_posts_how_the_ticket_stands_as_json(hook: HookServer) -> None:
    given = alarm()
    call(hook.url, given)
    [came] = hook.calls
    assert (came.method, came.path) == ("POST", f"/{TOKEN}?key={TOKEN}")
    assert came.json() == {
        "kind": "alarm",
        "case": "SIV-7",
        "profile": "siv",
        "at": NOW.isoformat(),
        "facts": dict(given.draft.facts),
    }


def test_letters_of_the_north_arrive_as_they_are(hook: HookServer) -> None:
    call(hook.url)
    assert "Journalen står".encode() in hook.calls[0].body


def test_a_call_says_what_it_is_and_never_the_signed_number_of_the_case(hook: HookServer) -> None:
    call(hook.url)
    [came] = hook.calls
    assert came.headers["Content-Type"] == "application/json"
    assert came.headers["Idempotency-Key"] == "<saksgang.1@siv.no>"
    ticket = alarm().ticket
    assert ticket
    assert NUMBERS.write(ticket).encode() not in came.body


def test_the_signature_is_that_of_the_body_under_the_signing_key(hook: HookServer) -> None:
    call(hook.url)
    [came] = hook.calls
    expected = hmac.new(KEY, came.body, hashlib.sha256).hexdigest()
    assert came.headers["Saksgang-Signature"] == f"sha256={expected}"
    assert expected != hmac.new(b"another secret of sixteen bytes", came.body, hashlib.sha256).hexdigest()


def test_a_repeat_has_the_same_key_body_and_signature(hook: HookServer) -> None:
    hook.status = 503
    refusal(hook.url)
    hook.status = 204
    call(hook.url)
    first, second = hook.calls
    assert first.body == second.body
    for name in ("Idempotency-Key", "Saksgang-Signature"):
        assert first.headers[name] == second.headers[name]


def test_each_call_is_signed_with_its_id_and_its_hour(hook: HookServer) -> None:
    given, hours = alarm(), iter([NOW, NOW + timedelta(hours=1)])
    with Caller(Hooks(urls={"VAKT": hook.url}, key=KEY), NUMBERS, lambda: next(hours)) as caller:
        caller.call(given)
        caller.call(given)
    first, second = hook.calls
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == "msg_1"
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 3600
    for came in hook.calls:
        signed = b".".join((came.headers["webhook-id"].encode(), came.headers["webhook-timestamp"].encode(), came.body))
        expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
        assert came.headers["webhook-signature"] == f"v1,{expected}"


def test_the_signature_is_that_of_the_example_of_standard_webhooks() -> None:
    key, body = read_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), b'{"test": 2432232314}'
    assert sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_hook_may_have_a_key_of_its_own(hook: HookServer) -> None:
    with Caller(Hooks(urls={"VAKT": hook.url}, key=b"the one for all", keys={"VAKT": KEY}), NUMBERS) as caller:
        caller.call(alarm())
    [came] = hook.calls
    assert came.headers["Saksgang-Signature"] == f"sha256={hmac.new(KEY, came.body, hashlib.sha256).hexdigest()}"


def test_without_a_key_nothing_is_signed(hook: HookServer) -> None:
    with Caller(Hooks(urls={"VAKT": hook.url}), NUMBERS) as caller:
        caller.call(alarm())
    assert not {"webhook-signature", "saksgang-signature"} & {name.lower() for name in hook.calls[0].headers}


def test_a_key_that_is_no_base64_is_refused_without_being_told() -> None:
    with pytest.raises(ProfileError, match="base64") as caught:
        read_key("whsec_hemmelig!")
    assert "hemmelig" not in str(caught.value)


def test_a_hook_that_did_not_answer_is_not_waited_for_again_in_the_same_round(hook: HookServer) -> None:
    hook.status = CUT
    with Caller(Hooks(urls={"VAKT": hook.url, "LEDER": hook.url}), NUMBERS) as caller:
        for to in ("vakt", "vakt", "leder"):
            with pytest.raises(DeliveryError) as caught:
                caller.call(alarm(to=to))
            assert not caught.value.permanent
    assert len(hook.calls) == 2


def test_calls_follow_each_other_and_each_goes_to_its_own_hook(hook: HookServer) -> None:
    with HookServer() as other, Caller(Hooks(urls={"VAKT": hook.url, "LEDER": other.url}, key=KEY), NUMBERS) as caller:
        for to in ("vakt", "leder", "Vakt"):
            caller.call(alarm(to=to))
        assert (len(hook.calls), len(other.calls)) == (2, 1)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_answer_of_success_is_one(hook: HookServer, status: int) -> None:
    hook.status = status
    call(hook.url)
    assert len(hook.calls) == 1


@pytest.mark.parametrize("status", sorted({500, 502, 503, 504, *PASSING}))
def test_a_server_that_asks_to_come_again_is_called_later(hook: HookServer, status: int) -> None:
    hook.status = status
    error = refusal(hook.url)
    assert (error.permanent, error.server) == (False, False)
    assert str(status) in str(error)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422])
def test_a_server_that_refuses_is_not_called_again(hook: HookServer, status: int) -> None:
    hook.status = status
    error = refusal(hook.url)
    assert (error.permanent, error.server) == (True, False)
    assert str(status) in str(error)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_sent_elsewhere(hook: HookServer, status: int) -> None:
    hook.status = status
    error = refusal(hook.url)
    assert str(status) in str(error)
    assert [came.path for came in hook.calls] == [f"/{TOKEN}?key={TOKEN}"]


def test_a_server_that_hangs_up_without_a_word_is_called_later(hook: HookServer) -> None:
    hook.status = CUT
    assert not refusal(hook.url).permanent
    assert len(hook.calls) == 1


def test_a_server_that_never_answers_is_called_later(hook: HookServer) -> None:
    hook.status = SILENT
    with Caller(Hooks(urls={"VAKT": hook.url}, key=KEY), NUMBERS) as caller:
        caller._client = httpx.Client(timeout=0.2)  # the real one waits for a quarter of a minute
        with pytest.raises(DeliveryError, match="ReadTimeout") as caught:
            caller.call(alarm())
    assert (caught.value.permanent, caught.value.server) == (False, False)


def test_where_nobody_listens_the_call_is_made_later() -> None:
    error = refusal(f"http://127.0.0.1:{free_port()}/{TOKEN}")
    assert (error.permanent, error.server) == (False, False)


def test_the_next_call_is_made_whatever_became_of_the_one_before(hook: HookServer) -> None:
    with Caller(Hooks(urls={"VAKT": hook.url, "BORTE": f"http://127.0.0.1:{free_port()}/"}), NUMBERS) as caller:
        with pytest.raises(DeliveryError):
            caller.call(alarm(to="borte"))
        caller.call(alarm())
    assert len(hook.calls) == 1


@pytest.mark.parametrize("hooks", [{}, {"VAKT": ""}, {"LEDER": "http://127.0.0.1:1/"}])
def test_a_hook_that_is_not_set_is_refused_for_ever_and_the_error_names_the_variable(hooks: dict[str, str]) -> None:
    with Caller(Hooks(urls=hooks), NUMBERS) as caller, pytest.raises(DeliveryError, match="SAKSGANG_WEBHOOK_VAKT") as caught:
        caller.call(alarm())
    assert caught.value.permanent


@pytest.mark.parametrize("url", [f"{TOKEN}.example/x", f"ftp://127.0.0.1/{TOKEN}", f"http://[{TOKEN}/", f"http://127.0.0.1:99999/{TOKEN}"])
def test_a_url_that_is_none_is_an_error_of_delivery(url: str) -> None:
    assert TOKEN not in str(refusal(url))


@pytest.mark.parametrize("status", [404, 503, 302, CUT])
def test_no_error_tells_the_url(hook: HookServer, status: int) -> None:
    hook.status = status
    words = str(refusal(hook.url))
    assert "vakt" in words
    for secret in (TOKEN, "127.0.0.1", "http:"):
        assert secret not in words


def test_no_error_of_a_server_out_of_reach_tells_the_url() -> None:
    words = str(refusal(f"http://127.0.0.1:{free_port()}/{TOKEN}"))
    assert "vakt" in words
    assert TOKEN not in words
    assert "127.0.0.1" not in words


def test_nothing_is_open_before_the_first_call() -> None:
    with Caller(Hooks(urls={"VAKT": "http://127.0.0.1:1/"}, key=KEY), NUMBERS) as caller:
        assert caller._client is None
