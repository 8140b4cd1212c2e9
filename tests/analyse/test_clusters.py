"""How groups are made out of pairs: by all pairs across, never by one link, and within a limit that only an outage may pass."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analyse.clusters import MOST, Traffic, groups_of
from analyse.links import Links


def links(pairs: Mapping[tuple[int, int], float]) -> Links:
    one, other = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    return Links(one=one, other=other, log_odds=np.array(list(pairs.values()), float))


def traffic(count: int, hours_apart: float = 1.0, usual: float = 1.0) -> Traffic:
    return Traffic(at=np.arange(count, dtype=np.float64) * np.float64(hours_apart), usual=np.full(count, usual))


def groups(pairs: Mapping[tuple[int, int], float], about: Traffic, together: Sequence[Sequence[int]] = ()) -> list[list[int]]:
    return groups_of(links(pairs), about, together, [])


def all_pairs(count: int, log_odds: float) -> dict[tuple[int, int], float]:
    return {(one, other): log_odds for other in range(count) for one in range(other)}


def test_two_that_are_likely_one_fault_are_a_group_and_two_that_are_not_are_none() -> None:
    assert groups({(0, 1): 1.0, (2, 3): -4.0}, traffic(4)) == [[0, 1]]


def test_a_chain_of_links_is_no_group() -> None:
    chain = {(place, place + 1): 0.0 for place in range(9)}

    assert max(len(group) for group in groups(chain, traffic(10))) <= 4


def test_many_weak_pairs_are_better_proof_than_one() -> None:
    assert groups(all_pairs(2, -1.6), traffic(2)) == []
    assert groups({**all_pairs(6, -1.6), (0, 1): 0.0}, traffic(6)) == [[0, 1, 2, 3, 4, 5]]


def test_a_group_of_ordinary_traffic_stays_within_the_limit() -> None:
    found = groups(all_pairs(60, 2.0), traffic(60, hours_apart=3.0))

    assert max(len(group) for group in found) <= MOST


def test_an_outage_is_not_cut_to_pieces() -> None:
    assert [len(group) for group in groups(all_pairs(60, 2.0), traffic(60, hours_apart=0.1))] == [60]


def test_what_a_busy_service_gets_every_day_is_no_outage() -> None:
    found = groups(all_pairs(60, 2.0), traffic(60, hours_apart=0.1, usual=100.0))

    assert max(len(group) for group in found) <= MOST


def test_what_must_be_together_is_also_over_the_limit() -> None:
    assert [len(group) for group in groups({}, traffic(30, 24), [range(30)])] == [30]


def test_what_is_apart_keeps_its_groups_apart() -> None:
    found = groups_of(links(all_pairs(6, 1.0)), traffic(6), [], [(0, 5)])

    assert not any({0, 5} <= set(group) for group in found)
    assert [len(group) for group in found] == [5]


@given(st.dictionaries(st.tuples(st.integers(0, 8), st.integers(9, 16)), st.floats(-5, 5)), st.randoms())
def test_the_order_of_links_does_not_matter(pairs: dict[tuple[int, int], float], order: random.Random) -> None:
    mixed = dict(order.sample(list(pairs.items()), len(pairs)))

    assert groups(mixed, traffic(17)) == groups(pairs, traffic(17))
