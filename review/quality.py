"""The only place where what people said of the machine's decisions becomes figures of quality: by week, team and language, and how sure it may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

from models.judgements import TOLD_TO_LEADS
from models.training import Intake, Witness

SURE_OF = ("type", "priority", "team")
"""Fields whose probability is kept with a case."""
BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Where the bands of stated probability begin."""
LIKELY = 1.96
"""Standard deviations within which the true share lies 19 times of 20."""
BEFORE = 4
"""So many weeks before tell what is ordinary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many; `low` and `high` are where the true share lies 19 times of 20 (Wilson, 1927)."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def low(self) -> float:
        return self._bound(-1)

    @property
    def high(self) -> float:
        return self._bound(1)

    def _bound(self, side: int) -> float:
        if not self.of:
            return 0.0 if side < 0 else 1.0
        share, spread = self.hits / self.of, LIKELY**2 / self.of
        reach = LIKELY * sqrt(share * (1 - share) / self.of + spread / (4 * self.of))
        return min(1.0, max(0.0, (share + spread / 2 + side * reach) / (1 + spread)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """How often the machine was right, by field, and in all that routes a case at once.

    Sure ones that came up by lot speak for all that nobody looks at; doubtful ones were chosen for their doubt and speak for themselves alone.
    """

    fields: Mapping[str, Share]
    everything: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The cases of a week, a team or a language. `stated` is the mean probability claimed for the team of those by lot.

    `moved` is the share of cases (0 to 1) that another mix of teams than in the weeks before accounts for; None where there were none.
    """

    name: str
    cases: int
    unseen: Share
    by_lot: Right
    doubtful: Right
    stated: float | None
    moved: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Decisions for which about as much was claimed, from `since` on: how many of them were right."""

    since: float
    until: float
    by_lot: Share
    doubtful: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """One value taken for another: how often, and how often of those that came up by lot."""

    field: str
    said: str
    meant: str
    count: int
    by_lot: int


def weeks_until(now: datetime, count: int, timezone: str) -> tuple[list[date], list[datetime]]:
    """The Mondays of the last weeks, this one too, and their bounds on the desk's clock: one more than there are weeks."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    mondays = [monday + timedelta(weeks=number) for number in range(1 - count, 2)]
    return mondays[:-1], [datetime.combine(day, time(), zone) for day in mondays]


def right_of(witnesses: Iterable[Witness]) -> Right:
    verdicts = [hits_of(witness) for witness in witnesses]
    fields = {field: [hits[field] for hits in verdicts if field in hits] for field in TOLD_TO_LEADS}
    everything = [all(hits[field] for field in SURE_OF if field in hits) for hits in verdicts if hits]
    return Right(fields={field: _share(hits) for field, hits in fields.items()}, everything=_share(everything))


def hits_of(witness: Witness) -> dict[str, bool]:
    """Which fields the machine had right."""
    said, meant = witness.judged.judgement.said, witness.judged.judgement.meant
    return {field: str(said[field]) == str(meant[field]) for field in TOLD_TO_LEADS if field in said and field in meant}


def by_week(weeks: Sequence[date], bounds: Sequence[datetime], witnesses: Sequence[Witness], intake: Sequence[Intake]) -> list[Group]:
    """The oldest first; a judged case counts in the week in which it came."""
    found = []
    for number, (week, since, until) in enumerate(zip(weeks, bounds[:-1], bounds[1:], strict=True)):
        of_week = [witness for witness in witnesses if since <= witness.opened_at < until]
        before = [one for one in intake if one.week in weeks[max(0, number - BEFORE) : number]]
        here = [one for one in intake if one.week == week]
        found.append(_group(week.isoformat(), of_week, here, moved=_moved(before, here)))
    return found


def by_key(
    witnesses: Sequence[Witness], intake: Sequence[Intake], of_witness: Callable[[Witness], str], of_intake: Callable[[Intake], str]
) -> list[Group]:
    """By team or by language, the largest first."""
    cases = Counter[str]()
    for one in intake:
        cases[of_intake(one)] += one.cases
    names = {*cases, *map(of_witness, witnesses)}
    groups = [
        _group(name, [one for one in witnesses if of_witness(one) == name], [one for one in intake if of_intake(one) == name])
        for name in names
    ]
    return sorted(groups, key=lambda group: (-group.cases, group.name))


def everything_of(witnesses: Sequence[Witness], intake: Sequence[Intake]) -> Group:
    return _group("", witnesses, intake)


def bands_of(field: str, witnesses: Sequence[Witness]) -> list[Band]:
    """Stated probability against what people found, the least sure first; only bands that hold a case."""
    told = [
        (witness, witness.sure[field], hits[field])
        for witness in witnesses
        if field in witness.sure and field in (hits := hits_of(witness))
    ]
    found = []
    for since, until in zip(BANDS, (*BANDS[1:], 1.01), strict=True):
        inside = [(witness, hit) for witness, stated, hit in told if since <= stated < until]
        drawn, doubted = (
            _share([hit for witness, hit in inside if witness.by_lot]),
            _share([hit for witness, hit in inside if witness.doubtful]),
        )
        if drawn.of or doubted.of:
            found.append(Band(since=since, until=min(until, 1.0), by_lot=drawn, doubtful=doubted))
    return found


def confusions_of(witnesses: Sequence[Witness], most: int) -> list[Confusion]:
    """The worst first: what was said most often for something else."""
    counts, drawn = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    for witness in witnesses:
        said, meant = witness.judged.judgement.said, witness.judged.judgement.meant
        for field, is_right in hits_of(witness).items():
            if not is_right:
                key = (field, str(said[field]), str(meant[field]))
                counts[key] += 1
                drawn[key] += witness.by_lot
    return [
        Confusion(field=key[0], said=key[1], meant=key[2], count=count, by_lot=drawn[key])
        for key, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:most]
    ]


def _group(name: str, witnesses: Sequence[Witness], intake: Sequence[Intake], *, moved: float | None = None) -> Group:
    cases = sum(one.cases for one in intake)
    drawn = [witness for witness in witnesses if witness.by_lot]
    claimed = [witness.sure["team"] for witness in drawn if "team" in witness.sure]
    return Group(
        name=name,
        cases=cases,
        unseen=Share(hits=sum(one.unseen for one in intake), of=cases),
        by_lot=right_of(drawn),
        doubtful=right_of(witness for witness in witnesses if witness.doubtful),
        stated=sum(claimed) / len(claimed) if claimed else None,
        moved=moved,
    )


def _moved(before: Iterable[Intake], here: Iterable[Intake]) -> float | None:
    """Half the sum of how far each team's share is from what it was: 0 for the same mix, 1 for one that has nothing in common."""
    mixes = [_mix(before), _mix(here)]
    if not all(mixes):
        return None
    return sum(abs(mixes[0].get(team, 0.0) - mixes[1].get(team, 0.0)) for team in {*mixes[0], *mixes[1]}) / 2


def _mix(intake: Iterable[Intake]) -> dict[str, float]:
    counts = Counter[str]()
    for one in intake:
        counts[one.team] += one.cases
    whole = counts.total()
    return {team: count / whole for team, count in counts.items()} if whole else {}


def _share(hits: Sequence[bool]) -> Share:
    return Share(hits=sum(hits), of=len(hits))
