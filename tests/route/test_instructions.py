"""What a team tells the desk to do in the first line of its answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.parts import InstructionKind
from models.profiles import load_profile
from route.instructions import BARE, Instruction, read_instruction

WORDS = load_profile("siv").instructions
"""The base's: the profile has none of its own."""
EVERY_WORD = [(kind, word) for kind, words in WORDS.items() for word in words]
NAMING = [(kind, word) for kind, word in EVERY_WORD if kind not in BARE]
STANDING_ALONE = [(kind, word) for kind, word in EVERY_WORD if kind in BARE]


def read(text: str) -> Instruction | None:
    return read_instruction(text, WORDS)


def kind_of(text: str) -> InstructionKind | None:
    found = read(text)
    return found.kind if found else None


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        (InstructionKind.ACKNOWLEDGE, ("Kvitterer", "Tar ärendet", "Acknowledged")),
        (InstructionKind.MOVE, ("Flytt til: Nett", "Flytta till: Nät", "Move to: Network")),
        (InstructionKind.BACK, ("Tilbake", "Tillbaka", "Back")),
        (InstructionKind.ASK, ("Spørsmål: Hvilket rom?", "Fråga: Vilket rum?", "Question: Which room?")),
        (InstructionKind.PRIORITY, ("Prioritet: 2", "Prio: 2", "Priority: 2")),
        (InstructionKind.TYPE, ("Sakstype: bestilling", "Ärendetyp: beställning", "Type: order")),
        (InstructionKind.RISK, ("Risiko: stor", "Riskbedömning: stor", "Risk: great")),
        (InstructionKind.DECIDE, ("Storhendelse: ja", "Beslut: ja", "Major incident: yes")),
        (InstructionKind.APPROVE, ("Godkjent", "Godkänt", "Approved")),
        (InstructionKind.CLOSE_SILENTLY, ("Avslutt uten svar", "Avsluta utan svar", "Close without answer")),
    ],
)
def test_every_kind_is_understood_in_norwegian_swedish_and_english(kind: InstructionKind, lines: tuple[str, ...]) -> None:
    assert [kind_of(line) for line in lines] == [kind, kind, kind]


def test_every_kind_has_words() -> None:
    assert {kind for kind, _ in EVERY_WORD} == set(InstructionKind)


@pytest.mark.parametrize(("kind", "word"), EVERY_WORD)
def test_every_word_of_the_base_is_read_as_its_own_kind(kind: InstructionKind, word: str) -> None:
    assert read(f"{word}: nett") == Instruction(kind=kind, value="nett", rest="")


@pytest.mark.parametrize(("kind", "word"), STANDING_ALONE)
def test_a_word_that_names_nothing_may_stand_alone(kind: InstructionKind, word: str) -> None:
    assert read(word.capitalize()) == Instruction(kind=kind, value="", rest="")


@pytest.mark.parametrize(("_kind", "word"), NAMING)
def test_a_word_that_names_something_needs_a_colon(_kind: InstructionKind, word: str) -> None:
    assert read(word.capitalize()) is None


@pytest.mark.parametrize(
    "text",
    [
        "KVITTERER",
        "kvitterer.",
        "Kvitterer!",
        "  Kvitterer  ",
        "*Kvitterer*",
        "**Kvitterer**",
        "> Kvitterer",
        ">> *Kvitterer*",
        "\n\n \t\nKvitterer",
        "Kvitterer:",
        "Tar   den",
        "Tar\u00a0den.",
        "Kvitterer\r\nHilsen Per",
    ],
)
def test_stars_quotes_signs_spaces_and_capitals_do_not_matter(text: str) -> None:
    assert kind_of(text) is InstructionKind.ACKNOWLEDGE


@pytest.mark.parametrize(
    "text", ["Til team: nett", "*Til team:* nett", "**Til team**: nett", "Til team: **nett**", "> Til team : nett", "TIL TEAM:nett"]
)
def test_what_is_named_comes_without_its_stars(text: str) -> None:
    assert read(text) == Instruction(kind=InstructionKind.MOVE, value="nett", rest="")


