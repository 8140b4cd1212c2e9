"""The only place for what marks a mail as ours: its Message-ID, and the ticket's number as it is written and read: `ABC-1042-k7f3q2xa`, signed, so that it cannot be guessed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from models.records import TicketId

OUR_MESSAGE_IDS = "saksgang."
"""How the left side of every Message-ID of ours begins."""

MARK_LENGTH = 8
"""Characters of the signature, five bits each: one in 10^12 guesses is right."""


def short_number(prefix: str, ticket: TicketId) -> str:
    """The number that people say: `ABC-42`, without a signature."""
    return f"{prefix}-{ticket}"


class CaseNumbers:
    """Numbers of one organisation. `prefix` is capital letters, `secret` at least 16 bytes kept by the installation."""

    def __init__(self, prefix: str, secret: bytes) -> None:
        if len(secret) < 16:
            raise ValueError("a secret of at least 16 bytes is needed")
        self.prefix = prefix
        self._secret = secret
        self._short = re.compile(rf"(?:{re.escape(prefix)}-)?(\d{{1,9}})", re.ASCII | re.IGNORECASE)
        self._pattern = re.compile(rf"\b{re.escape(prefix)}-(\d{{1,12}})-([a-z2-7]{{{MARK_LENGTH}}})\b", re.ASCII | re.IGNORECASE)

    def short(self, ticket: TicketId) -> str:
        """The number that people say."""
        return short_number(self.prefix, ticket)

    def write(self, ticket: TicketId) -> str:
        """The number with its signature, for subjects and addresses."""
        return f"{self.short(ticket)}-{self._mark(ticket)}"

    def read_short(self, text: str) -> TicketId | None:
        """The ticket that people call so: `ABC-42`, or 42 alone; None where it is no number of this desk."""
        found = self._short.fullmatch(text.strip())
        return TicketId(int(found[1])) if found else None

    def read(self, text: str) -> TicketId | None:
        """The first ticket whose signed number stands in the text; a number without a right signature is nothing."""
        for number, mark in self._pattern.findall(text):
            ticket = TicketId(int(number))
            if hmac.compare_digest(self._mark(ticket), mark.lower()):
                return ticket
        return None

    def _mark(self, ticket: TicketId) -> str:
        digest = hmac.new(self._secret, f"{self.prefix}-{ticket}".encode(), hashlib.sha256).digest()
        return base64.b32encode(digest).decode().lower()[:MARK_LENGTH]
