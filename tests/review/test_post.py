"""Mail that does not move by itself: what a lead sees of it, and that it goes on when they say so."""

from __future__ import annotations

import pytest

from models.kinds import MailState, Mode, ParcelState
from models.outcomes import ParcelFate, Quarantine
from models.people import Noted, Role
from tests.support.mails import NOW, SCENE, content, new_ticket, raw
from tests.support.pages import Browser, Desk, all_noted

WORKER = "tests"


@pytest.fixture
def lead(desk: Desk) -> Browser:
    return desk.person("lea", Role.LEAD)


def quarantined(desk: Desk, body: bytes | None = None) -> int:
    [id] = desk.store.mails.keep([raw(body)])
    desk.store.tickets.record([Quarantine(mail_id=id, error="ValueError")], SCENE)
    return id


def dead(desk: Desk) -> int:
    [id] = desk.store.mails.keep([raw()])
    desk.store.tickets.record([new_ticket(id)], SCENE)
    [parcel] = desk.store.outbox.claim("siv", WORKER, NOW, 10)
    desk.store.outbox.settle([ParcelFate(id=parcel.id, state=ParcelState.DEAD, tried=True, error="550 no such user")], WORKER, NOW)
    return parcel.id


def retried(desk: Desk) -> list[str]:
    kept = all_noted(desk.store)
    return [note.about for note in kept if note.what is Noted.RETRIED]


def test_mailboxes_tell_when_they_were_read_last_and_what_ails_them(desk: Desk, lead: Browser) -> None:
    desk.store.health.polled("ikt", Mode.AUTO, NOW)
    desk.store.health.failed("e-helse", Mode.SHADOW, NOW, "timed out")
    page = lead.text("/post")
    assert "for 30 min siden" in page
    assert "timed out" in page
    assert "aldri" in page
    desk.store.health.polled("ikt", Mode.AUTO, NOW, "mails that could not be read: 1")
    assert "mails that could not be read: 1" in lead.text("/post")


def test_a_dead_mail_stands_with_its_error_and_goes_again(desk: Desk, lead: Browser) -> None:
    first, second = dead(desk), dead(desk)
    page = lead.text("/post")
    assert page.count("550 no such user") == 2
    assert 'href="/cases/SIV-1"' in page
    answer = lead.send("/post/outbox", parcel=str(first))
    assert (answer.status_code, answer.headers["location"]) == (303, "/post?back=1")
    assert "1 e-poster prøves igjen." in lead.text("/post?back=1")
    assert [line.id for line in desk.store.outbox.list([ParcelState.WAITING])] == [first]
    lead.send("/post/outbox", all="1")
    assert [line.id for line in desk.store.outbox.list([ParcelState.WAITING])] == [first, second]
    assert retried(desk) == [f"parcel {first}", "every parcel"]


def test_a_mail_in_quarantine_can_be_read_and_is_handled_again(desk: Desk, lead: Browser) -> None:
    body = content("Kan ikke leses.")
    first, second = quarantined(desk, body), quarantined(desk)
    assert lead.text("/post").count("ValueError") == 2
    assert lead.get(f"/post/mails/{first}/original").content == body
    assert lead.send("/post/quarantine", mail=str(first)).headers["location"] == "/post?back=1"
    assert desk.store.mails.waiting(10) == [first]
    assert lead.get(f"/post/mails/{first}/original").status_code == 404, "it is no longer in quarantine"
    lead.send("/post/quarantine", all="1")
    assert desk.store.mails.waiting(10) == [first, second]
    assert retried(desk) == [f"mail {first}", "every mail"]


def test_nothing_that_was_not_chosen_goes(desk: Desk, lead: Browser) -> None:
    dead(desk), quarantined(desk)
    for path in ("/post/outbox", "/post/quarantine"):
        assert lead.send(path).headers["location"] == "/post?back=0"
        assert lead.send(path, parcel="9" * 30, mail="x").headers["location"] == "/post?back=0"
    assert desk.store.outbox.counts()[ParcelState.DEAD] == 1
    assert desk.store.mails.counts()["ikt"][MailState.QUARANTINED] == 1


def test_others_than_leads_and_administrators_are_kept_out(desk: Desk) -> None:
    for login, role, status in (("anna", Role.ANALYST, 403), ("nils", Role.MEMBER, 403), ("ada", Role.ADMIN, 200)):
        browser = desk.person(login, role)
        assert browser.get("/post").status_code == status
        assert browser.send("/post/outbox", all="1").status_code == (303 if status == 200 else 403)
        assert ('href="/post"' in browser.text("/")) == (status == 200)
