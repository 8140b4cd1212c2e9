"""The only place that says what of a mail a classifier sees."""

from __future__ import annotations

import re
from dataclasses import dataclass

from classify.cues import CueFinder
from models.profiles import Profile
from models.records import Mail

VERSION = 2
"""Raised with every change here: a model trained on other features is refused."""

LONGEST = 6_000
"""Characters of a mail that are looked at: the matter stands at the top."""

CLOCK = re.compile(r"\b(?:kl\.?\s*)?([01]?\d|2[0-3])[.:][0-5]\d\b|\bkl\.?\s*\d{1,2}\b", re.IGNORECASE)
NUMBER = re.compile(r"\d+")
LENGTH_STEPS = (8, 20, 45, 90, 180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """`text` is what was written, numbers evened out; `cues` are marks, one word each, of what it hits; `hits` the words behind them."""

    text: str
    cues: str
    hits: dict[str, list[str]]


class Describer:
    """Mails of one organisation as features."""

    def __init__(self, profile: Profile) -> None:
        self._cues = CueFinder(profile.lexicon)
        self._staff = profile.desk.staff_domains

    def describe(self, mail: Mail) -> Features:
        subject, body = mail.safe_subject, mail.safe_reply[:LONGEST]
        hits = self._cues.find(f"{subject}\n{body}")
        marks = [f"cue_{group}" for group in hits]
        marks += [f"subject_{group}" for group in self._cues.find(subject)]
        marks += self._circumstances(mail, body)
        return Features(text=f"{_even(subject)} \n {_even(body)}", cues=" ".join(marks), hits=hits)

    def _circumstances(self, mail: Mail, body: str) -> list[str]:
        words = len(body.split())
        marks = [f"longer_than_{step}" for step in LENGTH_STEPS if words > step]
        marks.append("from_staff" if _domain(mail.sender.address) in self._staff else "from_outside")
        marks += [f"to_{address.address.split('@')[0]}" for address in mail.to[:3]]
        marks += [f"language_{mail.language}"] if mail.language else []
        if "?" in body:
            marks.append("asks")
        if CLOCK.search(body):
            marks.append("names_a_time")
        return marks


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _even(text: str) -> str:
    return NUMBER.sub(lambda found: "0" * min(len(found[0]), 5), text.lower())
