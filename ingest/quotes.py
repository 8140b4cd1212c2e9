"""The only place where plain text is told apart into what the sender wrote now and the older mails under it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.lexicon import either, header_block_length, phrases, read_label

LINE_LIMIT = 4_000
"""Lines that are looked at; nobody writes more at once."""
INTRODUCTION_LINES = 4
"""Lines over which "On ... wrote:" may be wrapped."""
LONGEST_BARE = 140
WRAPPED_AT = 68
"""A quoted line at least this long may have spilled over into one without a quote mark."""

_QUOTED = re.compile(r"\s{0,3}>(?!>> \S.* >>>\s*$)")
_MARKS = re.compile(r"^\s{0,3}(?:>\s?)+")
_RULE = re.compile(r"\s*[_\-=*–—]{8,}\s*$")
_ADDRESS = re.compile(r"[^\s<>@\[(:]{1,64}@[\w.-]{3,}")
_ADDRESS_PART = re.compile(r"[<\[(].*")
_DAY = re.compile(
    r"\b\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{2,4}\b|\b\d{1,2}(?:\.|er)?\s+(?:de\s+)?[a-zà-ÿ]{3,10}\.?\s+(?:de\s+)?\d{2,4}\b|\b[a-z]{3,9}\s+\d{1,2},?\s+\d{4}\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
_IN_BRACKETS = re.compile(r"\([^()]*\)[\s:]*$")
_MAY_PART = re.compile(r"[\s>*]*(?:[-_=*–—]{2}|[^:]{4,60}:\s*$)|>>> ")
_WRAPPED_END = re.compile(r"[:>]\s*$")
_DASHED = r"(?:[\s>]*+\*++)*+(?:(?<=\*\*)|(?<=\*)[-_=–—]|[\s>]*+[-_=–—][-_=*–—])[-_=*–—]*+\s*+"
"""Marks, blanks and a run of two dashes or more; asterisks are both, so they are taken by one way only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`own` are the sender's lines in order, `history` those of older mails without quote marks.

    `forwarded` where a line says that the older mail was sent on. `answers_within` where own lines stand amid quoted ones.
    """

    own: str
    history: str
    forwarded: bool


def tell_apart(text: str, *, is_answer: bool = True) -> Told:
    """Lines of the sender and lines of others. Lines under a block of forwarded headers all belong to others.

    In a mail that does not say it is an answer (`is_answer`), marked lines that nothing introduces may be the sender's list,
    and headers amid other lines the sender's copy of a log.
    """
    lines = text.split("\n")[:LINE_LIMIT]
    introduced = _says(text, "wrote") or ("@" in text and ">" in text)
    listed = not is_answer and _is_list(lines)
    own: list[str] = []
    history: list[str] = []
    forwarded = False
    place = 0
    while place < len(lines):
        line = lines[place]
        taken = _introduction_length(lines, place) if introduced else 0
        if (not listed and _QUOTED.match(line)) or (history and _is_spilled(lines, place)):
            history.append(_MARKS.sub("", line))
            taken = 1
        elif taken and _is_marked(_next_line(lines, place + taken)):
            _drop_rule(own)
        elif taken or _opens_history(lines, place, is_answer=is_answer):
            _drop_rule(own)
            history += [_MARKS.sub("", rest) for rest in lines[place:]]
            forwarded = forwarded or _is_forwarding(line)
            break
        else:
            own.append(line)
            taken = 1
        place += taken
    return Told(own=_tidy(own), history=_tidy(history), forwarded=forwarded or any(_is_forwarding(line) for line in history[:3]))


def _is_list(lines: list[str]) -> bool:
    """Whether the marked lines stand amid others, and no line introduces them as somebody's words."""
    marked = [place for place, line in enumerate(lines) if _QUOTED.match(line)]
    if not marked or not any(line.strip() for line in lines[marked[-1] + 1 :]):
        return False
    return not any(_introduction_length(lines, place) for place in range(marked[0]))


def _says(text: str, key: str) -> bool:
    folded = text.lower()
    return any(phrase in folded for phrase in phrases(key))


def is_introduced(history: str) -> bool:
    """Whether the history begins with "On ... wrote:"."""
    return _introduction_length(history.lstrip().split("\n"), 0) > 0


def first_writer(history: str) -> tuple[str, str]:
    """The name in the first header block of a mail sent on, "" where none tells it, and the text under that block."""
    lines = history.split("\n")
    place = next((place for place, line in enumerate(lines) if line.strip() and not (_separators().match(line) or _RULE.match(line))), 0)
    taken = header_block_length(lines, place)
    labels = dict(read_label(line) for line in lines[place : place + taken])
    below = lines[place + (taken or _introduction_length(lines, place)) :]
    return _ADDRESS_PART.sub("", labels.get("from", "")).strip(" \"'"), "\n".join(below)


def without_headers(history: str) -> str:
    """Older mails without their header blocks, introductions and dividing lines."""
    lines = history.split("\n")
    kept: list[str] = []
    place = 0
    while place < len(lines):
        taken = header_block_length(lines, place) or _introduction_length(lines, place)
        if not taken and not (_separators().match(lines[place]) or _RULE.match(lines[place])):
            kept.append(_MARKS.sub("", lines[place]))
        place += taken or 1
    return _tidy(kept)


