"""A new model takes the old one's place only where it is not worse."""

from __future__ import annotations

import pytest

from classify.champion import FEWEST, FROZEN_SHARE, contest, frozen_key, read_answers


def answers(right: int, of: int, *, field: str = "type") -> dict[str, dict[str, bool]]:
    """As many frozen mails, the first ones right in the field, all right in the others."""
    rest = {"type": True, "priority": True, "team": True}
    return {f"{number:04}": {**rest, field: number < right} for number in range(of)}


@pytest.mark.parametrize(("right", "wins"), [(100, True), (90, True), (89, True), (86, False), (0, False)])
def test_a_challenger_may_lose_what_chance_takes_and_no_more(right: int, *, wins: bool) -> None:
    assert contest(answers(90, 100), answers(right, 100)).wins is wins


def test_a_great_loss_in_one_field_is_not_made_good_by_the_others() -> None:
    champion = {key: {**fields, "type": False, "priority": False} for key, fields in answers(100, 100, field="team").items()}
    assert not contest(champion, answers(90, 100, field="team")).wins


def test_only_mails_that_both_were_asked_are_compared() -> None:
    found = contest(answers(100, 100), {**answers(60, 60), "another": {"type": False, "priority": False, "team": False}})
    assert (found.mails, found.challenger["type"]) == (60, 1.0)


@pytest.mark.parametrize("champion", [{}, answers(FEWEST - 1, FEWEST - 1)])
def test_too_few_mails_in_common_crown_the_challenger(champion: dict[str, dict[str, bool]]) -> None:
    found = contest(champion, answers(0, 500))
    assert found.wins
    assert "too few to compare" in str(found)


def test_a_field_that_one_of_them_was_not_taught_is_not_compared() -> None:
    teams = {key: {"team": fields["team"]} for key, fields in answers(100, 100).items()}
    assert set(contest(teams, answers(0, 100)).champion) == {"team"}


def test_a_mail_without_a_field_takes_no_other_mail_out_of_that_fields_contest() -> None:
    champion = answers(200, 200, field="team")
    del champion["0007"]["team"]
    found = contest(champion, answers(0, 200, field="team"))
    assert not found.wins
    assert (found.mails, found.counts["team"], found.challenger["team"]) == (200, 199, 0.0)
    assert "team 0.000 (was 1.000, on 199)" in str(found)


def test_a_gap_in_every_field_leaves_enough_to_compare() -> None:
    champion = answers(200, 200)
    for key, field in (("0001", "type"), ("0002", "priority"), ("0003", "team")):
        del champion[key][field]
    assert not contest(champion, answers(0, 200)).wins


def test_a_field_that_few_mails_tell_proves_nothing() -> None:
    champion = {key: {field: True for field in fields if field != "team" or key < "0003"} for key, fields in answers(200, 200).items()}
    assert contest(champion, answers(0, 200, field="team")).wins


def test_the_contest_is_told_in_figures() -> None:
    assert "on 100 frozen mails type 0.800 (was 0.900)" in str(contest(answers(90, 100), answers(80, 100)))


def test_a_mail_is_frozen_by_its_message_id_alone_and_one_in_four_is() -> None:
    keys = [frozen_key(f"<{number}@siv.no>") for number in range(2000)]
    assert keys == [frozen_key(f"<{number}@siv.no>") for number in range(2000)]
    assert 0.9 < sum(key is not None for key in keys) * FROZEN_SHARE / len(keys) < 1.1


@pytest.mark.parametrize("card", [{}, {"frozen": None}, {"frozen": [1]}])
def test_a_card_without_frozen_answers_has_none(card: dict[str, object]) -> None:
    assert read_answers(card) == {}
