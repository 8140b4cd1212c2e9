"""Classifying by an organisation's keywords, with no model."""

from __future__ import annotations

from pathlib import Path

import pytest

from classify.fields import FieldGuess
from classify.keywords import SUREST, KeywordClassifier
from models.profiles import Profile, load_profile
from tests.support.cases import PROFILE, write_profile
from tests.support.mails import mail

KEYWORDS = """
[keywords.type]
hendelse = ["nede", "feil*"]
bestilling = ["bestille"]
[keywords.team]
nett = ["vpn", "nede"]
alle = ["alt", "bestille"]
[keywords.scope]
none = ["takk"]
"""
TEAMS = '\n[teams.nett]\ntitle = { nb = "Nett" }\naddress = "nett@fjord.example"\n'


@pytest.fixture
def small(tmp_path: Path) -> Profile:
    return load_profile(write_profile(tmp_path / "fjord", PROFILE + TEAMS, keywords=KEYWORDS))


def guesses(profile: Profile, text: str, subject: str = "") -> dict[str, FieldGuess]:
    [found] = KeywordClassifier(profile).guess([mail(subject=subject, text=text)])
    return found


def test_the_value_with_most_hits_wins_and_its_words_are_told_once(small: Profile) -> None:
    found = guesses(small, "Feilen er her, feilmelding: alt er nede. Kan jeg bestille?")
    assert found["type"].value == "hendelse"
    assert found["type"].words == {"hendelse": ("feil", "nede")}


def test_confidence_is_the_share_of_hits_and_never_above_the_surest(small: Profile) -> None:
    assert guesses(small, "nede")["type"].confidence == pytest.approx(SUREST / 2)
    assert guesses(small, "nede nede feil bestille")["type"].confidence == pytest.approx(SUREST * 3 / 5)
    assert guesses(small, "nede " * 500)["type"].confidence < SUREST


def test_a_word_in_the_subject_counts_twice(small: Profile) -> None:
    assert guesses(small, "nede", subject="Bestille")["type"].value == "bestilling"


def test_without_any_keyword_the_desks_defaults_stand_with_hardly_any_confidence(small: Profile) -> None:
    found = guesses(small, "Hei på dere")
    assert [found[field].value for field in ("type", "team", "scope", "priority")] == ["forespørsel", "alle", "single", 4]
    assert max(found[field].confidence for field in ("type", "team", "scope")) == pytest.approx(0.1)


@pytest.mark.parametrize(("text", "priority"), [("alt er nede", 3), ("bestille", 4), ("hei", 4)])
def test_priority_is_the_types_default(small: Profile, text: str, priority: int) -> None:
    assert guesses(small, text)["priority"].value == priority


def test_on_a_tie_the_first_value_of_the_table_wins(small: Profile) -> None:
    assert guesses(small, "bestille, nede")["type"].value == guesses(small, "nede, bestille")["type"].value == "hendelse"


def test_keywords_alone_are_below_every_threshold_of_siv(siv: Profile) -> None:
    assert siv.trust.type >= SUREST
    assert guesses(siv, "Skriveren virker ikke")["type"].confidence < siv.trust.type
