"""The only place that reads from headers who, or what, sent a mail (RFC 3834, 3464, 2369, 5546)."""

from __future__ import annotations

import re

from ingest.addresses import read_addresses
from ingest.headers import Headers
from ingest.mime import Part
from ingest.opaque import SIGNED, open_signed
from models.records import Signals

DESK_HEADER = "x-saksgang"
"""Our own mark on mails that we sent."""

_LIST = ("list-id", "list-unsubscribe", "list-post", "list-help", "list-unsubscribe-post", "list-owner", "mailing-list", "x-mailing-list")
_AUTO_REPLY = (
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-mail-autoreply", "x-autoreply-domain", "x-away", "x-vacation", "x-auto-reply-from", "x-autoresponse",
)  # fmt: skip
_NO = frozenset(("no", "false", "0"))
_SUPPRESS = frozenset(("all", "autoreply"))
"""Words of X-Auto-Response-Suppress that mean an answer like ours; people's own servers add OOF to what people write."""
_PGP_WITHIN = 200
_METHOD = re.compile(rb"^METHOD[^:\r\n]{0,40}:[ \t]*([A-Z-]{3,20})", re.IGNORECASE | re.MULTILINE)
_METHOD_WITHIN = 8_192
"""Bytes of a calendar in which its method stands."""


def read_signals(headers: Headers, root: Part, calendars: list[Part]) -> Signals:
    """Signals of the whole mail; those of a mail inside it do not count."""
    is_report = root.content_type == "multipart/report"
    return Signals(
        auto_submitted=headers.word("auto-submitted"),
        precedence=headers.word("precedence"),
        return_path=_return_path(headers),
        listed=any(name in headers for name in _LIST),
        auto_reply=any(name in headers and headers.word(name) not in _NO for name in _AUTO_REPLY),
        suppress=not _SUPPRESS.isdisjoint(re.split(r"[\s,;]+", headers.text("x-auto-response-suppress").lower())),
        report=root.parameters.get("report-type", "delivery-status").lower() if is_report else "",
        calendar=next((method for part in calendars if (method := _method(part))), ""),
        desk=headers.text(DESK_HEADER),
        encrypted=_is_encrypted(root),
    )


def _is_encrypted(root: Part) -> bool:
    """S/MIME enveloped, PGP/MIME, or PGP in the text."""
    if root.content_type == "multipart/encrypted":
        return True
    if root.content_type in SIGNED:
        kind = root.parameters.get("smime-type", "").lower()
        return "enveloped" in kind or (not kind and open_signed(root.data()) is None)
    first = next(root.leaves())
    return first.content[first.start : first.start + _PGP_WITHIN].lstrip().startswith(b"-----BEGIN PGP MESSAGE-----")


def _return_path(headers: Headers) -> str | None:
    if "return-path" not in headers:
        return None
    return next((found.address for found in read_addresses(headers.first("return-path"))), "")


def _method(part: Part) -> str:
    given = part.parameters.get("method", "").strip().upper()
    if given:
        return given
    found = _METHOD.search(part.data()[:_METHOD_WITHIN])
    return found[1].decode("ascii").upper() if found else ""
