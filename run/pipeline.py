"""The only place where the stages are called in turn for mails that come in: poll, handle, file. Each may be repeated without harm."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

import structlog

from classify.chain import classify
from ingest.parse import parse_mail
from ingest.registered import registered
from ingest.screen import answerable, screen
from models.errors import MailUnreadableError, ValuesRefusedError
from models.incidents import Incident, IncidentState
from models.kinds import CameBy, MailState, Method
from models.outcomes import JoinTicket, NewTicket, Outcome, Quarantine, SetAside
from models.records import Mail, MailId, MailKey, RawMail, Refusal, TicketId, Verdict
from models.store import Store
from models.views import Handled, KeptMail
from route.assign import assign
from route.opening import Opening, answer_address, parcels_of_new_ticket, participants_of_new_ticket, timers_of_new_ticket
from run.desk import Desk
from run.following import came_back, join
from run.guard import Failure, attempt
from run.surges import standing_incident

HANDLED_TOGETHER = 50
T = TypeVar("T")

log = structlog.get_logger()


class Mailbox(Protocol):
    """What polling needs of a mailbox."""

    uidvalidity: int

    def unknown(self, known: frozenset[str]) -> Iterator[Sequence[RawMail]]: ...

    def file(self, keys: Sequence[MailKey], folder: str | None, *, handled: bool) -> None: ...


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

    A mail that answers another mail of the same batch, or meets a ticket that another one changes, is left for the next
    one. Whatever goes wrong with one mail puts that one in quarantine.
    """
    began = time.perf_counter()
    _unless_the_index_fails(desk.memory.catch_up, 0)
    kept = desk.store.mails.load(ids)
    read = _without_answers_inside([(mail, _read(mail)) for mail in kept])
    outcomes = _once_a_ticket(_decide_each(read, desk))
    settled = _record(outcomes, desk)
    each = (time.perf_counter() - began) / max(1, len(outcomes))
    accounts = {mail.id: mail.account for mail in kept}
    return [_told(outcome, settled[outcome.mail_id], accounts[outcome.mail_id], each) for outcome in outcomes if outcome.mail_id in settled]


def _read(kept: KeptMail) -> Mail | Quarantine:
    try:
        return parse_mail(kept.content, kept.fingerprint)
    except MailUnreadableError as error:
        return Quarantine(mail_id=kept.id, error=str(error))


def _record(outcomes: Sequence[Outcome], desk: Desk) -> dict[MailId, TicketId | None]:
    """Write all together; where the database refuses what they say, one by one, and what it refuses alone goes to quarantine.

    A database that is away raises `StoreError`: the mails are taken again later.
    """
    try:
        return desk.store.tickets.record(outcomes, desk.scene())
    except ValuesRefusedError:
        if len(outcomes) == 1:
            refused = Quarantine(mail_id=outcomes[0].mail_id, error="the database does not take what this mail says")
            return desk.store.tickets.record([refused], desk.scene())
    settled: dict[MailId, TicketId | None] = {}
    for outcome in outcomes:
        settled |= _record([outcome], desk)
    return settled


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


def _decide_each(read: Read, desk: Desk) -> list[Outcome]:
    """The outcome of each mail; where a bug strikes the batch, mail by mail, and the one that has it goes to quarantine."""
    together = attempt(lambda: _decide(read, desk))
    if not isinstance(together, Failure):
        return together
    outcomes: list[Outcome] = []
    for raw, mail in read:
        alone = attempt(partial(_decide, [(raw, mail)], desk))
        outcomes += [Quarantine(mail_id=raw.id, error=alone.words)] if isinstance(alone, Failure) else alone
    return outcomes


