"""How often a sign-in may be tried: by whom, and from where."""

from __future__ import annotations

from review.tries import forgive, may_try


def test_one_machine_has_five_tries_for_one_person() -> None:
    assert [may_try("192.0.2.1", "lea") for _ in range(6)] == [True] * 5 + [False]
    assert may_try("192.0.2.1", "lars")
    assert may_try("192.0.2.2", "lea")


def test_many_machines_together_have_twenty_tries_for_one_person() -> None:
    assert [may_try(f"192.0.2.{number // 4}", "lea") for number in range(21)] == [True] * 20 + [False]


def test_one_machine_has_thirty_tries_whoever_it_says_it_is() -> None:
    assert [may_try("192.0.2.1", f"{number}{'x' * 1000}") for number in range(31)] == [True] * 30 + [False]


def test_who_came_in_is_no_guesser() -> None:
    for _ in range(8):
        assert may_try("192.0.2.1", "lea")
        forgive("192.0.2.1", "lea")
