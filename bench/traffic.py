"""Desks made up of the shipped corpora, what they learned, and the incidents that come in at them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import numpy as np

from bench.incidents import Deck, Half, Line
from models.incidents import Seen
from models.records import Redacted, TicketId
from route.likeness import Likeness
from route.rates import Period, Rates
from route.surge import Ordinary

ZONE = ZoneInfo("Europe/Oslo")
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday."""
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BY_DAY = (0.15, 0.1, 0.1, 0.1, 0.15, 0.3, 0.8, 2.2, 3, 3, 2.8, 2.5, 2.2, 2.4, 2.3, 1.8, 1.2, 0.7, 0.5, 0.45, 0.4, 0.35, 0.3, 0.2)
"""How incidents fall on the hours of a working day."""
WEEKEND = 0.2
"""A day of the weekend has this part of a working day's incidents, more evenly over its hours."""
RESTLESS_DAYS, RESTLESS_HOURS = 0.25, 8.0
"""Some days are busier than others, and so are some hours: a log-normal and a gamma factor. Poisson traffic would flatter us."""
LEARNED_DAYS = 56
WRONG_SERVICE = 0.15
"""So many incidents get the wrong service, as from a classifier."""
REPORTERS = 10
"""Times as many people write as there are incidents on a working day."""
FORM = Redacted(
    "Skjema: melding om feil\nDitt navn: se avsender\nHva gjelder saken: se under\nHar du prøvd å starte på nytt: ja\nBeskrivelse:\n"
)
"""What a web form puts before the reporter's own words."""
Wrap = Callable[[Line, random.Random], Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One organisation's half at a desk of a size: what it learned, and what comes in."""

    half: Half
    size: int
    ordinary: Ordinary
    wrap: Wrap


def plain(line: Line, _order: random.Random) -> Line:
    return line


def with_form(line: Line, order: random.Random) -> Line:
    """Every other incident comes from a web form."""
    return replace(line, text=Redacted(FORM + line.text)) if order.random() < 0.5 else line


def desk_of(half: Half, size: int, wrap: Wrap = plain, past: Sequence[Line] = ()) -> Desk:
    """It learned its rates from eight quiet weeks, and its likeness from what the other half of the writers wrote."""
    order, known = random.Random(size), past or half.past
    came = [(at, line.service) for at, line in _arrivals([Deck(known, order)], size, LEARNED_DAYS, order)]
    rates = Rates.learn(came, Period(since=BEGIN, until=BEGIN + LEARNED_DAYS * DAY), ZONE)
    likeness = Likeness([(line.service, wrap(line, order).text) for line in known])
    return Desk(half=half, size=size, ordinary=Ordinary(rates=rates, likeness=likeness), wrap=wrap)


def _arrivals(decks: Sequence[Deck], size: int, days: int, order: random.Random) -> Iterator[tuple[datetime, Line]]:
    """Incidents at random hours, from one deck as often as from another."""
    draw = np.random.default_rng(order.getrandbits(32))
    for day in range(days):
        busy = np.exp(draw.normal(0, RESTLESS_DAYS))
        for hour, expected in enumerate(_by_hour(size, weekend=day % 7 > 4)):
            number = draw.poisson(expected * busy * draw.gamma(RESTLESS_HOURS, 1 / RESTLESS_HOURS))
            for minute in sorted(draw.random(number) * 60):
                yield BEGIN + day * DAY + hour * HOUR + minute * MINUTE, order.choice(decks).draw()


def _by_hour(size: int, *, weekend: bool) -> Sequence[float]:
    shape = np.sqrt(BY_DAY) if weekend else np.array(BY_DAY)
    return [float(number) for number in shape / shape.sum() * size * (WEEKEND if weekend else 1)]


def traffic(desk: Desk, groups: Sequence[Sequence[Line]], days: int, order: random.Random) -> list[Seen]:
    services = sorted({line.service for line in desk.half.past})
    numbers = count(1)
    found = []
    for at, drawn in _arrivals([Deck(lines, order) for lines in groups], desk.size, days, order):
        reporter = f"person{order.randrange(REPORTERS * desk.size)}"
        found.append(seen(next(numbers), at, desk.wrap(drawn, order), reporter, services, order))
    return found


def seen(number: int, at: datetime, line: Line, reporter: str, services: Sequence[str], order: random.Random) -> Seen:
    service = order.choice(services) if order.random() < WRONG_SERVICE else line.service
    return Seen(ticket=TicketId(number), at=at, service=service, reporter=reporter, text=line.text)