def _once_a_ticket(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """All but those decided on a ticket as it was before an earlier mail of the batch: their mails wait until that one is written."""
    changed: set[TicketId] = set()
    kept: list[Outcome] = []
    for outcome in outcomes:
        met = {outcome.ticket, *(other.ticket for other in outcome.step.others)} if isinstance(outcome, JoinTicket) else set()
        if changed.isdisjoint(met):
            kept.append(outcome)
        changed |= met
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unknown:
    """A mail of no ticket that there is. `doubt` says why a machine may have written it."""

    raw: KeptMail
    mail: Mail
    came_by: CameBy
    doubt: Refusal | None


def _decide(read: Read, desk: Desk) -> list[Outcome]:
    """The outcome of each mail, in order; only those that open a ticket are classified, all of them at once."""
    own = desk.own_addresses()
    outcomes: dict[MailId, Outcome] = {}
    unknown: list[_Unknown] = []
    incidents = desk.store.incidents.standing(desk.profile.name)
    known = desk.store.tickets.by_message_ids(_named_messages(read))
    for raw, mail in read:
        if isinstance(mail, Quarantine):
            outcomes[raw.id] = mail
            continue
        refusal = screen(mail, own, desk.profile.automatic_subjects)
        if refusal and refusal.sure:
            outcomes[raw.id] = came_back(raw, mail, refusal, desk) or _set_aside(raw, mail, refusal)
        elif joined := join(raw, mail, known, desk):
            outcomes[raw.id] = joined
        else:
            case = registered(mail, desk.profile)
            unknown.append(_Unknown(raw=raw, mail=case.mail, came_by=case.came_by, doubt=refusal))
    for one, verdict in zip(unknown, classify([one.mail for one in unknown], desk.classifiers), strict=True):
        aside = one.doubt if one.doubt and _agrees(verdict) else None
        outcomes[one.raw.id] = (
            _set_aside(one.raw, one.mail, aside)
            if aside
            else _open(one, verdict, standing_incident(one.mail, verdict, incidents, desk), desk)
        )
    return [outcomes[raw.id] for raw, _ in read]


def _set_aside(raw: KeptMail, mail: Mail, refusal: Refusal) -> SetAside:
    return SetAside(mail_id=raw.id, message_id=mail.message_id, refusal=refusal)


def _agrees(verdict: Verdict) -> bool:
    """Whether a trained model too calls a mail automatic and is sure of it; counted keywords would only read the same subject again."""
    return verdict.is_auto and not verdict.review and verdict.type.method is Method.MODEL


def _named_messages(read: Read) -> set[str]:
    mails = [mail for _, mail in read if isinstance(mail, Mail)]
    return {name for mail in mails for name in (*mail.references, mail.in_reply_to or "", mail.message_id) if name}


def _open(one: _Unknown, verdict: Verdict, incident: Incident | None, desk: Desk) -> NewTicket:
    """A ticket; without a receipt where the mail may be a machine's after all: two machines must not answer each other."""
    raw, mail = one.raw, one.mail
    assignment = assign(verdict, mail, desk.profile, truncated=raw.truncated)
    opening = Opening(
        mail=mail,
        verdict=verdict,
        assignment=assignment,
        routine=desk.routine,
        now=desk.clock(),
        answerable=one.doubt is None and answerable(mail),
        too_large=raw.size if raw.truncated else None,
        incident=incident if incident and incident.state is IncidentState.ONGOING else None,
        watched=desk.lookout.ordinary(desk.clock()) is not None,
        suggestions=_unless_the_index_fails(lambda: desk.memory.suggestions(mail, verdict, desk.clock()), ()),
    )
    return NewTicket(
        mail_id=raw.id,
        account=raw.account,
        mail=mail,
        reporter=answer_address(mail),
        verdict=verdict,
        assignment=assignment,
        participants=participants_of_new_ticket(mail, desk.own_addresses()),
        parcels=parcels_of_new_ticket(opening),
        mode=desk.mode_of(raw.account),
        status=opening.status,
        came_by=one.came_by,
        risk=opening.risk,
        sampled=_drawn(raw.fingerprint, desk.profile.pages.sample),
        incident=incident.id if incident else None,
        offered=opening.offer.solution.id if opening.offer else None,
        due_at=opening.due_at,
        timers=timers_of_new_ticket(opening),
    )


def _unless_the_index_fails(work: Callable[[], T], otherwise: T) -> T:
    """Mails are handled without earlier cases rather than not at all."""
    found = attempt(work)
    if isinstance(found, Failure):
        log.warning("index failed", error=found.words)
        return otherwise
    return found


def _drawn(fingerprint: str, share: float) -> bool:
    """A lot that nobody can influence and that falls the same way however often the mail is handled."""
    return int(fingerprint[:8], 16) < share * 2**32


def _told(outcome: Outcome, ticket: TicketId | None, account: str, seconds: float) -> Handled:
    opened = outcome if isinstance(outcome, NewTicket) else None
    words = {NewTicket: "opened", JoinTicket: "joined", SetAside: "set aside", Quarantine: "quarantined"}
    return Handled(
        mail_id=outcome.mail_id,
        account=account,
        outcome=words[type(outcome)],
        ticket=ticket,
        verdict=opened.verdict if opened else None,
        assignment=opened.assignment if opened else None,
        seconds=seconds,
    )
