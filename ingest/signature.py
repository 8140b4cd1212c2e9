"""The only place where signatures, the lines of telephones and what gateways add are taken off the sender's words."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.lexicon import either, phrases

SHORT_BLOCK = 6
"""Lines under a closing word that are a signature by their shortness."""
LONG_BLOCK = 16
"""Lines of a signature that shows telephone, address or web."""
LINE_LENGTH = 70
LINE_WORDS = 9

_MARK = re.compile(r"\s?(?:--|–-|-–)\s?$|_{2,}\s*$|-{3,}\s*$")
_TRUE_MARK = re.compile(r"-- ?$")
_CONTACT = re.compile(
    r"\b(?:tlf|tel|tfn|telefon|phone|mob|mobil|mobile|direkte|direkt|sentralbord|växel|fax|e-?post|e-?mail|web|www)\b|@|https?:|\+\d{2}|\d{2,4}[ -]\d{2,3}[ -]\d{2}"
    r"|\b\d{4} [A-ZÆØÅ]|\b\d{3} \d{2} [A-ZÅÄÖ]",
    re.IGNORECASE,
)
_GREETING = re.compile(r"\s*[^\W\d_][\w .'’-]{0,40}[,!]\s*$|\s*(?:hei|hej|hi|hello|dear|kjære|hallo)\b", re.IGNORECASE)
_BANNER_END = re.compile(r"[.!\]:)*]\s*$")
_BANNER_ASKS = re.compile(r"cli[ck]k|kli[ck]k|open|åpne|opne|öppna|åbn|trust|learn|les mer|läs mer", re.IGNORECASE)
_BANNER_NAMES = re.compile(r"link|lenke|länk|vedlegg|attach|bilag|bifog|vedhæft|sender|why|avsender|avsändare|https?:", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"\s*(?:p\.?\s?s\.?\b|nb\b|obs\b|ps:)", re.IGNORECASE)
_SENTENCE = re.compile(r"[a-zæøåäö]{2}[.!?…]+\s*$")
_WORDS = re.compile(r"\w+")
_LEAD = re.compile(r"^[\s\[\](){}*_#!|<>«»\"'–—-]*")
_WARNING = re.compile(r"^(?:(?:obs|advarsel|varning|warning|caution|viktig|merk|ekstern|extern|external)\b[\s!:\])]*)+")
_NAME_JOINERS = frozenset(("og", "och", "and", "på", "v/", "/", "&", "fra", "frå", "från", "i", "ved", "hos"))


def take_off(own: str, name: str, *, history: bool = False) -> str:
    """The sender's words without signature; `name` is the sender's display name.

    Blank where `own` is not only above a `history`: then a mail may hold no word of its own.
    """
    for cut in (_without_marked, _without_notices, _without_footers, lambda text: _without_closing(text, name, history=history)):
        shorter = cut(own).strip()
        own = shorter if shorter or history else own
    return own.strip()


def _without_marked(text: str) -> str:
    """Cuts at "-- " (RFC 3676, 4.3)."""
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if _TRUE_MARK.match(line) and any(before.strip() for before in lines[:index]):
            return "\n".join(lines[:index])
    return text


def _without_notices(text: str) -> str:
    """Without paragraphs that begin like a notice of confidentiality or a gateway's warning."""
    folded = " ".join(text.lower().split())
    if not any(phrase in folded for phrase in phrases("disclaimers")):
        return text
    first, *rest = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(part for part in (_without_banner(first), *(part for part in rest if not _is_notice(part))) if part)


def _without_banner(paragraph: str) -> str:
    """The first paragraph without the lines that a gateway put above what was typed."""
    if not _is_notice(paragraph):
        return paragraph
    lines = paragraph.split("\n")
    place = 1
    while place < len(lines) and not _GREETING.match(lines[place]):
        if _BANNER_END.search(lines[place - 1]) and not _banner_goes_on(lines[place]):
            break
        place += 1
    return "\n".join(lines[place:])


def _banner_goes_on(line: str) -> bool:
    """Whether a line says what to do, and behind that with what."""
    asks = _BANNER_ASKS.search(line)
    return asks is not None and _BANNER_NAMES.search(line, asks.end()) is not None


