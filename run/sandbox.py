"""The only place for the embedded default: a local mail service with sample mails, so that the program runs with no account."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterable
from email import message_from_bytes
from email.utils import getaddresses
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from models.errors import SaksgangError
from models.kinds import Mode, Security, Source
from models.profiles import DATA, Profile
from models.records import Account, SmtpServer
from run.dovecot import DovecotServer, clear, free_port
from run.parts import find_dovecot

SAMPLES = DATA / "samples"
PASSWORD = "sandbox"  # noqa: S105  loopback only, wiped at every start
LARGEST = 60_000_000
EVERYONE_ELSE = "everyone-else"
"""The mailbox of all who are neither desk nor team: receipts go there."""


class Sandbox:
    """IMAP mailboxes for the desk, the teams and everyone else, and an SMTP server that delivers to them."""

    def __init__(self, home: Path, profile: Profile) -> None:
        """`SaksgangError` where its folder cannot be made anew."""
        try:
            clear(home)
            home.mkdir(parents=True)
        except OSError as error:
            raise SaksgangError(f"{home}: {error.strerror}; SAKSGANG_HOME names a folder that this user may write to") from error
        self._home = home
        self._profile = profile
        self._desk = {address: address.split("@")[0] for address in profile.desk.addresses}
        self._teams = {team.address: name for name, team in profile.teams.items()}
        users = dict.fromkeys([*self._desk.values(), *self._teams.values(), EVERYONE_ELSE], PASSWORD)
        self._dovecot = DovecotServer(home / "imap", users) if find_dovecot() else None
        self._smtp = Controller(self, hostname="127.0.0.1", port=free_port(), data_size_limit=LARGEST, enable_SMTPUTF8=True)
        self._stopping = threading.Event()

    def start(self) -> None:
        if self._dovecot:
            self._dovecot.start()
        else:
            for user in (*self._desk.values(), *self._teams.values(), EVERYONE_ELSE):
                for part in ("new", "cur", "tmp"):
                    (self._maildir(user) / part).mkdir(parents=True)
        self._smtp.start()

    def stop(self) -> None:
        self._stopping.set()
        self._smtp.stop()
        if self._dovecot:
            self._dovecot.stop()

    def server(self) -> SmtpServer:
        return SmtpServer(host="127.0.0.1", port=self._smtp.port, security=Security.NONE)

    def accounts(self) -> list[Account]:
        return [self._account(user) for user in self._desk.values()]

    def feed(self, seconds_between: float) -> None:
        """Deliver the sample mails one after another, to the mailboxes they are addressed to."""
        for file in sorted((SAMPLES / self._profile.name).glob("*.eml")):
            content = file.read_bytes()
            for user in self._addressed(content):
                self._deliver(user, content)
            if self._stopping.wait(seconds_between):
                return

    def words(self) -> list[str]:
        """What a newcomer may try."""
        port = self._smtp.port
        lines = [f"send more: any mail client or `swaks --server 127.0.0.1:{port} --to {self._profile.desk.addresses[0]}`"]
        if self._dovecot:
            lines.append(
                f"read the team queues: IMAP 127.0.0.1:{self._dovecot.port}, user {', '.join(self._teams.values())}, password {PASSWORD}"
            )
        lines.append(f"or as files: {self._maildir('<team>')}")
        return lines

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """A mail was handed over."""
        content = envelope.original_content or b""
        for recipient in envelope.rcpt_tos:
            self._deliver(self._user(recipient), content)
        return "250 2.0.0 delivered"

    def _user(self, address: str) -> str:
        address = address.lower()
        return self._desk.get(address) or self._teams.get(address) or EVERYONE_ELSE

    def _addressed(self, content: bytes) -> Iterable[str]:
        headers = message_from_bytes(content[:20_000])
        named = getaddresses([str(value) for key in ("To", "Cc") for value in headers.get_all(key, [])])
        found = dict.fromkeys(user for _, address in named if (user := self._desk.get(address.lower())))
        return found or [next(iter(self._desk.values()))]

    def _account(self, user: str) -> Account:
        kept_at = (
            {"source": Source.IMAP, "port": self._dovecot.port}
            if self._dovecot
            else {"source": Source.MAILDIR, "path": str(self._maildir(user))}
        )
        return Account(
            name=user,
            profile=self._profile.name,
            mode=Mode.AUTO,
            host="127.0.0.1",
            security=Security.NONE,
            user=user,
            password=PASSWORD,
            poll_seconds=5.0,
            handled_folder="Handled",
            quarantine_folder="Quarantine",
            **kept_at,
        )

    def _maildir(self, user: str) -> Path:
        return self._dovecot.maildir(user) if self._dovecot else self._home / "maildirs" / user

    def _deliver(self, user: str, content: bytes) -> None:
        if self._dovecot:
            self._dovecot.deliver(user, content)
            return
        box = self._maildir(user)
        name = re.sub(r"\W", "_", f"{time.time_ns()}_{threading.get_ident()}_{os.getpid()}")
        (box / "tmp" / name).write_bytes(content)
        (box / "tmp" / name).rename(box / "new" / name)


def first_sampled_profile() -> str:
    """The first profile, by name, that has sample mails."""
    return min(file.parent.name for file in SAMPLES.glob("*/*.eml"))
