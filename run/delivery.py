"""The only place where outgoing mails are carried from the outbox to the SMTP server. May be repeated without harm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from models.errors import DeliveryError, ProfileError
from models.outcomes import Parcel, ParcelFate
from models.profiles import Profile
from models.records import ParcelId, ParcelKind, ParcelState, SmtpServer
from route.compose import compose
from route.send import Sender
from run.desk import Desk
from run.guard import Failure, attempt

CLAIMED_TOGETHER = 50
CAPPED = frozenset({ParcelKind.RECEIPT, ParcelKind.NEEDS_SOLUTION})
CAP_WINDOW = timedelta(hours=1)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)


def deliver(desk: Desk, server: SmtpServer, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> list[ParcelFate]:
    """Send what is due, each mail alone; what cannot go now waits longer each time, in the end for a person.

    Before a ticket's mails are sent it is written that they are, and what became of those before: a kill leaves one ticket's
    mails in doubt.
    """
    outbox = desk.store.outbox
    parcels = outbox.claim(desk.worker, now(), CLAIMED_TOGETHER)
    if not parcels:
        return []
    capped = _over_the_cap(parcels, outbox.sent_since(now() - CAP_WINDOW, CAPPED), desk.profile.outgoing.cap_per_hour)
    fates = [ParcelFate(id=id, state=ParcelState.SUPPRESSED, error="over the cap for one address and hour") for id in capped]
    written = 0
    with Sender(server) as sender:
        for _, group in groupby((parcel for parcel in parcels if parcel.id not in capped), key=lambda parcel: parcel.ticket):
            together = list(group)
            outbox.begin(together, desk.worker, fates[written:], now())
            written = len(fates)
            sent, server_down = _send_together(together, desk, sender, now())
            fates += sent
            if server_down:
                break
    settled = {fate.id for fate in fates}
    untried = [ParcelFate(id=parcel.id, state=ParcelState.WAITING) for parcel in parcels if parcel.id not in settled]
    outbox.settle([*fates[written:], *untried], now())
    return fates


def _send_together(parcels: Sequence[Parcel], desk: Desk, sender: Sender, now: datetime) -> tuple[list[ParcelFate], bool]:
    """What became of each, and whether the server is out of reach; then those not yet tried are left out."""
    fates = []
    for parcel in parcels:
        try:
            fates.append(_send(parcel, desk, sender))
        except DeliveryError as error:
            fates.append(_refused(parcel, error, desk.profile, now))
            if error.server:
                return fates, True
    return fates, False


def _over_the_cap(parcels: Sequence[Parcel], sent: Counter[str], cap: int) -> frozenset[ParcelId]:
    """Automatic answers that would be too many for their address."""
    over = set()
    for parcel in parcels:
        if parcel.draft.kind in CAPPED:
            sent[parcel.draft.to] += 1
            if sent[parcel.draft.to] > cap:
                over.add(parcel.id)
    return frozenset(over)


def _send(parcel: Parcel, desk: Desk, sender: Sender) -> ParcelFate:
    """Raises `DeliveryError` where the server does not take it."""
    try:
        letter = attempt(lambda: compose(parcel, desk.profile, desk.templates, desk.numbers))
    except ProfileError as error:
        return ParcelFate(id=parcel.id, state=ParcelState.DEAD, error=str(error))
    if isinstance(letter, Failure):
        return ParcelFate(id=parcel.id, state=ParcelState.DEAD, error=letter.words)
    sender.send(letter)
    return ParcelFate(id=parcel.id, state=ParcelState.SENT)


def _refused(parcel: Parcel, error: DeliveryError, profile: Profile, now: datetime) -> ParcelFate:
    if error.permanent:
        return ParcelFate(id=parcel.id, state=ParcelState.DEAD, error=str(error))
    if now - parcel.created_at > timedelta(hours=profile.outgoing.dead_after_hours):
        return ParcelFate(id=parcel.id, state=ParcelState.DEAD, error=f"given up after {parcel.attempts + 1} attempts: {error}")
    return ParcelFate(id=parcel.id, state=ParcelState.WAITING, error=str(error), retry_at=now + back_off(parcel.attempts + 1))


def back_off(attempts: int) -> timedelta:
    """Twice as long each time, an hour at most."""
    doubled: timedelta = FIRST_RETRY * 2 ** min(max(attempts - 1, 0), 20)
    return min(doubled, LONGEST_RETRY)
