"""The only place where an outgoing mail gets its form: headers of ours alone, and the original untouched inside."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from secrets import token_hex

from models.case_numbers import CaseNumbers
from models.profiles import Profile
from models.records import Letter, Parcel, ParcelKind
from route.templates import Templates

MARK = "X-Saksgang"
"""Header by which we know our own mails when they come back."""
LINE_END = re.compile(rb"\r?\n")
LONGEST_LINE = 998
"""RFC 5322, 2.1.1; a longer line may not travel as it is."""
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
    message = EmailMessage(policy=SMTP)
    _write_headers(message, parcel, profile, f"{words.subject} [{numbers.write(parcel.ticket)}]")
    message[MARK] = numbers.write(parcel.ticket)
    message.set_content(words.text, cte="quoted-printable")
    content = message.as_bytes() if parcel.original is None else _with_original(message, parcel.original, numbers.short(parcel.ticket))
    return Letter(sender=profile.desk.addresses[0], recipient=draft.to, content=content)


def _write_headers(message: EmailMessage, parcel: Parcel, profile: Profile, subject: str) -> None:
    draft = parcel.draft
    message["From"] = Address(profile.desk.sender_name, addr_spec=profile.desk.addresses[0])
    message["To"] = draft.to
    message["Reply-To"] = profile.desk.addresses[0]
    message["Subject"] = subject
    message["Date"] = format_datetime(parcel.created_at)
    message["Message-ID"] = parcel.message_id
    if draft.in_reply_to and _is_message_id(draft.in_reply_to):
        message["In-Reply-To"] = draft.in_reply_to
        message["References"] = draft.in_reply_to
    if draft.kind in AUTOMATIC:
        message["Auto-Submitted"] = AUTOMATIC[draft.kind]
        message["X-Auto-Response-Suppress"] = "All"


def _with_original(message: EmailMessage, original: bytes, case: str) -> bytes:
    """The true bytes inside, as message/rfc822 (RFC 2046, 5.2.1) where SMTP can carry them so, else as a file in base64.

    They are put in place of a mark after the mail is written: no library gets to write them anew.
    """
    content = LINE_END.sub(b"\r\n", original)
    message.make_mixed()
    if not _can_travel(content):
        message.add_attachment(original, maintype="application", subtype="octet-stream", filename=f"{case}.eml")
        return message.as_bytes()
    mark = f"original-{token_hex(16)}"
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = "message/rfc822"
    part["Content-Transfer-Encoding"] = "7bit" if content.isascii() else "8bit"
    part["Content-Disposition"] = f'attachment; filename="{case}.eml"'
    part.set_payload(mark)
    message.attach(part)
    message.set_boundary(f"saksgang-{token_hex(16)}")
    return message.as_bytes().replace(mark.encode(), content)


def _can_travel(content: bytes) -> bool:
    """No NUL, no bare CR, no line too long (RFC 5321, 4.5.3.1.6)."""
    if b"\0" in content or content.count(b"\r") != content.count(b"\n"):
        return False
    return all(len(line) <= LONGEST_LINE for line in content.split(b"\r\n"))


def _is_message_id(text: str) -> bool:
    return re.fullmatch(r"<[!-;=?-~]{1,900}>", text) is not None
