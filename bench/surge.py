"""`make surge`: how soon a surge of similar incidents is seen, and how often one is seen where there is none.

Every other writer and every other burst is one half. The thresholds in `data/profiles/base` were chosen on the second (`--choose`), the
figures are of the first. What else is fixed in `route/surge.py` and `route/likeness.py` was compared on both.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import mean, quantiles

from bench.alarms import ANY, RULES, burst, quiet
from bench.incidents import Half, Line, halves
from bench.traffic import Desk, desk_of, traffic, with_form
from models.incidents import Seen
from models.parts import SurgeRules
from route.surge import find_surge

SIZES = (20, 60, 200)
PACES = ((15, "15 min"), (45, "45 min"), (120, "2 hours"))
DAYS = {20: 56, 60: 56, 200: 21}
MONTH = 30
OFFICE, NIGHT = (8, 14), (19, 22)
"""Hours in UTC at which a burst begins."""
REPEATS = 4
CROWD = 500


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
