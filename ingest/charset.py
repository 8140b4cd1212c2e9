"""The only place where bytes become text: the declared charset, then what the bytes really are, then a guess."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from functools import lru_cache

from charset_normalizer import from_bytes

GUESS_SAMPLE = 16_384
"""Bytes shown to the detector: enough for a verdict, few enough to be quick."""
FEW = 24
"""Bytes: with fewer the detector has nothing to go by."""
WESTERN = "cp1252"

_ASCII = bytes(range(128))
_WESTERN = frozenset("åäöæøéèêëàáâóòôíïúüûñçßÅÄÖÆØÉÈÜÁÓ «»“”‘’„‚–—…•·°§´½€£²³®©×".encode("cp1252"))
_RARE_EAST = frozenset("³êëñ×".encode("cp1252"))
"""Bytes that are also common letters of Polish and other cp1250 text: not enough by themselves to call text western."""
_DETECTABLE = [
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1255", "cp1256", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "koi8_r", "iso8859_2",
]  # fmt: skip
_SEVEN_BIT = ("utf-7", "utf-16", "utf-32", "iso2022", "hz")
_REALLY = {
    "ascii": "",
    "iso8859-1": "cp1252",
    "latin_1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "cp950",
    "utf-8-sig": "utf-8",
}
_ALIASES = {
    "iso-gb2312": "gb18030", "ks_c_5601-1987": "cp949", "iso-8859-8-i": "iso8859-8", "utf8mb4": "utf-8", "unicode-1-1-utf-7": "utf-7",
    "windows-31j": "cp932", "x-sjis": "cp932", "x-gbk": "gb18030", "ansi_x3.110-1983": "cp1252", "8bit": "", "binary": "",
}  # fmt: skip
_ALTERNATIVES = {"iso2022_jp": ("cp932", "euc_jp"), "cp932": ("euc_jp",), "euc_jp": ("cp932",)}
_REFUSED = ("punycode", "idna", "escape", "undefined", "mbcs", "oem")
"""Python codecs that are no charsets: slow or with effects of their own."""
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ESCAPED = re.compile("[\udc80-\udcff]+")
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


def decode(data: bytes, declared: str = "") -> str:
    """Text of `data`; a byte that means nothing becomes U+FFFD, never nothing. The result may hold NUL: see `clean`."""
    name = codec_name(declared)
    if data.isascii() and not name.startswith(_SEVEN_BIT):
        if b"\x1b$" not in data:
            return data.decode("ascii")
        name = "iso2022_jp"
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return data.decode(codec, "replace")
    if not name or name == "cp1252":
        return _as_utf8(data) or _guess(data, name)
    for codec in (name, *_ALTERNATIVES.get(name, ())):
        try:
            return data.decode(codec)
        except UnicodeError:
            continue
    return (_mostly_utf8(data) if name == "utf-8" else _as_utf8(data)) or _guess(data, "")


def find_charset(lines: Iterable[bytes]) -> str:
    """The codec of a whole file: by its byte order mark; UTF-8 where all or nearly all of it is; else a guess at lines that are not ASCII."""
    sample, sound = bytearray(), True
    for number, line in enumerate(lines):
        marked = [codec for bom, codec in _BOMS if number == 0 and line.startswith(bom)]
        if marked:
            return marked[0]
        if line.isascii():
            continue
        sound_line = bool(_as_utf8(line))
        sound = sound and sound_line
        if len(sample) < GUESS_SAMPLE or not sound_line:
            sample += line
        if not sound and len(sample) >= GUESS_SAMPLE:
            break
    return "utf-8" if sound or _mostly_utf8(bytes(sample)) else _guessed(bytes(sample))


@lru_cache(maxsize=512)
def codec_name(declared: str) -> str:
    """The codec to try for a declared charset, "" where the declaration says nothing or is unknown."""
    name = declared.strip(" \t\"'").lower()[:40]
    name = _ALIASES.get(name, name)
    if not name or any(refused in name for refused in _REFUSED):
        return ""
    try:
        found = codecs.lookup(name).name
        "".encode(found)
    except (LookupError, ValueError):
        return ""
    return _REALLY.get(found, found)


def clean(text: str) -> str:
    """Without NUL, other control characters and byte order marks; a lone surrogate is U+FFFD, a pair is its letter."""
    if not _UNWANTED.search(text):
        return text
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROLS.sub("", text)


def _as_utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _mostly_utf8(data: bytes) -> str:
    """UTF-8 with some foreign bytes, each read as cp1252; "" where the foreign bytes are the more."""
    text = data.decode("utf-8", "surrogateescape")
    bad = sum(len(run) for run in _ESCAPED.findall(text))
    high = len(data.translate(None, _ASCII))
    if high < 3 * bad:
        return ""
    return _ESCAPED.sub(lambda run: "\ufffd" if run.end() == len(text) else _western(run[0].encode("utf-8", "surrogateescape")), text)


def _western(data: bytes) -> str:
    return data.decode(WESTERN, "replace")


def _guess(data: bytes, declared: str) -> str:
    return data.decode(WESTERN if declared else _guessed(data), "replace")


def _guessed(data: bytes) -> str:
    """The codec of eight-bit text that is not UTF-8: western where it looks so, else what the detector says, else western anyway."""
    if len(data) < FEW or _looks_western(data):
        return WESTERN
    best = from_bytes(data[:GUESS_SAMPLE], cp_isolation=_DETECTABLE).best()
    return best.encoding if best else WESTERN


def _looks_western(data: bytes) -> bool:
    """High bytes are few and all of them letters or signs of western text."""
    high = data.translate(None, _ASCII)
    found = frozenset(high)
    return len(high) * 4 < len(data) and found <= _WESTERN and not found <= _RARE_EAST
