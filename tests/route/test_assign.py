"""Who gets a ticket."""

from __future__ import annotations

import pytest

from models.kinds import Method
from models.profiles import Profile
from models.records import Assignment, Guess
from route.assign import assign
from tests.support.mails import mail, verdict

SURE = Assignment(team="arbeidsplass", guessed_team="arbeidsplass", unsure=False, also=())


def level(value: int) -> Guess[int]:
    return Guess(value=value, confidence=0.3, method=Method.MODEL)


def team(value: str) -> Guess[str]:
    return Guess(value=value, confidence=0.3, method=Method.MODEL)


def test_a_sure_verdict_goes_to_the_guessed_team_alone(siv: Profile) -> None:
    assert assign(verdict(), mail(), siv) == SURE


def test_a_sure_grave_verdict_goes_to_the_guessed_team_alone(siv: Profile) -> None:
    assert assign(verdict(priority=level(1)), mail(), siv) == SURE


def test_an_unsure_verdict_goes_to_the_doubt_team_and_keeps_the_guess(siv: Profile) -> None:
    expected = Assignment(team="trakta", guessed_team="arbeidsplass", unsure=True, also=())
    assert assign(verdict(review=True), mail(), siv) == expected


@pytest.mark.parametrize("grave", [1, 2])
def test_a_grave_doubt_is_told_to_the_guessed_team_as_well(siv: Profile, grave: int) -> None:
    expected = Assignment(team="trakta", guessed_team="arbeidsplass", unsure=True, also=("arbeidsplass",))
    assert assign(verdict(review=True, priority=level(grave)), mail(), siv) == expected


def test_the_doubt_team_is_never_told_twice(siv: Profile) -> None:
    assert assign(verdict(review=True, priority=level(1), team=team("trakta")), mail(), siv).also == ()


def test_a_mail_too_large_to_read_goes_to_the_doubt_team_however_sure_the_verdict(siv: Profile) -> None:
    found = assign(verdict(), mail(), siv, truncated=True)
    assert (found.team, found.guessed_team, found.unsure) == ("trakta", "arbeidsplass", True)


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_a_mail_without_words_goes_to_the_doubt_team(siv: Profile, text: str) -> None:
    found = assign(verdict(), mail(text=text), siv)
    assert (found.team, found.unsure) == ("trakta", True)


def test_a_team_that_the_profile_does_not_know_is_never_named(siv: Profile) -> None:
    found = assign(verdict(review=True, priority=level(1), team=team("nedlagt")), mail(), siv)
    assert found == Assignment(team="trakta", guessed_team="trakta", unsure=True, also=())
