"""An SMTP server on loopback that remembers what it was handed, and misbehaves on demand."""

from __future__ import annotations

import email
import email.policy
import threading
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from models.kinds import Security
from models.records import SmtpServer
from run.dovecot import free_port


class SmtpSink:
    """Accepts mail. An address that begins with 550 is refused for ever, with 451 for now, with drop the line is cut after the mail is taken."""

    def __init__(self, *, utf8: bool = True, asks: bool = False) -> None:
        """`asks`: it takes any user and password, and offers to ask for them."""
        self._utf8 = utf8
        self._asking: dict[str, Any] = {"authenticator": lambda *_: AuthResult(success=True), "auth_require_tls": False} if asks else {}
        self.port = free_port()
        self.received: list[tuple[str, bytes]] = []
        self._lock = threading.Lock()
        self._controller: Controller | None = None

    def start(self) -> SmtpSink:
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=self._utf8, data_size_limit=100_000_000, **self._asking
        )
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    @property
    def server(self) -> SmtpServer:
        return SmtpServer(host="127.0.0.1", port=self.port, security=Security.NONE)

    def contents(self) -> list[tuple[str, bytes]]:
        with self._lock:
            return list(self.received)

    def messages(self, to: str | None = None) -> list[EmailMessage]:
        found = [content for recipient, content in self.contents() if to is None or recipient == to]
        return [email.message_from_bytes(content, policy=email.policy.default) for content in found]

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:
        if address.startswith("550"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("451"):
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        with self._lock:
            self.received += [(recipient, envelope.original_content or b"") for recipient in envelope.rcpt_tos]
        if any(recipient.startswith("drop") for recipient in envelope.rcpt_tos):
            assert server.transport
            server.transport.close()
        return "250 2.0.0 taken"
