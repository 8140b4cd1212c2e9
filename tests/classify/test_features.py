"""What of a mail a classifier sees."""

from __future__ import annotations

import pytest

from classify.features import LONGEST, Describer, as_said
from models.profiles import Profile
from models.records import Address
from tests.support.mails import mail


def cues(siv: Profile, **changes: object) -> set[str]:
    return set(Describer(siv).describe(mail(**changes)).cues)


def test_text_is_subject_and_what_the_sender_wrote_now_in_lower_case(siv: Profile) -> None:
    given = mail(subject="SKRIVER", text="hele historien", visible_reply="Den er TOM")
    assert Describer(siv).describe(given).text == "skriver \n den er tom"


@pytest.mark.parametrize(("written", "even"), [("rom 4", "rom 0"), ("4711", "0000"), ("12345678901", "00000"), ("kl 12.30", "kl 00.00")])
def test_numbers_are_evened_out_so_that_only_their_length_counts(siv: Profile, written: str, even: str) -> None:
    assert Describer(siv).describe(mail(subject="", text=written)).text.endswith(even)


@pytest.mark.parametrize(
    ("term", "said", "found"),
    [
        ("00 pasienter", "det er 22 pasienter her, ikke 3 pasienter", "22 pasienter"),
        ("rom 0", "rom\n7.", "rom 7"),
        ("feil 00000", "feil 1234567", "feil 1234567"),
        ("c0 sto", "c2: sto", "c2: sto"),
        ("på 0", "på 12", "på 0"),
        ("skriver", "Skriveren", "skriver"),
    ],
)
def test_a_term_is_told_with_the_numbers_of_its_mail(term: str, said: str, found: str) -> None:
    assert as_said(term, said) == found


def test_only_the_top_of_a_very_long_mail_is_looked_at(siv: Profile) -> None:
    long = "ord " * (LONGEST // 4)
    assert Describer(siv).describe(mail(text=f"{long} skriveren er nede")) == Describer(siv).describe(mail(text=long))


def test_a_cue_in_the_subject_is_marked_as_such(siv: Profile) -> None:
    assert {"cue_stopped", "subject_stopped"} <= cues(siv, subject="Alt er nede", text="Hei")
    assert "subject_stopped" not in cues(siv, subject="Hei", text="Alt er nede")


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({"sender": Address(name="", address="x@SIV.no")}, "from_staff"),
        ({"sender": Address(name="", address="x@siv.no.evil.example")}, "from_outside"),
        ({"sender": Address(name="", address="")}, "from_outside"),
        ({"to": (Address(name="", address="e-helse@siv.no"),)}, "to_e-helse"),
        ({"language": "nn"}, "language_nn"),
        ({"text": "Kan dere hjelpe?"}, "asks"),
        ({"text": "Møtet er 14:30"}, "names_a_time"),
        ({"text": "Møtet er kl. 9"}, "names_a_time"),
        ({"text": "ord " * 21}, "longer_than_20"),
    ],
)
def test_circumstances_are_marked(siv: Profile, changes: dict[str, object], mark: str) -> None:
    assert mark in cues(siv, **changes)


def test_what_is_not_there_is_not_marked(siv: Profile) -> None:
    marks = cues(siv, text="Hei du", language=None, to=())
    assert marks == {"from_staff"}


def test_an_empty_mail_can_be_described(siv: Profile) -> None:
    assert Describer(siv).describe(mail(subject="", text="", to=(), language=None)).keys == ()
