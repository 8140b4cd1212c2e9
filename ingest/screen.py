"""The only place that tells mail that no person wrote to us, and mail that must not be answered by a machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from ingest.lexicon import phrases, read_label
from models.kinds import AutoKind
from models.records import Mail, Refusal

Rule = Callable[[Mail, Collection[str], Sequence[str]], Refusal | None]

_DAEMON = re.compile(r"^(?:mailer-?daemon|mail-?daemon|mdaemon|maildelivery|microsoftexchange[0-9a-f]+|bounces?)(?:[+._=-].*)?$")
_POSTMASTER = re.compile(r"^(?:postmaster|mail|root|system|admin(?:istrator)?|exchange|noreply|no-reply)$")
_DAEMON_NAMES = ("mail delivery", "mailer-daemon", "mailer daemon", "postmaster", "microsoft outlook", "mail system", "delivery subsystem")
_NO_ANSWER = re.compile(
    r"^(?:no-?_?\.?reply|do-?_?\.?not-?_?\.?reply|ikke-?svar|svar-?ikke|ej-?svar|svara-?ej|noresponse|no-?answer|mailer-?daemon|mail-?daemon|postmaster"
    r"|bounces?|listserv|majordomo|owner-.*|.*-(?:request|bounces?|owner)|nobody|daemon)(?:[+=].*)?$"
)
RECEIPT_LINES = 20
_TAG = re.compile(r"^(?:\[[^\]]{1,60}\]\s*|[a-z]{2,8}-\d+:?\s*)+")
"""What desks put before a subject: "[Desk]", "ABC-123"."""
_NOT_FOR_MACHINES = frozenset(("bulk", "junk", "list", "auto_reply"))
_CALENDAR = frozenset(("REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "REQUEST", "REFRESH", "ADD"))


def screen(mail: Mail, own_addresses: Collection[str], automatic_subjects: Sequence[str] = ()) -> Refusal | None:
    """Why this mail opens no ticket; None where a person, or an alarm, may have written to us.

    `automatic_subjects` are first words of subjects that an organisation's own machines write.
    """
    own = frozenset(address.lower() for address in own_addresses)
    return next((refusal for rule in RULES if (refusal := rule(mail, own, automatic_subjects))), None)


def answerable(mail: Mail) -> bool:
    """Whether a machine may answer (RFC 3834, 2): false for all that no person sent, and where there is nobody to answer."""
    signals = mail.signals
    if signals.auto_submitted not in ("", "no") or signals.precedence in _NOT_FOR_MACHINES or signals.return_path == "":
        return False
    if signals.suppress or signals.auto_reply or signals.report or signals.desk:
        return False
    return bool(mail.sender.address) and not _NO_ANSWER.match(_local_part(mail.sender.address))


def _from_us(mail: Mail, own: Collection[str], _: Sequence[str]) -> Refusal | None:
    if mail.signals.desk:
        return Refusal(kind=AutoKind.OWN, reason="carries our own mark")
    if mail.sender.address in own:
        return Refusal(kind=AutoKind.OWN, reason="sent from one of our own addresses")
    return None


def _by_report(mail: Mail, _own: Collection[str], _: Sequence[str]) -> Refusal | None:
    """RFC 6522: what a report is about decides."""
    match mail.signals.report:
        case "":
            return None
        case "disposition-notification":
            return Refusal(kind=AutoKind.AUTO_REPLY, reason="read receipt (RFC 8098)")
        case "feedback-report":
            return Refusal(kind=AutoKind.LIST, reason="abuse report (RFC 5965)")
        case _:
            return Refusal(kind=AutoKind.BOUNCE, reason="delivery report (RFC 3464)")


def _by_calendar(mail: Mail, _own: Collection[str], _: Sequence[str]) -> Refusal | None:
    if mail.signals.calendar not in _CALENDAR:
        return None
    return Refusal(kind=AutoKind.CALENDAR, reason=f"calendar {mail.signals.calendar.lower()} (RFC 5546)")


def _by_daemon(mail: Mail, _own: Collection[str], _: Sequence[str]) -> Refusal | None:
    """A bounce without a report: sent by a daemon."""
    if _starts(mail.subject, "away_subjects"):
        return None
    local = _local_part(mail.sender.address)
    bounced = _starts(mail.subject, "bounce_subjects")
    if _DAEMON.match(local):
        return Refusal(kind=AutoKind.BOUNCE, reason="sent by a mail daemon")
    if bounced and (_POSTMASTER.match(local) or mail.sender.name.lower().startswith(_DAEMON_NAMES) or mail.signals.return_path == ""):
        return Refusal(kind=AutoKind.BOUNCE, reason="subject of a bounce, from a mail server")
    if mail.signals.return_path == "" and local == "postmaster":
        return Refusal(kind=AutoKind.BOUNCE, reason="null return path, from a postmaster")
    return None


def _by_answering_machine(mail: Mail, _own: Collection[str], automatic_subjects: Sequence[str]) -> Refusal | None:
    """RFC 3834, 5; and what answering machines write that do not know it."""
    signals = mail.signals
    if signals.auto_submitted.startswith("auto-replied"):
        return Refusal(kind=AutoKind.AUTO_REPLY, reason="Auto-Submitted: auto-replied (RFC 3834)")
    if signals.auto_reply or signals.precedence == "auto_reply":
        return Refusal(kind=AutoKind.AUTO_REPLY, reason="header of an answering machine")
    if _starts(mail.subject, "away_subjects") or _folded(mail.subject).rstrip(". !").endswith(phrases("away_endings")):
        return Refusal(kind=AutoKind.AUTO_REPLY, reason="subject of an answering machine", sure=_sent_by_machine(mail))
    if _starts(mail.subject, "receipt_subjects") and _is_machine_like(mail):
        return Refusal(kind=AutoKind.AUTO_REPLY, reason="subject of a read receipt")
    folded = mail.subject.lower()
    if any(folded.startswith(subject.lower()) for subject in automatic_subjects if subject.strip()):
        return Refusal(kind=AutoKind.AUTO_REPLY, reason="subject that the profile calls automatic", sure=_sent_by_machine(mail))
    return None


def _sent_by_machine(mail: Mail) -> bool:
    """What the headers say, whatever the subject: a null return path, or a word to other machines not to answer."""
    return mail.signals.return_path == "" or mail.signals.suppress or mail.signals.auto_submitted not in ("", "no")


def _is_machine_like(mail: Mail) -> bool:
    """A receipt names the subject of the mail that was read, after that word; a person's mail with such a subject does not."""
    read = mail.subject.partition(":")[2].strip().lower()
    labels = (read_label(line) for line in mail.text.split("\n")[:RECEIPT_LINES])
    return _sent_by_machine(mail) or (bool(read) and any(key == "subject" and value.lower().startswith(read) for key, value in labels))


