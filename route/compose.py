"""The only place where an outgoing mail gets its form: headers of ours alone, and the original untouched inside."""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Mapping
from email.charset import BASE64, Charset
from email.header import Header
from email.utils import format_datetime, formataddr
from secrets import token_hex

from models.case_numbers import CaseNumbers
from models.kinds import Channel, ParcelKind
from models.outcomes import Letter, Parcel
from models.profiles import Profile
from route.templates import Templates, Words

LONGEST_LINE = 998
"""RFC 5322, 2.1.1; a longer line may not travel as it is."""
IN_BASE64 = Charset("utf-8")
IN_BASE64.header_encoding = BASE64
UNFOLDED = 900
"""A subject of so many letters may stand on one line, its name and a prefix beside it."""
CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
MESSAGE_ID = re.compile(r"<(?!.*=\?)[!-;=?-~]{1,900}>")
MARK = "X-Saksgang"
"""Header by which we know our own mails when they come back."""
IN_A_PERSONS_WORDS = frozenset({ParcelKind.ANSWER, ParcelKind.SOLVED, ParcelKind.QUESTION})
"""A team's own words to the reporter: a person's, so no mark of a machine (RFC 3834, 5)."""
ANSWERS_OF_A_MACHINE = frozenset({ParcelKind.RECEIPT, ParcelKind.NEEDS_SOLUTION, ParcelKind.NOT_UNDERSTOOD})


def compose(parcel: Parcel, profile: Profile, templates: Templates, numbers: CaseNumbers) -> Letter:
    """The mail as it leaves. Message-ID and Date are the parcel's own, so that a repeat is the same mail."""
    draft = parcel.draft
    short, signed = (numbers.short(parcel.ticket), numbers.write(parcel.ticket)) if parcel.ticket else ("", "")
    facts = {**draft.facts, "case": short, "signed": signed, "desk": profile.desk.title}
    if draft.channel is Channel.SMS:
        return _text_message(parcel, templates.fill(f"{draft.kind}.sms", draft.language, facts), profile)
    words = templates.fill(draft.kind, draft.language, facts)
    headers = {**_headers(parcel, profile, f"{words.subject} [{signed}]" if signed else words.subject), MARK: signed or numbers.prefix}
    body = _body(words, parcel, short)
    return Letter(sender=profile.desk.addresses[0], recipient=draft.to, content=_lines({**headers, "MIME-Version": "1.0"}) + body)


def _body(words: Words, parcel: Parcel, case: str) -> bytes:
    """What carries an original stays plain."""
    if parcel.original is not None:
        return _with_original(words.text, parcel.original, case)
    return _alternatives(words, f"=_saksgang-{parcel.id}") if words.html else _text(words.text)


def _text_message(parcel: Parcel, words: Words, profile: Profile) -> Letter:
    """A mail that a gateway makes a text message of: it reads the text alone."""
    headers = _headers(parcel, profile, words.subject)
    text = f"{words.subject}\n{words.text}" if words.text.strip() else words.subject
    return Letter(
        sender=profile.desk.addresses[0], recipient=parcel.draft.to, content=_lines({**headers, "MIME-Version": "1.0"}) + _text(text)
    )


def _headers(parcel: Parcel, profile: Profile, subject: str) -> dict[str, str]:
    draft = parcel.draft
    desk = profile.desk.addresses[0]
    headers = {
        "From": formataddr((profile.desk.sender_name, desk)),
        "To": draft.to,
        "Reply-To": desk,
        "Subject": _encoded(subject),
        "Date": format_datetime(parcel.created_at),
        "Message-ID": parcel.message_id,
    }
    if draft.in_reply_to and MESSAGE_ID.fullmatch(draft.in_reply_to):
        headers |= {"In-Reply-To": draft.in_reply_to, "References": draft.in_reply_to}
    if draft.kind not in IN_A_PERSONS_WORDS:
        submitted = "auto-replied" if draft.kind in ANSWERS_OF_A_MACHINE else "auto-generated"
        headers |= {"Auto-Submitted": submitted, "X-Auto-Response-Suppress": "All"}
    return headers


def _encoded(text: str) -> str:
    """Words from outside as they may stand in a header: never anything that a reader would decode into a line of its own."""
    line = CONTROL.sub(" ", text)
    return (
        line
        if line.isascii() and "=?" not in line and len(line) <= UNFOLDED
        else Header(line, IN_BASE64, header_name="Subject").encode(linesep="\r\n")
    )


def _lines(headers: Mapping[str, str]) -> bytes:
    """Headers as they travel. Raises `ValueError` for a value that would end its own line."""
    for name, value in headers.items():
        if CONTROL.search(value.replace("\r\n ", "")):
            raise ValueError(f"a line break in {name}")
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()


def _text(text: str, form: str = "plain") -> bytes:
    """A text in quoted-printable (RFC 2045, 6.7), from its own headers on."""
    about = {"Content-Type": f'text/{form}; charset="utf-8"', "Content-Transfer-Encoding": "quoted-printable"}
    encoded = b2a_qp("\n".join(text.splitlines()).encode(), istext=True)
    return _lines(about) + b"\r\n" + encoded.replace(b"\n", b"\r\n") + b"\r\n"


def _alternatives(words: Words, boundary: str) -> bytes:
    """The text, then the same as HTML: the fullest last (RFC 2046, 5.1.4). `=_` cannot stand in quoted-printable, so no part can end early."""
    between = f"--{boundary}\r\n".encode()
    whole = _lines({"Content-Type": f'multipart/alternative; boundary="{boundary}"'})
    end = f"--{boundary}--\r\n".encode()
    return b"".join((whole, b"\r\n", between, _text(words.text), between, _text(words.html, "html"), end))


def _with_original(text: str, original: bytes, case: str) -> bytes:
    """The text, and the true bytes as message/rfc822 (RFC 2046, 5.2.1) where SMTP can carry them so, else as a file in base64.

    The parts are put together here and not by the email package: it would write the original anew.
    """
    content = _with_crlf(original)
    about = {"Content-Disposition": f'attachment; filename="{case}.eml"'}
    if _can_travel(content):
        about |= {"Content-Type": "message/rfc822", "Content-Transfer-Encoding": "7bit" if content.isascii() else "8bit"}
    else:
        about |= {"Content-Type": "application/octet-stream", "Content-Transfer-Encoding": "base64"}
        content = encodebytes(original).replace(b"\n", b"\r\n")
    boundary = f"saksgang-{token_hex(16)}"
    between = f"--{boundary}\r\n".encode()
    whole = _lines({"Content-Type": f'multipart/mixed; boundary="{boundary}"'})
    return b"".join((whole, b"\r\n", between, _text(text), between, _lines(about), b"\r\n", content, f"\r\n--{boundary}--\r\n".encode()))


def _with_crlf(content: bytes) -> bytes:
    """Line ends as SMTP wants them; most mails have them so already."""
    if content.count(b"\r\n") == content.count(b"\n"):
        return content
    return content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _can_travel(content: bytes) -> bool:
    """No NUL, no bare CR, no line too long (RFC 5321, 4.5.3.1.6)."""
    if b"\0" in content or content.count(b"\r") != content.count(b"\n"):
        return False
    return max(map(len, content.split(b"\r\n"))) <= LONGEST_LINE
