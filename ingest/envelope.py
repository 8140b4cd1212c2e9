"""The only place where a mail's headers alone are read, for a list of what lies in a mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ingest.addresses import read_addresses, read_name
from ingest.headers import Headers, read_date, read_headers
from ingest.redact import redact
from models.records import Address, Redacted

ENVELOPE_FIELDS = ("From", "Sender", "Reply-To", "Date", "Subject")
ENVELOPE_BYTES = 16 * 1024
"""Of a mail's headers; a list needs no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who wrote, when (else when it arrived), about what; `size` in bytes. Nothing of the body was fetched."""

    sender: Address
    date: datetime | None
    subject: Redacted
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How many mails of a folder are not handled, and the newest of them, oldest first."""

    count: int
    newest: tuple[Envelope, ...]


def read_envelope(content: bytes, size: int, arrived: datetime | None) -> Envelope:
    """From a header block, whole or its beginning; any bytes."""
    headers, _ = read_headers(content, 0, len(content))
    return Envelope(
        sender=_sender(headers),
        date=read_date(headers.first("date")) or arrived,
        subject=redact(headers.text("subject")),
        size=size,
    )


def _sender(headers: Headers) -> Address:
    fields = (headers.first(name) for name in ("from", "reply-to", "sender"))
    found = next((address for field in fields for address in read_addresses(field)[:1]), Address(name="", address=""))
    return found if found.name else Address(name=read_name(headers.first("from")), address=found.address)
