"""How sure a model must be before nobody looks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.trust import FEWEST, NEVER, chosen_limits, limits, needs_a_person
from models.profiles import Profile

SURE = {"type": 0.9, "priority": 0.9, "team": 0.9}


def test_the_limit_is_the_lowest_that_keeps_the_wanted_precision() -> None:
    confidence = [0.9] * 50 + [0.6] * 50 + [0.3] * 50
    right = [True] * 50 + [True] * 40 + [False] * 10 + [False] * 50
    [low, high] = limits(confidence, right, (0.9, 0.95))
    assert (low.limit, high.limit) == (0.6, 0.9)
    assert low.coverage == pytest.approx(100 / 150)
    assert high.coverage == pytest.approx(50 / 150)


def test_a_precision_that_nothing_reaches_is_never_trusted() -> None:
    [found] = limits([0.99] * 100, [False] * 100, (0.9,))
    assert (found.limit, found.coverage) == (NEVER, 0.0)


def test_too_few_mails_prove_nothing() -> None:
    [found] = limits([0.99] * (FEWEST - 1), [True] * (FEWEST - 1), (0.9,))
    assert found.limit == NEVER


def test_no_mails_prove_nothing() -> None:
    assert [found.limit for found in limits([], [], (0.5, 0.9))] == [NEVER, NEVER]


@given(st.lists(st.tuples(st.sampled_from([0.2, 0.4, 0.6, 0.8, 0.95]), st.booleans()), min_size=FEWEST, max_size=200), st.floats(0.05, 1))
def test_above_the_limit_the_wanted_precision_holds(answers: list[tuple[float, bool]], wanted: float) -> None:
    confidence, right = (np.array(column) for column in zip(*answers, strict=True))
    [found] = limits(confidence, right, (wanted,))
    above = right[confidence >= found.limit]
    assert len(above) == round(found.coverage * len(right))
    assert not len(above) or above.mean() >= wanted


def test_one_unsure_field_is_enough_for_a_person_to_look(siv: Profile) -> None:
    assert not needs_a_person(SURE, dict.fromkeys(SURE, 0.8), siv)
    for field in SURE:
        assert needs_a_person({**SURE, field: 0.7}, dict.fromkeys(SURE, 0.8), siv)


def test_where_nothing_was_measured_the_wanted_precision_is_the_limit(siv: Profile) -> None:
    assert needs_a_person({**SURE, "type": siv.trust.type - 0.01}, {}, siv)
    assert not needs_a_person({**SURE, "type": siv.trust.type}, {}, siv)


def test_a_guess_of_a_team_that_is_hardly_better_than_chance_is_never_trusted_however_well_the_others_do(siv: Profile) -> None:
    measured = {
        field: limits([0.99] * 95 + [0.2] * 5, [True] * 95 + [False] * 5, (siv.trust.type, siv.trust.team)) for field in ("type", "team")
    }
    assert chosen_limits(measured, siv) == {"type": 0.5, "team": 0.4}
