"""The only place where a mail's bytes are split into parts (RFC 2045, RFC 2046), in time linear in their number."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.charset import decode
from ingest.headers import Headers, read_headers
from ingest.parameters import read_parameters

DEPTH_LIMIT = 30
PART_LIMIT = 1_000
HIT_LIMIT = 20_000
"""Places looked at in the search for one boundary."""

_LINE_END_WITHIN = 4_096
_TYPE = re.compile(r"\s*([a-z0-9][\w.+-]*/[a-z0-9][\w.+-]*)", re.IGNORECASE)
_USED_BOUNDARY = re.compile(rb"^--([^\s][^\r\n]{0,68}?)[ \t]*\r?\n(?=content-[a-z]+:)", re.IGNORECASE | re.MULTILINE)
_DELIMITER_REST = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/=\s]*\Z")
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_LINE_ENDS = b"\r\n \t"
_SALVAGE_DROP = re.compile(
    r"^(?:--\S.*|[A-Za-z0-9+/]{60,}={0,2}|(?:content|mime)-[a-z-]+:.*(?:\n[ \t]+.*)*)\n?", re.IGNORECASE | re.MULTILINE
)
RUN_LIMIT = 1_000
"""Runs of base64 that end in padding and go on."""
UU_LINE_LIMIT = 200_000
SALVAGE_LIMIT = 2**20
"""Bytes that are read as text where the parts cannot be found."""


@dataclass(slots=True, kw_only=True)
class Part:
    """One node of a mail. `content[start:end]` is its body, still encoded; `children` is empty for a leaf.

    `lost` marks a multipart whose parts cannot be found.
    """

    content: bytes
    start: int
    end: int
    headers: Headers
    content_type: str
    parameters: dict[str, str]
    disposition: str
    file_name: str
    children: list[Part] = field(default_factory=list)
    lost: bool = False

    @property
    def encoding(self) -> str:
        return self.headers.word("content-transfer-encoding")

    def data(self) -> bytes:
        """The body decoded; salvaged where the encoding is broken."""
        raw = self.content[self.start : self.end]
        match self.encoding:
            case "base64":
                return _from_base64(raw)
            case "quoted-printable":
                return binascii.a2b_qp(raw)
            case "x-uuencode" | "uuencode" | "x-uue":
                return _from_uu(raw)
            case _:
                return raw

    def leaves(self) -> Iterator[Part]:
        """Parts without children, in the order they stand."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            if not part.children:
                yield part
            waiting.extend(reversed(part.children))


def read_tree(content: bytes) -> Part:
    """The tree of parts of a whole message; its own headers are those of the root."""
    content = _with_line_feeds(content)
    headers, start = read_headers(content, 0, len(content))
    budget = [PART_LIMIT]
    root = _part(content, headers, start, len(content), "text/plain")
    waiting = [(root, 0)]
    while waiting:
        part, depth = waiting.pop()
        if not part.content_type.startswith("multipart/"):
            continue
        if depth < DEPTH_LIMIT:
            part.children = list(_split(part, budget))
        part.lost = not part.children
        waiting.extend((child, depth + 1) for child in part.children)
    return root


def _with_line_feeds(content: bytes) -> bytes:
    """A message whose lines end with CR alone, as if they ended with LF."""
    beginning = content[:_LINE_END_WITHIN]
    return content.replace(b"\r", b"\n") if b"\n" not in beginning and b"\r" in beginning else content


def salvage(part: Part) -> str:
    """What can be read of a multipart whose parts cannot be found: its lines without delimiters and part headers."""
    raw = part.content[part.start : min(part.end, part.start + SALVAGE_LIMIT)]
    return _SALVAGE_DROP.sub("", decode(raw, part.parameters.get("charset", "")).replace("\r\n", "\n"))


def _part(content: bytes, headers: Headers, start: int, end: int, default_type: str) -> Part:
    value, parameters = read_parameters(headers.first("content-type"))
    kind = _TYPE.match(value)
    content_type = kind[1].lower() if kind else default_type
    disposition, placing = read_parameters(headers.first("content-disposition"))
    return Part(
        content=content,
        start=start,
        end=end,
        headers=headers,
        content_type=content_type,
        parameters=parameters,
        disposition=disposition.strip().lower(),
        file_name=placing.get("filename") or parameters.get("name") or "",
    )


def _split(part: Part, budget: list[int]) -> Iterator[Part]:
    """The parts between the delimiters; of another boundary than the declared one where only that occurs."""
    default_type = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    declared = part.parameters.get("boundary", "").encode("latin-1", "replace")
    ranges = list(_ranges(part, declared)) if declared else []
    if not ranges:
        used = _USED_BOUNDARY.search(part.content, part.start, min(part.end, part.start + SALVAGE_LIMIT))
        ranges = list(_ranges(part, used[1])) if used else []
    for start, end in ranges:
        if budget[0] <= 0:
            return
        budget[0] -= 1
        headers, body = read_headers(part.content, start, end, strict=True)
        yield _part(part.content, headers, min(body, end), end, default_type)


def _ranges(part: Part, boundary: bytes) -> Iterator[tuple[int, int]]:
    """Where each part begins and ends: the line end before a delimiter belongs to the delimiter."""
    content, opened = part.content, -1
    place = part.start
    for _ in range(HIT_LIMIT):
        at = content.find(b"--" + boundary, place, part.end)
        if at < 0:
            break
        place = at + 2
        rest = _DELIMITER_REST.match(content, at + 2 + len(boundary), part.end)
        if rest is None or not (at == part.start or content[at - 1] == 0x0A):
            continue
        if opened >= 0:
            yield opened, max(opened, at - (2 if content[at - 2 : at] == b"\r\n" else 1))
        if rest[1]:
            return
        opened = place = rest.end()
    if 0 <= opened <= part.end:
        yield opened, part.end


def _from_base64(raw: bytes) -> bytes:
    """Bytes of base64 with foreign characters, missing padding or several runs; plain text that only claims to be is kept."""
    if not _BASE64_LINE.match(raw[:4096]) and _is_prose(raw[:4096]):
        return raw
    padding = raw.find(b"=")
    if padding < 0 or len(raw) - padding < 8 or not raw[padding:].translate(None, b"=" + _LINE_ENDS):
        try:
            return binascii.a2b_base64(raw)
        except binascii.Error:
            pass
    runs = raw.split(b"=") if raw.count(b"=") <= RUN_LIMIT else [raw]
    return b"".join(_run(run) for run in runs if run)


def _is_prose(raw: bytes) -> bool:
    words = raw.split()
    return len(raw.translate(None, _LINE_ENDS)) < 12 * len(words) and len(words) > 2


def _run(run: bytes) -> bytes:
    letters = run.translate(None, _NOT_BASE64)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _from_uu(raw: bytes) -> bytes:
    """Lines between "begin" and "end"; what some encoders leave behind the last byte is cut off, a broken line is left out."""
    return b"".join(_uu_line(line) for line in raw.split(b"\n", UU_LINE_LIMIT)[:UU_LINE_LIMIT])


def _uu_line(line: bytes) -> bytes:
    if not line.strip() or line.startswith((b"begin ", b"end")):
        return b""
    letters = ((line[0] - 32 & 63) * 4 + 5) // 3
    try:
        return binascii.a2b_uu(line[: letters + 1])
    except binascii.Error:
        return b""