def _by_machine(mail: Mail, _own: Collection[str], _: Sequence[str]) -> Refusal | None:
    """What a machine wrote of itself (RFC 3834, 5): a receipt or notice; or an alarm, which is for us. Never sure."""
    if mail.signals.auto_submitted not in ("", "no"):
        return Refusal(kind=AutoKind.AUTO_REPLY, reason="Auto-Submitted: auto-generated (RFC 3834)", sure=False)
    if not mail.in_reply_to and _TAG.sub("", _folded(mail.subject)).startswith(phrases("desk_subjects")):
        return Refusal(kind=AutoKind.AUTO_REPLY, reason="subject of another desk's receipt", sure=False)
    return None


def _by_list(mail: Mail, own: Collection[str], _: Sequence[str]) -> Refusal | None:
    """RFC 2369, 2919. An alarm marked bulk is no list; a person's mail that went through a list of ours is for us."""
    signals = mail.signals
    bulk = signals.precedence in ("list", "bulk", "junk")
    if not signals.listed and not (bulk and not signals.auto_submitted.startswith("auto-generated")):
        return None
    if signals.listed and not bulk and _is_person_to_us(mail, own):
        return None
    return Refusal(kind=AutoKind.LIST, reason="mailing list headers (RFC 2369)" if signals.listed else f"Precedence: {signals.precedence}")


def _is_person_to_us(mail: Mail, own: Collection[str]) -> bool:
    """Written to our address, by someone whose own address is on the envelope too, or in answer to something."""
    to_us = any(address.address in own for address in (*mail.to, *mail.cc))
    if not to_us or _NO_ANSWER.match(_local_part(mail.sender.address)) or mail.signals.auto_submitted not in ("", "no"):
        return False
    return mail.signals.return_path == mail.sender.address or bool(mail.in_reply_to)


def _starts(subject: str, key: str) -> bool:
    return _folded(subject).startswith(phrases(key))


def _folded(subject: str) -> str:
    """Lower case, without the space that French puts before a colon."""
    return subject.lower().replace("\xa0", " ").replace(" :", ":")


def _local_part(address: str) -> str:
    return address.rpartition("@")[0] or address


RULES: tuple[Rule, ...] = (_from_us, _by_report, _by_calendar, _by_daemon, _by_answering_machine, _by_list, _by_machine)
"""In this order: the first that refuses decides."""
