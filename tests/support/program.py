"""The real program in a process of its own, as a hospital would run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from run.dovecot import free_port
from tests.support.inbox import PASSWORD, Inbox

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60.0


class Program:
    """One installation: its home, its database, its configuration file. Every call is a new process."""

    def __init__(self, home: Path, inboxes: Sequence[Inbox], smtp_port: int, *, database_url: str | None = None) -> None:
        self.home = home
        self.config = home / "saksgang.toml"
        home.mkdir(parents=True, exist_ok=True)
        self.config.write_text('profile = "siv"\n[web]\nport = 0\n' + "".join(map(_mailbox_table, inboxes)))
        self.environment = {
            **os.environ,
            "SAKSGANG_HOME": str(home),
            "SAKSGANG_SMTP_HOST": "127.0.0.1",
            "SAKSGANG_SMTP_PORT": str(smtp_port),
            "SAKSGANG_SMTP_SECURITY": "none",
            "SAKSGANG_TRAINED": str(home / "no-model"),  # keywords: quick to start and the same in every run
            "TEST_PASSWORD": PASSWORD,
        }
        if database_url:
            self.environment["SAKSGANG_DATABASE"] = database_url

    def choose_port(self) -> int:
        """Serve the pages on a port that is known; a free one is taken otherwise."""
        port = free_port()
        self.config.write_text(self.config.read_text().replace("port = 0", f"port = {port}", 1))
        return port

    def call(self, *words: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "run", *words]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, input=given, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def once(self) -> subprocess.CompletedProcess[str]:
        return self.call("run", "--config", str(self.config), "--once")

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.call("status", "--json").stdout)
        return found

    def start(self, *, module: Sequence[str] = ("run",), limits: Callable[[], None] | None = None) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", *module, "run", "--config", str(self.config)]
        with (self.home / "log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=log, preexec_fn=limits)  # noqa: PLW1509  a limit on file sizes, set by one system call

    @contextmanager
    def running(self, **how: Any) -> Iterator[subprocess.Popen[bytes]]:
        process = self.start(**how)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def until(met: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Look again until the condition is met, or fail saying what never came."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.02)


def mails_in(status: Mapping[str, Any], state: str) -> int:
    return sum(box[state] for box in status["mailboxes"])


def _mailbox_table(inbox: Inbox) -> str:
    return f"""
[mailbox.{inbox.user}]
mode = "auto"
host = "127.0.0.1"
port = {inbox.server.port}
security = "none"
user = "{inbox.user}"
password_env = "TEST_PASSWORD"
handled_folder = "Handled"
quarantine_folder = "Quarantine"
poll_seconds = 1
"""


def rows_of(answer: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The lines of JSON that a command printed."""
    return [json.loads(line) for line in answer.stdout.splitlines()]


def line(id: str, **values: Any) -> str:
    """A mail as a line of JSON, with labels or other values by name."""
    row = {"id": id, "from": "Kari Moe <kari@siv.no>", "to": "ikt@siv.no", "date": "2026-03-02T09:00:00+01:00", "subject": "Skriver"}
    return json.dumps(row | {"body": "Skriveren på rom 4 virker ikke."} | values, ensure_ascii=False) + "\n"
