"""The only place where the words of mail programs are read from `data/lexicon/mail`: one file per language, same keys."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import cast

FOLDER = Path(__file__).resolve().parent.parent / "data" / "lexicon" / "mail"
KEYS = frozenset((
    "from", "sent", "date", "to", "cc", "subject", "wrote", "original", "forwarded", "intro", "weekdays", "closings", "footers", "disclaimers",
    "pointers", "asks", "within", "stubs", "reply_prefixes", "forward_prefixes", "notice_words", "away_subjects", "away_endings", "receipt_subjects", "desk_subjects", "bounce_subjects", "function_words", "endings",
))  # fmt: skip
HEADER_LINES = 12
"""Lines in which a block of forwarded headers must show itself."""

_MARKUP = r"[*_>|\s\ufeff]*"


@lru_cache(maxsize=1)
def languages() -> dict[str, dict[str, list[str]]]:
    """All phrases by language and key."""
    return {
        file.stem: cast("dict[str, list[str]]", tomllib.loads(file.read_text(encoding="utf-8"))) for file in sorted(FOLDER.glob("*.toml"))
    }


@lru_cache(maxsize=64)
def phrases(key: str) -> tuple[str, ...]:
    """Phrases of all languages under one key in lower case, the longest first."""
    found = {phrase.lower() for table in languages().values() for phrase in table.get(key, ())}
    return tuple(sorted(found, key=lambda phrase: (-len(phrase), phrase)))


def either(key: str) -> str:
    """A pattern that matches each phrase under `key`."""
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in phrases(key))


@lru_cache(maxsize=1)
def _labels() -> re.Pattern[str]:
    groups = "|".join(f"(?P<{key}>{either(key)})" for key in ("from", "sent", "to", "cc", "subject", "date"))
    return re.compile(rf"{_MARKUP}(?:{groups}){_MARKUP}[:：](?P<value>.*)", re.IGNORECASE)


def read_label(line: str) -> tuple[str, str]:
    """Which header a line of a forwarded block is ("from", "sent", ...) and its value; ("", "") where it is none."""
    match = _labels().match(line) if ":" in line[:60] or "：" in line[:60] else None
    if match is None:
        return "", ""
    key = next(name for name, text in match.groupdict().items() if text is not None)
    return key, match["value"].strip("*_ \t")


def header_block_length(lines: list[str], start: int) -> int:
    """Lines of the block of forwarded headers that begins at `start`, 0 where none does.

    A form with "from" and "to" and a date is none: a sender's address, a time of sending or a subject must be told too.
    """
    if not read_label(lines[start])[0]:
        return 0
    found: dict[str, str] = {}
    last = start
    for index in range(start, min(len(lines), start + HEADER_LINES)):
        key, value = read_label(lines[index])
        if key in found:
            break
        if key:
            found[key] = value
            last = index
        elif index - last > 3:
            break
    return last - start + 1 if _is_block(found) else 0


def _is_block(found: dict[str, str]) -> bool:
    if "from" not in found or len(found) < 2:
        return False
    if "sent" in found or {"subject", "date"} <= found.keys():
        return True
    addressed = "@" in found["from"] or "@" in found.get("to", "")
    return addressed and not found.keys().isdisjoint(("to", "date", "subject"))


def starts_header_block(text: str) -> bool:
    """Whether a text begins with forwarded headers."""
    lines = [line for line in text.replace("\xa0", " ").splitlines() if line.strip()]
    joined = " ".join(lines)
    return any(header_block_length(lines, index) for index in range(min(2, len(lines)))) or len(_labels_within(joined)) > 2


def _labels_within(text: str) -> set[str]:
    """Headers named in a run of text without line ends, as markup gives it."""
    return {next(name for name, got in match.groupdict().items() if got) for match in _inner_labels().finditer(text)}


@lru_cache(maxsize=1)
def _inner_labels() -> re.Pattern[str]:
    groups = "|".join(f"(?P<{key}>{either(key)})" for key in ("from", "sent", "to", "cc", "subject", "date"))
    return re.compile(rf"(?<!\w)(?:{groups})\s?:", re.IGNORECASE)
