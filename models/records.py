"""The only place for the values that cross a package line: frozen, keyword-only, with no behaviour beyond reading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, NewType, TypeVar

from models.kinds import AutoKind, Method, Mode, Security, Source, TicketType

T = TypeVar("T")

MailId = NewType("MailId", int)
TicketId = NewType("TicketId", int)
ParcelId = NewType("ParcelId", int)
Redacted = NewType("Redacted", str)
"""Text with personal numbers and phone numbers taken out: the only text that trains, logs or indexes."""
SafeHtml = NewType("SafeHtml", str)
"""A stranger's HTML with everything taken out that acts, hides or fetches: the only HTML that is shown or sent on."""


def safe_text(subject: Redacted, words: Redacted) -> Redacted:
    """A subject and a person's own words as the one text by which mails and cases are compared, found again and learned from."""
    return Redacted(f"{subject}\n{words}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One mailbox to watch. `path` is for a Maildir, host to password for IMAP.

    A folder of None means: flag the mail instead of moving it. `size_limit` is in bytes: of larger mails only the
    headers are taken.
    """

    name: str
    profile: str
    source: Source
    mode: Mode
    folder: str = "INBOX"
    host: str = ""
    port: int = 993
    security: Security = Security.TLS
    ca_file: str | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    path: str | None = None
    handled_folder: str | None = None
    quarantine_folder: str | None = None
    size_limit: int = 50_000_000
    poll_seconds: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where outgoing mail is handed over (RFC 6409)."""

    host: str
    port: int
    security: Security
    ca_file: str | None = None
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailKey:
    """Where one mail lies: unique for ever by RFC 9051, 2.3.1.1. A Maildir has uidvalidity 0."""

    account: str
    folder: str
    uidvalidity: int
    uid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMail:
    """The true bytes of one mail as they lay in the mailbox.

    `fingerprint` is equal for two deliveries of one mail. `size` is the size in bytes that the server stated: larger
    than `content` where only the headers were taken because the mail is over the limit.
    """

    key: MailKey
    content: bytes
    fingerprint: str
    size: int
    received_at: datetime

    @property
    def truncated(self) -> bool:
        return self.size > len(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One leaf that is not the body; `size` is in bytes after decoding. `inline`: a picture shown within the text (RFC 2392)."""

    name: str
    content_type: str
    size: int
    inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What the headers say about who, or what, sent a mail; empty text where the header is absent.

    `return_path` is None where the header is absent and "" for the null path of RFC 5321, 4.5.5. `report` is the
    report-type of RFC 6522, `calendar` the method of RFC 5546, `desk` our own mark on mails that we sent. `encrypted`: nobody
    here can read it (RFC 8551, 3.3; RFC 3156, 4).
    """

    auto_submitted: str
    precedence: str
    return_path: str | None
    listed: bool
    auto_reply: bool
    suppress: bool
    report: str
    calendar: str
    desk: str
    encrypted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a mail says, read from its bytes.

    `text` is the best plain text of the whole body, `visible_reply` what the sender wrote now (`points_down`: little more
    than "see below", and the older mail it means is kept with it); `safe_subject` and `safe_reply` are subject and reply without personal data: what trains, is indexed or stands in lines of our own; `safe_text` is both.
    `message_id` is made from the content where the mail has none: never empty. Addresses are in lower case.
    """

    message_id: str
    sender: Address
    reply_to: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime | None
    subject: str
    text: str
    visible_reply: str
    points_down: bool
    safe_subject: Redacted
    safe_reply: Redacted
    attachments: tuple[Attachment, ...]
    in_reply_to: str | None
    references: tuple[str, ...]
    signals: Signals
    language: str | None

    @property
    def safe_text(self) -> Redacted:
        return safe_text(self.safe_subject, self.safe_reply)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A mail that is kept and filed but opens no ticket.

    `sure` is false where only words in the subject speak for it: then a classifier must say the same, for a person may
    have answered under such a subject.
    """

    kind: AutoKind
    reason: str
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess(Generic[T]):
    """One decided value with the calibrated probability (0..1) that it is right, and what it rests on."""

    value: T
    confidence: float
    method: Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a mail was judged to be. `review` is true where a lead must look before it is trusted.

    `questions` are the profile's control questions that the mail leaves open, `faq` the entry of its list that answers it.
    """

    type: Guess[TicketType]
    priority: Guess[int]
    scope: Guess[str]
    team: Guess[str]
    service: str | None
    reporter: str | None
    language: str
    patient_safety: bool
    change_request: bool
    is_auto: bool
    review: bool
    reasons: tuple[str, ...]
    questions: tuple[str, ...] = ()
    faq: str | None = None

    @property
    def about(self) -> str:
        """What the case is about: the team that it is thought to be for, where no services are told apart."""
        return self.service or self.team.value

    @property
    def values(self) -> Mapping[str, object]:
        """What conditions of a profile may ask of it."""
        return {
            "type": self.type.value, "priority": self.priority.value, "scope": self.scope.value, "team": self.team.value,
            "patient_safety": self.patient_safety, "service": self.service, "reporter": self.reporter,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who gets a ticket. `unsure` means the doubt team decides; `guessed_team` is what the machine would have said.

    `also` lists teams told beside `team`: a doubtful grave matter waits for nobody.
    """

    team: str
    guessed_team: str
    unsure: bool
    also: tuple[str, ...]
