"""What is summed up of one matter: whither it goes, how long it takes, how it is solved, whether a machine could do it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from analyse.accounts import account_of, automation_of, known_solution
from analyse.trend import trend_of
from models.kinds import TicketType
from models.pages import WORDS, load_words
from models.records import Redacted
from models.repeats import Case, Direction, Holds, reason_of
from tests.support.faults_told import HOUR, MONDAY, case

WEEK, YEAR = timedelta(days=7), timedelta(days=364)
UNTIL = MONDAY + 12 * WEEK
RESET = "Nullstilte passordet i brukerbasen og sendte et midlertidig på SMS"


def solved(number: int, solution: str = RESET, hours: float = 1, **more: object) -> Case:
    at = MONDAY + number * 24 * HOUR
    return case(number, "passord", 24 * number, solution=Redacted(solution), solved_at=at + hours * HOUR, **more)


def easy() -> list[Case]:
    return [solved(number, type=TicketType.REQUEST) for number in range(20)]


def weekly(*counts: int) -> list[timedelta]:
    return [week * WEEK + number * HOUR for week, count in enumerate(counts) for number in range(1, count + 1)]


def test_more_each_week_rises_and_fewer_falls() -> None:
    more = [MONDAY + offset for offset in weekly(*range(12))]
    fewer = [MONDAY + offset for offset in weekly(*reversed(range(12)))]

    assert trend_of(more, MONDAY, UNTIL).direction is Direction.RISING
    assert trend_of(more, MONDAY, UNTIL).a_week == pytest.approx(1)
    assert trend_of(fewer, MONDAY, UNTIL).direction is Direction.FALLING


def test_chance_alone_is_no_trend() -> None:
    came = [MONDAY + offset for offset in weekly(1, 0, 2, 1, 0, 1, 3, 0, 1, 1, 0, 2)]

    assert trend_of(came, MONDAY, UNTIL).direction is Direction.STEADY
    assert trend_of([], MONDAY, UNTIL).a_week == 0


def test_what_rose_as_much_the_year_before_is_the_season() -> None:
    now = [MONDAY + offset for offset in weekly(*range(12))]
    both = [*now, *(at - YEAR for at in now)]

    assert trend_of(both, MONDAY - 2 * YEAR, UNTIL).direction is Direction.STEADY
    assert trend_of(both, MONDAY, UNTIL).direction is Direction.RISING


def test_the_solution_used_most_is_the_known_one_also_in_slightly_other_words() -> None:
    cases = [solved(1), solved(2), solved(3, f"{RESET} igjen"), solved(4, "Byttet tastatur"), case(5, "åpen")]

    known = known_solution(cases)

    assert known is not None
    assert (known.text, known.used, known.solved) == (RESET, 3, 4)


def test_without_a_solution_nothing_is_known() -> None:
    account = account_of([case(1, "passord")], MONDAY, UNTIL)

    assert account.known_solution is None
    assert account.median_hours_to_solve is None
    assert account.automation.score == 0


def test_hours_to_solve_are_in_the_middle() -> None:
    assert account_of([solved(1, hours=1), solved(2, hours=2), solved(3, hours=30)], MONDAY, UNTIL).median_hours_to_solve == 2


def test_what_comes_often_and_is_solved_the_same_way_suits_a_machine() -> None:
    automation = account_of(easy(), MONDAY, UNTIL).automation

    assert automation.score > 0.8
    assert automation.holds is Holds.NOTHING


@pytest.mark.parametrize(
    ("cases", "holds"),
    [
        ([solved(1, type=TicketType.REQUEST)], Holds.SELDOM),
        ([case(number, "passord", number, type=TicketType.REQUEST) for number in range(20)], Holds.UNSOLVED),
        ([solved(number, "abcdefghijklmnopqrst"[number] * 4, type=TicketType.REQUEST) for number in range(20)], Holds.SOLUTIONS),
        ([solved(number) for number in range(20)], Holds.JUDGEMENT),
        ([solved(number, type=TicketType.REQUEST, priority=1) for number in range(20)], Holds.GRAVE),
        ([solved(number, type=TicketType.REQUEST, hours=90) for number in range(20)], Holds.LONG),
    ],
)
def test_what_holds_most_against_a_machine_is_named(cases: list[Case], holds: Holds) -> None:
    automation = account_of(cases, MONDAY, UNTIL).automation

    assert automation.holds is holds
    assert automation.score < 0.5


def test_a_score_lies_between_none_and_all() -> None:
    assert 0 <= automation_of([solved(1)], None, None).score <= 1


@pytest.mark.parametrize("language", sorted(folder.name for folder in WORDS.iterdir()))
@pytest.mark.parametrize("holds", Holds)
def test_every_language_has_a_sentence_for_every_reason(language: str, holds: Holds) -> None:
    sentences = dict(load_words(language)["automation"])

    assert set(sentences) == set(Holds)
    assert "{" not in reason_of(account_of(easy(), MONDAY, UNTIL), sentences | {str(Holds.NOTHING): sentences[holds]})
