"""Fields that the policy ties together are decided together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.fields import Value
from classify.joint import AS_IT_IS, Joint, Sureness, agrees, decides
from models.parts import Agreement
from models.profiles import Profile

VALUES: dict[str, tuple[Value, ...]] = {
    "type": ("bestilling", "forespørsel", "hendelse"),
    "priority": (1, 2, 3, 4),
    "scope": ("none", "single"),
    "team": ("nett", "trakta"),
    "patient_safety": (False, True),
}
WORDS = {"nb": "fordi"}
SAFETY = Agreement(source="2.1", when=["patient_safety=true"], then=["priority=1|2"], reason=WORDS)


def joint(siv: Profile, *agreements: Agreement, miss_cost: float = 1.0, independence: float = 1.0) -> Joint:
    changes = {"agreements": {str(n): agreement for n, agreement in enumerate(agreements)}, "miss_cost": miss_cost}
    return Joint(profile=siv.model_copy(update=changes), values=VALUES, independence=independence)


def chances(**given: list[float]) -> dict[str, np.ndarray]:
    """Probabilities of each field, even where nothing is said."""
    return {field: np.array(given.get(field, [1 / len(values)] * len(values))) for field, values in VALUES.items()}


def test_without_agreements_each_field_is_what_it_is_alone(siv: Profile) -> None:
    values, sure = joint(siv).decide(chances(type=[0.1, 0.2, 0.7], priority=[0.1, 0.2, 0.6, 0.1]))
    assert (values["type"], values["priority"]) == ("hendelse", 3)
    assert sure["type"] == pytest.approx(0.7)
    assert sure["priority"] == pytest.approx(0.6)


def test_a_sure_field_pulls_the_one_that_is_tied_to_it(siv: Profile) -> None:
    said = chances(priority=[0.1, 0.3, 0.6, 0.0], patient_safety=[0.05, 0.95])
    assert joint(siv).decide(said)[0]["priority"] == 3
    assert joint(siv, SAFETY).decide(said)[0]["priority"] == 2


def test_a_surer_field_resists(siv: Profile) -> None:
    values, _ = joint(siv, SAFETY).decide(chances(priority=[0.0, 0.02, 0.98, 0.0], patient_safety=[0.4, 0.6]))
    assert (values["priority"], values["patient_safety"]) == (3, False)


def test_a_miss_that_costs_more_is_made_less_often(siv: Profile) -> None:
    said = chances(priority=[0.1, 0.2, 0.5, 0.2])
    assert joint(siv).decide(said)[0]["priority"] == 3
    assert joint(siv, miss_cost=4).decide(said)[0]["priority"] == 2
    assert joint(siv, miss_cost=4).decide(said)[1]["priority"] == pytest.approx(0.2), "what a miss costs makes nothing likelier"


def test_a_floor_is_kept_even_where_the_model_thought_it_impossible(siv: Profile) -> None:
    assert joint(siv).decide(chances(priority=[0.0, 0.0, 0.0, 1.0]), 2)[0]["priority"] in (1, 2)


def test_fields_that_say_the_same_twice_are_believed_less(siv: Profile) -> None:
    said = chances(type=[0.1, 0.2, 0.7])
    assert joint(siv, independence=0.5).decide(said)[1]["type"] < joint(siv).decide(said)[1]["type"]


def test_agreements_that_forbid_everything_are_not_heard(siv: Profile) -> None:
    never = [Agreement(source="x", when=[f"type={kind}"], then=["priority=9"], reason=WORDS) for kind in VALUES["type"]]
    assert joint(siv, *never).decide(chances(type=[0.1, 0.2, 0.7]))[0]["type"] == "hendelse"


@given(st.lists(st.floats(0.01, 1), min_size=4, max_size=4), st.floats(0.01, 0.99), st.sampled_from([None, 1, 2, 3, 4]))
def test_what_is_decided_agrees_and_is_a_probability(siv: Profile, levels: list[float], safety: float, most: int | None) -> None:
    said = chances(priority=[level / sum(levels) for level in levels], patient_safety=[1 - safety, safety])
    values, sure = joint(siv, SAFETY, miss_cost=3).decide(said, most)
    assert agrees(values, [SAFETY])
    assert most is None or int(values["priority"] or 0) <= most
    assert all(0 <= share <= 1 + 1e-9 for share in sure.values())


def test_an_agreement_about_a_field_that_is_not_given_is_not_asked() -> None:
    assert agrees({"priority": 4}, [SAFETY])


@pytest.mark.parametrize(("changed", "told"), [({"priority"}, True), ({"team"}, False), (set(), False)])
def test_an_agreement_is_told_where_it_changed_a_field(changed: set[str], *, told: bool) -> None:
    assert decides(SAFETY, {"priority": 2, "patient_safety": True}, changed) is told


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 5), st.floats(-5, 5))
def test_corrected_sureness_is_a_probability_and_keeps_the_order(one: float, other: float, slope: float, offset: float) -> None:
    line = Sureness(slope, offset)
    low, high = sorted((one, other))
    assert 0 <= line.of(low) <= line.of(high) <= 1


def test_sureness_as_it_is_changes_nothing_that_matters() -> None:
    assert [round(AS_IT_IS.of(chance), 3) for chance in (0.1, 0.5, 0.93)] == [0.1, 0.5, 0.93]
