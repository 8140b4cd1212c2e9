"""The form of outgoing mails."""

from __future__ import annotations

import email
import re
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.case_numbers import CaseNumbers
from models.outcomes import Parcel
from models.profiles import Profile
from models.records import ParcelKind
from route.compose import MARK, compose
from route.templates import Templates
from tests.support.cases import parcel
from tests.support.mails import content

NUMBERS = CaseNumbers("SIV", b"a secret of the tests")
OURS = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
]
FORM = ["MIME-Version", "Content-Type", "Content-Transfer-Encoding"]
LATIN1 = b"Subject: Gl\xf6mt\r\nFrom: x@y.no\r\n\r\nL\xf6senordet \xe4r borta.\r\n.\r\n"
AUTOMATIC = {
    ParcelKind.RECEIPT: "auto-replied",
    ParcelKind.NEEDS_SOLUTION: "auto-replied",
    ParcelKind.UNDELIVERED: "auto-generated",
    ParcelKind.FORWARD: "auto-generated",
    ParcelKind.FOLLOW_UP: "auto-generated",
    ParcelKind.ANSWER: None,
    ParcelKind.SOLVED: None,
}


def composed(given: Parcel, siv: Profile) -> bytes:
    return compose(given, siv, Templates(siv), NUMBERS).content


def read(given: Parcel, siv: Profile) -> EmailMessage:
    return email.message_from_bytes(composed(given, siv), policy=default)


def header_names(bytes_: bytes) -> list[str]:
    """As a receiving server counts them: from the bytes, not from any library's reading."""
    head = re.split(rb"\r\n[ \t]", bytes_.partition(b"\r\n\r\n")[0])
    return [line.partition(b":")[0].decode() for line in b" ".join(head).split(b"\r\n")]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("kind", list(ParcelKind))
def test_every_kind_is_composed_in_every_language(siv: Profile, kind: ParcelKind, language: str) -> None:
    message = read(parcel(kind, language=language), siv)
    body = message.get_body()
    assert body
    text = body.get_content()
    assert NUMBERS.write(parcel().ticket) in message["Subject"]
    assert "Skriver" in message["Subject"]
    assert "SIV-7" in text
    assert not re.search(r"\{\{|\{%|None", text)
    assert message["Auto-Submitted"] == AUTOMATIC[kind]
    assert message["X-Auto-Response-Suppress"] == ("All" if AUTOMATIC[kind] else None)


def test_the_headers_are_ours_and_no_others(siv: Profile) -> None:
    assert header_names(composed(parcel(), siv)) == [*OURS, MARK, *FORM]


def test_a_letter_goes_from_the_desk_to_the_drafts_address(siv: Profile) -> None:
    letter = compose(parcel(to="per@kommune.example"), siv, Templates(siv), NUMBERS)
    message = email.message_from_bytes(letter.content, policy=default)
    assert (letter.sender, letter.recipient) == ("ikt@siv.no", "per@kommune.example")
    assert (message["From"], message["To"], message["Reply-To"]) == ("IKT og e-helse <ikt@siv.no>", "per@kommune.example", "ikt@siv.no")
    assert message[MARK] == NUMBERS.write(parcel().ticket)


