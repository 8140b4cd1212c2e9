"""Finding earlier cases: what is found, in which order, and what must hold for any cases."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.records import Redacted, TicketId
from resolve.earlier import Earlier, Question, Similar
from resolve.index import BOOST, CANDIDATES, Index

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NO_SOLUTION = Redacted("")

TEXTS = (
    "Skriveren på vaktrommet\nSkriveren på vaktrommet i fjerde etasje skriver ikke ut etiketter.",
    "Ny skjerm\nVi trenger en skjerm til på kontoret, den gamle er for liten.",
    "Passordet\nJeg har glemt passordet mitt og kommer ikke inn på maskinen.",
    "Journalen går tregt\nDet tar et minutt å åpne en pasient i journalen siden i morges.",
    "Møterom\nProjektoren på møterommet er sort og fjernkontrollen borte.",
    "Inloggning\nInloggningen med kortet fungerar inte på avdelningen sedan bytet av läsare.",
)


def case(number: int, text: str, solution: str = "", **more: Any) -> Earlier:
    made = Earlier(ticket=TicketId(number), opened_at=NOON - DAY, text=Redacted(text), solution=Redacted(solution))
    return replace(made, **more)


def question(text: str) -> Question:
    return Question(text=Redacted(text), at=NOON)


def index_of(cases: Iterable[Earlier]) -> Index:
    index = Index()
    index.add(cases)
    return index


def desk() -> Index:
    return index_of(case(number, text) for number, text in enumerate(TEXTS))


def tickets(found: Sequence[Similar]) -> list[int]:
    return [one.ticket for one in found]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("Får ikke skrevet ut\nEtikettskriveren på vaktrommet virker ikke.", 0),
        ("glemt passord\nkommer ikke inn", 2),
        ("Treg journal\nÅpning av pasientjournal tar evigheter", 3),
        ("projektorpære\nprojektor gir ikke bilde i møterom 3", 4),
        ("kortläsare\ninlogging med kort funkar ej", 5),
    ],
)
def test_the_case_about_the_same_matter_comes_first(asked: str, wanted: int, *, packed: bool) -> None:
    index = desk()
    if packed:
        index.pack()

    assert tickets(index.find(question(asked)))[0] == wanted


def test_the_same_words_score_near_one_and_no_common_word_nothing() -> None:
    index = desk()

    same = index.find(question(TEXTS[3]))[0]

    assert same.ticket == 3
    assert 1 - BOOST <= same.score <= 1
    assert index.find(question("xqz wvu")) == ()


def test_scores_fall_and_no_more_come_than_were_asked_for() -> None:
    found = desk().find(replace(question("skriveren på kontoret virker ikke"), top=3))

    assert len(found) == 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 < one.score <= 1 for one in found)


def test_a_compound_finds_its_parts() -> None:
    index = index_of([case(1, "Pumpa\nInfusjonspumpen piper"), case(2, "Vinduet\nVinduet i gangen er knust")])

    assert tickets(index.find(question("Alarm\nalarm fra pumper for infusjon"))) == [1]


def test_the_words_of_the_solution_find_a_case_too() -> None:
    index = desk()
    index.add([case(50, "Spørsmål", "Du bestiller adgangskort i skranken ved hovedinngangen; ta med legitimasjon.")])

    assert tickets(index.find(question("hvor får jeg adgangskort?")))[0] == 50


def test_a_long_solution_does_not_hide_what_the_reporter_wrote() -> None:
    words = "Kabelen bak skapet var løs og ble skiftet av driftsvakten etter kontroll av alle punkter i rommet. " * 5
    index = index_of([case(1, TEXTS[2], words), case(2, TEXTS[1], words)])

    best = index.find(question(TEXTS[2]))[0]

    assert best.ticket == 1
    assert best.score >= 1 - BOOST


def test_like_subjects_of_several_words_weigh_more_than_the_same_words_below() -> None:
    subject, other = "Feilmelding ved lagring av epikrise", "Notat fra poliklinikken om kveldsvakten"
    index = index_of([case(1, f"{other}\n{subject}"), case(2, f"{subject}\n{other}")])

    assert tickets(index.find(question(f"{subject}\nHva gjør vi?"))) == [2, 1]


def test_of_equal_texts_the_one_of_the_service_comes_first_then_the_newer_then_what_worked() -> None:
    text = TEXTS[0]
    plain = case(1, text, opened_at=NOON - 900 * DAY)
    worked = replace(plain, ticket=TicketId(2), worked=1.0)
    newer = replace(plain, ticket=TicketId(3), opened_at=NOON - DAY)
    same = replace(plain, ticket=TicketId(4), service="utskrift", opened_at=NOON - DAY)
    index = index_of([plain, worked, newer, same])

    assert tickets(index.find(replace(question(text), service="utskrift")))[0] == 4
    assert tickets(index.find(question(text)))[-1] == 1


def test_service_age_and_success_never_lift_a_text_that_is_clearly_less_alike() -> None:
    asked = replace(question(TEXTS[0]), service="utskrift")
    alike = case(1, TEXTS[0] + " Takk.", opened_at=NOON - 4000 * DAY, service="annet")
    less = case(2, "Skriver\nSkriver på kontoret er tom for papir", opened_at=NOON, service="utskrift", worked=1.0)

    assert tickets(index_of([alike, less]).find(asked)) == [1, 2]


def test_with_earlier_only_nothing_from_that_moment_or_later_is_found() -> None:
    moments = (NOON - DAY, NOON - timedelta(seconds=1), NOON, NOON + DAY)
    index = index_of(case(number, TEXTS[0], opened_at=at) for number, at in enumerate(moments))

    assert sorted(tickets(index.find(question(TEXTS[0])))) == [0, 1, 2, 3]
    assert sorted(tickets(index.find(replace(question(TEXTS[0]), earlier_only=True)))) == [0, 1]


def test_later_cases_do_not_crowd_out_the_earlier_one() -> None:
    later = [case(number, TEXTS[0], opened_at=NOON + DAY) for number in range(CANDIDATES + 50)]
    index = index_of([*later, case(9999, "Skriveren står")])
    index.pack()

    assert tickets(index.find(replace(question(TEXTS[0]), earlier_only=True))) == [9999]


def test_the_ticket_that_asks_is_not_found() -> None:
    assert 2 not in tickets(desk().find(replace(question(TEXTS[2]), apart=TicketId(2))))


@pytest.mark.parametrize("packed", [False, True])
def test_a_changed_case_is_found_by_its_new_words_only(*, packed: bool) -> None:
    index = desk()
    if packed:
        index.pack()
    index.add([case(2, "Telefon\nBordtelefonen ringer ikke")])

    assert len(index) == len(TEXTS)
    assert tickets(index.find(question("bordtelefonen")))[0] == 2
    assert 2 not in tickets(index.find(question("glemt passordet")))


@pytest.mark.parametrize("packed", [False, True])
def test_a_removed_case_is_gone_and_removing_it_again_does_nothing(*, packed: bool) -> None:
    index = desk()
    if packed:
        index.pack()
    index.remove([TicketId(2)])
    index.remove([TicketId(2)])

    assert len(index) == len(TEXTS) - 1
    assert TicketId(2) not in index
    assert TicketId(3) in index
    assert 2 not in tickets(index.find(question(TEXTS[2])))


@pytest.mark.parametrize(
    "text",
    ["", "\n", " \n \n", "?!", "\x00", "🙂 🙃", "ñ é\u0301 ﷽ 漢字", "\u202eabc", "a", "7", "ord " * 50_000, "x" * 100_000, "ß ſ İ"],
)
def test_any_text_can_be_kept_and_asked_for(text: str) -> None:
    index = desk()
    index.add([case(77, text, text)])
    index.pack()

    found = index.find(question(text))

    assert all(0 < one.score <= 1 for one in found)
    assert tickets(index.find(question(TEXTS[4])))[0] == 4


def test_among_thousands_of_cases_and_words_the_right_one_is_found_packed_or_not() -> None:
    chance = random.Random(3)
    syllables = [first + second for first in "bdfgklmnprst" for second in "aeiouyåø"]
    names = ["".join(chance.choices(syllables, k=3)) for _ in range(8000)]
    cases = [case(number, "\n".join(" ".join(chance.choices(names, k=8)) for _ in range(2))) for number in range(3000)]
    index = index_of(cases)
    asked = [question(f"{' '.join(cases[number].text.split()[:4])}en\nen annen ting") for number in range(0, 3000, 100)]

    before = [index.find(one) for one in asked]
    index.pack()

    assert [found[0].ticket for found in before] == list(range(0, 3000, 100))
    assert [index.find(one)[0] for one in asked] == [found[0] for found in before]


def test_an_empty_index_finds_nothing() -> None:
    index = Index()
    assert index.find(question(TEXTS[0])) == ()
    index.pack()
    assert index.find(question(TEXTS[0])) == ()
    assert len(index) == 0


def test_the_order_in_which_cases_come_does_not_change_what_is_found() -> None:
    cases = [case(number, text) for number, text in enumerate(TEXTS * 3)]
    mixed = random.Random(5).sample(cases, len(cases))

    for text in TEXTS:
        assert index_of(cases).find(question(text)) == index_of(mixed).find(question(text))


WORDS = st.sampled_from(
    ["skriver", "skriveren", "utskrift", "passord", "innlogging", "kort", "kortleser", "journal", "pasient", "skjerm", "treg", "404", "21"]
)
LINES = st.lists(WORDS, max_size=6).map(" ".join)
WRITTEN = st.builds(lambda subject, words: f"{subject}\n{words}", LINES, LINES)
CASES = st.builds(
    lambda number, text, solution, hours, service, worked: case(
        number, text, solution, opened_at=NOON - timedelta(hours=hours), service=service, worked=worked
    ),
    st.integers(1, 12),
    WRITTEN,
    LINES,
    st.integers(-5, 9000),
    st.sampled_from([None, "utskrift", "journal"]),
    st.floats(0, 1),
)
STEPS = st.lists(st.one_of(CASES, st.integers(1, 12).map(TicketId), st.just("pack")), max_size=30)
QUESTIONS = st.builds(
    lambda text, service, before: Question(text=Redacted(text), at=NOON, service=service, earlier_only=before, top=20),
    WRITTEN,
    st.sampled_from([None, "utskrift", "other"]),
    st.booleans(),
)


@settings(deadline=None)
@given(STEPS, QUESTIONS)
def test_an_index_that_was_added_to_and_taken_from_finds_what_a_new_one_finds(
    steps: list[Earlier | TicketId | str], asked: Question
) -> None:
    index, rows = Index(), dict[TicketId, Earlier]()
    for step in steps:
        match step:
            case Earlier():
                index.add([step])
                rows[step.ticket] = step
            case str():
                index.pack()
            case _:
                index.remove([step])
                rows.pop(step, None)
    new = index_of(rows.values())

    found, wanted = index.find(asked), new.find(asked)

    assert len(index) == len(new) == len(rows)
    assert {one.ticket: one.score for one in found} == pytest.approx({one.ticket: one.score for one in wanted}, abs=1e-5)
