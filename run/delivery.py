"""The only place where outgoing mails are carried from the outbox to those who take them. May be repeated without harm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.errors import DeliveryError, ProfileError
from models.kinds import Channel, ParcelKind, ParcelState
from models.outcomes import Parcel, ParcelDraft, ParcelFate
from models.profiles import Profile
from models.records import ParcelId, SmtpServer
from route.call import Caller
from route.compose import compose
from route.send import Sender
from run.desk import Desk
from run.guard import Failure, attempt

CLAIMED_TOGETHER = 50
BEGUN_TOGETHER = 4
"""How many mails a kill may leave in doubt, and so be sent twice: one transaction each would cost as much as the sending."""
CAPPED = frozenset({ParcelKind.RECEIPT, ParcelKind.NEEDS_SOLUTION, ParcelKind.NOT_UNDERSTOOD, ParcelKind.REMINDER})
CAP_WINDOW = timedelta(hours=1)
TOLD_TO_MANY = frozenset({ParcelKind.STATUS, ParcelKind.KNOWN_FAULT, ParcelKind.OUTAGE})
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)


InHand = dict[ParcelId, ParcelFate]
"""Parcels claimed and not settled on disk, and what became of each so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What became of the parcels of one round, without those that were not tried: where `server_down`, the mails after the first."""

    fates: Sequence[ParcelFate]
    server_down: bool = False


@dataclass(slots=True)
class Couriers:
    """Who carries parcels in one round: mail and text messages by SMTP until its server is out of reach, the rest by webhook."""

    sender: Sender
    caller: Caller
    server_down: bool = False

    def may_carry(self, parcel: Parcel) -> bool:
        return parcel.draft.channel is Channel.WEBHOOK or not self.server_down


def deliver(desk: Desk, server: SmtpServer, in_hand: InHand) -> Delivered:
    """Send what is due, each mail alone; what cannot go now waits longer each time, in the end for a person.

    `in_hand` is the caller's, empty before and after. Where the database goes away (`StoreError`) it keeps what was sent
    and what was not, for `put_down`. A kill leaves only the few mails in doubt of which it was written that they are being sent.
    """
    outbox = desk.store.outbox
    parcels = outbox.claim(desk.profile.name, desk.worker, desk.clock(), CLAIMED_TOGETHER)
    if not parcels:
        return Delivered(fates=())
    parcels.sort(key=lambda parcel: parcel.draft.kind is ParcelKind.EVENT)  # people first: another system may be slow to answer
    in_hand.update({parcel.id: ParcelFate(id=parcel.id, state=ParcelState.WAITING) for parcel in parcels})
    settled = [*_too_many(parcels, desk, desk.clock()), *_told_before(parcels, desk, desk.clock())]
    in_hand.update({fate.id: fate for fate in settled})
    fates = list(settled)
    with Sender(server) as sender, Caller(desk.hooks, desk.numbers, desk.clock) as caller:
        couriers = Couriers(sender, caller)
        for some in _few_at_a_time([parcel for parcel in parcels if in_hand[parcel.id].state is ParcelState.WAITING]):
            begun = [parcel for parcel in some if couriers.may_carry(parcel)]
            if not begun:
                continue
            ours = outbox.begin(begun, desk.worker, settled, desk.clock())
            for fate in settled:
                del in_hand[fate.id]
            settled = _send_together([parcel for parcel in begun if parcel.id in ours], desk, couriers, desk.clock())
            in_hand.update({fate.id: fate for fate in settled})
            fates += settled
    outbox.settle(list(in_hand.values()), desk.worker, desk.clock())
    in_hand.clear()
    return Delivered(fates=fates, server_down=couriers.server_down)


def put_down(desk: Desk, in_hand: InHand, now: datetime) -> None:
    """After the database was away: write what is known of the parcels in hand, and give back those of which nothing is."""
    desk.store.outbox.settle(list(in_hand.values()), desk.worker, now)
    in_hand.clear()
    desk.store.outbox.release({desk.worker})


def _few_at_a_time(parcels: Sequence[Parcel]) -> Iterator[list[Parcel]]:
    """Those that are begun together; one that was in doubt before goes alone, for the next doubt leaves it to a person."""
    some: list[Parcel] = []
    for parcel in parcels:
        if some and (parcel.doubted or some[0].doubted or len(some) == BEGUN_TOGETHER):
            yield some
            some = []
        some.append(parcel)
    if some:
        yield some


def _send_together(parcels: Sequence[Parcel], desk: Desk, couriers: Couriers, now: datetime) -> list[ParcelFate]:
    """What became of each; mails that come after the server was found out of reach are left out."""
    fates = []
    for parcel in filter(couriers.may_carry, parcels):
        try:
            fates.append(_send(parcel, desk, couriers))
        except DeliveryError as error:
            fates.append(_refused(parcel, error, desk.profile, now))
            couriers.server_down |= error.server
    return fates


def _told_before(parcels: Sequence[Parcel], desk: Desk, now: datetime) -> list[ParcelFate]:
    """What a reader of many was told in the same words within the quiet time, by another of his cases or a moment ago."""
    quiet = timedelta(minutes=desk.profile.outgoing.quiet_minutes)
    word = [parcel.draft for parcel in parcels if parcel.draft.kind in TOLD_TO_MANY] if quiet else []
    known = {_words_to(draft) for draft in desk.store.outbox.told_since(now - quiet, TOLD_TO_MANY, {draft.to for draft in word})}
    fates = []
    for parcel in parcels:
        if parcel.draft in word:
            if _words_to(parcel.draft) in known:
                fates.append(ParcelFate(id=parcel.id, state=ParcelState.SUPPRESSED, error="told the same within the quiet time"))
            known.add(_words_to(parcel.draft))
    return fates


def _words_to(draft: ParcelDraft) -> tuple[str, ...]:
    """Who is told what; a case's subject makes no other word of it, but where it alone says which case is meant."""
    told = {name: value for name, value in draft.facts.items() if name != "subject" or draft.kind is ParcelKind.KNOWN_FAULT}
    return (draft.channel, draft.to, draft.kind, *(f"{name}={told[name]}" for name in sorted(told)))


