"""A desk's past written into a store as the program writes it, at hours of one's choice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from models.kinds import EventKind, Method, Mode, ParcelKind, ParcelState, TicketStatus, TicketType
from models.outcomes import JoinTicket, ParcelDraft, ParcelFate, Scene, Step, TicketChange
from models.records import Assignment, Guess, TicketId
from models.store import Store
from tests.support.mails import forward, mail, new_ticket, raw, verdict

OSLO = ZoneInfo("Europe/Oslo")
WORKER = "diary"
OWN = frozenset({"mode", "reporter", "due_at", "mail", "sampled"})
"""What a case has beside its verdict."""


class Diary:
    """Moments are local: `2026-02-09 10:00`; or aware."""

    def __init__(self, store: Store, profile: str = "siv") -> None:
        self._store = store
        self._profile = profile

    def opens(
        self, at: str | datetime, *, team: str = "arbeidsplass", unsure: bool = False, parcels: tuple[ParcelKind, ...] = (), **changes: Any
    ) -> TicketId:
        """A case that came then; more of its verdict by name, what is in `OWN` too."""
        own = {key: changes.pop(key) for key in OWN & changes.keys()}
        given = Assignment(team="trakta" if unsure else team, guessed_team=team, unsure=unsure, also=())
        meant = Guess(value=team, confidence=0.9, method=Method.MODEL)
        [id] = self._store.mails.keep([raw()])
        outgoing = tuple(_to_reporter(kind) for kind in parcels if kind is not ParcelKind.FORWARD)
        forwards = (forward(),) if ParcelKind.FORWARD in parcels else ()
        outcome = new_ticket(id, assignment=given, verdict=verdict(team=meant, **changes), parcels=(*forwards, *outgoing), **own)
        opened = self._store.tickets.record([outcome], self._scene(at))[id]
        assert opened is not None
        return opened

    def happens(self, ticket: TicketId, at: str, event: EventKind, **change: Any) -> None:
        """A later mail in the case; what becomes of it by name."""
        [id] = self._store.mails.keep([raw()])
        step = Step(event=event, change=TicketChange(**change))
        self._store.tickets.record([JoinTicket(mail_id=id, mail=mail(), ticket=ticket, step=step, mode=Mode.AUTO)], self._scene(at))

    def solves(self, ticket: TicketId, at: str) -> None:
        self.happens(ticket, at, EventKind.SOLVED, status=TicketStatus.SOLVED, solution="Startet på nytt.")

    def sends(self, at: str) -> None:
        """Every mail that waits leaves."""
        now = moment(at)
        fates = [
            ParcelFate(id=parcel.id, state=ParcelState.SENT, tried=True)
            for parcel in self._store.outbox.claim(self._profile, WORKER, now, 1000)
        ]
        self._store.outbox.settle(fates, WORKER, now)

    def _scene(self, at: str | datetime) -> Scene:
        return Scene(profile=self._profile, message_id_domain="fjord.example", now=moment(at) if isinstance(at, str) else at)


def busy_weeks(store: Store, profile: str = "siv") -> None:
    """Six weeks until the 16th of February with a few cases a day: solved, moved, doubtful, offered an answer, opened again."""
    diary, monday = Diary(store, profile), datetime(2026, 1, 5, tzinfo=OSLO)
    for number in range(84):
        opened = monday + timedelta(days=number // 2, hours=8 + number % 9)
        offered = number % 10 == 3
        case = diary.opens(
            _written(opened),
            team=("arbeidsplass", "nett", "identitet")[number % 3],
            unsure=number % 5 == 0,
            type=Guess(value=list(TicketType)[number % 3], confidence=0.9, method=Method.MODEL),
            service="DIPS" if number % 2 else None,
            reporter=f"person{number % 7}@fjord.example",
            parcels=(ParcelKind.FAQ,) if offered else (ParcelKind.FORWARD, ParcelKind.RECEIPT),
        )
        diary.sends(_written(opened + timedelta(minutes=1)))
        if number % 5 == 0:
            diary.happens(case, _written(opened + timedelta(minutes=20)), EventKind.MOVED, team="nett")
        if number % 8 == 1:
            diary.happens(case, _written(opened + timedelta(minutes=30)), EventKind.PRIORITY_CHANGED, priority=2)
        if number % 6:
            diary.solves(case, _written(opened + timedelta(hours=number % 30 + 1)))
        if number % 11 == 1:
            diary.happens(case, _written(opened + timedelta(hours=40)), EventKind.REOPENED, status=TicketStatus.OPEN)


def moment(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=OSLO).astimezone(UTC)


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _to_reporter(kind: ParcelKind) -> ParcelDraft:
    return ParcelDraft(kind=kind, to="kari.moe@siv.no", language="nb", facts={})
