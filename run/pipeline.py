"""The only place where the stages are called in turn: poll, handle, deliver. Each may be repeated without harm."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from ingest.parse import parse_mail
from ingest.screen import answerable, screen

from classify.chain import Classifiers, classify
from ingest.fingerprint import fingerprint
from models.case_numbers import CaseNumbers
from models.errors import DeliveryError, SaksgangError
from models.profiles import Profile
from models.records import (
    Handled,
    JoinTicket,
    KeptMail,
    Mail,
    MailId,
    MailKey,
    MailState,
    Mode,
    NewTicket,
    Outcome,
    Parcel,
    ParcelFate,
    ParcelKind,
    ParcelState,
    Part,
    Quarantine,
    RawMail,
    Scene,
    SetAside,
    SmtpServer,
    TicketId,
    TicketView,
    Verdict,
)
from models.store import Store
from resolve.solution import find_solution, wants_to_close
from route.assign import assign
from route.compose import compose
from route.follow import Closing, Step, follow_reporter, follow_team, part_of
from route.opening import parcels_of_new_ticket, participants_of_new_ticket
from route.send import Sender
from route.templates import Templates

HANDLED_TOGETHER = 50
CLAIMED_TOGETHER = 50
SETTLED_TOGETHER = 10
"""At most so many mails are sent again after a kill: those sent and not yet written down."""
CAPPED = frozenset({ParcelKind.RECEIPT, ParcelKind.NEEDS_SOLUTION})
CAP_WINDOW = timedelta(hours=1)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)


class Mailbox(Protocol):
    """What polling needs of a mailbox."""

    uidvalidity: int

    def unknown(self, known: frozenset[str]) -> Iterator[Sequence[RawMail]]: ...

    def file(self, keys: Sequence[MailKey], folder: str | None, *, handled: bool) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One organisation at work: everything that handling and delivering need, made once."""

    profile: Profile
    store: Store
    classifiers: Classifiers
    templates: Templates
    numbers: CaseNumbers
    modes: dict[str, Mode]
    worker: str

    def own_addresses(self) -> frozenset[str]:
        return frozenset(address.lower() for address in self.profile.desk.addresses)

    def message_id_domain(self) -> str:
        return self.profile.desk.addresses[0].rpartition("@")[2]


def poll(mailbox: Mailbox, account: str, folder: str, store: Store) -> Iterator[list[MailId]]:
    """Keep every mail that the ledger does not know, batch by batch, committed before the next is fetched."""
    known = store.mails.known_uids(account, folder, mailbox.uidvalidity)
    for batch in mailbox.unknown(known):
        if batch:
            yield store.mails.keep(batch)


def file_settled(mailbox: Mailbox, account: str, folder: str, folders: dict[MailState, str | None], store: Store) -> int:
    """Show in the mailbox what the store has settled; how many mails that were."""
    settled = store.mails.unfiled(account, folder, mailbox.uidvalidity)
    for state in (MailState.HANDLED, MailState.QUARANTINED):
        keys = [key for key, found in settled if found is state]
        if keys:
            mailbox.file(keys, folders[state], handled=state is MailState.HANDLED)
            store.mails.mark_filed(keys)
    return len(settled)


def handle(ids: Sequence[MailId], desk: Desk) -> list[Handled]:
    """Take kept mails through reading, screening, classifying and routing, and write the outcomes in one transaction.

    A mail that answers another mail of the same batch is left for the next one. Whatever goes wrong with one mail puts
    that one in quarantine.
    """
    began = time.perf_counter()
    kept = desk.store.mails.load(ids)
    read = [(mail, _guarded(mail, lambda mail=mail: parse_mail(mail.content, fingerprint(mail.content)))) for mail in kept]
    read = _without_answers_inside(read)
    outcomes = _decide(read, desk)
    scene = Scene(profile=desk.profile.name, message_id_domain=desk.message_id_domain(), now=datetime.now(UTC))
    settled = desk.store.tickets.record(outcomes, scene)
    each = (time.perf_counter() - began) / max(1, len(outcomes))
    accounts = {mail.id: mail.account for mail in kept}
    return [_told(outcome, settled[outcome.mail_id], accounts[outcome.mail_id], each) for outcome in outcomes if outcome.mail_id in settled]


