"""The only place for marks of a mail that are not its words: who sent it, to whom, when, how long, which clock times it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.profiles import Profile
from models.records import Mail

LENGTH_STEPS = (8, 20, 45, 90, 180)
SOON = timedelta(minutes=60)
NIGHT_ENDS, NIGHT_BEGINS = 6, 22
SATURDAY = 5
SHORTEST_GRAM, LONGEST_GRAM = 4, 6
RECIPIENTS = 3

_CLOCK = re.compile(
    r"\b(?:(?:kl|klokka|klockan)\.?\s*)?([01]?\d|2[0-3])[.:]([0-5]\d)\b|\b(?:kl|klokka|klockan)\.?\s*([01]?\d|2[0-3])\b(?![.:/]\d)",
    re.IGNORECASE,
)
_MINUTES = re.compile(r"\b(?:om|in)\s+(\d{1,2})\s*min", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_TOP_DOMAIN = re.compile(r"\.[a-z]+$")


def marks_of(mail: Mail, body: str, profile: Profile, zone: ZoneInfo) -> list[str]:
    """Marks that any field may learn from."""
    words = len(body.split())
    marks = [f"longer_than_{step}" for step in LENGTH_STEPS if words > step]
    marks.append("from_staff" if domain_of(mail) in profile.desk.staff_domains else "from_outside")
    marks += [f"to_{address.address.split('@')[0]}" for address in mail.to[:RECIPIENTS]]
    marks += [f"language_{mail.language}"] if mail.language else []
    if "?" in body:
        marks.append("asks")
    marks += _times(f"{mail.safe_subject}\n{body}", mail.date.astimezone(zone) if mail.date else None)
    return marks


def sender_marks(mail: Mail) -> list[str]:
    """Pieces of the sender's domain, and the words before the @: they tell a pharmacy from a citizen."""
    local, _, _ = mail.sender.address.lower().rpartition("@")
    host = _TOP_DOMAIN.sub("", domain_of(mail))
    return [gram for label in _WORD.findall(host) for gram in _grams(label)] + [f"local_{word}" for word in _WORD.findall(local)]


def domain_of(mail: Mail) -> str:
    return mail.sender.address.rpartition("@")[2].lower()


def _grams(label: str) -> Iterator[str]:
    marked = f"^{label}$"
    yield f"@{marked}"
    for length in range(SHORTEST_GRAM, LONGEST_GRAM + 1):
        yield from (f"@{marked[start : start + length]}" for start in range(len(marked) - length + 1))


def _times(text: str, sent: datetime | None) -> Iterator[str]:
    """Whether a time is named, and where it lies from the moment the mail was sent."""
    named = [(int(hour or alone), int(minute or 0)) for hour, minute, alone in _CLOCK.findall(text)]
    if named:
        yield "names_a_time"
    if any(int(minutes) <= SOON.total_seconds() / 60 for minutes in _MINUTES.findall(text)):
        yield "clock_soon"
    if sent is None:
        return
    if not NIGHT_ENDS <= sent.hour < NIGHT_BEGINS:
        yield "sent_at_night"
    if sent.weekday() >= SATURDAY:
        yield "sent_at_the_weekend"
    for hour, minute in named:
        ahead = sent.replace(hour=hour, minute=minute, second=0, microsecond=0) - sent
        yield "clock_soon" if timedelta(0) <= ahead <= SOON else "clock_later" if ahead > SOON else "clock_past"
