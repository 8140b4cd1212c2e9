"""What held-out mails show of a model's sureness."""

from __future__ import annotations

import random
from statistics import mean

from classify.joint import AS_IT_IS
from classify.proof import sureness_of


def test_who_claims_too_much_is_corrected_to_what_was_shown() -> None:
    dice = random.Random(7)
    claimed = [dice.uniform(0.5, 0.99) for _ in range(4000)]
    right = [dice.random() < chance - 0.2 for chance in claimed]
    line = sureness_of(claimed, right)
    for low, high in ((0.5, 0.7), (0.7, 0.85), (0.85, 1.0)):
        inside = [(line.of(chance), hit) for chance, hit in zip(claimed, right, strict=True) if low <= chance < high]
        assert abs(mean(chance for chance, _ in inside) - mean(hit for _, hit in inside)) < 0.06


def test_too_few_mails_or_a_line_that_would_turn_round_correct_nothing() -> None:
    assert sureness_of([0.9] * 10, [True] * 9 + [False]) is AS_IT_IS
    assert sureness_of([0.9] * 50 + [0.2] * 50, [False] * 50 + [True] * 50) is AS_IT_IS
