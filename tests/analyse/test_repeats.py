"""Which cases are one fault: found among ordinary ones, whatever the order, as people decided, and the same bit by bit as all at once."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyse.listing import listing
from analyse.matters import learned_weights
from analyse.repeats import Basis, find_repeats
from analyse.traits import Past
from models.kinds import TicketType
from models.records import Redacted, TicketId
from models.repeats import Case, Repeat, RepeatId, Told
from tests.support.faults_told import HOUR, bursts, case, ordinary

NAMES = sorted(bursts())


@cache
def traffic() -> tuple[Case, ...]:
    """Ordinary incidents of four months with all bursts among them."""
    return tuple(sorted([*ordinary()[:480], *(one for burst in bursts().values() for one in burst)], key=lambda one: one.at))


@cache
def basis() -> Basis:
    return Basis(past=Past.learn(traffic()))


@cache
def found() -> tuple[Repeat, ...]:
    return find_repeats(traffic(), basis())


def with_told(told: Told) -> tuple[Repeat, ...]:
    return find_repeats(traffic(), replace(basis(), told=told))


def tickets(cases: tuple[Case, ...]) -> list[TicketId]:
    return [one.ticket for one in cases]


def holding(repeats: tuple[Repeat, ...], ticket: TicketId) -> Repeat | None:
    return next((repeat for repeat in repeats if ticket in repeat.tickets), None)


def grouped(repeats: tuple[Repeat, ...]) -> set[tuple[TicketId, ...]]:
    return {repeat.tickets for repeat in repeats}


@pytest.mark.parametrize("name", NAMES)
def test_most_mails_about_one_fault_come_together(name: str) -> None:
    own = set(tickets(bursts()[name]))
    best = max(found(), key=lambda repeat: len(own & set(repeat.tickets)))

    assert len(own & set(best.tickets)) >= 0.5 * len(own)
    assert len(own & set(best.tickets)) >= 0.5 * len(best.tickets)


def test_pairs_within_repeats_are_mostly_one_fault() -> None:
    fault = {one.ticket: name for name, burst in bursts().items() for one in burst}
    said = [pair for repeat in found() for pair in combinations(repeat.tickets, 2)]

    assert sum(one in fault and fault[one] == fault.get(other) for one, other in said) >= 0.6 * len(said)


def test_no_group_of_ordinary_traffic_is_large() -> None:
    assert max((len(repeat.tickets) for repeat in find_repeats(ordinary(), basis())), default=0) <= 12


def test_an_outage_of_two_hundred_mails_is_one_repeat() -> None:
    burst = bursts()["lab-svar"]
    many = [
        replace(burst[number % len(burst)], ticket=TicketId(number), reporter=f"ward{number}", at=burst[0].at + number * HOUR / 40)
        for number in range(200)
    ]

    repeats = find_repeats([*traffic(), *many], basis())

    assert max(len(repeat.tickets) for repeat in repeats) >= 200


def test_the_same_fault_months_later_is_another_repeat() -> None:
    burst = bursts()["tradlost"]
    later = [replace(one, ticket=TicketId(one.ticket + 50), at=one.at + 24 * 90 * HOUR) for one in burst]

    repeats = find_repeats([*traffic(), *later], basis())

    for repeat in repeats:
        assert not (set(tickets(burst)) & set(repeat.tickets) and {one.ticket for one in later} & set(repeat.tickets))


def test_look_alikes_of_one_reporter_alone_are_no_repeat() -> None:
    burst = [replace(one, reporter="one@example.org") for one in bursts()["kortinnlogging"]]
    rest = [one for one in traffic() if one.ticket not in {mail.ticket for mail in burst}]

    repeats = find_repeats([*rest, *burst], basis())

    assert all(repeat.reporters > 1 for repeat in repeats)
    assert not any(set(repeat.tickets) <= {one.ticket for one in burst} for repeat in repeats)


@given(st.randoms())
@settings(max_examples=5, deadline=None)
def test_the_order_of_cases_does_not_matter(order: random.Random) -> None:
    mixed = order.sample(traffic(), len(traffic()))

    assert find_repeats(mixed, basis()) == found()


def test_no_case_is_in_two_repeats_and_no_id_is_given_twice() -> None:
    held = [ticket for repeat in found() for ticket in repeat.tickets]

    assert len(held) == len(set(held))
    assert len({repeat.id for repeat in found()}) == len(found())


def test_a_repeat_tells_its_cases_in_order_of_time() -> None:
    at = {one.ticket: one.at for one in traffic()}
    for repeat in found():
        times = [at[ticket] for ticket in repeat.tickets]
        assert times == sorted(times)
        assert (repeat.first, repeat.last) == (times[0], times[-1])
        assert repeat.id == RepeatId(repeat.tickets[0])


def test_what_people_put_together_stays_together() -> None:
    one, other = traffic()[0].ticket, traffic()[-1].ticket
    repeat = holding(with_told(Told(together=(frozenset({one, other}),))), one)

    assert repeat is not None
    assert other in repeat.tickets


def test_what_people_took_apart_stays_apart() -> None:
    whole = max(found(), key=lambda repeat: len(repeat.tickets))
    out, *rest = whole.tickets
    repeats = with_told(Told(apart=frozenset((out, other) for other in rest)))

    held = holding(repeats, out)
    assert held is None or set(held.tickets).isdisjoint(rest)
    assert max(len(set(repeat.tickets) & set(rest)) for repeat in repeats) > 1


def test_a_new_case_does_not_undo_what_people_took_apart() -> None:
    burst = bursts()["sms-feil-dato"]
    told = Told(apart=frozenset((burst[0].ticket, one.ticket) for one in burst[1:]))
    decided = replace(basis(), told=told)
    new = replace(burst[1], ticket=TicketId(9), reporter="new@example.org", at=burst[-1].at + HOUR)

    repeats = find_repeats([*traffic(), new], decided, find_repeats(traffic(), decided))

    held = holding(repeats, burst[0].ticket)
    assert held is None or set(held.tickets).isdisjoint(tickets(burst[1:]))


def test_where_people_disagree_together_wins() -> None:
    one, other = traffic()[0].ticket, traffic()[1].ticket
    repeat = holding(with_told(Told(together=(frozenset({one, other}),), apart=frozenset({(one, other)}))), one)

    assert repeat is not None
    assert other in repeat.tickets


def test_a_name_given_by_a_person_stays_with_the_repeat() -> None:
    first = found()[0]

    named = with_told(Told(names={first.id: "Snorene på barsel"}))

    assert [repeat.name for repeat in named if repeat.id == first.id] == ["Snorene på barsel"]
    assert {repeat.name for repeat in named if repeat.id != first.id} == {None}


def test_a_repeat_keeps_its_id_when_it_grows() -> None:
    burst = bursts()["tradlost"]
    early = tuple(one for one in traffic() if one.at <= burst[4].at)
    known = find_repeats(early, basis())
    before = holding(known, burst[1].ticket)
    assert before is not None
    older = replace(burst[0], ticket=TicketId(7), reporter="before@example.org", at=burst[0].at - HOUR / 4)

    grown = holding(find_repeats([*early, older], basis(), known), burst[1].ticket)

    assert grown is not None
    assert grown.tickets[0] == older.ticket
    assert grown.id == before.id


def test_where_there_are_no_cases_there_are_no_repeats() -> None:
    assert find_repeats([], basis()) == ()


def test_a_new_repeat_never_takes_the_id_of_one_that_is_known() -> None:
    burst = bursts()["etikettskrivere"]
    known = replace(found()[0], id=RepeatId(burst[0].ticket), tickets=found()[0].tickets)

    repeats = find_repeats(traffic(), basis(), (known,))

    assert len({repeat.id for repeat in repeats}) == len(repeats)


def test_a_desk_without_a_past_finds_no_fault_in_two_unlike_mails() -> None:
    cases = [case(1, "skriveren på 4B er tom for toner"), case(2, "får ikke logget på journalen", 60, type=TicketType.REQUEST, service="x")]

    assert find_repeats(cases, Basis(past=Past.learn([]))) == ()


def test_labels_hold_no_word_that_one_reporter_alone_used() -> None:
    texts = {one.ticket: (one.reporter, one.text.lower()) for one in traffic()}
    for repeat in found():
        for word in repeat.label:
            users = {reporter for reporter, text in (texts[ticket] for ticket in repeat.tickets) if word in text}
            assert len(users) > 1, word


def test_labels_hold_no_part_of_a_reporters_address() -> None:
    burst = bursts()["turnus"]
    known = [
        replace(one, reporter=f"kvernmo{number}@example.org", text=Redacted(f"{one.text}\nKvernmo")) for number, one in enumerate(burst)
    ]
    rest = [one for one in traffic() if one not in burst]

    label = [repeat.label for repeat in find_repeats([*rest, *known], basis()) if repeat.tickets[0] in tickets(burst)]

    assert label
    assert "kvernmo" not in label[0]


def test_weights_speak_the_way_they_must() -> None:
    weights = learned_weights()

    assert min(weights.words, weights.things, weights.signs) > 0
    assert max(weights.gap, weights.rate, weights.other_service, weights.no_incident) < 0


def test_a_repeat_that_no_word_tells_from_others_is_called_by_its_number() -> None:
    [one] = listing([replace(found()[0], label=(), name=None)], traffic(), defaultdict(str))
    assert one.label == one.repeat
    assert one.repeat.startswith("R-")
