"""The door to HTTP, against a server that takes calls, refuses them, and is silent."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from models.case_numbers import CaseNumbers
from models.errors import DeliveryError
from models.kinds import Channel, ParcelKind
from models.outcomes import Parcel
from route.call import PASSING, Caller, Hooks
from run.dovecot import free_port
from tests.support.cases import parcel
from tests.support.mails import NOW

SECRET, KEY = b"0123456789abcdef0123456789abcdef", b"shared with those who are called"
NUMBERS = CaseNumbers("SIV", SECRET)
TOKEN = "hemmelig-8f3a"
FACTS = {"subject": "Journalen står", "type": "hendelse", "priority": "1 kritisk", "team": "Nett", "opened": "2026-03-02 10:00", "due": ""}
SILENT, CUT = 0, -1
"""Instead of a status: never answers; hangs up without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it came in."""

    method: str
    path: str
    headers: Message
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class HookServer:
    """Takes calls on loopback and answers each with `status`."""

    def __init__(self) -> None:
        self.status = 204
        self.calls: list[Call] = []
        self._ends = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._listener())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> HookServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/{TOKEN}?key={TOKEN}"

    def _listener(self) -> type[BaseHTTPRequestHandler]:
        hook = self

        class Listener(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                hook.calls.append(Call(method=self.command, path=self.path, headers=self.headers, body=body))
                if hook.status == SILENT:
                    hook._ends.wait()
                if hook.status > 0:
                    self.send_response(hook.status)
                    self.send_header("Location", "/elsewhere")
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the test output is no log."""

        return Listener


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