def _is_notice(paragraph: str) -> bool:
    start = _LEAD.sub("", " ".join(paragraph.lower().split()))
    return start.startswith(phrases("disclaimers")) or _WARNING.sub("", start).startswith(phrases("disclaimers"))


def _without_footers(text: str) -> str:
    """Without the line of a telephone, wherever it stands as the last of a run of lines."""
    lines = text.split("\n")
    starts = phrases("footers")
    kept = [line for index, line in enumerate(lines) if not (_is_footer(line, starts) and _ends_run(lines, index))]
    return "\n".join(kept) if len(kept) < len(lines) else text


def _is_footer(line: str, starts: tuple[str, ...]) -> bool:
    folded = _LEAD.sub("", line.lower())
    return folded.startswith(starts) and len(folded.split()) <= 12


def _ends_run(lines: list[str], index: int) -> bool:
    return (
        index + 1 >= len(lines)
        or not lines[index + 1].strip()
        or _is_footer(lines[index + 1], phrases("footers"))
        or not _SENTENCE.search(lines[index])
    )


@lru_cache(maxsize=1)
def _notice_words() -> re.Pattern[str]:
    return re.compile(either("notice_words"), re.IGNORECASE)


@lru_cache(maxsize=1)
def _closing_words() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{either('closings')})(?!\w)[\s,.!:)–-]*(?P<rest>.*)$", re.IGNORECASE)


def _without_closing(text: str, name: str, *, history: bool) -> str:
    """Cuts at the first closing word, or the sender's name, that only a signature follows."""
    lines = text.split("\n")
    filled = [index for index, line in enumerate(lines) if line.strip()]
    for position, index in enumerate(filled[-LONG_BLOCK - 1 :], max(0, len(filled) - LONG_BLOCK - 1)):
        if not history and all(_is_closing(lines[above]) for above in filled[:position]):
            continue
        below = [lines[later] for later in filled[position + 1 :]]
        if _is_closing(lines[index]) and _is_signature(below):
            return "\n".join(lines[:index])
        if _is_name(lines[index], name) and _is_signature(below):
            return "\n".join(lines[:index])
        if _MARK.match(lines[index]) and below and (_is_name(below[0], name) or _is_closing(below[0])) and _is_signature(below):
            return "\n".join(lines[:index])
    return text


def _is_closing(line: str) -> bool:
    """A closing word, alone or with a name behind it."""
    match = _closing_words().match(line) if len(line) <= LINE_LENGTH else None
    if match is None:
        return False
    rest = match["rest"].strip()
    if not rest:
        return True
    words = rest.split()
    short = match.start("rest") - len(line) + len(line.lstrip()) <= 8
    named = all(word[0].isupper() or not word[0].isalpha() or word.lower() in _NAME_JOINERS for word in words)
    return len(words) <= 8 and not rest.endswith("?") and (named or (short and len(words) <= 3))


def _is_name(line: str, name: str) -> bool:
    """The sender's name, or the first of it, on a line of its own; a title may follow a comma."""
    said = _WORDS.findall(line.partition(",")[0].lower())
    known = _WORDS.findall(name.lower()) if "@" not in name else []
    return (
        bool(said)
        and bool(known)
        and len(line) <= LINE_LENGTH
        and set(said) <= set(known)
        and (len(said) > 1 or said[0] in (known[0], known[-1]))
    )


def _is_signature(below: list[str]) -> bool:
    """Short lines without a sentence, a question or a postscript among them."""
    if len(below) > LONG_BLOCK or any(_is_prose(line) for line in below):
        return False
    return len(below) <= SHORT_BLOCK or sum(bool(_CONTACT.search(line)) for line in below) >= 2


def _is_prose(line: str) -> bool:
    if _POSTSCRIPT.match(line) or line.rstrip().endswith("?"):
        return True
    if _notice_words().search(line):
        return False
    if len(line) > LINE_LENGTH * 2 or (len(line) > LINE_LENGTH and not _CONTACT.search(line)):
        return True
    words = len(line.split())
    return (words > LINE_WORDS and not _CONTACT.search(line)) or (words > 3 and bool(_SENTENCE.search(line)))