def test_what_stands_below_the_first_line_is_kept_with_its_lines() -> None:
    found = read("Til team: nett\n\nSvitsjen på 4. etasje.\nDen blinker rødt.\n")

    assert found == Instruction(kind=InstructionKind.MOVE, value="nett", rest="Svitsjen på 4. etasje.\nDen blinker rødt.")
    assert found.text == "nett\nSvitsjen på 4. etasje.\nDen blinker rødt."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Spørsmål: Hvilket rom?", "Hvilket rom?"),
        ("Spørsmål:\nHvilket rom?\nOg når?", "Hvilket rom?\nOg når?"),
        ("Spørsmål: Hvilket rom: 4 eller 5?", "Hvilket rom: 4 eller 5?"),
        ("Tilbake: ikke vår", "ikke vår"),
        ("Tilbake", ""),
    ],
)
def test_the_words_of_an_instruction_are_all_that_follows_the_word_itself(text: str, said: str) -> None:
    found = read(text)

    assert found is not None
    assert found.text == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n",
        ":",
        "**",
        ": nett",
        "Till dig som läser: hej",
        "Till dig som läser detta",
        "Tilbake på jobb mandag: da ser jeg på den",
        "Tilbake på jobb mandag",
        "Back in office on Monday",
        "Back pain is no matter of ours: see your doctor",
        "Prioritet er satt til 2",
        "Prioriteten: 2",
        "Spørsmålet er: hvem har nøkkelen?",
        "Question is: which room?",
        "Taken from the shelf: one mouse",
        "Approved by whom?",
        "Godkjent av Per: ja",
        "Jeg kvitterer: tar den",
        "Ack, så tråkigt",
        "Flytt til team nett",
        "Avslutt uten svar er greit for meg",
    ],
)
def test_an_ordinary_sentence_that_begins_with_such_a_word_is_no_instruction(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", ["Hei!\nKvitterer", "Den er startet på nytt.\nTil team: nett", "Mvh\n\nTilbake"])
def test_only_the_first_line_that_holds_anything_tells_the_desk(text: str) -> None:
    assert read(text) is None


def test_an_organisation_has_the_words_it_chooses_and_no_others() -> None:
    own = {InstructionKind.BACK: ["retur"]}

    assert read_instruction("Retur: ikke vår", own) == Instruction(kind=InstructionKind.BACK, value="ikke vår", rest="")
    assert read_instruction("Tilbake", own) is None


NOISE = st.text(alphabet=" \t*>.!:\r\n\u00a0", max_size=6)
SIGNS = st.text(alphabet=" *.!", max_size=6)
CASES: list[Callable[[str], str]] = [str.upper, str.lower, str.capitalize, str.title]


@given(st.text())
def test_any_text_is_an_instruction_or_none(text: str) -> None:
    assert isinstance(read(text), Instruction | None)


@given(NOISE, st.sampled_from(EVERY_WORD), NOISE, st.text())
def test_a_word_amid_any_signs_is_its_own_kind_or_none(before: str, known: tuple[InstructionKind, str], after: str, rest: str) -> None:
    kind, word = known

    assert kind_of(f"{before}{word}{after}\n{rest}") in {kind, None}


@given(SIGNS, st.sampled_from(EVERY_WORD), st.sampled_from(CASES), SIGNS)
def test_a_word_in_any_case_amid_stars_and_signs_is_read(
    before: str, known: tuple[InstructionKind, str], cased: Callable[[str], str], after: str
) -> None:
    kind, word = known

    assert kind_of(f"{before}{cased(word)}{after}: nett") is kind


@given(st.text() | st.sampled_from([word for _, word in EVERY_WORD]), st.text())
def test_lines_below_never_change_what_the_first_one_tells(first: str, rest: str) -> None:
    line = first.replace("\n", "")
    assume(line.strip())

    assert kind_of(f"{line}\n{rest}") is kind_of(line)
