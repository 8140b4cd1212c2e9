"""Mails made up for tests: records, and bytes as they lie in a mailbox."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from itertools import count
from typing import Any

from ingest.fingerprint import fingerprint
from ingest.redact import redact
from models.kinds import Method, Mode, ParcelKind, TicketType
from models.outcomes import NewTicket, ParcelDraft, Scene
from models.records import Address, Assignment, Guess, Mail, MailId, MailKey, RawMail, Signals, Verdict

NUMBERS = count(1)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SCENE = Scene(profile="siv", message_id_domain="siv.no", now=NOW)
QUIET = Signals(
    auto_submitted="",
    precedence="",
    return_path=None,
    listed=False,
    auto_reply=False,
    suppress=False,
    report="",
    calendar="",
    desk="",
    encrypted=False,
)


def content(
    text: str = "Skriveren på rom 4 svarer ikke lenger.",
    *,
    sender: str = "Kari Moe <kari.moe@siv.no>",
    to: str = "ikt@siv.no",
    subject: str = "Skriver",
    message_id: str | None = None,
    **headers: str,
) -> bytes:
    """A plain mail as bytes; more headers by name, an underscore for a dash."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = headers.pop("Date", "Mon, 02 Mar 2026 08:55:00 +0100")
    message["Message-ID"] = message_id or f"<mail-{next(NUMBERS)}@siv.no>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def raw(body: bytes | None = None, *, account: str = "ikt", uid: str | None = None, uidvalidity: int = 1, folder: str = "INBOX") -> RawMail:
    bytes_ = content() if body is None else body
    key = MailKey(account=account, folder=folder, uidvalidity=uidvalidity, uid=uid or str(next(NUMBERS)))
    return RawMail(key=key, content=bytes_, fingerprint=fingerprint(bytes_), size=len(bytes_), received_at=NOW)


def mail(**changes: Any) -> Mail:
    """A person's ordinary mail, as read."""
    values: dict[str, Any] = {
        "message_id": f"<mail-{next(NUMBERS)}@siv.no>",
        "sender": Address(name="Kari Moe", address="kari.moe@siv.no"),
        "reply_to": None,
        "to": (Address(name="", address="ikt@siv.no"),),
        "cc": (),
        "date": NOW,
        "subject": "Skriver",
        "text": "Skriveren på rom 4 svarer ikke lenger.",
        "visible_reply": "Skriveren på rom 4 svarer ikke lenger.",
        "points_down": False,
        "attachments": (),
        "in_reply_to": None,
        "references": (),
        "signals": QUIET,
        "language": "nb",
    }
    if "text" in changes:
        changes.setdefault("visible_reply", changes["text"])
    values |= changes
    safe = {"safe_subject": redact(values["subject"]), "safe_reply": redact(values["visible_reply"])}
    return Mail(**(safe | values))


def verdict(**changes: Any) -> Verdict:
    values: dict[str, Any] = {
        "type": Guess(value=TicketType.INCIDENT, confidence=0.9, method=Method.MODEL),
        "priority": Guess(value=3, confidence=0.8, method=Method.MODEL),
        "scope": Guess(value="single", confidence=0.8, method=Method.MODEL),
        "team": Guess(value="arbeidsplass", confidence=0.9, method=Method.MODEL),
        "service": None,
        "reporter": None,
        "language": "nb",
        "patient_safety": False,
        "change_request": False,
        "is_auto": False,
        "review": False,
        "reasons": ("Peker mot Arbeidsplass: «skriver».",),
    }
    return Verdict(**(values | changes))


def forward(to: str = "arbeidsplass@teams.siv.example") -> ParcelDraft:
    return ParcelDraft(kind=ParcelKind.FORWARD, to=to, language="nb", facts={"subject": "Skriver"}, with_original=True, to_team=True)


def new_ticket(mail_id: MailId, *, mode: Mode = Mode.AUTO, parcels: tuple[ParcelDraft, ...] | None = None, **changes: Any) -> NewTicket:
    values: dict[str, Any] = {
        "mail_id": mail_id,
        "account": "ikt",
        "mail": mail(),
        "reporter": "kari.moe@siv.no",
        "verdict": verdict(),
        "assignment": Assignment(team="arbeidsplass", guessed_team="arbeidsplass", unsure=False, also=()),
        "participants": ("kari.moe@siv.no",),
        "parcels": (forward(),) if parcels is None else parcels,
        "mode": mode,
    }
    return NewTicket(**(values | changes))
