"""Marks of a mail that are not its words."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from classify.circumstances import marks_of, sender_marks
from models.profiles import Profile
from models.records import Address
from tests.support.mails import mail

TEN = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)
"""Ten o'clock in Oslo, a Tuesday."""


def marks(siv: Profile, text: str, sent: datetime | None = TEN) -> set[str]:
    return set(marks_of(mail(subject="", text=text, date=sent), text, siv, ZoneInfo("Europe/Oslo")))


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Møtet er 10.30", "clock_soon"),
        ("Møtet er kl. 11", "clock_soon"),
        ("Videomötet börjar klockan 10:59", "clock_soon"),
        ("om 15 minutter", "clock_soon"),
        ("Møtet er 11:30", "clock_later"),
        ("Det sluttet å virke 08.15", "clock_past"),
    ],
)
def test_a_clock_time_lies_soon_later_or_behind(siv: Profile, text: str, mark: str) -> None:
    found = marks(siv, text)
    assert mark in found
    assert len(found & {"clock_soon", "clock_later", "clock_past"}) == 1


@pytest.mark.parametrize("text", ["om 75 minutter", "versjon 3.141", "kl. 25", "rom 10", "10.300 kroner"])
def test_other_numbers_are_no_clock_times(siv: Profile, text: str) -> None:
    assert not marks(siv, text) & {"clock_soon", "clock_later", "clock_past"}


def test_a_mail_without_a_date_names_a_time_that_lies_nowhere(siv: Profile) -> None:
    assert marks(siv, "Møtet er 10.30", None) & {"names_a_time", "clock_soon", "clock_later", "clock_past"} == {"names_a_time"}


@pytest.mark.parametrize(
    ("sent", "mark"),
    [(datetime(2025, 3, 4, 2, 0, tzinfo=UTC), "sent_at_night"), (datetime(2025, 3, 8, 12, 0, tzinfo=UTC), "sent_at_the_weekend")],
)
def test_night_and_weekend_are_those_of_the_desk(siv: Profile, sent: datetime, mark: str) -> None:
    assert mark in marks(siv, "hei", sent)
    assert not marks(siv, "hei") & {"sent_at_night", "sent_at_the_weekend"}


def test_pieces_of_the_senders_domain_tell_a_pharmacy_from_a_citizen() -> None:
    found = set(sender_marks(mail(sender=Address(name="", address="Kassa.2@Solapotek.example"))))
    assert {"@apot", "@^solap", "@^solapotek$", "local_kassa"} <= found
    assert not any("example" in mark for mark in found)


@pytest.mark.parametrize("address", ["", "@", "ingen", "a@b"])
def test_any_address_can_be_looked_at(address: str) -> None:
    assert isinstance(sender_marks(mail(sender=Address(name="", address=address))), list)
