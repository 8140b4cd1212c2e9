"""The only place that says what is taken of a mail over the size limit: its beginning, where headers, text and structure stand."""

from __future__ import annotations

from datetime import datetime

from ingest.fingerprint import fingerprint
from models.records import Account, MailKey, RawMail

MOST_TAKEN = 200_000
"""Bytes: room for large headers and a long text, and for the names of the first files."""


def taken(account: Account) -> int:
    """Bytes that are fetched of a mail over the account's limit."""
    return min(MOST_TAKEN, account.size_limit)


def cut_mail(key: MailKey, beginning: bytes, size: int, now: datetime) -> RawMail:
    """A mail of `size` bytes of which only the beginning was taken; two deliveries of it are known by the headers alone."""
    head = beginning[: _end_of_headers(beginning)]
    return RawMail(key=key, content=beginning, fingerprint=fingerprint(head), size=size, received_at=now)


def _end_of_headers(content: bytes) -> int:
    ends = [place for end in (b"\r\n\r\n", b"\n\n") if (place := content.find(end)) >= 0]
    return min(ends, default=len(content))
