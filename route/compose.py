"""The only place where an outgoing mail gets its form: headers of ours alone, and the original untouched inside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.charset import QP, Charset
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from io import BytesIO
from secrets import token_hex

from models.case_numbers import CaseNumbers
from models.profiles import Profile
from models.records import Letter, Parcel, ParcelKind
from route.templates import Templates

LONGEST_LINE = 998
"""RFC 5322, 2.1.1; a longer line may not travel as it is."""
ON_THE_WIRE = compat32.clone(linesep="\r\n", max_line_length=LONGEST_LINE)
"""The library's older way of writing mail: a third of the newer one's time, and headers stand as they were given."""
QUOTED_PRINTABLE = Charset("utf-8")
QUOTED_PRINTABLE.body_encoding = QP
CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
MESSAGE_ID = re.compile(r"<(?!.*=\?)[!-;=?-~]{1,900}>")
MARK = "X-Saksgang"
"""Header by which we know our own mails when they come back."""
LINE_END = re.compile(rb"\r?\n")
AUTOMATIC = {
    ParcelKind.RECEIPT: "auto-replied",
    ParcelKind.NEEDS_SOLUTION: "auto-replied",
    ParcelKind.FORWARD: "auto-generated",
    ParcelKind.FOLLOW_UP: "auto-generated",
}
"""RFC 3834, 5. A team's own words to the reporter are a person's: no mark."""


def compose(parcel: Parcel, profile: Profile, templates: Templates, numbers: CaseNumbers) -> Letter:
    """The mail as it leaves. Message-ID and Date are the parcel's own, so that a repeat is the same mail."""
    draft = parcel.draft
    facts = {**draft.facts, "case": numbers.short(parcel.ticket), "desk": profile.desk.title}
    words = templates.fill(draft.kind, draft.language, facts)
    text = MIMEText(words.text, "plain", QUOTED_PRINTABLE)  # type: ignore[arg-type]  # the library takes it, its types do not say so
    headers = {**_headers(parcel, profile, f"{words.subject} [{numbers.write(parcel.ticket)}]"), MARK: numbers.write(parcel.ticket)}
    if parcel.original is None:
        content = _written(text, headers)
    else:
        content = _with_original(text, headers, parcel.original, numbers.short(parcel.ticket))
    return Letter(sender=profile.desk.addresses[0], recipient=draft.to, content=content)


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
    if draft.kind in AUTOMATIC:
        headers |= {"Auto-Submitted": AUTOMATIC[draft.kind], "X-Auto-Response-Suppress": "All"}
    return headers


def _encoded(text: str) -> str:
    """Words from outside as they may stand in a header: never anything that a reader would decode into a line of its own."""
    line = CONTROL.sub(" ", text)
    return line if line.isascii() and "=?" not in line else Header(line, "utf-8", header_name="Subject").encode()


def _written(message: Message, headers: Mapping[str, str]) -> bytes:
    """Our headers first, then those that say how the body is written."""
    about_the_body = message.items()
    for name, _ in about_the_body:
        del message[name]
    for name, value in headers.items():
        if CONTROL.search(value.replace("\n ", "")):
            raise ValueError(f"a line break in {name}")
        message[name] = value
    for name, value in about_the_body:
        message[name] = value
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=ON_THE_WIRE).flatten(message)
    return out.getvalue()


def _with_original(text: MIMEText, headers: Mapping[str, str], original: bytes, case: str) -> bytes:
    """The true bytes inside, as message/rfc822 (RFC 2046, 5.2.1) where SMTP can carry them so, else as a file in base64.

    They are put in place of a mark after the mail is written: no library gets to write them anew.
    """
    whole = MIMEMultipart("mixed", boundary=f"saksgang-{token_hex(16)}")
    whole.attach(text)
    content = _with_crlf(original)
    if not _can_travel(content):
        file = MIMEApplication(original)
        file["Content-Disposition"] = f'attachment; filename="{case}.eml"'
        whole.attach(file)
        return _written(whole, headers)
    mark = f"original-{token_hex(16)}"
    inside = Message()
    inside["Content-Type"] = "message/rfc822"
    inside["Content-Transfer-Encoding"] = "7bit" if content.isascii() else "8bit"
    inside["Content-Disposition"] = f'attachment; filename="{case}.eml"'
    inside.set_payload(mark)
    whole.attach(inside)
    return _written(whole, headers).replace(mark.encode(), content)


def _with_crlf(content: bytes) -> bytes:
    """Line ends as SMTP wants them; most mails have them so already."""
    ends = content.count(b"\n")
    return content if content.count(b"\r\n") == ends else LINE_END.sub(b"\r\n", content)


def _can_travel(content: bytes) -> bool:
    """No NUL, no bare CR, no line too long (RFC 5321, 4.5.3.1.6)."""
    if b"\0" in content or content.count(b"\r") != content.count(b"\n"):
        return False
    return max(map(len, content.split(b"\r\n"))) <= LONGEST_LINE
