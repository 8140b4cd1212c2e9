"""Finding a lexicon's words in a text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.cues import CueFinder, flatten
from models.profiles import Profile

WORDS = st.text(alphabet="abcdeæøåäö0123", min_size=1, max_size=6)
PHRASES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
EDGES = st.sampled_from([" ", "\n", ", ", "! ", "-", " «", "\t", "/", "… "])
TEXTS = st.text(alphabet="abcæøå .,\n-", max_size=30)


@settings(deadline=None)
@given(PHRASES, TEXTS, TEXTS, EDGES, EDGES)
def test_a_phrase_at_word_borders_is_found(phrase: str, before: str, after: str, left: str, right: str) -> None:
    assert CueFinder({"group": [phrase]}).find(f"{before}{left}{phrase}{right}{after}")["group"].count(phrase) >= 1


@settings(deadline=None)
@given(PHRASES, EDGES)
def test_a_phrase_is_found_whatever_stands_between_its_words_and_in_any_case(phrase: str, edge: str) -> None:
    assert CueFinder({"group": [phrase.upper()]}).find(edge.join(phrase.split()).title()) == {"group": [phrase.upper()]}


@settings(deadline=None)
@given(WORDS, WORDS)
def test_a_part_of_a_word_is_not_found(word: str, more: str) -> None:
    finder = CueFinder({"group": [word]})
    assert finder.find(f"x{word} {word}y x{word}{more} {word}y{more}") == {}


@settings(deadline=None)
@given(WORDS, WORDS)
def test_a_star_stands_for_any_ending_and_for_none_but_never_for_a_beginning(word: str, ending: str) -> None:
    finder = CueFinder({"group": [f"{word}*"]})
    assert finder.find(word) == finder.find(f"{word}{ending}z") == {"group": [word]}
    assert finder.find(f"x{word}{ending}") == {}


def test_a_star_after_a_phrase_stands_for_the_last_words_ending() -> None:
    finder = CueFinder({"group": ["feil pasient*"]})
    assert finder.find("Feil pasientjournal!") == {"group": ["feil pasient"]}
    assert finder.find("Feilen pasient, feil på pasient") == {}


def test_every_hit_is_told_in_the_order_of_the_text() -> None:
    finder = CueFinder({"down": ["nede", "død"], "site": ["hele huset"]})
    assert finder.find("Død nå. Hele huset er nede, nede!") == {"down": ["død", "nede", "nede"], "site": ["hele huset"]}


def test_phrases_that_share_words_are_all_found() -> None:
    finder = CueFinder({"a": ["virker ikke"], "b": ["ikke lenger"], "c": ["ikke"]})
    assert set(finder.find("virker ikke lenger")) == {"a", "b", "c"}


def test_one_phrase_may_stand_in_two_groups() -> None:
    assert CueFinder({"a": ["borte"], "b": ["borte"]}).find("borte") == {"a": ["borte"], "b": ["borte"]}


@pytest.mark.parametrize("groups", [{}, {"group": []}])
def test_no_phrases_find_nothing(groups: dict[str, list[str]]) -> None:
    assert CueFinder(groups).find("hva som helst") == {}


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    CueFinder({"group": ["feil*"]}).find(text)


def test_letters_are_lower_case_words_with_one_space_around_each() -> None:
    assert flatten("E-post:  ÅPEN\n(nå)") == " e post åpen nå "


def test_every_phrase_of_a_profile_finds_itself(siv: Profile) -> None:
    groups = {**siv.cue_groups, **{f"team {team}": words for team, words in siv.keywords.team.items()}}
    finder = CueFinder(groups)
    lost = [phrase for group, phrases in groups.items() for phrase in phrases if group not in finder.find(phrase.replace("*", ""))]
    assert lost == []


def test_a_star_stands_only_at_the_end_of_a_lexicons_phrase(siv: Profile) -> None:
    assert [phrase for phrases in siv.cue_groups.values() for phrase in phrases if "*" in phrase[:-1]] == []


def test_a_phrase_without_a_word_finds_nothing() -> None:
    assert CueFinder({"group": ["*"]}).find("hva som helst") == {}
