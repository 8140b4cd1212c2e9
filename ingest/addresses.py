"""The only place where address fields are read (RFC 5322, 3.4), in time linear in their length."""

from __future__ import annotations

import re

from ingest.headers import decode_value
from models.records import Address

ADDRESS_LIMIT = 5_000
"""Addresses taken from one field."""
LENGTH_LIMIT = 320
"""Characters of one address (RFC 3696, erratum 1690)."""

_TOKEN = re.compile(r'"[^"]*"|\([^()]*\)|<[^<>]*>|[,;:]|[^",;:<>()]+|.', re.DOTALL)
_ESCAPED_QUOTE = "\x01"
"""Stands for a quotation mark inside a quoted string."""
_BARE = re.compile(r"[^\s<>\"'(),;:@]{1,64}@[^\s<>\"'(),;:@]{1,255}")


def read_addresses(raw: bytes) -> tuple[Address, ...]:
    """Addresses in order, also those of groups; in lower case, without trailing dot; never an empty one."""
    found: list[Address] = []
    for items in _chunks(raw.decode("latin-1")):
        address = _read_one(items)
        if address.address:
            found.append(address)
        if len(found) >= ADDRESS_LIMIT:
            break
    if not found and b"=?" in raw:
        decoded = decode_value(raw)
        found = [Address(name="", address=_tidy(match)) for match in _BARE.findall(decoded)[:1]]
    return tuple(found)


def read_name(raw: bytes) -> str:
    """What stands where an address should be: for senders that have a name only."""
    return next((name for items in _chunks(raw.decode("latin-1")) if (name := _read_one(items).name)), "")


def _chunks(text: str) -> list[list[str]]:
    """Tokens of each member of the list; the name of a group is dropped."""
    chunks: list[list[str]] = [[]]
    addressed = False
    for item in _TOKEN.findall(text.replace("\\\\", "").replace('\\"', _ESCAPED_QUOTE)):
        if item in ",;":
            chunks.append([])
            addressed = False
        elif item == ":" and not addressed:
            chunks[-1] = []
        else:
            chunks[-1].append(item)
            addressed = addressed or "@" in item
    return chunks


def _read_one(items: list[str]) -> Address:
    angles = [item for item in items if _is_angle(item)]
    comments = [item[1:-1] for item in items if item.startswith("(") and item.endswith(")")]
    rest = [item for item in items if not _is_angle(item) and not (item.startswith("(") and len(item) > 1)]
    words = "".join(_unquote(item) for item in rest)
    if angles:
        return Address(name=_name(words or " ".join(comments)), address=_tidy(angles[-1][1:-1]) or _bare(words))
    address = _bare(words) or ("" if len(words.split()) != 1 else _tidy(words))
    name = words.replace(address, "") if address and len(words.split()) > 1 else ""
    return Address(name=_name(name or " ".join(comments) or ("" if address else words)), address=address)


def _is_angle(item: str) -> bool:
    return len(item) > 1 and item.startswith("<") and item.endswith(">")


def _unquote(item: str) -> str:
    if len(item) > 1 and item[0] == item[-1] == '"':
        return item[1:-1].replace(_ESCAPED_QUOTE, '"')
    return "" if item in '"<>()' else item


def _bare(words: str) -> str:
    match = _BARE.search(words)
    return _tidy(match[0]) if match else ""


def _tidy(address: str) -> str:
    """One address as it is compared: no white space, no trailing dot, no route, lower case."""
    text = decode_value("".join(address.split()).encode("latin-1", "replace")).lower()
    text = text.removeprefix("mailto:").strip("\"'<>,;")
    if text.startswith("@") and ":" in text:
        text = text.partition(":")[2]
    return "".join(text.split()).rstrip(".")[:LENGTH_LIMIT]


def _name(words: str) -> str:
    return decode_value(words.encode("latin-1", "replace")).strip("'\" ")
