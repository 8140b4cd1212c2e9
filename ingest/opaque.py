"""The only place where a mail inside an opaque signature is taken out (RFC 8551, 3.5.2): the part of BER that this needs."""

from __future__ import annotations

SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")
"""Object identifiers with their tags (RFC 5652, 4 and 5.1); DATA stands right before the content."""
SEARCHED = 4_096

_EXPLICIT, _OCTETS, _PIECES = 0xA0, 0x04, 0x24
SIGNED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
"""Content types of S/MIME, signed or encrypted (RFC 8551, 3.2)."""


def open_signed(data: bytes) -> bytes | None:
    """The signed content as it was before signing; None where it is encrypted, detached or no CMS at all."""
    if data[:1] != b"\x30" or SIGNED_DATA not in data[:64]:
        return None
    found = data.find(DATA, 0, SEARCHED)
    try:
        return _content(data, found + len(DATA)) or None if found > 0 else None
    except IndexError:
        return None


def _content(data: bytes, place: int) -> bytes:
    """eContent: one OCTET STRING, or one in pieces (RFC 5652, 5.2)."""
    tag, _, place = _head(data, place)
    if tag != _EXPLICIT:
        return b""
    tag, length, place = _head(data, place)
    if tag == _OCTETS:
        return data[place : place + length]
    pieces: list[bytes] = []
    while tag in (_PIECES, _OCTETS):
        tag, length, place = _head(data, place)
        if tag == _OCTETS:
            pieces.append(data[place : place + length])
            place += length
    return b"".join(pieces)


def _head(data: bytes, place: int) -> tuple[int, int, int]:
    """Tag, length (0 where indefinite) and where the value begins."""
    tag, length = data[place], data[place + 1]
    if length <= 0x80:
        return tag, length & 0x7F, place + 2
    size = length & 0x7F
    return tag, int.from_bytes(data[place + 2 : place + 2 + size], "big"), place + 2 + size
