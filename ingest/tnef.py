"""The only door to tnefparse: what lies in a winmail.dat."""

from __future__ import annotations

import logging
import struct
from dataclasses import dataclass

from tnefparse import TNEF

from ingest.charset import clean, decode

SIGNATURE = b"\x78\x9f\x3e\x22"
SIZE_LIMIT = 25 * 2**20
OBJECT_LIMIT = 2_000
WORK_LIMIT = 10**9
"""Bytes times objects: the library copies the rest of the file for each object."""
INNER_LIMIT = 5
PROPERTY_LIMIT = 2_000
_COUNTED = (b"\x03\x90", b"\x04\x90", b"\x05\x90")
"""Objects that begin with the number of their properties or recipients (MS-OXTNEF 2.1.3.4, 2.1.3.5)."""

_BREAKS = (
    ValueError, LookupError, AttributeError, TypeError, NameError, ArithmeticError, AssertionError, OSError, RecursionError, struct.error,
)  # fmt: skip
"""What tnefparse raises on broken files: fuzzing found each."""

logging.getLogger("tnefparse").disabled = True  # what it logs may come from the mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Files by name, and the bodies, "" where there is none."""

    files: tuple[tuple[str, bytes], ...]
    plain: str
    html: str


def open_tnef(data: bytes) -> Opened | None:
    """What is inside; None where it is no TNEF, is broken, or would take too long."""
    if not _is_bearable(data):
        return None
    try:
        found = TNEF(data, do_checksum=False)
        files = tuple((_text(file.long_filename()), bytes(file.data)) for file in found.attachments)
    except _BREAKS:
        return None
    return Opened(files=files, plain=_text(found.body), html=_text(found.htmlbody))


def _is_bearable(data: bytes) -> bool:
    """Whether the library will be done soon: walks over the objects of the file and of mails inside it without reading them."""
    if not data.startswith(SIGNATURE) or len(data) > SIZE_LIMIT or data.count(SIGNATURE) > INNER_LIMIT:
        return False
    place = 0
    while place >= 0:
        if not _are_few(data, place):
            return False
        place = data.find(SIGNATURE, place + 1)
    return True


def _are_few(data: bytes, start: int) -> bool:
    """Few objects (MS-OXTNEF 2.1.3), with few properties or recipients each, from `start` on."""
    place, objects = start + 6, 0
    while place + 12 < len(data):
        size = int.from_bytes(data[place + 5 : place + 9], "little")
        counted = data[place + 1 : place + 3] in _COUNTED
        if counted and int.from_bytes(data[place + 9 : place + 13], "little") > PROPERTY_LIMIT:
            return False
        place += size + 11
        objects += 1
        if objects > OBJECT_LIMIT or objects * len(data) > WORK_LIMIT:
            return False
    return True


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    text = decode(value) if isinstance(value, bytes) else str(value or "")
    return clean(text)
