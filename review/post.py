"""The only place for the page of mail that does not move by itself: the outbox, the quarantine, and how the mailboxes stand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from models.kinds import UNSENT
from models.people import Noted
from models.records import MailId, ParcelId
from models.views import MailboxHealth, ParcelLine
from review.cases import case_path
from review.doors import Door
from review.mails import original_of
from review.navigation import LEADS
from review.visit import Visit

PATH = "/post"

SHOWN = 200
MOST_DIGITS = 9


def show(visit: Visit) -> Response:
    outbox, quarantined = visit.store.outbox, visit.store.mails.quarantined()
    counts = outbox.counts()
    back = visit.query.get("back", "")
    visit.note(Noted.LIST_SEEN, about="post")
    return visit.page(
        "post.html",
        back=back if back.isdecimal() and len(back) <= MOST_DIGITS else "",
        boxes=_boxes(visit),
        states=[
            {"state": state, "count": counts[state], "parcels": [_line(visit, line) for line in outbox.list([state], SHOWN)]}
            for state in UNSENT
            if counts[state]
        ],
        quarantined=quarantined[:SHOWN],
        quarantine_count=len(quarantined),
    )


def retry_parcels(visit: Visit) -> Response:
    """Dead mails of ours are tried again: those that were chosen, or all."""
    chosen = None if visit.text("all") else [ParcelId(id) for id in _chosen(visit, "parcel")]
    _note(visit, "parcel", chosen)
    return _back(visit, visit.store.outbox.retry(chosen, visit.now))


def retry_mails(visit: Visit) -> Response:
    """Mails in quarantine are handled again: those that were chosen, or all."""
    chosen = None if visit.text("all") else [MailId(id) for id in _chosen(visit, "mail")]
    _note(visit, "mail", chosen)
    return _back(visit, visit.store.mails.retry_quarantined(chosen))


def original(visit: Visit) -> Response:
    """The true bytes of a mail in quarantine: it has no case by which it could be seen."""
    mail = MailId(visit.asked["mail"])
    if mail not in {waiting.id for waiting in visit.store.mails.quarantined()}:
        visit.refuse(404)
    visit.note(Noted.MAIL_SEEN, about=f"mail {mail}", how="original")
    return original_of(visit.store, mail) or visit.refuse(404)


def _chosen(visit: Visit, name: str) -> list[int]:
    """Numbers that were ticked."""
    ticked = [value for value in visit.form.getlist(name) if isinstance(value, str)]
    return [int(value) for value in ticked if value.isdecimal() and len(value) <= MOST_DIGITS]


def _note(visit: Visit, noun: str, ids: Iterable[int] | None) -> None:
    for about in [f"every {noun}"] if ids is None else [f"{noun} {id}" for id in ids]:
        visit.note(Noted.RETRIED, about=about)


def _back(visit: Visit, count: int) -> Response:
    return visit.go(f"{PATH}?back={count}")


def _line(visit: Visit, line: ParcelLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "number": visit.site.numbers.short(line.ticket) if line.ticket else "",
        "path": case_path(visit, line.ticket) if line.ticket else "",
        "kind": line.kind,
        "created": visit.told(line.created_at),
        "due": visit.told(line.due_at),
        "attempts": line.attempts,
        "error": line.error or "",
    }


def _boxes(visit: Visit) -> list[dict[str, Any]]:
    return [
        {
            "account": box.account,
            "polled": visit.told(box.health.polled_at) if box.health else "",
            "lag": _minutes(visit, box.health),
            "mode": box.health.mode if box.health else "",
            "failing_since": visit.told(box.health.failing_since) if box.health else "",
            "error": (box.health.error if box.health else None) or "",
            "mails": box.mails,
        }
        for box in visit.store.mailboxes()
    ]


def _minutes(visit: Visit, health: MailboxHealth | None) -> int | None:
    """How long ago the mailbox was read last."""
    return None if health is None or health.polled_at is None else max(0, (visit.now - health.polled_at) // timedelta(minutes=1))


DOORS = (
    Door(path=PATH, visit=show, roles=LEADS),
    Door(path=PATH + "/outbox", visit=retry_parcels, roles=LEADS, method="POST"),
    Door(path=PATH + "/quarantine", visit=retry_mails, roles=LEADS, method="POST"),
    Door(path=PATH + "/mails/{mail:row}/original", visit=original, roles=LEADS),
)
