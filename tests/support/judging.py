"""Cases that wait for a lead, and what leads say of them at the page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx

from models.kinds import Method, ParcelKind, ParcelState
from models.outcomes import ParcelDraft, ParcelFate
from models.people import Role
from models.records import Assignment, Guess, TicketId
from tests.support.mails import SCENE, content, forward, mail, new_ticket, raw, verdict
from tests.support.pages import CSRF, Browser, Desk

DOUBT = Assignment(team="trakta", guessed_team="nett", unsure=True, also=())
RECEIPT = ParcelDraft(
    kind=ParcelKind.RECEIPT, to="kari.moe@siv.no", language="nb", facts={"subject": "Skriver", "type": "hendelse", "advice": "", "unsure": "yes"}
)  # fmt: skip
TEXT = "Skriveren på rom 4 svarer ikke, ring Ola på 91 23 45 67. Fødselsnummer 010190 12345."


def came(desk: Desk, text: str = TEXT, *, priority: int = 3, **changes: Any) -> TicketId:
    """A case that the machine was not sure of; more or other values of the new ticket by name."""
    bytes_ = content(text)
    [id] = desk.store.mails.keep([raw(bytes_)])
    said = verdict(
        review=True,
        priority=Guess(value=priority, confidence=0.5, method=Method.MODEL),
        team=Guess(value="nett", confidence=0.4, method=Method.MODEL),
    )
    values: dict[str, Any] = {
        "mail": mail(text=text),
        "verdict": said,
        "assignment": DOUBT,
        "parcels": (forward("trakta@teams.siv.example"), RECEIPT),
    }
    [ticket] = desk.store.tickets.record([new_ticket(id, **(values | changes))], SCENE).values()
    assert ticket is not None
    return ticket


def drawn(desk: Desk) -> TicketId:
    return came(
        desk,
        verdict=verdict(),
        assignment=Assignment(team="arbeidsplass", guessed_team="arbeidsplass", unsure=False, also=()),
        sampled=True,
    )


def lead(desk: Desk, login: str = "lea") -> Browser:
    return desk.person(login, Role.LEAD)


def say(browser: Browser, ticket: TicketId, **changed: str) -> httpx.Response:
    """A lead's word on a case as the page shows it to them now."""
    page = browser.text(f"/queue?case=SIV-{ticket}")
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    shown = dict(re.findall(r'type="radio" name="(\w+)" value="([^"]*)"[^>]* checked', page))
    csrf = CSRF.search(page)
    assert csrf
    return browser.client.post("/queue/one", data={"csrf": csrf[1], "case": f"SIV-{ticket}", "seen": seen[1], **shown, **changed})


def sent_states(desk: Desk, ticket: TicketId) -> list[tuple[ParcelKind, ParcelState]]:
    return [(mailed.draft.kind, mailed.state) for mailed in desk.store.outbox.of_ticket(ticket)]


def deliver(desk: Desk) -> int:
    """Everything that may leave has left."""
    later = desk.clock() + timedelta(days=1)
    claimed = desk.store.outbox.claim("siv", "w", later, 100)
    desk.store.outbox.settle([ParcelFate(id=parcel.id, state=ParcelState.SENT, tried=True) for parcel in claimed], "w", later)
    return len(claimed)
