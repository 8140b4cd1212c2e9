"""Where a person is signed in, as they see it, and end it."""

from __future__ import annotations

import re
from datetime import timedelta

from models.people import Role
from tests.support.pages import Browser, Desk

KEY = re.compile(r'name="session" value="([0-9a-f]{64})"')
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def again(desk: Desk, login: str, agent: str = FIREFOX) -> Browser:
    """The same person in another browser."""
    browser, person = desk.browser(), desk.store.people.find(login)
    assert person
    browser.client.headers["user-agent"] = agent
    assert browser.client.post(desk.link(person)).status_code == 303
    return browser


def test_a_person_sees_their_own_browsers_and_ends_one(desk: Desk) -> None:
    here = desk.person("lea", Role.LEAD)
    there = again(desk, "lea")
    desk.person("nils", Role.LEAD)
    page = here.text("/sessions")
    assert "Firefox, Windows" in page
    assert page.count("Denne nettleseren") == 1
    [key] = KEY.findall(page)
    assert here.send("/sessions/end", session=key).headers["location"] == "/sessions"
    assert there.get("/").status_code == 303
    assert here.get("/").status_code == 200


def test_all_others_are_ended_at_once(desk: Desk) -> None:
    here = desk.person("lea", Role.LEAD)
    others = [again(desk, "lea") for _ in range(2)]
    assert here.send("/sessions/end-others").status_code == 303
    assert [browser.get("/").status_code for browser in others] == [303, 303]
    assert here.get("/").status_code == 200


def test_nobody_ends_the_session_of_another(desk: Desk) -> None:
    lea, nils = desk.person("lea", Role.LEAD), desk.person("nils", Role.ADMIN)
    again(desk, "lea")
    [key] = KEY.findall(lea.text("/sessions"))
    assert KEY.findall(nils.text("/sessions")) == []
    nils.send("/sessions/end", session=key)
    assert KEY.findall(lea.text("/sessions")) == [key]


def test_sessions_that_are_over_are_not_shown_and_are_forgotten(desk: Desk) -> None:
    desk.person("lea", Role.LEAD)
    desk.clock.pass_on(timedelta(hours=3))
    later = again(desk, "lea")
    assert KEY.findall(later.text("/sessions")) == []
    desk.clock.pass_on(timedelta(hours=13))
    assert desk.store.people.forget(desk.clock()) >= 2
    assert later.get("/").status_code == 303


def test_a_browser_that_says_much_of_itself_is_kept_short(desk: Desk) -> None:
    desk.person("lea", Role.LEAD)
    lea = again(desk, "lea", "<script>" + "x" * 5000)
    assert "<script>x" not in lea.text("/sessions")
    assert "Ukjent nettleser" in lea.text("/sessions")
