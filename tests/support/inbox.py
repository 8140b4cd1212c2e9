"""One user's mailbox on a real Dovecot, and what lies in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from models.kinds import Mode, Security, Source
from models.records import Account
from run.dovecot import DovecotServer

PASSWORD = "secret"


class Inbox:
    """A mailbox of its own for one test."""

    def __init__(self, server: DovecotServer, user: str) -> None:
        self.server = server
        self.user = user

    def account(self, **changes: Any) -> Account:
        values: dict[str, Any] = {
            "name": self.user,
            "profile": "siv",
            "source": Source.IMAP,
            "mode": Mode.AUTO,
            "host": "127.0.0.1",
            "port": self.server.port,
            "security": Security.NONE,
            "user": self.user,
            "password": PASSWORD,
            "handled_folder": "Handled",
            "quarantine_folder": "Quarantine",
            "poll_seconds": 2.0,
        }
        return Account(**(values | changes))

    def deliver(self, *contents: bytes) -> None:
        for content in contents:
            self.server.deliver(self.user, content)

    def files(self, folder: str | None = None) -> list[Path]:
        box = self.server.maildir(self.user, folder)
        return sorted(file for part in ("new", "cur") if (box / part).is_dir() for file in (box / part).iterdir())
