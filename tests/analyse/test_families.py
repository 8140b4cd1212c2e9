"""What keeps coming back: cases about one matter, however far apart, by service and type."""

from __future__ import annotations

import random

from analyse.families import families_of
from analyse.traits import Past
from models.kinds import TicketType
from tests.support.faults_told import case, ordinary

PASSWORD = (
    "Har glemt passordet mitt etter ferien",
    "Glemt passord, kommer ikke inn",
    "passordet er glemt igjen, kan dere nullstille",
    "Jeg har glemt passordet",
)
ASKED = [case(number, text, 700 * number, type=TicketType.REQUEST) for number, text in enumerate(PASSWORD, 1)]
PAST = Past.learn([*ordinary()[:300], *ASKED])


def test_a_matter_that_returns_each_month_is_one_family() -> None:
    first, *_ = families_of(ASKED, PAST)

    assert first.tickets == (1, 2, 3, 4)
    assert first.reporters == 4
    assert (first.last - first.first).days > 80
    assert any(word.startswith("passord") for word in first.label)


def test_other_services_and_types_are_other_families() -> None:
    orders = [case(10 + number, one.text, 700 * number, type=TicketType.ORDER) for number, one in enumerate(ASKED)]
    elsewhere = [case(20 + number, one.text, 700 * number, type=TicketType.REQUEST, service="x") for number, one in enumerate(ASKED)]

    assert len(families_of([*ASKED, *orders, *elsewhere], PAST)) == 3


def test_what_one_person_writes_again_and_again_is_no_family() -> None:
    same = [case(number, text, 700 * number, reporter="one@example.org") for number, text in enumerate(PASSWORD)]

    assert families_of(same, PAST) == ()


def test_the_order_does_not_matter_and_no_case_is_in_two_families() -> None:
    cases = list(ordinary()[:300])
    found = families_of(cases, PAST)

    assert families_of(random.Random(1).sample(cases, len(cases)), PAST) == found
    held = [ticket for family in found for ticket in family.tickets]
    assert len(held) == len(set(held))


def test_no_cases_are_no_families() -> None:
    assert families_of([], PAST) == ()
