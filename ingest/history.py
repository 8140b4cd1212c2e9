"""The only place where a row of a file, or a message of a mailbox file, becomes an earlier case."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.addresses import read_addresses
from ingest.body import Body
from ingest.language import detect_language
from ingest.markup import read_html
from ingest.moments import is_never, read_moment
from ingest.redact import redact
from ingest.reply import read_reply
from ingest.screen import screen
from ingest.text import tidy
from models.history import LABELS, Column, Fault, PassedOver, PastCase, Row, RowRefusal
from models.records import Address, Mail, Redacted, Signals

LONGEST_ID = 900
"""Bytes; an index holds no more (PostgreSQL, B-tree)."""
READ, KEPT = 20_000, 10_000
"""Characters of a text that are looked at, and of a solution that are kept: a number that the first cuts in two is never kept."""
SUBJECT_KEPT = 500
REPORTER_KEPT = 320
MESSAGE = "message"

_MARKUP = re.compile(r"<(?:!doctype|html|body|head|div|p|br|span|table|ul|ol|b|strong)\b[^<>]*>", re.IGNORECASE)
_QUIET = Signals(
    auto_submitted="", precedence="", return_path=None, listed=False, auto_reply=False, suppress=False, report="", calendar="", desk="", encrypted=False
)  # fmt: skip


def read_case(row: Row, zone: ZoneInfo) -> PastCase | RowRefusal:
    """What a row tells. Dates without a zone are meant on the clock of `zone`."""
    id = row.source_id
    if not id:
        return RowRefusal(place=row.place, key=Column.ID, fault=Fault.MISSING)
    if len(id.encode()) > LONGEST_ID:
        return RowRefusal(place=row.place, key=Column.ID, fault=Fault.TOO_LONG)
    opened, closed = _moments(row, zone)
    if isinstance(opened, RowRefusal):
        return opened
    if isinstance(closed, RowRefusal):
        return closed
    mail = _mail(row, id, opened)
    return PastCase(
        place=row.place,
        source_id=id,
        opened_at=opened,
        closed_at=closed,
        reporter=_reporter(mail.sender),
        mail=mail,
        solution=_solution(row.cells.get(Column.SOLUTION, "")),
        labels={label: row.cells[label] for label in LABELS if label in row.cells},
    )


def read_messages(
    messages: Iterable[Mail | None], own: Collection[str], automatic_subjects: Sequence[str]
) -> Iterator[PastCase | RowRefusal | PassedOver]:
    """One for each message, None being one that cannot be read: a case where a person wrote it, and not in a thread of one ahead of it.

    `own` are the desk's addresses, `automatic_subjects` first words of subjects that the organisation's machines write.
    """
    seen: set[str] = set()
    for number, mail in enumerate(messages, start=1):
        if mail is None:
            yield RowRefusal(place=number, key=MESSAGE, fault=Fault.UNREADABLE)
            continue
        refusal = screen(mail, own, automatic_subjects)
        if not seen.isdisjoint((mail.in_reply_to or "", *mail.references)):
            yield PassedOver.REPLY
        elif refusal and refusal.sure:
            yield PassedOver.AUTOMATIC
        else:
            yield _of_message(number, mail)
        seen.add(mail.message_id)


def _of_message(number: int, mail: Mail) -> PastCase | RowRefusal:
    if mail.date is None:
        return RowRefusal(place=number, key=Column.OPENED, fault=Fault.MISSING)
    return PastCase(
        place=number,
        source_id=mail.message_id,
        opened_at=mail.date,
        closed_at=None,
        reporter=_reporter(mail.sender),
        mail=mail,
        solution=None,
        labels={},
    )


def _moments(row: Row, zone: ZoneInfo) -> tuple[datetime | RowRefusal, datetime | RowRefusal | None]:
    written, ended = row.cells.get(Column.OPENED, ""), row.cells.get(Column.CLOSED, "")
    opened = read_moment(written, zone)
    if opened is None:
        fault = Fault.NO_DATE if written and not is_never(written) else Fault.MISSING
        return RowRefusal(place=row.place, key=Column.OPENED, fault=fault), None
    if not ended or is_never(ended):
        return opened, None
    closed = read_moment(ended, zone, ends=True)
    if closed is None or closed < opened:
        return opened, RowRefusal(place=row.place, key=Column.CLOSED, fault=Fault.BEFORE_OPENED if closed else Fault.NO_DATE)
    return opened, closed


def _mail(row: Row, id: str, opened: datetime) -> Mail:
    """The row as its reporter would have written it."""
    sender = _sender(row.cells.get(Column.FROM, ""))
    subject = " ".join(row.cells.get(Column.SUBJECT, "")[:READ].split())
    body = _plain(row.cells.get(Column.BODY, ""))
    said = read_reply(Body(text=body), subject, sender.name)
    return Mail(
        message_id=id,
        sender=sender,
        reply_to=None,
        to=(),
        cc=(),
        date=opened,
        subject=subject,
        text=body,
        visible_reply=said.text,
        points_down=said.points_down,
        safe_subject=Redacted(redact(subject)[:SUBJECT_KEPT]),
        safe_reply=redact(said.text),
        attachments=(),
        in_reply_to=None,
        references=(),
        signals=_QUIET,
        language=detect_language(said.text) or detect_language(subject),
    )


def _sender(written: str) -> Address:
    """An address where there is one; a name stays whole, comma and all."""
    addresses = read_addresses(written[:READ].encode()) if "@" in written else ()
    return addresses[0] if addresses else Address(name=" ".join(written.split())[:REPORTER_KEPT], address="")


def _reporter(sender: Address) -> str:
    return sender.address or sender.name[:REPORTER_KEPT]


def _solution(written: str) -> Redacted | None:
    return Redacted(redact(_plain(written))[:KEPT]) if written else None


def _plain(written: str) -> str:
    """A cell's text; case systems keep what they show on pages as HTML."""
    return tidy(read_html(written).text if _MARKUP.search(written) else written)[:READ]
