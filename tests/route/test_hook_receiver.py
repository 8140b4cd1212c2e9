"""The receiver of docs/api.md, really run: it takes what the desk calls and nothing else."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue

import httpx
import pytest

from models.case_numbers import CaseNumbers
from models.errors import DeliveryError
from models.kinds import Channel, ParcelKind
from models.outcomes import Parcel
from route.call import Caller, Hooks, read_key
from run.dovecot import free_port
from tests.support.cases import parcel
from tests.support.program import until

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
KEY = "whsec_" + base64.b64encode(b"shared with those who are called").decode()
FACTS = {
    "id": "5",
    "event": "ticket.opened",
    "at": "2026-03-02T09:30:00+00:00",
    "type": "hendelse",
    "priority": "2",
    "team": "nett",
    "status": "open",
}


class Receiver:
    """The example as a program of its own; what it prints is in `lines`."""

    def __init__(self) -> None:
        self.url = f"http://127.0.0.1:{(port := free_port())}/"
        self.lines: Queue[str] = Queue()
        [script] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
        environment = os.environ | {"PORT": str(port), "SIGNING_KEY": KEY}
        self.program = subprocess.Popen(
            [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        until(self._listens, "the receiver listens")

    def _read(self) -> None:
        assert self.program.stdout
        for line in self.program.stdout:
            self.lines.put(line.strip())

    def _listens(self) -> bool:
        try:
            return httpx.get(self.url, trust_env=False).status_code == 501
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        self.program.kill()
        self.program.communicate()
        self._reader.join()


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    started = Receiver()
    yield started
    started.stop()


def event(number: int) -> Parcel:
    return replace(parcel(ParcelKind.EVENT, channel=Channel.WEBHOOK, to="cmdb", facts=FACTS), message_id=f"<saksgang.{number}@siv.no>")


def call(url: str, given: Parcel, *, key: str = KEY, ago: timedelta = timedelta()) -> None:
    hooks = Hooks(urls={"CMDB": url}, key=read_key(key))
    with Caller(hooks, CaseNumbers("SIV", b"x" * 32), lambda: datetime.now(UTC) - ago) as caller:
        caller.call(given)


def test_a_call_of_the_desk_is_taken_once(receiver: Receiver) -> None:
    call(receiver.url, event(1))
    call(receiver.url, event(1))
    call(receiver.url, event(2))
    assert [receiver.lines.get(timeout=30) for _ in range(2)] == ["ticket.opened SIV-7"] * 2
    assert receiver.lines.empty()


def test_a_call_signed_with_another_key_is_refused(receiver: Receiver) -> None:
    with pytest.raises(DeliveryError, match="401"):
        call(receiver.url, event(3), key="another")


def test_a_call_that_somebody_kept_and_plays_again_is_refused(receiver: Receiver) -> None:
    with pytest.raises(DeliveryError, match="401"):
        call(receiver.url, event(4), ago=timedelta(minutes=10))
