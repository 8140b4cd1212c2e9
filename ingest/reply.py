"""The only place that says what the sender wrote now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.body import Body
from ingest.lexicon import either, phrases
from ingest.quotes import first_writer, is_introduced, tell_apart, without_headers
from ingest.signature import take_off

POINTING_WORDS = 12
"""New text of at most so many words may do no more than point to the older mail under it."""
ASKING_WORDS = 12
SILENT_WORDS = 5
LEVELS = 5
"""Mails sent on within mails sent on that are looked into."""
TEXT_LIMIT = 256 * 1024
"""Characters that are looked at."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the sender wrote now; `points_down` where it only points to an older mail, whose words then stand below its own."""

    text: str
    points_down: bool = False


def read_reply(body: Body, subject: str, name: str, *, is_answer: bool = False) -> Reply:
    """The sender's own words without history and signature; a forward that only points down keeps what it points to.

    `name` is the sender's display name, `is_answer` what the headers say. Blank only where the text is blank.
    """
    whole = body.text[:TEXT_LIMIT].strip()
    is_answer = is_answer or _begins_with(subject, "reply_prefixes") or _begins_with(subject, "forward_prefixes")
    told = tell_apart((body.text if body.own is None else body.own)[:TEXT_LIMIT], is_answer=is_answer)
    history = _joined(told.history, body.quoted[:TEXT_LIMIT]) if body.own is not None else told.history
    own = take_off(told.own, name, history=bool(history))
    if not history:
        return Reply(text=own or whole)
    if own and len(_WORD.findall(own)) <= POINTING_WORDS and _pattern("within").search(own):
        return Reply(text=_joined(own, without_headers(history)))
    is_forward = told.forwarded or _is_forward(subject, history) or tell_apart(body.quoted[:TEXT_LIMIT]).forwarded
    if own and not _points_down(own, is_forward=is_forward):
        return Reply(text=own)
    return Reply(text=_joined(own, _sent_on(history)) or whole, points_down=True)


def _sent_on(history: str) -> str:
    """What the mail sent on says, without its headers, its own history and signature; where it points down too, what that says."""
    said: list[str] = []
    for _ in range(LEVELS):
        writer, below = first_writer(history)
        told = tell_apart(below)
        own = take_off(told.own, writer)
        said.append(own)
        if not told.history or (own and not _points_down(own, is_forward=True)):
            break
        history = told.history
    return "\n\n".join(text for text in said if text) or without_headers(history)


def _joined(first: str, second: str) -> str:
    return "\n\n".join(text for text in (first, second) if text)


def _points_down(own: str, *, is_forward: bool) -> bool:
    words = len(_WORD.findall(own))
    if words > POINTING_WORDS:
        return False
    if _pattern("pointers").search(own) or (is_forward and words <= SILENT_WORDS):
        return True
    return (is_forward or words <= ASKING_WORDS) and bool(_pattern("asks").search(own))


@lru_cache(maxsize=3)
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{either(key)})(?!\w)", re.IGNORECASE)


def _is_forward(subject: str, history: str) -> bool:
    """By the subject; but what begins with "On ... wrote:" is an answer, also under the Finnish VS."""
    return _begins_with(subject, "forward_prefixes") and not is_introduced(history)


def _begins_with(subject: str, key: str) -> bool:
    prefix, colon, _ = subject.partition(":")
    return bool(colon) and prefix.strip().lower() in phrases(key)
