"""The only place that sums up one repeat or family: how much, whither, how long, how solved, and whether a machine could do it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from statistics import median

from analyse.traits import HOUR
from analyse.trend import trend_of
from models.kinds import TicketType
from models.records import Redacted
from models.repeats import Account, Automation, Case, Holds, KnownSolution
from models.terms import words_of

SAME = 0.6
"""Two solutions that share so many of their words are one."""
OFTEN_A_MONTH = 4.0
"""What comes so often is worth a machine; half of it is worth half as much."""
FEWEST_SOLVED = 3
WORKED_HOURS = 8.0
"""What takes so long by the clock needs people: half the score."""
GRAVE = 2
EASE = {TicketType.REQUEST: 1.0, TicketType.ORDER: 0.8, TicketType.INCIDENT: 0.4}
"""How far matters of a type can go without a person's judgement: chosen, not learned."""
GOOD = 0.5
MONTH_DAYS = 30.0


def account_of(cases: Sequence[Case], since: datetime, until: datetime) -> Account:
    """At least one case. `since` and `until`: the time in which cases are known."""
    came = sorted(case.at for case in cases)
    hours = [(case.solved_at - case.at).total_seconds() / HOUR for case in cases if case.solved_at]
    solution = known_solution(cases)
    return Account(
        count=len(cases),
        reporters=len({case.reporter for case in cases}),
        first=came[0],
        last=came[-1],
        trend=trend_of(came, since, until),
        median_hours_to_solve=median(hours) if hours else None,
        known_solution=solution,
        automation=automation_of(cases, solution, median(hours) if hours else None),
    )


def known_solution(cases: Sequence[Case]) -> KnownSolution | None:
    """The solution used most, solutions in nearly the same words counted as one; told in its commonest, then its shortest wording."""
    kinds: list[tuple[set[str], list[Redacted]]] = []
    solutions = sorted(case.solution for case in cases if case.solution)
    for solution in solutions:
        words = set(words_of(solution))
        same = next((texts for known, texts in kinds if _share(known, words) >= SAME), None)
        if same is None:
            kinds.append((words, [solution]))
        else:
            same.append(solution)
    if not kinds:
        return None
    texts = max((texts for _, texts in kinds), key=len)
    times = Counter(texts)
    return KnownSolution(text=min(times, key=lambda text: (-times[text], len(text), text)), used=len(texts), solved=len(solutions))


def automation_of(cases: Sequence[Case], solution: KnownSolution | None, hours: float | None) -> Automation:
    """The product of five shares, each 0 to 1; the least of them is what holds against it, where the product is not good."""
    shares = {
        Holds.SELDOM: min(1.0, _a_month(cases) / OFTEN_A_MONTH),
        Holds.UNSOLVED: min(1.0, (solution.solved if solution else 0) / FEWEST_SOLVED),
        Holds.SOLUTIONS: solution.used / solution.solved if solution else 1.0,
        Holds.JUDGEMENT: sum(EASE[case.type] for case in cases) / len(cases),
        Holds.GRAVE: sum(case.priority > GRAVE for case in cases) / len(cases),
        Holds.LONG: 1.0 if hours is None else 1 / (1 + hours / WORKED_HOURS),
    }
    score = 1.0
    for share in shares.values():
        score *= share
    worst = min(shares, key=lambda holds: shares[holds])
    return Automation(score=round(score, 2), holds=Holds.NOTHING if score >= GOOD else worst)


def _a_month(cases: Sequence[Case]) -> float:
    """Cases a month from the first to the last, a month at least."""
    came = [case.at for case in cases]
    return len(came) / max(1.0, (max(came) - min(came)).total_seconds() / HOUR / 24 / MONTH_DAYS)


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
