"""The only place for office hours as a profile writes them: spans of the day by weekday, and days of their own."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from models.parts import Part

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_OF_DAY = 24 * 60
SPAN = re.compile(r"([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)")


class Span(NamedTuple):
    """Open from one minute of the local day until another, 1440 its end."""

    opens: int
    closes: int


def _spans(written: object) -> object:
    """`08:00-12:00, 13:00-16:00` as spans; empty text is a day without any."""
    if not isinstance(written, str):
        return written
    spans = [_span(piece) for piece in written.split(",") if piece.strip()]
    if any(later.opens < earlier.closes for earlier, later in pairwise(spans)):
        raise ValueError(f"{written!r}: a later span begins before the one ahead of it ends")
    return tuple(spans)


def _span(written: str) -> Span:
    found = SPAN.fullmatch(written.strip())
    if not found:
        raise ValueError(f"{written.strip()!r} is no span such as 08:00-16:00")
    opens, closes = (int(hour) * 60 + int(minute) for hour, minute in (found.group(1, 2), found.group(3, 4)))
    if not opens < closes <= MINUTES_OF_DAY:
        raise ValueError(f"{written.strip()!r} ends before it begins, or after 24:00")
    return Span(opens, closes)


def _weekdays(written: object) -> object:
    """Keys such as `mon` or `mon-fri`, taken apart: one entry a day, Monday 0."""
    if not isinstance(written, dict):
        return written
    found: dict[int, object] = {}
    for key, spans in written.items():
        first, _, last = str(key).partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            raise ValueError(f"{key!r} is no weekday such as mon or mon-fri")
        begin = WEEKDAYS.index(first)
        days = (WEEKDAYS.index(last or first) - begin) % len(WEEKDAYS) + 1
        found.update({(begin + day) % len(WEEKDAYS): spans for day in range(days)})
    return found


Spans = Annotated[tuple[Span, ...], BeforeValidator(_spans)]


class Hours(Part):
    """When people work, on the profile's clock.

    `week` holds spans by weekday (`mon-fri = "08:00-16:00"`); the public holidays of `country` (ISO 3166) are free. `days`
    have times of their own, none where empty: `12-24`, or by a holiday's name in the country's language, `Langfredag-1`
    for the day before it.
    """

    week: Annotated[dict[int, Spans], BeforeValidator(_weekdays)]
    country: str = ""
    days: dict[str, Spans] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_ever_open(self) -> Hours:
        if not any(self.week.values()):
            raise ValueError("nobody ever works in these hours")
        return self
