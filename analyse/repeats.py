"""The only place that finds repeat problems: cases of different people about one fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from analyse.clusters import LEAST, Traffic, groups_of
from analyse.labels import label_of
from analyse.links import links_of
from analyse.matters import Weights, learned_weights
from analyse.traits import Past, hours_of
from models.records import TicketId
from models.repeats import Case, Repeat, RepeatId, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a search rests on: what the desk usually gets, what people decided, and how much each sign weighs."""

    past: Past
    told: Told = field(default_factory=Told)
    weights: Weights = field(default_factory=learned_weights)


def find_repeats(cases: Sequence[Case], basis: Basis, known: Sequence[Repeat] = ()) -> tuple[Repeat, ...]:
    """The repeats among these cases, first begun first; the order of the cases does not matter.

    A repeat has two cases or more, of two reporters or more unless a person put it together. It keeps the id of the known one that it shares the most cases with.
    """
    told, past = basis.told, basis.past
    cases = sorted(cases, key=_order)
    places = {case.ticket: place for place, case in enumerate(cases)}
    together = [sorted(places[ticket] for ticket in tickets if ticket in places) for tickets in told.together]
    apart = [(places[one], places[other]) for one, other in told.apart if one in places and other in places]
    at = hours_of(cases)
    usual = past.rates(at) * np.array([past.shares.get(case.about, 0.0) for case in cases])
    links = links_of(cases, past, basis.weights, LEAST)
    found = groups_of(links, Traffic(at=at, usual=usual), [bound for bound in together if bound], apart)
    bound = {place for bond in together if len(bond) > 1 for place in bond}
    groups = [[cases[place] for place in group] for group in found if bound & set(group) or _people([cases[place] for place in group]) > 1]
    ids = _ids(groups, known)
    return tuple(_repeat(id, group, basis) for id, group in zip(ids, groups, strict=True))


def _order(case: Case) -> tuple[object, TicketId]:
    return case.at, case.ticket


def _people(cases: Sequence[Case]) -> int:
    return len({case.reporter for case in cases})


def _ids(groups: Sequence[Sequence[Case]], known: Sequence[Repeat]) -> list[RepeatId]:
    """Of each group the id of the known repeat that it shares the most cases with, each given once; else its first case's number."""
    of = {ticket: repeat.id for repeat in known for ticket in repeat.tickets}
    shared = [
        (-count, id, place)
        for place, group in enumerate(groups)
        for id, count in Counter(of[case.ticket] for case in group if case.ticket in of).items()
    ]
    ids: dict[int, RepeatId] = {}
    given = set[RepeatId]()
    for _, id, place in sorted(shared):
        if place not in ids and id not in given:
            ids[place] = id
            given.add(id)
    taken = {*given, *of.values()}
    return [ids.get(place) or _own_id(group, taken) for place, group in enumerate(groups)]


def _own_id(group: Sequence[Case], taken: set[RepeatId]) -> RepeatId:
    """The number of its first case; of the next where another repeat began with that one once."""
    return next((RepeatId(case.ticket) for case in group if RepeatId(case.ticket) not in taken), RepeatId(group[0].ticket))


def _repeat(id: RepeatId, cases: Sequence[Case], basis: Basis) -> Repeat:
    services = Counter(case.about for case in cases)
    return Repeat(
        id=id,
        tickets=tuple(case.ticket for case in cases),
        reporters=_people(cases),
        first=cases[0].at,
        last=cases[-1].at,
        service=min(services, key=lambda service: (-services[service], service)),
        label=label_of(cases, basis.past),
        name=basis.told.names.get(id),
    )
