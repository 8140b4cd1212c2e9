"""When a model that learned from corrections takes the place of the one in use."""

from __future__ import annotations

import pytest

from classify.champion import Answers
from classify.promotion import FEWEST_OWN, answers_by, held_out_answers, trial
from classify.train import train
from classify.versions import Reason
from models.profiles import Profile
from tests.support.cases import corpus


def right(share: float, of: int) -> dict[str, dict[str, bool]]:
    """So many cases, the first ones with the right team; all else right."""
    return {f"{number:04}": {"type": True, "priority": True, "team": number < round(share * of)} for number in range(of)}


def reason(frozen: tuple[Answers, Answers], own: tuple[Answers, Answers], *, drawn: int = 0) -> Reason:
    return trial(frozen, own, frozenset(f"{number:04}" for number in range(drawn))).reason


SAME = (right(0.9, 200), right(0.9, 200))
NONE: tuple[Answers, Answers] = ({}, {})


@pytest.mark.parametrize(
    ("frozen", "own", "expected"),
    [
        (SAME, NONE, Reason.NOT_WORSE),
        (SAME, (right(0.5, 100), right(0.8, 100)), Reason.NOT_WORSE),
        (SAME, (right(0.8, 100), right(0.6, 100)), Reason.WORSE_ON_OWN),
        ((right(0.9, 200), right(0.7, 200)), NONE, Reason.WORSE_ON_FROZEN),
        ((right(0.9, 200), right(0.7, 200)), (right(0.5, 100), right(0.52, 100)), Reason.WORSE_ON_FROZEN),
        ((right(0.9, 200), right(0.7, 200)), (right(0.5, 100), right(0.8, 100)), Reason.BETTER_ON_OWN),
    ],
)
def test_it_is_taken_where_it_is_not_worse_and_the_desks_own_cases_outweigh_the_corpus(
    frozen: tuple[Answers, Answers], own: tuple[Answers, Answers], expected: Reason
) -> None:
    assert reason(frozen, own) is expected


def test_a_loss_on_too_few_cases_is_chance() -> None:
    few = FEWEST_OWN - 1
    assert reason(SAME, (right(1.0, few), right(0.5, few))) is Reason.NOT_WORSE


def test_a_case_without_a_field_hides_no_loss_in_it() -> None:
    champion = right(1.0, 100)
    del champion["0007"]["team"]
    assert reason(SAME, (champion, right(0.0, 100))) is Reason.WORSE_ON_OWN


def test_a_field_that_one_of_them_lacks_is_no_gain_of_the_other() -> None:
    champion = {key: {"type": fields["type"]} for key, fields in right(1.0, 100).items()}
    assert not trial(SAME, (champion, right(1.0, 100)), frozenset()).clear_gain


def test_a_gain_on_doubtful_cases_does_not_make_good_a_loss_on_those_drawn_by_lot() -> None:
    champion = {key: {**fields, "team": int(key) < 40} for key, fields in right(1.0, 200).items()}
    challenger = {key: {**fields, "team": int(key) >= 20} for key, fields in right(1.0, 200).items()}
    assert reason(SAME, (champion, challenger)) is Reason.NOT_WORSE
    assert reason(SAME, (champion, challenger), drawn=40) is Reason.WORSE_ON_OWN


def test_answers_of_a_model_are_what_it_says_after_the_agreements(siv: Profile) -> None:
    examples = corpus()
    model, proof = train(examples, siv)
    keys = [str(number) for number in range(len(examples))]
    found = answers_by(model, examples, keys, siv)
    assert all(all(fields.values()) for fields in found.values())
    assert set(found["0"]) == {"type", "priority", "team"}
    assert held_out_answers(proof, examples, dict(enumerate(keys))).keys() == found.keys()


def test_a_value_that_a_model_was_not_taught_is_a_miss(siv: Profile) -> None:
    examples = corpus("team")
    model, proof = train(corpus("type"), siv)
    assert answers_by(model, examples[:1], ["a"], siv) == {"a": {"team": False}}
    assert held_out_answers(proof, examples, {0: "a"}) == {"a": {"team": False}}
