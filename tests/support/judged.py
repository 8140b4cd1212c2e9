"""Cases that people have judged, in a store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.judgements import Act, Judgement
from models.kinds import EventKind, Mode, ParcelKind
from models.outcomes import Step
from models.records import TicketId
from models.store import Store
from models.tables import TicketRow
from tests.support.diary import Diary
from tests.support.mails import NOW, SCENE

SAID: Mapping[str, Any] = {"type": "hendelse", "priority": 3, "scope": "single", "team": "arbeidsplass"}


def opened(
    store: Store, count: int, *, doubtful: bool = False, sampled: bool = False, at: datetime = NOW, language: str = "nb"
) -> list[TicketId]:
    """New cases of one team."""
    diary, told = Diary(store), (ParcelKind.FORWARD,)
    return [diary.opens(at, parcels=told, sampled=sampled, review=doubtful, language=language) for _ in range(count)]


def judge(
    store: Store,
    ticket: TicketId,
    *,
    meant: Mapping[str, Any] | None = None,
    text: str = "Skriveren virker ikke.",
    at: datetime = NOW,
    by: str = "lea",
) -> None:
    """A lead's word on a case; the machine's own word is taken for right where nothing else is meant."""
    right = {**SAID, **(meant or {})}
    example = {"id": f"case-{ticket}", "to": "ikt@siv.no", "date": NOW.isoformat(), "subject": "", "body": text, **right}
    word = Judgement(said=SAID, meant=right, example=example)
    step, seen = Step(event=EventKind.ACKNOWLEDGED), _version(store, ticket)
    store.judgements.act([Act(ticket=ticket, seen=seen, by=by, step=step, mode=Mode.AUTO, judgement=word)], replace(SCENE, now=at))


def take_back(store: Store, ticket: TicketId, at: datetime = NOW) -> None:
    """The last word on a case means nothing any more."""
    word = Judgement(said=SAID, meant={}, example={}, stood=SAID)
    step, seen = Step(event=EventKind.TAKEN_BACK), _version(store, ticket)
    store.judgements.act([Act(ticket=ticket, seen=seen, by="lea", step=step, mode=Mode.AUTO, judgement=word)], replace(SCENE, now=at))


def _version(store: Store, ticket: TicketId) -> int:
    with store.database.reading() as connection:
        return int(connection.scalar(select(TicketRow.version).where(TicketRow.id == ticket)) or 0)
