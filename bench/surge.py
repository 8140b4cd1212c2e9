"""`make surge`: how soon a surge of similar incidents is seen, and how often one is seen where there is none.

Every other writer and every other burst is one half. The thresholds in `data/profiles/base` were chosen on the second (`--choose`), the
figures are of the first. What else is fixed in `route/surge.py` and `route/likeness.py` was compared on both.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from statistics import mean, quantiles
from zoneinfo import ZoneInfo

import numpy as np

from bench.incidents import Deck, Half, Line, halves
from models.incidents import Seen
from models.parts import SurgeRules
from models.profiles import load_profile
from models.records import Redacted, TicketId
from route.likeness import Likeness
from route.rates import Period, Rates
from route.surge import Ordinary, Surge, find_surge, joins

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
SIZES = (20, 60, 200)
PACES = ((15, "15 min"), (45, "45 min"), (120, "2 hours"))
DAYS = {20: 56, 60: 56, 200: 21}
LEARNED_DAYS = 56
MONTH = 30
WRONG_SERVICE = 0.15
"""So many incidents get the wrong service, as from a classifier."""
REPORTERS = 10
"""Times as many people write as there are incidents on a working day."""
OFFICE, NIGHT = (8, 14), (19, 22)
"""Hours in UTC at which a burst begins."""
REPEATS = 4
CROWD = 500
ANY = 1e9
RULES = load_profile("siv").surges
"""The same for all."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A surge seen in quiet traffic: the fewest that chance would make in a month, as it counts."""

    a_month: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Of one burst: after how many of its mails and minutes it was proposed and declared, None for never.

    Of the surge that was proposed: the share of its incidents that are the burst's, of the burst's later mails that join it,
    and of the ordinary incidents of the same time that join it.
    """

    proposed: tuple[int, float] | None
    declared: tuple[int, float] | None
    own: float = math.nan
    joined: float = math.nan
    strangers: float = math.nan


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
        found.append(_seen(next(numbers), at, desk.wrap(drawn, order), reporter, services, order))
    return found


def _seen(number: int, at: datetime, line: Line, reporter: str, services: Sequence[str], order: random.Random) -> Seen:
    service = order.choice(services) if order.random() < WRONG_SERVICE else line.service
    return Seen(ticket=TicketId(number), at=at, service=service, reporter=reporter, text=line.text)


def quiet(desk: Desk, came: Sequence[Seen], rules: SurgeRules) -> list[Alarm]:
    """The alarms of traffic without any burst; surges that share an incident are one alarm."""
    alarms: dict[TicketId, int] = {}
    least: list[float] = []
    start = 0
    for place, new in enumerate(came):
        while came[start].at < new.at - rules.window:
            start += 1
        surge = find_surge(new, came[start:place], desk.ordinary, rules)
        if surge is None:
            continue
        number = next((alarms[ticket] for ticket in surge.tickets if ticket in alarms), len(least))
        least += [ANY] * (number == len(least))
        least[number] = min(least[number], surge.chance * desk.ordinary.rates.a_month)
        alarms |= dict.fromkeys(surge.tickets, number)
    return [Alarm(a_month=number) for number in least]


def burst(desk: Desk, lines: Sequence[Line], minutes: float, hours: tuple[int, int], order: random.Random) -> Outcome:
    """A burst on a working day; its mails in any order, evenly over the minutes."""
    texts = {line.text for line in lines}
    day = traffic(desk, [[line for line in desk.half.lines if line.text not in texts]], 1, order)
    begin = BEGIN + order.uniform(*hours) * HOUR
    offsets = sorted(order.uniform(0, minutes) for _ in lines)
    services = sorted({line.service for line in desk.half.past})
    mixed = order.sample(list(lines), len(lines))
    mails = [
        _seen(100_000 + place, begin + (offset - offsets[0]) * MINUTE, desk.wrap(line, order), f"burst{place}", services, order)
        for place, (offset, line) in enumerate(zip(offsets, mixed, strict=True))
    ]
    surges = [_look(one, [*day, *mails], desk, RULES) for one in mails]
    proposed, declared = (_first(mails, surges, declared=strict) for strict in (False, True))
    found = Outcome(proposed=proposed, declared=declared)
    return _followed(found, desk, day, mails, surges[proposed[0] - 1]) if proposed else found


def _look(new: Seen, came: Sequence[Seen], desk: Desk, rules: SurgeRules) -> Surge | None:
    before = [one for one in came if new.at - rules.window <= one.at < new.at]
    return find_surge(new, before, desk.ordinary, rules)


def _first(mails: Sequence[Seen], surges: Sequence[Surge | None], *, declared: bool) -> tuple[int, float] | None:
    """At which mail and minute the burst was seen: by a surge of which at least half are its mails."""
    own = {mail.ticket for mail in mails}
    for place, (mail, surge) in enumerate(zip(mails, surges, strict=True)):
        if surge and (surge.declared or not declared) and 2 * len(own & set(surge.tickets)) >= len(surge.tickets):
            return place + 1, (mail.at - mails[0].at) / MINUTE
    return None


def _followed(found: Outcome, desk: Desk, day: Sequence[Seen], mails: Sequence[Seen], surge: Surge | None) -> Outcome:
    tickets = set(surge.tickets if surge else ())
    members = [one for one in (*day, *mails) if one.ticket in tickets]
    end = max(one.at for one in members)
    later = [joins(one, members, desk.ordinary, RULES) for one in mails if one.at > end]
    others = [joins(one, members, desk.ordinary, RULES) for one in day if end < one.at <= end + RULES.window]
    own = sum(mail.ticket in tickets for mail in mails)
    return replace(found, own=own / len(members), joined=_share(sum(later), len(later)), strangers=_share(sum(others), len(others)))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def choose(number: int) -> None:
    """Print what the two thresholds would be for so many false alarms a month at each size of desk."""
    rules = RULES.model_copy(update={"proposed_a_month": ANY})
    for size in SIZES:
        alarms = sorted(alarm.a_month for desk in _desks(number, size) for alarm in quiet(desk, _quiet_traffic(desk), rules))
        months = DAYS[size] / MONTH * 5
        print(f"{size} a day: " + ", ".join(f"{wanted} a month at {alarms[round(wanted * months)]:.3g}" for wanted in (0.5, 1, 2, 3, 4)))


def _desks(number: int, size: int) -> Iterator[Desk]:
    yield from (desk_of(half, size) for half in halves(number))


def _quiet_traffic(desk: Desk, everyday: Sequence[Line] = ()) -> list[Seen]:
    groups = [desk.half.lines, everyday] if everyday else [desk.half.lines]
    return traffic(desk, groups, DAYS[desk.size], random.Random(desk.size + 1))


def report_quiet(number: int) -> None:
    print("\nFalse alarms a month\n\n| incidents a working day | month | proposed | declared |\n|---|---|---|---|")
    for size in SIZES:
        _row(f"{size} | quiet", [(desk, _quiet_traffic(desk)) for desk in _desks(number, size)])
    forms = [desk_of(half, 60, with_form) for half in halves(number)]
    _row("60 | half of all come from one web form", [(desk, _quiet_traffic(desk)) for desk in forms])
    known = [desk_of(half, 60, past=_with_everyday(half)) for half in halves(number)]
    for desks, since in ((known, "as ever"), (_desks(number, 60), "since this month")):
        months = [(desk, _quiet_traffic(desk, desk.half.everyday(desk.half.lines))) for desk in desks]
        _row(f"60 | half of all are about everyday matters, {since}", months)


def _with_everyday(half: Half) -> list[Line]:
    """A past in which, as in the month, every other incident is about an everyday matter; none twice."""
    everyday = half.everyday(half.past)
    others = [line for line in half.past if line not in everyday]
    return [*everyday, *random.Random(1).sample(others, len(everyday))]


def _row(name: str, months: Sequence[tuple[Desk, list[Seen]]]) -> None:
    alarms = [alarm for desk, came in months for alarm in quiet(desk, came, RULES)]
    length = sum(DAYS[desk.size] for desk, _ in months) / MONTH
    declared = sum(alarm.a_month <= RULES.declared_a_month for alarm in alarms)
    print(f"| {name} | {len(alarms) / length:.1f} | {declared / length:.1f} |", flush=True)


def report_bursts(number: int) -> None:
    heads = (
        "bursts",
        "incidents a working day",
        "its mails come in",
        "n",
        "proposed",
        "at mail",
        "at minute",
        "declared",
        "at mail",
        "at minute",
    )
    print("\nBursts found; mails and minutes: median / nine of ten bursts, those never found among them")
    print(
        "Of a surge when it is proposed: own incidents, later mails of the burst that join it, others of the next 90 minutes that join it\n"
    )
    print("| " + " | ".join((*heads, "own", "join", "others join")) + " |\n|" + "---|" * (len(heads) + 3))
    for size in SIZES:
        desks = list(_desks(number, size))
        for minutes, name in PACES:
            _burst_row(f"by hand, office hours | {size} | {name}", desks, minutes, OFFICE)
    desks = list(_desks(number, 60))
    _burst_row("by hand, evening | 60 | 45 min", desks, 45, NIGHT)
    _burst_row("from the corpus, office hours | 60 | 15 min", desks, 15, OFFICE, by_hand=False)
    _burst_row("from the corpus, office hours | 60 | 45 min", desks, 45, OFFICE, by_hand=False)


def _burst_row(name: str, desks: Sequence[Desk], minutes: float, hours: tuple[int, int], *, by_hand: bool = True) -> None:
    order = random.Random(9)
    outcomes = [
        burst(desk, lines, minutes, hours, order)
        for desk in desks
        for lines in (desk.half.by_hand if by_hand else desk.half.from_corpus)
        for _ in range(REPEATS if by_hand else 1)
    ]
    seen, declared = _told([one.proposed for one in outcomes]), _told([one.declared for one in outcomes])
    followed = " | ".join(_mean([getattr(one, name) for one in outcomes]) for name in ("own", "joined", "strangers"))
    print(f"| {name} | {len(outcomes)} | {seen} | {declared} | {followed} |", flush=True)


def _mean(values: Sequence[float]) -> str:
    known = [value for value in values if not math.isnan(value)]
    return f"{mean(known):.2f}" if known else ""


def _told(found: Sequence[tuple[int, float] | None]) -> str:
    """Share found; median and ninth tenth of mails and of minutes, a burst that was never seen counting as endless."""
    share = sum(one is not None for one in found) / len(found)
    mails = [float(one[0]) if one else ANY for one in found]
    minutes = [one[1] if one else ANY for one in found]
    return f"{share:.2f} | {_two(mails)} | {_two(minutes)}"


def _two(values: Sequence[float]) -> str:
    ordered = sorted(values)
    return " / ".join("never" if value >= ANY else f"{value:.0f}" for value in (ordered[len(values) // 2], ordered[int(0.9 * len(values))]))


def report_cost(number: int) -> None:
    """CPU of one decision at a desk of each size in office hours, and in a window with 500 incidents; texts of the window read before."""
    print("\nCPU of one decision\n\n| window | mean | 99th of 100 |\n|---|---|---|")
    desk = max(_desks(number, 200), key=lambda one: len(one.half.past))
    came = traffic(desk, [desk.half.lines], 10, random.Random(3))
    costs = []
    for place in range(500, 1000):
        window = [one for one in came[:place] if one.at >= came[place].at - RULES.window]
        costs.append(_cost(came[place], window, desk, RULES))
    _cost_row("as it comes, 200 a day", costs)
    crowd = [replace(one, at=came[1499].at - place * RULES.window / CROWD) for place, one in enumerate(came[1500 - CROWD : 1500])]
    for one in crowd:
        desk.ordinary.likeness.read(one.service, one.text)
    _cost_row(f"{CROWD} incidents", [_cost(replace(one, at=came[1499].at), crowd, desk, RULES) for one in came[1500:1600]])


def _cost(new: Seen, window: Sequence[Seen], desk: Desk, rules: SurgeRules) -> float:
    began = time.process_time()
    find_surge(new, window, desk.ordinary, rules)
    return time.process_time() - began


def _cost_row(name: str, costs: Sequence[float]) -> None:
    print(f"| {name} | {mean(costs) * 1000:.1f} ms | {quantiles(costs, n=100)[-1] * 1000:.1f} ms |", flush=True)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--choose", action="store_true", help="what the thresholds would be, on the half that is not reported")
    if words.parse_args().choose:
        choose(1)
        return
    report_cost(0)
    report_quiet(0)
    report_bursts(0)


if __name__ == "__main__":
    main()