def _too_many(parcels: Sequence[Parcel], desk: Desk, now: datetime) -> list[ParcelFate]:
    """The automatic answers that would be too many for their address."""
    answers = [parcel for parcel in parcels if parcel.draft.kind in CAPPED]
    sent = desk.store.outbox.sent_since(now - CAP_WINDOW, CAPPED, {parcel.draft.to for parcel in answers})
    fates = []
    for parcel in answers:
        sent[parcel.draft.to] += 1
        if sent[parcel.draft.to] > desk.profile.outgoing.cap_per_hour:
            fates.append(ParcelFate(id=parcel.id, state=ParcelState.SUPPRESSED, error="over the cap for one address and hour"))
    return fates


def _send(parcel: Parcel, desk: Desk, couriers: Couriers) -> ParcelFate:
    """Raises `DeliveryError` where the server does not take it."""
    if parcel.draft.channel is Channel.WEBHOOK:
        couriers.caller.call(parcel)
        return ParcelFate(id=parcel.id, state=ParcelState.SENT, tried=True)
    try:
        letter = attempt(lambda: compose(parcel, desk.profile, desk.templates, desk.numbers))
    except ProfileError as error:
        return ParcelFate(id=parcel.id, state=ParcelState.DEAD, error=str(error))
    if isinstance(letter, Failure):
        return ParcelFate(id=parcel.id, state=ParcelState.DEAD, error=letter.words)
    couriers.sender.send(letter)
    return ParcelFate(id=parcel.id, state=ParcelState.SENT, tried=True)


def _refused(parcel: Parcel, error: DeliveryError, profile: Profile, now: datetime) -> ParcelFate:
    if error.permanent:
        return ParcelFate(id=parcel.id, state=ParcelState.DEAD, tried=True, error=str(error))
    if now - parcel.created_at > timedelta(hours=profile.outgoing.dead_after_hours):
        return ParcelFate(id=parcel.id, state=ParcelState.DEAD, tried=True, error=f"given up after {parcel.attempts + 1} attempts: {error}")
    return ParcelFate(id=parcel.id, state=ParcelState.WAITING, tried=True, error=str(error), retry_at=now + back_off(parcel.attempts + 1))


def back_off(attempts: int) -> timedelta:
    """Twice as long each time, an hour at most."""
    doubled: timedelta = FIRST_RETRY * 2 ** min(max(attempts - 1, 0), 20)
    return min(doubled, LONGEST_RETRY)
