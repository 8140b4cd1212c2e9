"""The only place that tells a surge of similar incidents from ordinary traffic."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from models.incidents import Seen
from models.parts import SurgeRules
from models.records import TicketId
from models.terms import shown_form, words_of
from route.likeness import Likeness, Reading, Shares, alike, shares
from route.rates import HOUR, Period, Rates

PARTS = (1.0, 1 / 3, 1 / 9)
"""The window is looked at whole and in these shares of it: a sudden surge stands out in a short one."""
BESIDES = 2
"""How much farther than `similar` an incident may be from the new one alone, to be held against it and another together."""
MOST_PAIRS = 12
"""Pairs looked at; where more incidents than this are similar, the new one alone is enough."""
STEADY = 3.0
"""Incidents that the expected number weighs against what the desk sees today."""
LIKELY = 0.25
"""In a surge the shares fall off as share ** (LIKELY - 1), among ordinary incidents they are even: measured on bursts written by hand."""
NEWEST = 50
"""So many of a surge's incidents stand for all when others are held against it."""
LABELS, SHORTEST_LABEL = 4, 3
STEM = 5
"""Words that begin with the same letters are one word in a label."""

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordinary:
    """What the desk sees when nothing is wrong: how many incidents, and how alike they read."""

    rates: Rates
    likeness: Likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Surge:
    """Incidents, oldest first, that came together by chance as rarely as `chance` says (for one incident of that hour)."""

    tickets: tuple[TicketId, ...]
    reporters: int
    service: str
    label: tuple[str, ...]
    chance: float
    declared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """The new incident, and what is expected in the window before it: how many in each of its parts, and what each past incident stands for."""

    new: Seen
    reading: Reading
    rules: SurgeRules
    expected: tuple[float, ...]
    weights: Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class _Near:
    """Incidents of the window from other reporters, sorted by reporter; `share` of ordinary ones is at least as like the new one."""

    seen: list[Seen]
    readings: list[Reading]
    likeness: Shares
    share: Shares

    @property
    def reporters(self) -> NDArray[np.str_]:
        return np.array([one.reporter for one in self.seen], np.str_)

    def only(self, kept: Flags) -> _Near:
        places = np.flatnonzero(kept).tolist()
        seen, readings = [self.seen[place] for place in places], [self.readings[place] for place in places]
        return _Near(seen=seen, readings=readings, likeness=self.likeness[kept], share=self.share[kept])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cluster:
    chance: float
    members: Flags


def find_surge(new: Seen, recent: Sequence[Seen], ordinary: Ordinary, rules: SurgeRules) -> Surge | None:
    """The surge that the new incident is part of, or None.

    `recent` may hold older incidents and the new one itself, in any order. A reporter counts once. One more similar
    incident of another reporter never makes the chance greater.
    """
    scene = _scene(new, ordinary, rules)
    window = _window(new, recent, rules)
    around = _around(scene, [one for one in window if one.reporter != new.reporter], ordinary.likeness)
    near = around.only(around.share <= BESIDES * rules.similar)
    if len(set(near.reporters.tolist())) + 1 < rules.fewest_reporters:
        return None
    cluster = _rarest(scene, near, _busier(scene, around))
    a_month = cluster.chance * ordinary.rates.a_month
    if not cluster.members.any() or a_month > rules.proposed_a_month:
        return None
    core = [new, *near.only(cluster.members).seen]
    members = sorted(_with_joining(scene, core, window, ordinary.likeness), key=_order)
    return Surge(
        tickets=tuple(one.ticket for one in members),
        reporters=len({one.reporter for one in members}),
        service=_commonest([one.service for one in members]),
        label=_label(members, ordinary.likeness),
        chance=cluster.chance,
        declared=a_month <= rules.declared_a_month,
    )


def joins(new: Seen, members: Sequence[Seen], ordinary: Ordinary, rules: SurgeRules) -> bool:
    """Whether a later incident is likelier one more of a surge that stands than an ordinary one.

    The surge's pace and the likeness to its members speak for it, the desk's usual pace against it. The reporter may be a member.
    """
    scene = _scene(new, ordinary, rules)
    return bool(members) and bool(_belong(scene, [scene.reading], members, ordinary.likeness)[0])


def chance_of(others: Numbers, expected: Shares) -> Shares:
    """The chance of so many or more where so many are expected on average.

    The average itself is known badly: it is taken as spread exponentially around what is expected, which makes the number geometric
    (a negative-binomial one of size 1).
    """
    return np.asarray((expected / (1 + expected)) ** others)


def _scene(new: Seen, ordinary: Ordinary, rules: SurgeRules) -> _Scene:
    periods = [Period(since=new.at - part * rules.window, until=new.at) for part in PARTS]
    by_service = [ordinary.rates.expected(period) for period in periods]
    return _Scene(
        new=new,
        reading=ordinary.likeness.read(new.service, new.text),
        rules=rules,
        expected=tuple(sum(numbers.values()) for numbers in by_service),
        weights=ordinary.likeness.standing_for(by_service[0]),
    )


def _window(new: Seen, recent: Sequence[Seen], rules: SurgeRules) -> list[Seen]:
    """What came in the window before the new one, in an order that does not depend on how it was given."""
    since = new.at - rules.window
    inside = [one for one in recent if since <= one.at <= new.at and one.ticket != new.ticket]
    return sorted(inside, key=lambda one: (one.reporter, *_order(one)))


def _order(one: Seen) -> tuple[datetime, TicketId]:
    return one.at, one.ticket


