"""The only place where outgoing mails are carried from the outbox to the SMTP server. May be repeated without harm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from models.errors import DeliveryError, ProfileError
from models.profiles import Profile
from models.records import Parcel, ParcelFate, ParcelKind, ParcelState, SmtpServer
from route.compose import compose
from route.send import Sender
from run.desk import Desk
from run.guard import Failure, attempt

CLAIMED_TOGETHER = 50
SETTLED_TOGETHER = 10
"""At most so many mails are sent again after a kill: those sent and not yet written down."""
CAPPED = frozenset({ParcelKind.RECEIPT, ParcelKind.NEEDS_SOLUTION})
CAP_WINDOW = timedelta(hours=1)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)


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


def _send(parcel: Parcel, desk: Desk, sender: Sender, sent: Counter[str], now: Callable[[], datetime]) -> tuple[ParcelFate, str | None]:
    """The parcel's fate, and why the server is out of reach if it is."""
    to = parcel.draft.to
    if parcel.draft.kind in CAPPED:
        sent[to] += 1
        if sent[to] > desk.profile.outgoing.cap_per_hour:
            return ParcelFate(id=parcel.id, state=ParcelState.SUPPRESSED, error="over the cap for one address and hour"), None
    try:
        letter = attempt(lambda: compose(parcel, desk.profile, desk.templates, desk.numbers))
        if isinstance(letter, Failure):
            return ParcelFate(id=parcel.id, state=ParcelState.DEAD, error=letter.words), None
        sender.send(letter)
    except DeliveryError as error:
        if error.permanent:
            return ParcelFate(id=parcel.id, state=ParcelState.DEAD, error=str(error)), None
        return _try_later(parcel, str(error), desk.profile, now()), str(error) if error.server else None
    except ProfileError as error:
        return ParcelFate(id=parcel.id, state=ParcelState.DEAD, error=str(error)), None
    return ParcelFate(id=parcel.id, state=ParcelState.SENT), None


def _try_later(parcel: Parcel, error: str, profile: Profile, now: datetime) -> ParcelFate:
    if now - parcel.created_at > timedelta(hours=profile.outgoing.dead_after_hours):
        return ParcelFate(id=parcel.id, state=ParcelState.DEAD, error=f"given up after {parcel.attempts} attempts: {error}")
    return ParcelFate(id=parcel.id, state=ParcelState.WAITING, error=error, retry_at=now + back_off(parcel.attempts))


def back_off(attempts: int) -> timedelta:
    """Twice as long each time, an hour at most."""
    doubled: timedelta = FIRST_RETRY * 2 ** min(max(attempts - 1, 0), 20)
    return min(doubled, LONGEST_RETRY)
