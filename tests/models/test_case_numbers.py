"""Signed case numbers: read back by us, and by nobody made up."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.case_numbers import CaseNumbers
from models.records import TicketId

NUMBERS = CaseNumbers("SIV", b"a secret of the tests")
TICKETS = st.integers(1, 10**12 - 1).map(TicketId)
AROUND = st.text(alphabet="aåÆ1 .,:;[]()<>/\n-", max_size=12)
EDGES = st.sampled_from([" ", "[", "(", "<", ":", "\n", "/", "…"])


@settings(deadline=None)
@given(TICKETS)
def test_what_is_written_is_read_back(ticket: TicketId) -> None:
    assert NUMBERS.read(NUMBERS.write(ticket)) == ticket


@settings(deadline=None)
@given(TICKETS, AROUND, AROUND, EDGES, EDGES)
def test_a_number_is_found_amid_a_subject(ticket: TicketId, before: str, after: str, left: str, right: str) -> None:
    assert NUMBERS.read(f"{before}{left}{NUMBERS.write(ticket)}{right}{after}") == ticket


@pytest.mark.parametrize(
    "subject", ["SV: Vi har mottatt saken din: Skriver [{}]", "RE: FW: {}", "ikt+{}@siv.no", "Sak {}, takk", "({}): purring"]
)
def test_a_number_is_found_where_people_and_programs_put_it(subject: str) -> None:
    assert NUMBERS.read(subject.format(NUMBERS.write(TicketId(1042)))) == 1042


@settings(deadline=None)
@given(TICKETS)
def test_upper_and_lower_case_are_one(ticket: TicketId) -> None:
    written = NUMBERS.write(ticket)
    assert NUMBERS.read(written.upper()) == NUMBERS.read(written.lower()) == NUMBERS.read(written.title()) == ticket


@settings(deadline=None)
@given(TICKETS, st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=8, max_size=8))
def test_a_wrong_mark_is_nothing(ticket: TicketId, mark: str) -> None:
    assume(not NUMBERS.write(ticket).endswith(mark))
    assert NUMBERS.read(f"{NUMBERS.short(ticket)}-{mark}") is None


@settings(deadline=None)
@given(TICKETS, TICKETS)
def test_a_mark_belongs_to_one_ticket_alone(ticket: TicketId, other: TicketId) -> None:
    assume(ticket != other)
    assert NUMBERS.read(NUMBERS.write(ticket).replace(f"-{ticket}-", f"-{other}-")) is None


@settings(deadline=None)
@given(TICKETS, st.binary(min_size=16, max_size=64))
def test_another_secret_reads_nothing(ticket: TicketId, secret: bytes) -> None:
    assert CaseNumbers("SIV", secret).read(NUMBERS.write(ticket)) is None


def test_another_organisations_number_is_nothing() -> None:
    other = CaseNumbers("EHM", b"a secret of the tests")
    assert NUMBERS.read(other.write(TicketId(7))) is None
    assert other.read(NUMBERS.write(TicketId(7)).replace("SIV", "EHM")) is None


@pytest.mark.parametrize("text", ["", "SIV-1042", "SIV-1042-", "SIV-x-abcdefgh", "Sak 1042"])
def test_a_number_without_a_mark_is_nothing(text: str) -> None:
    assert NUMBERS.read(text) is None


@pytest.mark.parametrize(("before", "after"), [("X", ""), ("", "a"), ("1", ""), ("", "2"), ("å", ""), ("_", ""), ("", "_")])
def test_a_number_that_is_part_of_a_longer_word_is_nothing_or_itself(before: str, after: str) -> None:
    """A letter outside ASCII is an edge here; it cannot be part of a number."""
    found = NUMBERS.read(f"{before}{NUMBERS.write(TicketId(7))}{after}")
    assert found == (7 if before == "å" else None)


def test_a_right_number_after_a_wrong_one_is_found() -> None:
    assert NUMBERS.read(f"SIV-7-aaaaaaaa {NUMBERS.write(TicketId(8))}") == 8


def test_the_first_of_two_right_numbers_counts() -> None:
    assert NUMBERS.read(f"{NUMBERS.write(TicketId(9))} {NUMBERS.write(TicketId(8))}") == 9


def test_a_number_looks_as_promised() -> None:
    assert NUMBERS.short(TicketId(1042)) == "SIV-1042"
    assert re.fullmatch(r"SIV-1042-[a-z2-7]{8}", NUMBERS.write(TicketId(1042)))


def test_a_prefix_is_letters_and_no_pattern() -> None:
    odd = CaseNumbers("A.C", b"a secret of the tests")
    assert odd.read(odd.write(TicketId(7))) == 7
    assert odd.read(odd.write(TicketId(7)).replace("A.C", "ABC")) is None


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert NUMBERS.read(text) is None


@pytest.mark.parametrize("secret", [b"", b"fifteen letters"])
def test_a_short_secret_is_refused(secret: bytes) -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        CaseNumbers("SIV", secret)