def test_message_id_and_date_are_the_same_each_time_it_is_composed(siv: Profile) -> None:
    given = parcel(ParcelKind.FORWARD, original=content())
    first, second = read(given, siv), read(given, siv)
    assert first["Message-ID"] == second["Message-ID"] == "<saksgang.1@siv.no>"
    assert first["Date"] == second["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"


def test_a_mail_without_an_original_is_the_same_to_the_byte_each_time(siv: Profile) -> None:
    assert composed(parcel(), siv) == composed(parcel(), siv)


@pytest.mark.parametrize("kind", list(ParcelKind))
def test_lines_end_in_crlf_alone(siv: Profile, kind: ParcelKind) -> None:
    bytes_ = composed(parcel(kind, original=content().replace(b"\r\n", b"\n")), siv)
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", bytes_)


@pytest.mark.parametrize(
    ("original", "encoding"), [(LATIN1, "8bit"), (content("Bare ascii"), "7bit"), (b"no header at all", "7bit"), (b"", "7bit")]
)
def test_the_original_travels_unchanged_as_a_mail_inside(siv: Profile, original: bytes, encoding: str) -> None:
    bytes_ = composed(parcel(ParcelKind.FORWARD, original=original), siv)
    assert bytes_.count(b"\r\n\r\n" + original + b"\r\n--") == 1
    _, inside = email.message_from_bytes(bytes_, policy=default).iter_parts()
    assert (inside.get_content_type(), inside["Content-Transfer-Encoding"], inside.get_filename()) == (
        "message/rfc822",
        encoding,
        "SIV-7.eml",
    )


@pytest.mark.parametrize(
    "original", [b"Subject: x\r\n\r\nnul \x00 here", b"Subject: x\r\n\r\n" + b"lang " * 400, b"Subject: x\r\n\r\nbare\rreturn\r\n"]
)
def test_an_original_that_no_server_may_carry_travels_as_a_file_with_equal_bytes(siv: Profile, original: bytes) -> None:
    message = read(parcel(ParcelKind.FORWARD, original=original), siv)
    _, inside = message.iter_parts()
    assert (inside.get_content_type(), inside["Content-Transfer-Encoding"]) == ("application/octet-stream", "base64")
    assert inside.get_filename() == "SIV-7.eml"
    assert inside.get_payload(decode=True) == original


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([b"\r\n", b"\n", b"\r", b"\0", b"\xe5", b"--", b".", b"x" * 999, b"From me", b"Subject: x"]), max_size=8).map(
        b"".join
    )
)
@example(b"--saksgang-\r\n--")
def test_no_byte_of_any_original_is_lost(siv: Profile, original: bytes) -> None:
    bytes_ = composed(parcel(ParcelKind.FORWARD, original=original), siv)
    _, inside = email.message_from_bytes(bytes_, policy=default).iter_parts()
    if inside.get_content_type() == "message/rfc822":
        assert b"\r\n\r\n" + re.sub(rb"\r?\n", b"\r\n", original) + b"\r\n--" in bytes_
    else:
        assert inside.get_payload(decode=True) == original


def test_an_original_that_holds_the_words_of_a_mail_of_ours_is_no_boundary(siv: Profile) -> None:
    earlier = composed(parcel(ParcelKind.FORWARD, original=LATIN1), siv)
    bytes_ = composed(parcel(ParcelKind.FORWARD, original=earlier), siv)
    assert earlier in bytes_
    assert len(list(email.message_from_bytes(bytes_, policy=default).iter_parts())) == 2


@pytest.mark.parametrize(
    "evil", ["a\r\nBcc: x@y.no", "a\nBcc: x@y.no\n\nBody", "a\rBcc: x@y.no", "a\u2028Bcc: x@y.no", "a\x85Bcc: x@y.no", "a\x0bBcc: x"]
)
@pytest.mark.parametrize("fact", ["subject", "name"])
def test_line_breaks_in_facts_make_no_header(siv: Profile, fact: str, evil: str) -> None:
    bytes_ = composed(parcel(facts={fact: evil}), siv)
    assert header_names(bytes_) == [*OURS, MARK, *FORM]


@pytest.mark.parametrize("evil", ["=?utf-8?q?a=0D=0ABcc:_x=40y.no?=", "=?utf-8?b?YQ0KQmNjOiB4QHkubm8=?="])
def test_an_encoded_word_in_a_subject_makes_no_header(siv: Profile, evil: str) -> None:
    assert header_names(composed(parcel(facts={"subject": evil}), siv)) == [*OURS, MARK, *FORM]


def test_an_encoded_word_in_the_message_id_answered_to_makes_no_header(siv: Profile) -> None:
    bytes_ = composed(parcel(in_reply_to="<=?utf-8?q?a=0D=0ABcc:_x=40y.no?=>"), siv)
    assert {*header_names(bytes_)} <= {*OURS, MARK, *FORM}


@pytest.mark.parametrize("evil", ["<a@b>\r\nBcc: x@y.no", "a@b", "<a b@c>", "<a@b> <c@d>", "<>", "<å@b>"])
def test_what_is_no_message_id_is_not_answered_to(siv: Profile, evil: str) -> None:
    message = read(parcel(in_reply_to=evil), siv)
    assert (message["In-Reply-To"], message["References"], message["Bcc"]) == (None, None, None)


@pytest.mark.parametrize("evil", ["a@b.no\r\nBcc: x@y.no", "a@b.no\nBcc: x@y.no"])
def test_an_address_with_a_line_break_is_refused(siv: Profile, evil: str) -> None:
    with pytest.raises(ValueError, match="a line break in To"):
        composed(parcel(to=evil), siv)


def test_a_very_long_subject_is_folded_so_that_every_server_takes_it(siv: Profile) -> None:
    bytes_ = composed(parcel(facts={"subject": "ø" * 5000, "name": "å" * 5000}), siv)
    assert max(map(len, bytes_.split(b"\r\n"))) <= 998


def test_a_long_message_id_is_answered_to_as_it_is(siv: Profile) -> None:
    long = f"<{'a' * 120}@mail.example>"
    assert f"In-Reply-To: {long}\r\n".encode() in composed(parcel(in_reply_to=long), siv)