def _around(scene: _Scene, others: list[Seen], likeness: Likeness) -> _Near:
    readings = [likeness.read(one.service, one.text) for one in others]
    levels = alike([scene.reading], readings)[0]
    return _Near(seen=others, readings=readings, likeness=levels, share=shares(scene.reading.beside, levels, scene.weights))


def _busier(scene: _Scene, around: _Near) -> float:
    """How many times as busy the desk is today as expected, by incidents that are not similar; never less than 1."""
    similar = scene.rules.similar
    others = len(set(around.reporters[around.share > similar].tolist()))
    return max(1.0, (others + STEADY) / ((1 - similar) * scene.expected[0] + STEADY))


def _rarest(scene: _Scene, near: _Near, busier: float) -> _Cluster:
    """Of all the ways to count similar incidents the one with the smallest chance: in each part of the window, down to each likeness."""
    rows, firsts = _rows(scene, near), np.unique(near.reporters, return_index=True)[1]
    window = scene.rules.window
    ages = np.array([(scene.new.at - one.at) / window for one in near.seen])
    found = _Cluster(chance=1.0, members=np.zeros(len(ages), np.bool_))
    for part, expected in zip(PARTS, scene.expected, strict=True):
        inside = np.where(ages <= part, rows, 1.0)
        levels = np.sort(np.minimum.reduceat(inside, firsts, axis=1), axis=1)
        chances = chance_of(np.arange(1, len(firsts) + 1), levels * expected * busier)
        chances[levels > scene.rules.similar] = 1.0
        chances[:, : scene.rules.fewest_reporters - 2] = 1.0
        row, last = np.unravel_index(np.argmin(chances), chances.shape)
        if chances[row, last] < found.chance:
            found = _Cluster(chance=float(chances[row, last]), members=inside[row] <= levels[row, last])
    looks = (1 + scene.expected[0] * busier * scene.rules.similar) ** 2
    return _Cluster(chance=min(1.0, found.chance * looks), members=found.members)


def _rows(scene: _Scene, near: _Near) -> Shares:
    """Shares of ordinary incidents as alike: to the new one alone in the first row, in each further row to it and one similar incident.

    What two say of a matter is its core. An incident says nothing new of its own reporter's.
    """
    rows, reporters = [near.share], near.reporters
    nearest = np.argsort(near.share, kind="stable")
    ones = np.sort(np.unique(reporters[nearest], return_index=True)[1])
    pairs = [place for place in nearest[ones].tolist() if near.share[place] <= scene.rules.similar][:MOST_PAIRS]
    others = [near.readings[place] for place in pairs]
    for place, other, levels in zip(pairs, others, alike(others, near.readings), strict=True):
        row = shares(scene.reading.beside + other.beside, near.likeness + levels, scene.weights)
        rows.append(np.where(reporters == reporters[place], near.share, row))
    return np.array(rows)


def _with_joining(scene: _Scene, core: list[Seen], window: list[Seen], likeness: Likeness) -> list[Seen]:
    """The core, and what else of the window belongs to it."""
    known = {one.ticket for one in core}
    rest = [one for one in window if one.ticket not in known]
    belong = _belong(scene, [likeness.read(one.service, one.text) for one in rest], core, likeness)
    return [*core, *(one for one, joins_in in zip(rest, belong, strict=True) if joins_in)]


def _belong(scene: _Scene, readings: Sequence[Reading], members: Sequence[Seen], likeness: Likeness) -> Flags:
    """Of each incident whether it is similar, and likelier one of the surge than an ordinary one."""
    joined = [likeness.read(one.service, one.text) for one in sorted(members, key=_order)[-NEWEST:]]
    levels = alike(joined, readings).mean(axis=0)
    share = shares(np.mean([one.beside for one in joined], axis=0), levels, scene.weights)
    hours = max(scene.rules.window, scene.new.at - min(one.at for one in members)) / HOUR
    pace = len({one.reporter for one in members}) / hours
    usual = scene.expected[0] / (scene.rules.window / HOUR)
    return np.asarray((share <= scene.rules.similar) & (pace * LIKELY * share ** (LIKELY - 1) >= usual))


def _commonest(names: Sequence[str]) -> str:
    times = Counter(names)
    return min(times, key=lambda name: (-times[name], name))


def _label(members: Sequence[Seen], likeness: Likeness) -> tuple[str, ...]:
    """The words that most reporters used and few ordinary incidents hold, the most telling first; none of one reporter alone.

    Not as in `analyse/labels.py`, which knows how many cases of the past hold a stem: `likeness` counts whole words, so a word's forms
    are held against the past together, by how much likelier they are here.
    """
    held = {one.reporter: set[str]() for one in members}
    for one in members:
        held[one.reporter].update(word for word in words_of(one.text) if word.isalpha() and len(word) >= SHORTEST_LABEL)
    forms: dict[str, list[str]] = {}
    for word in sorted(word for words in held.values() for word in words):
        forms.setdefault(word[:STEM], []).append(word)
    weights = {stem: _telling(stem, words, list(held.values()), likeness) for stem, words in forms.items()}
    best = sorted((stem for stem in forms if weights[stem] > 0), key=lambda stem: (-weights[stem], stem))[:LABELS]
    return tuple(shown_form(forms[stem]) for stem in best)


def _telling(stem: str, forms: Sequence[str], held: Sequence[set[str]], likeness: Likeness) -> float:
    """How much likelier so many reporters use a word here than elsewhere, as a logarithm; 0 for one reporter's word."""
    users = sum(any(word.startswith(stem) for word in words) for words in held)
    elsewhere = min(1.0, sum(likeness.share_with(word) for word in set(forms)))
    return users * math.log(users / len(held) / elsewhere) if users > 1 else 0.0
