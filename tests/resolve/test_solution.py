"""Taking a solution description out of a team's answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.profiles import Profile
from resolve.solution import find_solution, wants_to_close

LABELS = ["løsning", "løysing", "lösning", "solution"]


@pytest.mark.parametrize(
    ("text", "solution"),
    [
        ("Løsning: startet skriveren på nytt.", "startet skriveren på nytt."),
        ("Hei!\n\nLØSNING :  ny toner", "ny toner"),
        ("  Løysing: ny toner", "ny toner"),
        ("Lösning: ny toner\n", "ny toner"),
        ("Solution: new toner", "new toner"),
        ("**Løsning:** ny toner", "ny toner"),
        ("> Løsning: ny toner", "ny toner"),
        ("Løsning:\nByttet kabel.\n\nOg testet.", "Byttet kabel.\n\nOg testet."),
        ("Løsning: først\nLøsning: så", "først\nLøsning: så"),
    ],
)
def test_what_stands_after_the_label_is_the_solution(text: str, solution: str) -> None:
    assert find_solution(text, LABELS) == solution


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Vi ser på det.",
        "Løsning:",
        "Løsning:  \n \n",
        "Løsning ny toner",
        "En løsning: ny toner",
        "Løsninger: flere",
        "Skriv «Løsning:» for å lukke saken.",
    ],
)
def test_without_a_label_at_the_start_of_a_line_and_words_after_it_there_is_no_solution(text: str) -> None:
    assert find_solution(text, LABELS) is None


def test_a_label_is_words_and_no_pattern() -> None:
    assert find_solution("lxsning: nei", ["l.sning"]) is None
    assert find_solution("l.sning: ja", ["l.sning"]) == "ja"


@settings(deadline=None)
@given(st.text(alphabet="abcå .\n", min_size=1).filter(str.strip), st.sampled_from(LABELS))
def test_a_solution_is_found_whatever_it_says(words: str, label: str) -> None:
    assert find_solution(f"Hei\n{label.upper()}: {words}", LABELS) == words.strip()


@pytest.mark.parametrize(
    "text", ["Lukk", "lukk saken.", "Ferdig med denne.\n\nLUKK SAKEN!\n\nHilsen Per", "**Lukk**", "Stäng ärendet", "close"]
)
def test_a_closing_word_alone_on_a_line_wants_to_close(siv: Profile, text: str) -> None:
    assert wants_to_close(text, siv.outgoing.closing_words)


@pytest.mark.parametrize("text", ["", "Kan vi lukke saken?", "Lukk døra når du går", "Ikke lukk", "lukket"])
def test_a_closing_word_among_others_does_not(siv: Profile, text: str) -> None:
    assert not wants_to_close(text, siv.outgoing.closing_words)
