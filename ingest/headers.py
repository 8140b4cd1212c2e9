"""The only place where a header block is split and its values are decoded (RFC 5322, 2.2; RFC 2047), however broken."""

from __future__ import annotations

import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.charset import clean, decode

BLOCK_LIMIT = 2 * 2**20
"""Bytes of a header block that are read; fields behind are not seen."""
VALUE_LIMIT = 192 * 1024
"""Bytes of one value that are kept."""
LINE_LIMIT = 50_000
PART_LINE_LIMIT = 500
"""Lines of a header block that are read, of a mail and of a part: a To of thousands of addresses must fit."""
LONGEST_ID = 900
"""Bytes."""
ID_LIMIT = 1_000
"""Message ids taken from one References field."""

_END = re.compile(rb"\r?\n\r?\n")
_BLANK_LINES = re.compile(rb"[\r\n]*\n")
_NAME = re.compile(rb"([!-9;-~]{1,120})[ \t]*:")
_MAIN = re.compile(
    rb"(?:return-path|received|from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|reply-to|sender|in-reply-to|references"
    rb"|x-[a-z-]+|delivered-to|list-[a-z-]+|auto-submitted|precedence|dkim-signature|authentication-results|thread-[a-z]+|user-agent)[ \t]*:",
    re.IGNORECASE,
)
_NEEDED = frozenset(("from", "to", "subject", "date", "content-type"))
"""Where none of these stands before the first blank line, that line came too early."""
_AHEAD = 4
"""Lines looked at behind one that is no header, to see whether headers go on."""
_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_ID = re.compile(r"<([^<>]{1,996})>")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """Fields by lower-case name, in order; values are unfolded bytes as they came."""

    fields: dict[str, list[bytes]]

    def first(self, name: str) -> bytes:
        """The first value that is not blank, b"" where there is none."""
        return next((value for value in self.fields.get(name, ()) if value.strip()), b"")

    def text(self, name: str) -> str:
        """The first value decoded, on one line."""
        return decode_value(self.first(name))

    def word(self, name: str) -> str:
        """The first value in lower case without comment or parameters: for fields whose value is one word."""
        return self.text(name).partition(";")[0].partition("(")[0].strip().lower()

    def __contains__(self, name: str) -> bool:
        return name in self.fields


def read_headers(content: bytes, start: int, end: int, *, strict: bool = False) -> tuple[Headers, int]:
    """Headers that begin at `start`, and where the body begins. A stray line amid headers does not end them.

    `strict` for those of a part: a blank line at once means that there are none (RFC 2046, 5.1).
    """
    fields: dict[str, list[bytes]] = {}
    if blank := _BLANK_LINES.match(content, start, end):
        if strict:
            return Headers(fields={}), min(_next_line(content, start, end), end)
        start = blank.end()
    limit = PART_LINE_LIMIT if strict else LINE_LIMIT
    body = _read_block(content, start, end, fields, limit)
    if not strict and body < end and _NEEDED.isdisjoint(fields) and _MAIN.match(content, body, end):
        body = _read_block(content, body, end, fields, limit)
    if not any(_MAIN.match(name.encode("latin-1") + b":") for name in fields):
        return Headers(fields={}), start
    return Headers(fields=fields), body


def _next_line(content: bytes, start: int, end: int) -> int:
    found = content.find(b"\n", start, end)
    return end if found < 0 else found + 1


def _read_block(content: bytes, start: int, end: int, fields: dict[str, list[bytes]], limit: int) -> int:
    """Reads fields up to a blank line into `fields`; where the body begins."""
    window = min(end, start + BLOCK_LIMIT)
    blank = _END.search(content, start, window)
    stop, body = (blank.start(), blank.end()) if blank else (window, _behind(content, window, end))
    lines = content[start:stop].split(b"\n", limit)[:limit]
    place, name, value = start, "", bytearray()
    for index, line in enumerate(lines):
        found = _NAME.match(line)
        if line[:1] in b" \t" and name:
            value += b" " + line.strip()
        elif found:
            _put(fields, name, value)
            name, value = found[1].decode("ascii").lower(), bytearray(line[found.end() :].strip())
        elif not found and not _goes_on(lines, index):
            _put(fields, name, value)
            return place
        place += len(line) + 1
    _put(fields, name, value)
    return body


def _behind(content: bytes, window: int, end: int) -> int:
    """Where the body begins if the block is larger than what is read of it."""
    if window == end:
        return end
    blank = _END.search(content, window - 3, end)
    return blank.end() if blank else end


def _put(fields: dict[str, list[bytes]], name: str, value: bytearray) -> None:
    if name:
        fields.setdefault(name, []).append(bytes(value[:VALUE_LIMIT]))


def _goes_on(lines: list[bytes], index: int) -> bool:
    """A line that is no header is passed over where it is an mbox line or headers follow."""
    line = lines[index]
    if line.startswith((b"From ", b">From ")) or not line.strip():
        return True
    return any(_MAIN.match(later) for later in lines[index + 1 : index + _AHEAD])


def decode_value(raw: bytes) -> str:
    """Readable text of a header value on one line: encoded words, also broken ones, and undeclared eight-bit bytes."""
    if not raw:
        return ""
    text = raw.decode("ascii") if raw.isascii() and b"=?" not in raw else _decode_words(raw)
    return _SPACE.sub(" ", clean(text)).strip()


def _decode_words(raw: bytes) -> str:
    """Encoded words that only white space parts are one text; same charset: one run of bytes, as letters may be split."""
    out: list[str] = []
    run, charset, place = b"", "", 0
    while (at := raw.find(b"=?", place)) >= 0:
        word = _WORD.match(raw, at)
        stop = raw.find(b"?=", word.end()) if word else -1
        between = raw[place:at]
        if word is None or stop < 0:
            out += [decode(run, charset), decode(raw[place : at + 2])]
            run, place = b"", at + 2
            if word is None:
                continue
            break
        named = word[1].decode("latin-1").partition("*")[0].lower()
        if between.strip() or not run or named != charset:
            out += [decode(run, charset), decode(between) if between.strip() or not run else ""]
            run, charset = b"", named
        run += _word_bytes(word[2], raw[word.end() : stop])
        place = stop + 2
    return "".join((*out, decode(run, charset), decode(raw[place:])))


def _word_bytes(kind: bytes, payload: bytes) -> bytes:
    if kind in b"qQ":
        return binascii.a2b_qp(payload, header=True)
    letters = _NOT_BASE64.sub(b"", payload)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def read_ids(raw: bytes) -> tuple[str, ...]:
    """Message ids in order, each once, with angle brackets; a bare id is taken where there are no brackets."""
    text = decode_value(raw)
    found = [_SPACE.sub("", inner) for inner in _ID.findall(text)] or [word for word in text.split() if "@" in word and "<" not in word]
    return tuple(dict.fromkeys(f"<{_short_enough(inner)}>" for inner in found[-ID_LIMIT:] if inner))


def _short_enough(id: str) -> str:
    """A message id that no line could hold (RFC 5322, 2.1.1) under a name of its own: the same one wherever it stands."""
    content = id.encode()
    return id if len(content) <= LONGEST_ID else f"{hashlib.sha256(content).hexdigest()}@shortened.invalid"


def read_date(raw: bytes) -> datetime | None:
    """The moment in UTC; RFC 5322 with the usual sins, or ISO 8601. None where it is no date."""
    text = decode_value(raw)[:200]
    for reader in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = reader(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None
