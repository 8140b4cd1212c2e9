"""What a desk sees: alarms in quiet traffic, and after how many of its mails a burst."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.incidents import Line
from bench.traffic import BEGIN, HOUR, MINUTE, Desk, seen, traffic
from models.incidents import Seen
from models.parts import SurgeRules
from models.profiles import load_profile
from models.records import TicketId
from route.surge import Surge, find_surge, joins

ANY = 1e9
RULES = load_profile("siv").surges
"""The same for all."""


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
        seen(100_000 + place, begin + (offset - offsets[0]) * MINUTE, desk.wrap(line, order), f"burst{place}", services, order)
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
