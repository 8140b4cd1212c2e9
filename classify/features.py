"""The only place that says what of a mail a classifier sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from classify.circumstances import marks_of, sender_marks
from classify.cues import CueFinder
from models.profiles import Profile
from models.records import Mail

VERSION = 6
"""Raised with every change here: a model trained on other features is refused."""

LONGEST = 6_000
"""Characters of a mail that are looked at: the matter stands at the top."""

MOST_NOUGHTS = 5
"""For a number of any more digits."""
NUMBER = re.compile(r"\d+")
CUE = "cue"
KEYWORD_FIELDS = ("type", "team", "scope", "service")


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """`text` is what was written (`said`) in small letters, numbers evened out; the rest are marks.

    `keys`: which values' keywords stand there; `cues`: which cue groups are hit, and circumstances; `sender`: pieces of the
    sender's address.
    """

    said: str
    text: str
    keys: tuple[str, ...]
    cues: tuple[str, ...]
    sender: tuple[str, ...]


class Describer:
    """Mails of one organisation as features."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._zone = ZoneInfo(profile.timezone)
        groups = {(CUE, group): words for group, words in profile.cue_groups.items()}
        for field in KEYWORD_FIELDS:
            groups |= {(field, str(value)): words for value, words in getattr(profile.keywords, field).items()}
        self._finder = CueFinder(groups)

    def describe(self, mail: Mail) -> Features:
        subject, body = mail.safe_subject, mail.safe_reply[:LONGEST]
        found = self._finder.find(f"{subject}\n{body}")
        hits = [group for kind, group in found if kind == CUE]
        in_subject = [group for kind, group in self._finder.find(subject) if kind == CUE]
        said = f"{subject} \n {body}".lower()
        return Features(
            said=said,
            text=_even(said),
            keys=tuple(_keys(found)),
            cues=(
                *(f"cue_{group}" for group in hits),
                *(f"subject_{group}" for group in in_subject),
                *marks_of(mail, body, self._profile, self._zone),
            ),
            sender=tuple(sender_marks(mail)),
        )


def _keys(found: dict[tuple[str, str], list[str]]) -> Iterator[str]:
    """A mark for each value whose keywords stand in the mail, and one for the value with most of them."""
    for field in KEYWORD_FIELDS:
        counts = {value: len(words) for (kind, value), words in found.items() if kind == field}
        yield from (f"key_{field}_{value}" for value in counts)
        if counts:
            yield f"most_{field}_{max(counts, key=lambda value: counts[value])}"


def _even(text: str) -> str:
    return NUMBER.sub(lambda found: "0" * min(len(found[0]), MOST_NOUGHTS), text)


def as_said(term: str, said: str) -> str:
    """A term of the evened text as the mail has it: with its own numbers."""
    if "0" not in term:
        return term
    found = re.search(r"\b" + r"\W+".join(NUMBER.sub(_any_number, re.escape(word)) for word in term.split()) + r"\b", said)
    return " ".join(found[0].split()) if found else term


def _any_number(noughts: re.Match[str]) -> str:
    count = len(noughts[0])
    return rf"\d{{{count},}}" if count == MOST_NOUGHTS else rf"\d{{{count}}}"
