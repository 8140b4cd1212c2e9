"""A desk at which one fault is told by several people, and ordinary cases around it."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.kinds import EventKind, TicketStatus
from models.records import Redacted, TicketId
from models.store import Store
from tests.support.diary import Diary
from tests.support.mails import mail

DOWN = (
    "MetaVision er svart på alle skjermer på intensiv siden klokka ni, vi fører kurve på papir.",
    "Kurven i MetaVision kommer ikke opp hos oss på intensiv, svart skjerm siden i morges.",
    "Svart skjerm i MetaVision på hele intensiv, ingen får ført kurve.",
)
LATE = "MetaVision er svart hos oss på intensiv også, kurven kommer ikke opp på noen skjerm."
PAPER = "Skriveren på kontoret i økonomi melder papirstopp. Jeg har tatt ut skuffen. Rom {}."
DAY = "2026-02-24"


def tell(store: Store, at: str, text: str, reporter: str, team: str = "kliniske-systemer") -> TicketId:
    return Diary(store).opens(at, team=team, reporter=f"{reporter}@siv.no", mail=mail(subject="Hjelp", text=text))


def ordinary(store: Store, days: int = 30) -> list[TicketId]:
    """One a day until the last, each of another room."""
    last = datetime.fromisoformat(f"{DAY} 13:00")
    moments = [last - timedelta(days=day) for day in range(days, 0, -1)]
    return [tell(store, f"{at:%Y-%m-%d %H:%M}", PAPER.format(number), f"o{number}", "arbeidsplass") for number, at in enumerate(moments)]


def fault(store: Store, solution: str = "Tjenesten ble startet på nytt.") -> list[TicketId]:
    """Told by three within half an hour, solved at noon."""
    tickets = [tell(store, f"{DAY} 09:{10 * number:02}", text, f"p{number}") for number, text in enumerate(DOWN)]
    for ticket in tickets:
        change = {"status": TicketStatus.SOLVED, "solution": solution, "shared": Redacted(solution)}
        Diary(store).happens(ticket, f"{DAY} 12:00", EventKind.SOLVED, **change)
    return tickets
