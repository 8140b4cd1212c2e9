"""The only place where a kept mail is read for people: its words, its HTML made safe, its files and its true bytes."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from ingest.attachments import take_file
from ingest.display import safe_html
from ingest.parse import parse_mail
from models.errors import MailUnreadableError
from models.records import Address, Attachment, Mail, MailId, TicketId
from models.store import Store
from models.views import KeptMail
from review.visit import TEMPLATES

STYLE = (TEMPLATES.parent / "static" / "mail.css").read_text(encoding="utf-8")
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
FRAME = '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><base target="_blank"><title>{id}</title><style>{style}</style></head><body>{shown}</body></html>'
FRAMED = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox",
    "X-Frame-Options": "SAMEORIGIN",
}
"""Nothing of a stranger's acts in the frame; a link opens apart, by a person's click alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMail:
    """A mail as people read it. `text` is all of it, `reply` what its sender wrote now.

    `readable` is False for bytes that say nothing: then only the original can be had. `truncated`: it was too large and only its
    beginning was taken.
    """

    id: MailId
    received_at: datetime
    truncated: bool
    readable: bool = True
    sender: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    sent_at: datetime | None = None
    subject: str = ""
    reply: str = ""
    text: str = ""
    files: tuple[Attachment, ...] = ()
    has_html: bool = False


def read_mail(store: Store, id: MailId) -> ShownMail | None:
    """A kept mail as people read it; None where there is none of that number. Who calls notes that it was seen."""
    kept = store.mails.find(id)
    return _read(kept) if kept else None


def opening_mail(store: Store, ticket: TicketId) -> Mail | None:
    """The mail that opened the case; None where its bytes are forgotten or cannot be read."""
    kept = store.mails.first_of(ticket)
    if kept is None:
        return None
    try:
        return parse_mail(kept.content, kept.fingerprint)
    except MailUnreadableError:
        return None


def _read(kept: KeptMail) -> ShownMail:
    try:
        mail = parse_mail(kept.content, kept.fingerprint)
    except MailUnreadableError:
        return ShownMail(id=kept.id, received_at=kept.received_at, truncated=kept.truncated, readable=False)
    return ShownMail(
        id=kept.id,
        received_at=kept.received_at,
        truncated=kept.truncated,
        sender=mail.sender,
        to=mail.to,
        cc=mail.cc,
        sent_at=mail.date,
        subject=mail.subject,
        reply=mail.visible_reply,
        text=mail.text,
        files=mail.attachments,
        has_html=safe_html(kept.content) is not None,
    )


def html_of(store: Store, id: MailId, language: str) -> Response | None:
    """A page for a frame: the sender's HTML with everything taken out that acts, hides or fetches. Its style stands in it: a frame shut off fetches none."""
    kept = store.mails.find(id)
    shown = safe_html(kept.content) if kept else None
    return None if shown is None else HTMLResponse(FRAME.format(language=language, id=id, style=STYLE, shown=shown), headers=FRAMED)


def original_of(store: Store, id: MailId) -> Response | None:
    """The true bytes, to be kept as a file."""
    kept = store.mails.find(id)
    return download(f"{id}.eml", kept.content) if kept else None


def file_of(store: Store, id: MailId, place: int) -> Response | None:
    """One of a mail's files, counted from 0."""
    kept = store.mails.find(id)
    found = take_file(kept.content, place) if kept else None
    return download(found[0].name, found[1]) if found else None


def download(name: str, content: bytes) -> Response:
    """Never shown by the browser, whatever a stranger says that it is (RFC 6266)."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type="application/octet-stream", headers=headers)
