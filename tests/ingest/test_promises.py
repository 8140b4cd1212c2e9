"""What `parse_mail` and its neighbours promise for any bytes."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.body import Body
from ingest.fingerprint import fingerprint
from ingest.language import detect_language
from ingest.lexicon import KEYS, languages
from ingest.parse import parse_mail
from ingest.registered import registered
from ingest.reply import read_reply
from ingest.screen import answerable, screen
from models.errors import MailUnreadableError
from models.kinds import CameBy
from models.profiles import load_profile
from models.records import Address, Mail
from tests.support import mails

FINGERPRINT = "0123456789abcdef" * 4
KNOWN = (
    b"Received: from a\nFrom: Kari Moe <kari.moe@siv.no>\nTo: ikt@siv.no\nSubject: Skriver\n\tsom feiler\nMessage-ID: <1@siv.no>\n"
    b"\nHei,\n\nskriveren er nede.\n"
)
LARGE = 40 * 2**20
SECONDS = 8.0
"""Three times what a large mail may take: other work runs on the machine that tests."""
ANGLES = b"".join(b"<%d>" % number for number in range(27_000))

TOKENS = st.sampled_from([
    b"From: ", b"To: ", b"Subject: ", b"Date: Tue, 3 Mar 2026 10:15:00 +0100", b"Content-Type: ", b"text/plain", b"text/html", b"multipart/mixed",
    b"multipart/alternative", b"message/rfc822", b"; boundary=b", b"; charset=", b"utf-8", b"x-unknown", b"utf-7", b"iso-2022-jp", b"--b", b"--b--",
    b"\n", b"\r\n", b"\r", b"\n\n", b" ", b"\t", b"\x00", b"\xff\xfe", b"\xc3", b"\xe5", b"\xed\xa0\x80", b"=?utf-8?Q?=C3?=", b"=?x?B?////?=", b"=?",
    b"Content-Transfer-Encoding: ", b"base64", b"quoted-printable", b"x-uuencode", b"Content-Disposition: attachment", b"; filename*0*=", b"utf-8''%E5",
    b"<p>", b"<div class=gmail_quote>", b"<blockquote type=cite>", b"&#xD800;", b"> ", b"Fra: a@b.se", b"Sendt: i dag", b"Emne: x", b"-- ", b"Mvh", b"<a@b>",
    b"application/ms-tnef", b"\x78\x9f\x3e\x22\x01\x00", b"message/delivery-status", b"text/calendar", b"METHOD:REPLY", b"<", b">", b'"', b"(", b":;", b"+APg-",
])  # fmt: skip
MAILISH = st.lists(TOKENS | st.binary(max_size=12), max_size=60).map(b"".join)


def read(content: bytes) -> Mail | None:
    """The mail, None where the bytes are none; an error that hides another one fails."""
    try:
        return parse_mail(content, FINGERPRINT)
    except MailUnreadableError as error:
        cause = error.__cause__
    assert cause is None, repr(cause)
    return None


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from strings(getattr(value, field.name))


def check(mail: Mail) -> None:
    for text in strings(mail):
        text.encode("utf-8")
        assert "\x00" not in text
    assert "\n" not in mail.subject
    assert mail.message_id.startswith("<")
    assert mail.date is None or mail.date.utcoffset() is not None
    assert bool(mail.visible_reply) or not mail.text
    assert all(file.name and file.size >= 0 for file in mail.attachments)
    assert all(address.address == address.address.lower() for address in (*mail.to, *mail.cc))
    screen(mail, ["desk@support.example"])
    answerable(mail)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=300) | MAILISH)
@example(b"")
@example(b"\x00")
@example(b"From: a@b.se")
def test_any_bytes_are_a_mail_or_the_one_error(content: bytes) -> None:
    mail = read(content)
    if mail is not None:
        check(mail)
        assert mail == read(content)


@given(
    st.lists(
        st.sampled_from(
            [
                "Hei,",
                "",
                "Skjermen er svart.",
                "> sitat",
                "-- ",
                "Mvh Kari",
                "Fra: a@b.se",
                "Sendt: mandag",
                "Emne: x",
                "Se under.",
                "a skrev 2.3.2026:",
            ]
        )
    )
)
def test_the_reply_holds_no_line_that_the_text_does_not_hold(lines: list[str]) -> None:
    text = "\n".join(lines).strip()
    reply = read_reply(Body(text=text), "Sak", "Kari Lunde").text
    words = {word for line in lines for word in line.split()}
    assert set(reply.split()) <= words
    assert bool(reply) is bool(text)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"From: a@b.se\nSubject: x\n\n" + b"Hei du der i gangen.\n" * (LARGE // 21), id="text"),
        pytest.param(b"From: a@b.se\nSubject: x\n\n" + b"\n" * LARGE, id="line ends"),
        pytest.param(b"\n" * LARGE, id="nothing but line ends"),
        pytest.param(b"From: a@b.se\nContent-Type: text/html\n\n" + b"<p>x</p>" * (LARGE // 8), id="paragraphs"),
        pytest.param(b"From: a@b.se\nContent-Type: text/html\n\n" + b"&nbsp;" * (LARGE // 6), id="entities"),
        pytest.param(b"From: a@b.se\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * (LARGE // 8), id="parts"),
        pytest.param(
            b"From: a@b.se\nContent-Type: multipart/mixed; boundary=b\n\n" + (b"--b\n" + b"a:b\n" * 9_000 + b"\n") * 1_000,
            id="headers of parts",
        ),
        pytest.param(b"From: a@b.se\nContent-Transfer-Encoding: base64\n\n" + b"=*A" * (LARGE // 3), id="broken base64"),
        pytest.param(b"From: " + b'"\\' * 90_000 + b"\nTo: " + b'("<' * 60_000 + b"\n\nHei", id="quotes in addresses"),
        pytest.param(b"From: a@b.se\nTo: " + b"Kari <kari@x.example>,\n " * 6_000 + b"\n\nHei", id="a To of 135 KB"),
        pytest.param(b"From: a@b.se\nTo: " + b"(a)" * 30_000 + b"x@y " + b":" * 60_000 + b"\n\nHei", id="colons in addresses"),
        pytest.param(
            b"From: a@b.se\nTo: " + ANGLES + b"\nCc: " + ANGLES + b"\nReply-To: " + ANGLES + b"\n\nHei", id="addresses without a comma"
        ),
        pytest.param(
            b"From: a@b.se\nContent-Type: multipart/mixed; boundary=b\n\n"
            + (b"--b\nContent-Type: text/plain" + b";" * 16_000 + b"\n\nx\n") * 20,
            id="semicolons in parameters",
        ),
        pytest.param(
            b"From: a@b.se\nContent-Type: multipart/mixed; boundary=b\n\n"
            + (b"--b\nContent-Type: text/plain; format=flowed\n\n" + b"a \n" * 190_000) * 10,
            id="flowed lines",
        ),
        pytest.param(b"From: a@b.se\nSubject: x\n\nHei\n" + b"*" * 8_000, id="a line of asterisks"),
        pytest.param(b"From: a@b.se\n\nCAUTION: This email originated from outside.\n" + b"open " * 10_000, id="a banner that goes on"),
        pytest.param(b"From: a@b.se\nSubject: x\n\npasient" + b" " * 60_000 + b"x", id="blanks behind a patient"),
    ],
)
def test_a_large_mail_is_read_in_bounded_time(content: bytes) -> None:
    start = time.process_time()
    read(content)
    assert time.process_time() - start < SECONDS


def test_whom_staff_registers_is_read_in_bounded_time_off_a_long_line() -> None:
    words = "Telefon: Kari Moe <kari.moe@siv.no> " + "x" * 100_000 + "\nSkriveren er nede."
    told = mails.mail(visible_reply=words, sender=Address(name="Ola", address="ola@siv.no"))
    start = time.process_time()
    case = registered(told, load_profile("siv"))
    assert time.process_time() - start < SECONDS
    assert (case.came_by, case.mail.sender.address) == (CameBy.PHONE, "kari.moe@siv.no")


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r\r\n", b"\r"])
def test_a_mail_keeps_its_fingerprint_whichever_line_ends_it_has(line_end: bytes) -> None:
    assert fingerprint(KNOWN.replace(b"\n", line_end)) == "80e2fe1a5f69087e51d952528147b5be2ebdafd43d1cc4bade284a63fe42de8b"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(b"X-Id: 1\rFrom: a@b.se\r\rSkriveren", b"X-Id: 1\rFrom: a@b.se\r\rSkjermen", id="line ends of CR alone"),
        pytest.param(b"Skriveren er nede.", b"Skjermen er svart.", id="texts of one line without headers"),
        pytest.param(b"Skriveren\n\nMvh Kari", b"Skjermen\n\nMvh Kari", id="texts without headers"),
    ],
)
def test_two_different_mails_have_two_fingerprints(one: bytes, other: bytes) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_every_language_has_every_list_of_words() -> None:
    optional = {"endings"}
    for language, table in languages().items():
        assert set(table) - optional == KEYS - optional, language
        assert all(isinstance(phrase, str) and phrase.strip() == phrase for words in table.values() for phrase in words), language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hei glemt passordet etter ferien. får ikke logget på noe", "nb"),
        ("Kan man ta med hund i påsken, og når er det besøkstid?", "nb"),
        ("Om blodet alt er på laben, kan eg etterbestilla i systemet, eller må eg ringja?", "nn"),
        ("Var hittar jag mina provsvar? Har letat överallt.", "sv"),
        ("Jeg kan ikke åbne journalen, hvad skal vi gøre nu?", "da"),
        ("My colleague cannot open the chart anymore", "en"),
        ("Ich kann mich seit heute Morgen nicht mehr anmelden", "de"),
        ("ok", None),
        ("12345 67890", None),
    ],
)
def test_languages_are_told_from_few_words(text: str, language: str | None) -> None:
    assert detect_language(text) == language


def test_subjects_of_a_profile_are_automatic_too() -> None:
    mail = parse_mail(b"From: a@b.se\nSubject: Kvittering: sak 5\n\nTakk.\n", FINGERPRINT)
    assert screen(mail, []) is None
    assert screen(mail, [], ["kvittering:"]) is not None