def _tidy(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _drop_rule(own: list[str]) -> None:
    """Takes away the line that mail programs draw above the history."""
    while own and (not own[-1].strip() or _RULE.match(own[-1])):
        own.pop()
    own.append("")


def _is_spilled(lines: list[str], place: int) -> bool:
    """The end of a long quoted line that was wrapped without a quote mark."""
    line = lines[place].strip()
    if not line or not line[0].islower() or place + 1 >= len(lines):
        return False
    before, after = lines[place - 1], lines[place + 1]
    return len(before) >= WRAPPED_AT and len(line) < WRAPPED_AT // 2 and bool(_QUOTED.match(before) and _QUOTED.match(after))


def _opens_history(lines: list[str], place: int, *, is_answer: bool) -> bool:
    line = lines[place]
    if _MAY_PART.match(line) and _separators().match(line):
        return True
    if line.strip().lower() in phrases("original"):
        return bool(read_label(_next_line(lines, place + 1) or "")[0])
    apart = is_answer or place == 0 or not lines[place - 1].strip() or _RULE.match(lines[place - 1])
    return bool(apart) and header_block_length(lines, place) > 0


@lru_cache(maxsize=1)
def _separators() -> re.Pattern[str]:
    """ "-----Original Message-----", "-----Kari Moe wrote: -----", ">>> Kari Moe 2026-03-02 08:55 >>>" and "Begin forwarded message:"."""
    words = f"{either('original')}|{either('forwarded')}"
    named = rf"(?:{words})\b(?:[^\n]{{0,80}}+|\s*[-_=*–—]{{2,}}[^\n]*)|[^\n]{{0,81}}(?<=\s)(?:{either('wrote')})\s*+:?+\s*+[-_=*–—]{{2,}}+"
    return re.compile(rf"(?:{_DASHED}(?:{named})|[\s>*]*+(?:{either('intro')})\s*+:)\s*$|>>> [^\n]{{3,120}} >>>\s*$", re.IGNORECASE)


@lru_cache(maxsize=1)
def _forwarding() -> re.Pattern[str]:
    return re.compile(rf"{_DASHED}(?:{either('forwarded')})|[\s>*]*+(?:{either('intro')})\s*+:", re.IGNORECASE)


def _is_forwarding(line: str) -> bool:
    return bool(_forwarding().match(line))


@lru_cache(maxsize=1)
def _verbs() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{either('wrote')})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _lead_in() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:(?:{either('weekdays')})\b|\d)", re.IGNORECASE)


def _introduction_length(lines: list[str], place: int) -> int:
    """Lines of the "On ... wrote:" that begins here, 0 where none does; blank lines behind belong to it."""
    first = lines[place]
    if not first.strip() or _QUOTED.match(first) or not (_lead_in().match(first) or _verbs().search(first) or "@" in first):
        return 0
    joined = ""
    for count in range(1, INTRODUCTION_LINES + 1):
        if place + count > len(lines) or not lines[place + count - 1].strip():
            return 0
        joined = f"{joined} {lines[place + count - 1].strip()}"
        if len(joined) > 400:
            return 0
        if _WRAPPED_END.search(joined) and (_verbs().search(joined) or _is_bare(joined)):
            return count if _introduces(joined, lines, place + count) else 0
    return 0


def _is_bare(joined: str) -> bool:
    """An introduction without a verb: a date, a time and an address, nothing behind them but a colon."""
    told = joined.endswith(":") and _CLOCK.search(joined) and _DAY.search(joined) and _ADDRESS.search(joined)
    return bool(told) and len(joined) <= LONGEST_BARE


def _next_line(lines: list[str], place: int) -> str | None:
    """The next line that is not blank, None at the end."""
    return next((line for line in lines[place : place + 4] if line.strip()), None)


def _is_marked(following: str | None) -> bool:
    """Whether what an introduction introduces has quote marks, so that lines without them are the sender's."""
    return following is None or bool(_QUOTED.match(following))


def _is_person(text: str) -> bool:
    """A name of at most six words, perhaps with something in brackets behind."""
    words = _IN_BRACKETS.sub("", text).strip(" :").split()
    return 1 <= len(words) <= 6 and all(word[0].isupper() for word in words)


def _introduces(joined: str, lines: list[str], below: int) -> bool:
    """A date, a time or an address and a verb introduce what has quote marks; without these more must be told."""
    following = _next_line(lines, below)
    day, clock, address = _DAY.search(joined), _CLOCK.search(joined), _ADDRESS.search(joined)
    if _is_marked(following):
        return bool(day or clock or address) and joined.rstrip().endswith((":", ">"))
    if not joined.rstrip().endswith(":"):
        return False
    if following is not None and header_block_length(lines, lines.index(following, below)):
        return True
    verb = _verbs().search(joined)
    named = verb is not None and _is_person(joined[verb.end() :])
    return bool(day and (address or (named and _lead_in().match(joined))))
