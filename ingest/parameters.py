"""The only place where the parameters of a header value are read (RFC 2045, 5.1; RFC 2231; and what mailers write instead)."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from ingest.charset import decode
from ingest.headers import decode_value

PARAMETER_LIMIT = 16 * 1024
"""Bytes of a header value in which parameters are looked for."""

_PARAMETER = re.compile(rb';\s*([^\s=;"*]{1,60})(\*\d{1,3})?(\*)?[ \t]*=[ \t]*("(?:[^"\\]|\\.){0,4000}"|[^;]*)', re.DOTALL)
_QUOTED_PAIR = re.compile(rb'\\(["\\])')
Piece = tuple[int, bool, bytes]
"""Place in the sequence, whether percent-encoded, and the bytes."""


def read_parameters(raw: bytes) -> tuple[str, dict[str, str]]:
    """The value before the first semicolon and its parameters, decoded, by lower-case name; the first of a name counts."""
    raw = raw[:PARAMETER_LIMIT]
    value, semicolon, _ = raw.partition(b";")
    if not semicolon:
        return decode(value), {}
    plain: dict[str, str] = {}
    pieces: dict[str, list[Piece]] = {}
    for match in _PARAMETER.finditer(raw, len(value)):
        name, place, extended, given = match.groups()
        key, bare = name.decode("latin-1").lower(), _unquote(given.strip())
        if place or extended:
            pieces.setdefault(key, []).append((int(place[1:]) if place else 0, bool(extended), bare))
        elif bare:
            plain.setdefault(key, decode_value(bare))
    return decode(value), plain | {key: joined for key, found in pieces.items() if (joined := _join(found))}


def _unquote(given: bytes) -> bytes:
    """Without quotation marks; a lone backslash stays, as it parts the folders of a Windows path."""
    if given[:1] == b'"':
        return _QUOTED_PAIR.sub(rb"\1", given[1:-1] if len(given) > 1 and given[-1:] == b'"' else given[1:])
    return given


def _join(pieces: list[Piece]) -> str:
    """Continuations in order (RFC 2231, 3); the charset stands before the first (RFC 2231, 4)."""
    pieces = sorted(pieces, key=lambda piece: piece[0])
    charset = b""
    first = pieces[0][2]
    if pieces[0][1] and first.count(b"'") >= 2:
        charset, _, first = first.split(b"'", 2)
    data = b"".join(unquote_to_bytes(part) if encoded else part for _, encoded, part in [(0, pieces[0][1], first), *pieces[1:]])
    return decode_value(data) if b"=?" in data else decode(data, charset.decode("latin-1"))
