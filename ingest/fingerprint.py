"""The only place that says when two deliveries are one mail."""

from __future__ import annotations

import hashlib
import re

SAME_IN_EVERY_COPY = re.compile(rb"^(?:from|to|cc|date|subject|message-id):[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
LARGEST_HEADER = 1_000_000


def fingerprint(content: bytes) -> str:
    """A SHA-256 over what does not change on the way: the author's headers (RFC 5322, 3.6) and the body.

    Equal for two deliveries of one mail, whatever the servers between added on top and whichever line ends they use.
    Where none of these headers is found, the whole text counts.
    """
    text = content.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    head, _, body = text.partition(b"\n\n")
    headers = sorted(SAME_IN_EVERY_COPY.findall(head[:LARGEST_HEADER]))
    digest = hashlib.sha256()
    for header in headers:
        digest.update(b" ".join(header.split()) + b"\n")
    digest.update(b"\n" + (body if headers else text).rstrip(b"\n"))
    return digest.hexdigest()