def deliver(desk: Desk, server: SmtpServer, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> list[ParcelFate]:
    """Send what is due, each mail alone; what cannot go now waits longer each time, in the end for a person."""
    parcels = desk.store.outbox.claim(desk.worker, now(), CLAIMED_TOGETHER)
    if not parcels:
        return []
    sent = desk.store.outbox.sent_since(now() - CAP_WINDOW, CAPPED)
    fates: list[ParcelFate] = []
    unsettled: list[ParcelFate] = []
    server_down: str | None = None
    with Sender(server) as sender:
        for parcel in parcels:
            if server_down is None:
                fate, server_down = _send(parcel, desk, sender, sent, now)
            else:
                fate = _try_later(parcel, server_down, desk.profile, now())
            unsettled.append(fate)
            if len(unsettled) == SETTLED_TOGETHER:
                desk.store.outbox.settle(unsettled, now())
                fates, unsettled = [*fates, *unsettled], []
    desk.store.outbox.settle(unsettled, now())
    return [*fates, *unsettled]


def _guarded(kept: KeptMail, work: Callable[[], Mail]) -> Mail | Quarantine:
    try:
        return work()
    except SaksgangError as error:
        return Quarantine(mail_id=kept.id, error=str(error))


Read = list[tuple[KeptMail, Mail | Quarantine]]


def _without_answers_inside(read: Read) -> Read:
    """Mails that answer an earlier one of the batch wait until that one has its ticket."""
    earlier: set[str] = set()
    kept: Read = []
    for raw, mail in read:
        if isinstance(mail, Mail):
            if earlier & {*mail.references, mail.in_reply_to or "", mail.message_id}:
                continue
            earlier.add(mail.message_id)
        kept.append((raw, mail))
    return kept


def _decide(read: Read, desk: Desk) -> list[Outcome]:
    """The outcome of each mail, in order; only those that open a ticket are classified, all of them at once."""
    own = desk.own_addresses()
    outcomes: dict[MailId, Outcome] = {}
    opening: list[tuple[KeptMail, Mail]] = []
    known = desk.store.tickets.by_message_ids(_named_messages(read))
    for raw, mail in read:
        if isinstance(mail, Quarantine):
            outcomes[raw.id] = mail
        elif refusal := screen(mail, own, desk.profile.automatic_subjects):
            outcomes[raw.id] = SetAside(mail_id=raw.id, message_id=mail.message_id, refusal=refusal)
        elif joined := _join(raw, mail, known, desk):
            outcomes[raw.id] = joined
        else:
            opening.append((raw, mail))
    verdicts = classify([mail for _, mail in opening], desk.classifiers)
    for (raw, mail), verdict in zip(opening, verdicts, strict=True):
        outcomes[raw.id] = _open(raw, mail, verdict, desk)
    return [outcomes[raw.id] for raw, _ in read]


def _named_messages(read: Read) -> set[str]:
    mails = [mail for _, mail in read if isinstance(mail, Mail)]
    return {name for mail in mails for name in (*mail.references, mail.in_reply_to or "", mail.message_id) if name}


def _join(raw: KeptMail, mail: Mail, known: dict[str, TicketId], desk: Desk) -> JoinTicket | None:
    """The ticket this mail belongs to, by reference or signed number, if its sender may write in it."""
    for ticket in _tickets_named(mail, known, desk):
        part = part_of(mail, ticket, desk.profile)
        if part is not Part.STRANGER:
            step = _step(mail, ticket, part, desk.profile)
            return JoinTicket(
                mail_id=raw.id,
                mail=mail,
                ticket=ticket.id,
                event=step.event,
                status=step.status,
                solution=step.solution,
                parcels=step.parcels,
                mode=desk.modes.get(raw.account, Mode.AUTO),
            )
    return None


def _tickets_named(mail: Mail, known: dict[str, TicketId], desk: Desk) -> Iterator[TicketView]:
    names = (mail.message_id, mail.in_reply_to or "", *reversed(mail.references))
    found = [known[name] for name in names if name in known]
    signed = desk.numbers.read(" ".join((mail.subject, *(address.address for address in (*mail.to, *mail.cc)))))
    for id in dict.fromkeys([*found, *([signed] if signed else [])]):
        if ticket := desk.store.tickets.find(id):
            yield ticket


def _step(mail: Mail, ticket: TicketView, part: Part, profile: Profile) -> Step:
    if part is Part.REPORTER:
        return follow_reporter(mail, ticket, profile)
    text = mail.visible_reply
    closing = Closing(
        wants=wants_to_close(text, profile.outgoing.closing_words), solution=find_solution(text, profile.outgoing.solution_labels)
    )
    return follow_team(mail, ticket, closing, profile)


def _open(raw: KeptMail, mail: Mail, verdict: Verdict, desk: Desk) -> NewTicket:
    assignment = assign(verdict, mail, desk.profile, truncated=raw.truncated)
    return NewTicket(
        mail_id=raw.id,
        account=raw.account,
        mail=mail,
        verdict=verdict,
        assignment=assignment,
        participants=participants_of_new_ticket(mail, desk.own_addresses()),
        parcels=parcels_of_new_ticket(mail, verdict, assignment, desk.profile, answerable=answerable(mail)),
        mode=desk.modes.get(raw.account, Mode.AUTO),
    )


def _told(outcome: Outcome, ticket: TicketId | None, account: str, seconds: float) -> Handled:
    opened = isinstance(outcome, NewTicket)
    words = {NewTicket: "opened", JoinTicket: "joined", SetAside: "set aside", Quarantine: "quarantined"}
    return Handled(
        mail_id=outcome.mail_id,
        account=account,
        outcome=words[type(outcome)],
        ticket=ticket,
        verdict=outcome.verdict if opened else None,
        assignment=outcome.assignment if opened else None,
        seconds=seconds,
    )


def _send(parcel: Parcel, desk: Desk, sender: Sender, sent: Counter[str], now: Callable[[], datetime]) -> tuple[ParcelFate, str | None]:
    """The parcel's fate, and why the server is out of reach if it is."""
    to = parcel.draft.to
    if parcel.draft.kind in CAPPED:
        sent[to] += 1
        if sent[to] > desk.profile.outgoing.cap_per_hour:
            return ParcelFate(id=parcel.id, state=ParcelState.SUPPRESSED, error="over the cap for one address and hour"), None
    try:
        sender.send(compose(parcel, desk.profile, desk.templates, desk.numbers))
    except DeliveryError as error:
        if error.permanent:
            return ParcelFate(id=parcel.id, state=ParcelState.DEAD, error=str(error)), None
        return _try_later(parcel, str(error), desk.profile, now()), str(error) if error.server else None
    except SaksgangError as error:
        return ParcelFate(id=parcel.id, state=ParcelState.DEAD, error=str(error)), None
    return ParcelFate(id=parcel.id, state=ParcelState.SENT), None


def _try_later(parcel: Parcel, error: str, profile: Profile, now: datetime) -> ParcelFate:
    if now - parcel.created_at > timedelta(hours=profile.outgoing.dead_after_hours):
        return ParcelFate(id=parcel.id, state=ParcelState.DEAD, error=f"given up after {parcel.attempts} attempts: {error}")
    return ParcelFate(id=parcel.id, state=ParcelState.WAITING, error=error, retry_at=now + back_off(parcel.attempts))


def back_off(attempts: int) -> timedelta:
    """Twice as long each time, an hour at most."""
    return min(FIRST_RETRY * 2 ** min(max(attempts - 1, 0), 20), LONGEST_RETRY)
