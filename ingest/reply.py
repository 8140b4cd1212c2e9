"""The only place that says what the sender wrote now."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.body import Body
from ingest.lexicon import either, phrases
from ingest.quotes import tell_apart, without_headers
from ingest.signature import take_off

POINTING_WORDS = 12
"""New text of at most so many words may do no more than point to the older mail under it."""
ASKING_WORDS = 6
SILENT_WORDS = 5
TEXT_LIMIT = 256 * 1024
"""Characters that are looked at."""

_WORD = re.compile(r"\w+")


def read_reply(body: Body, subject: str, name: str) -> str:
    """The sender's own words without history and signature; a forward that only points down keeps what it points to.

    `name` is the sender's display name. Blank only where the text is blank.
    """
    told = tell_apart((body.text if body.own is None else body.own)[:TEXT_LIMIT])
    history = _joined(told.history, body.quoted[:TEXT_LIMIT]) if body.own is not None else told.history
    own = take_off(told.own, name)
    if not history:
        return own or body.text[:TEXT_LIMIT].strip()
    is_forward = told.forwarded or _is_forward(subject) or tell_apart(body.quoted[:TEXT_LIMIT]).forwarded
    if own and not _points_down(own, is_forward=is_forward):
        return own
    return _joined(own, without_headers(history)) or body.text[:TEXT_LIMIT].strip()


def _joined(first: str, second: str) -> str:
    return "\n\n".join(text for text in (first, second) if text)


def _points_down(own: str, *, is_forward: bool) -> bool:
    words = len(_WORD.findall(own))
    if words > POINTING_WORDS:
        return False
    if _pattern("pointers").search(own) or (is_forward and words <= SILENT_WORDS):
        return True
    return (is_forward or words <= ASKING_WORDS) and bool(_pattern("asks").search(own))


@lru_cache(maxsize=2)
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{either(key)})(?!\w)", re.IGNORECASE)


def _is_forward(subject: str) -> bool:
    prefix, colon, _ = subject.partition(":")
    return bool(colon) and prefix.strip().lower() in phrases("forward_prefixes")
