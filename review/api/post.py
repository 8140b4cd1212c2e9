"""The only place for what waits at the desk in the API: outgoing mails and mails in quarantine, with another try, and how the mailboxes stand."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from pydantic import Field

from models.kinds import UNSENT, MailState, Mode, ParcelKind, ParcelState
from models.people import Noted, Role
from models.records import MailId, ParcelId
from models.views import MailboxStanding, ParcelLine
from review.api.operations import Answer, Asked, AskedNothing, AskedOne, Call, Operation, not_there

KEEPERS = frozenset({Role.LEAD, Role.ADMIN})
MOST_SHOWN = 1_000


class AskedParcels(Asked):
    """Which outgoing mails."""

    state: ParcelState | None = Field(default=None, description="Only these; all that are not sent where it is not given.")
    limit: int = Field(default=200, ge=1, le=MOST_SHOWN)


class ParcelShown(Answer):
    """An outgoing mail, without a word of it and without whom it is for."""

    id: int
    case: str | None
    kind: ParcelKind
    state: ParcelState
    attempts: int
    created_at: datetime
    due_at: datetime
    error: str | None


class Parcels(Answer):
    """The first made first."""

    parcels: list[ParcelShown]


class QuarantinedShown(Answer):
    """A mail that could not be handled."""

    id: int
    mailbox: str
    received_at: datetime
    quarantined_at: datetime
    bytes: int
    error: str
    attempts: int


class Quarantine(Answer):
    """The first kept first."""

    mails: list[QuarantinedShown]


class MailboxShown(Answer):
    """When a mailbox was last read, since when it fails and why, and its mails by what became of them."""

    mailbox: str
    mode: Mode | None = None
    polled_at: datetime | None = None
    failing_since: datetime | None = None
    error: str | None = None
    received: int
    handled: int
    quarantined: int


class Standing(Answer):
    """How the desk stands: its mailboxes, and the outbox by state."""

    mailboxes: list[MailboxShown]
    outbox: dict[ParcelState, int]
    oldest_unsent: datetime | None


class TriedAgain(Answer):
    """What was put back in line."""

    id: int


def read_outbox(call: Call, asked: AskedParcels) -> Parcels:
    """Outgoing mails that are not sent, and why."""
    found = call.store.outbox.list([asked.state] if asked.state else UNSENT, asked.limit)
    call.note(Noted.LIST_SEEN, about="outbox")
    return Parcels(parcels=[_parcel(call, line) for line in found])


def retry_parcel(call: Call, asked: AskedOne) -> TriedAgain:
    """Try a dead mail again."""
    if not call.store.outbox.retry([ParcelId(asked.id)], call.now):
        raise not_there("dead mail")
    call.note(Noted.RETRIED, about=f"parcel {asked.id}")
    return TriedAgain(id=asked.id)


def read_quarantine(call: Call, _: AskedNothing) -> Quarantine:
    """Mails that could not be handled, and why."""
    found = call.store.mails.quarantined()
    call.note(Noted.LIST_SEEN, about="quarantine")
    return Quarantine(mails=[QuarantinedShown.of(mail, mailbox=mail.account, bytes=mail.size) for mail in found])


def retry_mail(call: Call, asked: AskedOne) -> TriedAgain:
    """Handle a mail in quarantine again."""
    if not call.store.mails.retry_quarantined([MailId(asked.id)]):
        raise not_there("mail in quarantine")
    call.note(Noted.RETRIED, about=f"mail {asked.id}")
    return TriedAgain(id=asked.id)


def read_standing(call: Call, _: AskedNothing) -> Standing:
    """How the mailboxes, the pile of mails and the outbox stand."""
    store = call.store
    return Standing(
        mailboxes=[_mailbox(box) for box in store.mailboxes()],
        outbox=store.outbox.counts(),
        oldest_unsent=store.outbox.oldest_unsent(),
    )


def _mailbox(box: MailboxStanding) -> MailboxShown:
    mails = {state.value: box.mails[state] for state in MailState}
    return MailboxShown.of(box.health, mailbox=box.account, **mails) if box.health else MailboxShown(mailbox=box.account, **mails)


def _parcel(call: Call, line: ParcelLine) -> ParcelShown:
    return ParcelShown.of(line, case=call.site.numbers.short(line.ticket) if line.ticket else None)


MISSING = frozenset({HTTPStatus.NOT_FOUND})
OPERATIONS = (
    Operation(name="readStatus", path="/status", run=read_standing, asked=AskedNothing, gives=Standing, roles=KEEPERS),
    Operation(name="listOutbox", path="/outbox", run=read_outbox, asked=AskedParcels, gives=Parcels, roles=KEEPERS),
    Operation(
        name="retryParcel", method="POST", path="/outbox/{id}/retry", run=retry_parcel, asked=AskedOne, gives=TriedAgain,
        roles=KEEPERS, refuses=MISSING,
    ),
    Operation(name="listQuarantine", path="/quarantine", run=read_quarantine, asked=AskedNothing, gives=Quarantine, roles=KEEPERS),
    Operation(
        name="retryMail", method="POST", path="/quarantine/{id}/retry", run=retry_mail, asked=AskedOne, gives=TriedAgain,
        roles=KEEPERS, refuses=MISSING,
    ),
)  # fmt: skip
